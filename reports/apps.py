"""App configuration."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Boards, indicators and periodic reports (chapter 06)."""

    name = "reports"
    default_auto_field = "django.db.models.BigAutoField"
