"""All routes. Apps bring their own; every route needs a right (tests/test_architecture.py walks them)."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from servicecenter import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("servicecenter.web_urls")),
    path("", include("organization.urls")),
    path("", include("deadlines.urls")),
    path("", include("conduct.urls")),
    path("", include("customers.urls")),
    path("", include("complaints.urls")),
    path("", include("claims.urls")),
    path("", include("inventory.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include(("servicecenter.api_urls", "v1"), namespace="v1")),
    path("api/schema/", SpectacularAPIView.as_view(api_version="v1"), name="api-schema"),
    path("api/docs/", SpectacularSwaggerSplitView.as_view(url_name="api-schema"), name="api-docs"),
    path("favicon.ico", RedirectView.as_view(url=settings.STATIC_URL + "favicon.svg")),
    path("admin/", admin.site.urls),
]

handler400 = "servicecenter.errors.bad_request"
handler403 = "servicecenter.errors.permission_denied"
handler404 = "servicecenter.errors.page_not_found"
handler500 = "servicecenter.errors.server_error"
