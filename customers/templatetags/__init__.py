"""Template tags of customers and waybills."""
