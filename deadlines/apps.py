"""App configuration."""

from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    """Policies, clocks, steps, the sweep and the ladder (CMP-30 to CMP-39)."""

    name = "deadlines"
    default_auto_field = "django.db.models.BigAutoField"
