"""Pictures of every page, from the demonstration, in a real browser (`make screenshots`)."""
