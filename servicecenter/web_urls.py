"""Pages of the ground floor: home, login, profile, notices, attachments, drafts, views, gallery."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
