"""Saved views (视图): named lists, one's own or shared with a team; the query string is the view.

Presence: who has a record open now (CMP-51).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db import IntegrityError, transaction
from django.db.models import Case, F, When
from django.urls import NoReverseMatch, reverse

from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Presence, SavedView
from servicecenter.permissions import can_unshare

PRESENT_FOR = timedelta(seconds=60)
NEVER_SAVED = {"cursor", "row"}
MOST_VIEWS = 40


def normal(query: str) -> str:
    """A query string in one form: without cursor and empty values, sorted, so that equal views are equal."""
    pairs = [(name, value) for name, value in parse_qsl(query) if value and name not in NEVER_SAVED]
    return urlencode(sorted(pairs))


def views_of(user: Any, route: str) -> list[SavedView]:
    """The user's views of one list, by name."""
    return list(SavedView.objects.filter(user_id=user.pk, route=route).order_by("name"))


def teams_of(user: Any) -> dict[str, str]:
    """The teams that the user belongs to: code → name, in the order of their codes."""
    return {team.code: str(team) for team in user.employee.teams.order_by("code")}


def shared_with(user: Any, route: str, teams: Iterable[str]) -> list[SavedView]:
    """What others share of one list: with one of these teams; whoever supervises sees what any team shares.

    A view is shared for as long as its maker belongs to the team. At most `MOST_VIEWS`, by name: those of the user's
    own teams first, then the newest.
    """
    own = list(teams)
    rows = SavedView.objects.filter(route=route, user__employee__teams__code=F("team_code"))
    rows = rows.exclude(user_id=user.pk)
    if not can_unshare(user):
        rows = rows.filter(team_code__in=own)
    of_others = Case(When(team_code__in=own, then=0), default=1)
    chosen = rows.select_related("user__employee").order_by(of_others, "-created_at", "-pk")[:MOST_VIEWS]
    return sorted(chosen, key=lambda view: (view.name, view.pk))


@transaction.atomic
def share_view(*, by: Any, pk: int, team: str) -> tuple[SavedView, str]:
    """Show one of one's own views to a team that one belongs to; with `team` empty to nobody else any more.

    Returns the view and the team that saw it before ('' for none). Raises RuleBroken `view.unknown` (404),
    `view.team` for a team of which the user is no member.
    """
    view = SavedView.objects.select_for_update().filter(user_id=by.pk, pk=pk).first()
    if view is None:
        raise RuleBroken("view.unknown", status=404)
    teams = teams_of(by)
    if team and team not in teams:
        raise RuleBroken("view.team", status=400)
    before = view.team_code if view.team_code in teams else ""
    view.team_code = team
    view.save(update_fields=["team_code"])
    return view, before


@transaction.atomic
def unshare_view(*, by: Any, pk: int) -> SavedView:
    """Take somebody's shared view away from the team; it stays its maker's. Raises RuleBroken `view.unknown` (404)."""
    shared = SavedView.objects.select_for_update().exclude(team_code="")
    view = shared.filter(pk=pk).first() if can_unshare(by) else None
    if view is None:
        raise RuleBroken("view.unknown", status=404)
    view.team_code = ""
    view.save(update_fields=["team_code"])
    return view


def address(route: str, query: str) -> str:
    """The address of a view; '' when the list is gone."""
    try:
        return reverse(route) + (f"?{query}" if query else "")
    except NoReverseMatch:
        return ""


@transaction.atomic
def save_view(*, by: Any, route: str, name: str, query: str) -> SavedView:
    """Keep a list under a name; the same name overwrites.

    Raises RuleBroken `view.name` without a name, `view.route` for an unknown list, `view.too_many`, `view.too_long`.
    """
    name = " ".join(name.split())[:40]
    if not name:
        raise RuleBroken("view.name", field="name", status=400)
    if not address(route, ""):
        raise RuleBroken("view.route", status=400)
    kept = normal(query)
    if len(kept) > 600:
        raise RuleBroken("view.too_long", status=400)
    known = SavedView.objects.select_for_update().filter(user_id=by.pk, route=route)
    if not known.filter(name=name).exists() and known.count() >= MOST_VIEWS:
        raise RuleBroken("view.too_many", status=400, limit=MOST_VIEWS)
    view, _made = SavedView.objects.update_or_create(
        user_id=by.pk, route=route, name=name, defaults={"query": kept}
    )
    return view


def delete_view(*, by: Any, pk: int) -> SavedView:
    """Drop one of one's own views and return it (for the undo). Raises RuleBroken `view.unknown` (404)."""
    view = SavedView.objects.filter(user_id=by.pk, pk=pk).first()
    if view is None:
        raise RuleBroken("view.unknown", status=404)
    view.delete()
    return view


@transaction.atomic
def restore_view(*, by: Any, route: str, name: str, query: str, team: str = "") -> SavedView:
    """A deleted view is back as it was: shared with its team again, if its maker belongs to it still.

    Raises RuleBroken as `save_view`.
    """
    view = save_view(by=by, route=route, name=name, query=query)
    if team in teams_of(by):
        view, _before = share_view(by=by, pk=view.pk, team=team)
    return view


@dataclass(frozen=True)
class Present:
    """Somebody else who has the record open."""

    name: str


def here(*, user: Any, kind: str, object_id: int) -> list[Present]:
    """Note that `user` looks at the record, and answer who else does (seen within the last minute)."""
    at = now_db()
    try:
        with transaction.atomic():
            Presence.objects.update_or_create(
                kind=kind, object_id=object_id, user_id=user.pk, defaults={"seen_at": at}
            )
    except IntegrityError:
        pass  # two windows of the same user at the same moment: one row is what we wanted
    others = (
        Presence.objects.filter(kind=kind, object_id=object_id, seen_at__gt=at - PRESENT_FOR)
        .exclude(user_id=user.pk)
        .select_related("user__employee")
        .order_by("user__work_number")
    )
    return [Present(str(row.user)) for row in others]


def gone(*, user: Any, kind: str, object_id: int) -> None:
    """The user has closed the record."""
    Presence.objects.filter(kind=kind, object_id=object_id, user_id=user.pk).delete()
