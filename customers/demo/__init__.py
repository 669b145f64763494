"""The customers and waybills of the demonstration."""

from customers.demo.seeding import seed

__all__ = ["seed"]
