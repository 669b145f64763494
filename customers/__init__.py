"""Customers, contact persons and waybills (chapters 05 and 08)."""
