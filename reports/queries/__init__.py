"""Reports' queries."""
