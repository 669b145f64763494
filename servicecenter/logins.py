"""Logging in and out: the limiter that fails closed, the session's birth, the user's own sessions.

A try is written before the password is looked at and taken back when it was right, so that many tries at the same
time cannot slip through between counting and writing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import auth
from django.contrib.sessions.models import Session
from django.db import transaction
from django.http import HttpRequest
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicecenter import trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.middleware import client_address
from servicecenter.models import LoginAttempt, LoginSession

WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
PER_ADDRESS = 40  # a branch office shares one address
PENDING = "pending_login"
PENDING_SECONDS = 600


@dataclass(frozen=True)
class OwnSession:
    """One of the user's logins as the profile page shows it."""

    key: str
    opened_at: datetime
    seen_at: datetime | None
    address: str
    agent: str
    here: bool


def me(request: HttpRequest) -> Any:
    """The logged-in user of a view behind `login_required`."""
    return request.user


def account_hash(work_number: str) -> str:
    """The keyed hash under which an account's failed tries are counted; the number itself is not stored."""
    return trail.keyed_hash("login:" + work_number.strip().lower())


def check_password(request: HttpRequest, *, work_number: str, password: str) -> Any:
    """The user of that number and password.

    Raises RuleBroken `login.too_many` (429) beyond the limits, `login.wrong` (400) otherwise; both say the same
    about known and unknown accounts. A database that cannot write the try refuses it: the limiter fails closed.
    """
    address = client_address(request)
    account = account_hash(work_number)
    at = now_db()
    attempt = LoginAttempt.objects.create(account_hash=account, address=address)
    recent = LoginAttempt.objects.filter(at__gt=at - WINDOW)
    tried = recent.filter(account_hash=account).count()
    from_here = recent.filter(address=address).count() if address else 0
    if tried > PER_ACCOUNT or from_here > PER_ADDRESS:
        # A refused try was no try: the wait ends a quarter of an hour after the last real one.
        attempt.delete()
        raise RuleBroken("login.too_many", status=429, minutes=int(WINDOW.total_seconds() // 60))
    user = auth.authenticate(request, username=work_number, password=password)
    if user is None:
        raise RuleBroken("login.wrong", status=400, left=max(PER_ACCOUNT - tried, 0))
    LoginAttempt.objects.filter(pk=attempt.pk).delete()
    return user


def second_factor(user: Any) -> TOTPDevice | None:
    """The user's confirmed device for one-time codes, if there is one."""
    return TOTPDevice.objects.filter(user_id=user.pk, confirmed=True).first()


def must_enrol(user: Any) -> bool:
    """Whether the role asks for a second factor that is not set up yet. Demo accounts see invented data only."""
    if settings.DEMO and user.is_demo:
        return False
    return bool(getattr(user, "needs_second_factor", False)) and second_factor(user) is None


def remember_pending(request: HttpRequest, user: Any, *, mine: bool, to: str) -> None:
    """The password was right, the one-time code is still missing: ten minutes to give it, not logged in meanwhile."""
    request.session.cycle_key()
    request.session[PENDING] = {
        "user": user.pk,
        "backend": user.backend,
        "mine": mine,
        "to": to,
        "until": time.time() + PENDING_SECONDS,
    }


def pending(request: HttpRequest) -> tuple[Any, dict[str, Any]] | None:
    """(user, note) of a login that waits for its code; None when there is none or its ten minutes are over."""
    note = request.session.get(PENDING)
    if not note or note["until"] < time.time():
        return None
    user = auth.load_backend(note["backend"]).get_user(note["user"])
    if user is None:
        return None
    user.backend = note["backend"]
    return user, note


@transaction.atomic
def open_session(
    request: HttpRequest, user: Any, *, mine: bool = False, device: TOTPDevice | None = None
) -> LoginSession:
    """Log in: new session key, absolute limit from now, row for "my sessions", entry in the trail.

    `mine`: the session survives closing the browser; otherwise it ends with it. Idle and absolute limits hold for both.
    """
    request.session.pop(PENDING, None)
    auth.login(request, user)
    if device is not None:
        otp_login(request, device)
    request.session["opened_at"] = time.time()
    request.session["touched_at"] = time.time()
    request.session.set_expiry(settings.SESSION_COOKIE_AGE if mine else 0)
    request.session.save()
    at = now_db()
    own = LoginSession.objects.create(
        session_key=request.session.session_key or "",
        user_id=user.pk,
        address=client_address(request),
        agent=request.headers.get("User-Agent", "")[:200],
        opened_at=at,
    )
    LoginAttempt.objects.filter(account_hash=account_hash(user.work_number)).delete()
    trail.record(user, "login", by=user, at=at)
    return own


@transaction.atomic
def close_session(request: HttpRequest) -> None:
    """Log out: the session is gone from the database, not only from the browser."""
    user = request.user
    if user.is_authenticated:
        LoginSession.objects.filter(session_key=request.session.session_key).delete()
        trail.record(user, "logout", by=user, at=now_db())
    auth.logout(request)


def own_sessions(request: HttpRequest) -> list[OwnSession]:
    """The user's living logins, this one first."""
    rows = list(LoginSession.objects.filter(user_id=me(request).pk).order_by("-opened_at"))
    alive = {
        row.session_key: row.get_decoded()
        for row in Session.objects.filter(
            session_key__in=[row.session_key for row in rows], expire_date__gt=now_db()
        )
    }
    found = []
    for row in rows:
        if row.session_key not in alive:
            continue
        touched = alive[row.session_key].get("touched_at")
        found.append(
            OwnSession(
                key=str(row.pk),
                opened_at=row.opened_at,
                seen_at=datetime.fromtimestamp(touched, tz=row.opened_at.tzinfo) if touched else None,
                address=row.address or "",
                agent=browser_name(row.agent),
                here=row.session_key == request.session.session_key,
            )
        )
    return sorted(found, key=lambda own: not own.here)


@transaction.atomic
def end_session(request: HttpRequest, pk: int) -> None:
    """End another login of one's own; a foreign or unknown one raises RuleBroken `session.unknown` (404)."""
    row = LoginSession.objects.select_for_update().filter(pk=pk, user_id=me(request).pk).first()
    if row is None or row.session_key == request.session.session_key:
        raise RuleBroken("session.unknown", status=404)
    _end([row], by=request.user)


@transaction.atomic
def end_other_sessions(request: HttpRequest) -> int:
    """End every other login of one's own, as after a change of the password. Returns how many."""
    rows = LoginSession.objects.select_for_update().filter(user_id=me(request).pk)
    return _end(
        [row for row in rows if row.session_key != request.session.session_key],
        by=request.user,
    )


@transaction.atomic
def change_password(request: HttpRequest, *, new: str) -> None:
    """A new password of one's own: every other login ends, this one goes on under a new key."""
    user, old_key = me(request), request.session.session_key
    user.set_password(new)
    user.save(update_fields=["password"])
    trail.record(user, "password.changed", by=user, at=now_db())
    end_other_sessions(request)
    auth.update_session_auth_hash(request, user)
    request.session.save()
    LoginSession.objects.filter(session_key=old_key).update(session_key=request.session.session_key)


def _end(rows: list[LoginSession], *, by: Any) -> int:
    if not rows:
        return 0
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    LoginSession.objects.filter(pk__in=[row.pk for row in rows]).delete()
    at = now_db()
    for _row in rows:
        trail.record(by, "session.revoked", by=by, at=at)
    return len(rows)


BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def browser_name(agent: str) -> str:
    """`Chrome · Windows` out of a User-Agent header; its beginning where nothing is known."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return " · ".join(part for part in (browser, system) if part) or agent[:40]
