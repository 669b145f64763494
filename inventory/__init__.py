"""Stock: items, warehouses, documents, transfers and the ledger (chapter INV and LED)."""
