"""Routes of this app: boards and reports."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
