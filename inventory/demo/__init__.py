"""The stock of the demonstration."""

from inventory.demo.seeding import seed

__all__ = ["seed"]
