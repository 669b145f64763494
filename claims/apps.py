"""App configuration."""

from django.apps import AppConfig


class ClaimsConfig(AppConfig):
    """Claims, determinations of liability, payouts and vouchers (chapter 03)."""

    name = "claims"
    default_auto_field = "django.db.models.BigAutoField"
