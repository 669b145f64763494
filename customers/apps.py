"""App configuration."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """Customers, contact persons and waybills (chapters 05 and 08)."""

    name = "customers"
    default_auto_field = "django.db.models.BigAutoField"
