"""Pages of customers and waybills."""
