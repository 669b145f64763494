"""Reports' services."""
