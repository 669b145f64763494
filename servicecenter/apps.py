"""App configuration of the ground floor."""

from django.apps import AppConfig


class ServicecenterConfig(AppConfig):
    """The ground floor: what every app stands on."""

    name = "servicecenter"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the deployment checks."""
        from servicecenter import checks  # noqa: F401  (registers by import, as Django asks)
