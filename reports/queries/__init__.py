"""Every read of reports and boards."""
