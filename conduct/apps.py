"""App configuration."""

from django.apps import AppConfig


class ConductConfig(AppConfig):
    """Sanctions, rewards and merit (SAN rules)."""

    name = "conduct"
    default_auto_field = "django.db.models.BigAutoField"
