"""Authentication by work number; rights come from assignments, not from Django's permissions (D7)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from organization.models import User
from servicecenter.prepared import Prepared, given

# Every request asks it.
BY_ID = Prepared(lambda: User.objects.filter(pk=given("pk")))


class WorkNumberBackend(BaseBackend):
    """Work number and password. An employee who has left cannot log in."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The user, or None. The hash is computed for unknown numbers too, so that timing tells nothing."""
        try:
            user = User.objects.get_by_natural_key(username or kwargs.get("work_number"))
        except User.DoesNotExist:
            User().set_password(password)
            return None
        if password is not None and user.check_password(password) and user.may_log_in:
            return user
        return None

    def get_user(self, user_id: int) -> User | None:
        """The session's user, or None when the login has been closed since."""
        user = BY_ID.first(pk=user_id)
        return user if user and user.may_log_in else None
