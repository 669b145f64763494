"""What belongs to one user's desk: saved views, drafts, who has what open."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class SavedView(models.Model):
    """视图: a named list. The query string is the view (D-habits: URL is the view).

    `team_code`: the team with which its maker shares it; empty while it is the maker's alone.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    route = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=600)
    team_code = models.CharField(max_length=40, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [models.UniqueConstraint(fields=["user", "route", "name"], name="saved_view_name")]

    def __str__(self) -> str:
        return self.name


class Draft(models.Model):
    """草稿: what a user has typed into a form and not yet saved."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    form = models.CharField(max_length=120)
    data = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["user", "form"], name="draft_once")]

    def __str__(self) -> str:
        return self.form


class Presence(models.Model):
    """在看: who has a record open now; a row older than a minute counts for nothing (CMP-51)."""

    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("presence")
        verbose_name_plural = _("presence")
        constraints = [models.UniqueConstraint(fields=["kind", "object_id", "user"], name="presence_once")]

    def __str__(self) -> str:
        return f"{self.user_id} @ {self.kind} {self.object_id}"
