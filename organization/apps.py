"""App configuration."""

from django.apps import AppConfig


class OrganizationConfig(AppConfig):
    """People, departments, roles, calendars and duty rota (chapter 01)."""

    name = "organization"
    default_auto_field = "django.db.models.BigAutoField"
