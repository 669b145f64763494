"""Deployment checks of our own (`check --deploy`)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import Error, Tags, register


@register(Tags.security, deploy=True)
def demo_is_off(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Demo mode and its secrets never meet production."""
    if settings.DEMO:
        return [Error("SERVICECENTER_MODE=production is needed for deployment.", id="servicecenter.E001")]
    return []
