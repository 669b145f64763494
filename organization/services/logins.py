"""Logins: open, set the password, lock, unlock, how to be reached and in which language."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from organization.models import Employee, User
from organization.services.guards import keep_an_administrator, locked_employee
from servicecenter import trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def open_login(
    *,
    employee: Employee,
    password: str = "",
    encoded: str = "",
    email: str = "",
    language: str = "zh-hans",
    is_demo: bool = False,
    by: User | None,
    at: datetime | None = None,
) -> User:
    """A login for an employee under the work number; without an assignment it may do nothing.

    `encoded` is a password that another system has hashed already; it is taken as it is.
    Raises RuleBroken `login.exists`, `employee.gone`, `password.weak`, `login.email`.
    """
    row = locked_employee(employee)
    moment = at or now_db()
    if row.left_on is not None and row.left_on < business_date(moment):
        raise RuleBroken("employee.gone", name=row.name, day=row.left_on.isoformat())
    if User.objects.filter(employee=row).exists():
        raise RuleBroken("login.exists", name=row.name, number=row.work_number)
    user = User(
        work_number=row.work_number,
        employee=row,
        email=_sound_email(email),
        language=language,
        is_demo=is_demo,
    )
    if encoded:
        user.password = encoded
    else:
        _check_password(password, user)
        user.set_password(password)
    user.save(force_insert=True)
    trail.record(user, "login.opened", by=by, at=moment, name=row.name, number=row.work_number)
    return user


@transaction.atomic
def set_password(*, user: User, password: str, by: User | None, at: datetime | None = None) -> User:
    """Another password, by an administrator or the user; every open session of the user ends with it.

    Raises RuleBroken `password.weak`.
    """
    row = _locked(user)
    _check_password(password, row)
    moment = at or now_db()
    row.set_password(password)
    row.save(update_fields=["password"])
    trail.record(row, "login.password_set", by=by, at=moment, name=row.name)
    return row


@transaction.atomic
def lock(*, user: User, reason: str, by: User | None, at: datetime | None = None) -> User:
    """Refuse further logins and end the open ones at the next click. Raises RuleBroken `administrator.last`."""
    if not reason.strip():
        raise RuleBroken("login.reason", field="reason", status=400)
    row = _locked(user)
    moment = at or now_db()
    if row.is_active:
        with keep_an_administrator():
            row.is_active = False
            row.save(update_fields=["is_active"])
        trail.record(
            row,
            "login.locked",
            by=by,
            at=moment,
            changes={"is_active": [True, False]},
            name=row.name,
            reason=reason.strip(),
        )
    return row


@transaction.atomic
def unlock(*, user: User, by: User | None, at: datetime | None = None) -> User:
    """Allow logins again."""
    row = _locked(user)
    moment = at or now_db()
    if not row.is_active:
        row.is_active = True
        row.save(update_fields=["is_active"])
        trail.record(
            row, "login.unlocked", by=by, at=moment, changes={"is_active": [False, True]}, name=row.name
        )
    return row


@transaction.atomic
def set_email(*, user: User, email: str, by: User | None, at: datetime | None = None) -> User:
    """Where notices go by e-mail; empty: nowhere. The trail holds it masked. Raises RuleBroken `login.email`."""
    row = _locked(user)
    address = _sound_email(email)
    moment = at or now_db()
    if changes := trail.changes_between({"email": row.email}, {"email": address}, {"email": mask_email}):
        row.email = address
        row.save(update_fields=["email"])
        trail.record(row, "login.email_set", by=by, at=moment, changes=changes, name=row.name)
    return row


def mask_email(address: str) -> str:
    """`chen.xy@example.com` → `c***@example.com`."""
    name, sign, domain = address.partition("@")
    return f"{name[:1]}***{sign}{domain}" if address else ""


def _locked(user: User) -> User:
    return User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as problem:
        raise RuleBroken(
            "password.weak", field="password", status=400, problems=" ".join(problem.messages)
        ) from problem


def _sound_email(email: str) -> str:
    address = email.strip()
    if address:
        try:
            validate_email(address)
        except ValidationError as problem:
            raise RuleBroken("login.email", field="email", status=400, email=address) from problem
    return address
