"""Decisions and shapes of reports, without a database."""
