"""The organization of the demonstration: a carrier with a service centre, five branches and a field-service side."""

from organization.demo.roster import PASSWORD
from organization.demo.seeding import accounts, seed

__all__ = ["PASSWORD", "accounts", "seed"]
