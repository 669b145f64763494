"""App configuration."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Stock documents, transfers and the ledger (INV and LED rules)."""

    name = "inventory"
    default_auto_field = "django.db.models.BigAutoField"
