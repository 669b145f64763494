"""Tags of the complaints pages."""
