"""App configuration."""

from django.apps import AppConfig


class ComplaintsConfig(AppConfig):
    """Contacts, complaints, handovers, statements, events and second complaints (chapter 02)."""

    name = "complaints"
    default_auto_field = "django.db.models.BigAutoField"
