"""API v1: each app's `api.py` lists its viewsets in `ROUTES` as (prefix, viewset, basename), this app's `endpoints`."""

from importlib import import_module

from django.conf import settings
from rest_framework.routers import SimpleRouter

from servicecenter import endpoints

router = SimpleRouter()
for app in reversed(settings.LOCAL_APPS):
    for prefix, viewset, basename in getattr(import_module(f"{app}.api"), "ROUTES", []):
        router.register(prefix, viewset, basename=basename)
for prefix, viewset, basename in endpoints.ROUTES:
    router.register(prefix, viewset, basename=basename)

urlpatterns = router.urls
