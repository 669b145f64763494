"""Forms of customers and waybills."""
