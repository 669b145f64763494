"""Who is logged in where: what "my sessions" shows and ends."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class LoginSession(models.Model):
    """登录会话: one login of one user. Django's session row holds the state, this one whose it is and where from."""

    session_key = models.CharField(max_length=40, unique=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="login_sessions")
    address = models.GenericIPAddressField(_("address"), null=True, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True, default="")
    opened_at = models.DateTimeField(_("logged in"), db_default=Now())

    class Meta:
        verbose_name = _("login session")
        verbose_name_plural = _("login sessions")

    def __str__(self) -> str:
        return f"{self.user_id} {self.opened_at:%Y-%m-%d %H:%M}"
