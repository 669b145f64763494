"""The stock's pages: documents, transfers, the books, what stock consists of, and the files it is loaded from."""
