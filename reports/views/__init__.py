"""Reports' views."""
