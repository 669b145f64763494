"""The course of a ticket (CMP-50): its history, what was said and handed in, worded for the reader, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from django.core import signing
from django.db.models import CharField, F, Q, QuerySet, Value
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _

from complaints.choices import Channel, FollowUpResult
from complaints.models import Chase, Complaint, FollowUp, Message, Statement
from complaints.permissions import scope_of, sees_personal
from complaints.queries.standing import KIND
from complaints.wording import ICONS
from organization.queries import within
from servicecenter.countdown import span
from servicecenter.i18n import say
from servicecenter.kernel.errors import RuleBroken
from servicecenter.keyset import Page
from servicecenter.models import Attachment, TrailEntry
from servicecenter.prepared import Prepared, given
from servicecenter.wording import trail_text

SALT = "complaints.timeline"
# Acts that have an entry of their own below, or that say nothing to the reader of a course.
HIDDEN = frozenset(
    {
        "complaint.hand_in", "complaint.statement_corrected", "complaint.reply", "complaint.received",
        "complaint.chase", "complaint.follow_up", "attachment.added",
    }
)  # fmt: skip
# What an imported file said of its row: when it was, where it came from, about what.
FROM_FILE = frozenset({"complaint.imported", "complaint.from_file"})
FILE_SAID = ("dated", "source", "product")
# What the department complained of sees of the history beside what is its own (PRV-10).
FOR_RESPONDENT = (
    "complaint.registered", "complaint.route", "complaint.hand_over", "complaint.take_up", "complaint.begin_inquiry",
    "complaint.all_in", "complaint.resolve", "complaint.reopen", "complaint.statement_breach", "complaint.return",
    "complaint.waive", "complaint.statement_asked", "complaint.second", "complaint.action_ordered",
    "complaint.action_completed", "complaint.action_reviewed", "complaint.action_verified", "clock.warning",
    "clock.breach", "clock.rebased", "clock.ladder_manager", "clock.ladder_enterprise",
)  # fmt: skip


@dataclass
class TimelineEntry:
    """One entry: when, what kind, who, what was done (worded), what was said, and how it is drawn."""

    at: datetime
    kind: str
    pk: int
    who: str
    text: str
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    say: str = ""
    detail: str = ""
    late: str = ""
    internal: bool = False
    files: list[Attachment] = field(default_factory=list)
    tone: str = ""
    icon: str = "dot"
    url: str = ""


# (time, source, id, what is shown)
Row = tuple[datetime, str, int, Mapping[str, Any]]
Sources = dict[str, tuple[QuerySet[Any], str, dict[str, str]]]
_FILES = Prepared(
    lambda: Attachment.objects.filter(
        kind=KIND, object_id=given("complaint"), role__any=given("roles")
    ).order_by("id")
)


def timeline(*, complaint: Complaint, user: Any, cursor: str = "", size: int = 50) -> Page[TimelineEntry]:
    """One page of a ticket's course, newest first: two statements, whatever its length.

    Raises RuleBroken `keyset.cursor` for a cursor of another ticket.
    """
    before = _read(cursor, complaint)
    found = _rows(complaint, user, before, size + 1)
    entries = [_BUILDERS[source](pk, at, values) for at, source, pk, values in found[:size]]
    _add_files(entries, complaint)
    more = len(found) > size
    return Page(
        rows=entries, next_cursor=_sign(complaint, found[size - 1]) if more else "", previous_cursor=""
    )


def _rows(complaint: Complaint, user: Any, before: tuple[datetime, str, int] | None, size: int) -> list[Row]:
    """The next entries as they come: one UNION over what the reader may see."""
    place = dict(zip(("at", "source", "pk"), before or (), strict=False))
    if scope_of(user).is_unlimited or sees_personal(user, complaint):
        return _whole(size, before is not None).rows(complaint=complaint.pk, **place)
    return list(_union(_limited(_sources(complaint.pk), user), before, size))


@cache
def _whole(size: int, further: bool) -> Prepared[Row]:
    """The course as it is for whoever sees all of it, worded once."""
    before: Any = (given("at"), given("source"), given("pk")) if further else None
    return Prepared(lambda: _union(_sources(given("complaint")), before, size))


def _union(sources: Sources, before: tuple[Any, Any, Any] | None, size: int) -> QuerySet[Any, Row]:
    parts = []
    for name, (rows, at, values) in sources.items():
        part = rows.annotate(
            moment=F(at), source=Value(name, output_field=CharField()), shown=JSONObject(**values)
        )
        if before is not None:
            part = part.filter(_before(*before))
        parts.append(part.order_by().values_list("moment", "source", "pk", "shown"))
    return parts[0].union(*parts[1:], all=True).order_by("-moment", "-source", "-pk")[:size]


def _before(at: Any, source: Any, pk: Any) -> Q:
    return Q(moment__lt=at) | Q(moment=at, source__lt=source) | Q(moment=at, source=source, pk__lt=pk)


def _limited(sources: Sources, user: Any) -> Sources:
    """The parts as far as a reader sees them who does not see who complained."""
    paths = scope_of(user).paths
    mentioned = Message.mentions.through.objects.filter(user_id=user.pk).values("message_id")
    narrow: dict[str, Callable[[QuerySet[Any]], QuerySet[Any]]] = {
        "trail": lambda rows: rows.filter(Q(code__in=FOR_RESPONDENT) | Q(by=user)),
        "statement": lambda rows: rows.filter(within(paths, "handover__department__path")),
        "message": lambda rows: rows.filter(Q(by=user) | Q(pk__in=mentioned)),
        "chase": lambda rows: rows,
        "follow_up": lambda rows: rows.filter(by=user),
    }
    return {name: (narrow[name](rows), at, shown) for name, (rows, at, shown) in sources.items()}


def _sources(complaint: Any) -> Sources:
    """What a course is made of: rows, their time, what is shown. `complaint`: its id, or the gap for it."""
    entries = TrailEntry.objects.filter(kind=KIND, object_id=complaint).exclude(code__in=sorted(HIDDEN))
    statements = Statement.objects.filter(handover__complaint=complaint)
    messages = Message.objects.filter(complaint=complaint)
    chases = Chase.objects.filter(complaint=complaint)
    calls = FollowUp.objects.filter(complaint=complaint)
    who = {"who": "by__employee__name"}
    statement = {
        "text": "text",
        "measures": "measures",
        "ordinal": "ordinal",
        "late": "is_late",
        "department": "handover__department__names",
        "due_at": "handover__due_at",
        "who": "handed_in_by__employee__name",
    }
    return {
        "trail": (entries, "at", {"code": "code", "params": "params", **who}),
        "statement": (statements, "handed_in_at", statement),
        "message": (messages, "at", {"text": "text", "kind": "kind", "channel": "channel", **who}),
        "chase": (chases, "at", {"ordinal": "ordinal", "answer": "answer", "asked": "contact__text", **who}),
        "follow_up": (calls, "at", {"ordinal": "ordinal", "result": "result", "remarks": "remarks", **who}),
    }


def _of_trail(pk: int, at: datetime, values: Mapping[str, Any]) -> TimelineEntry:
    code, params = values["code"], values["params"]
    icon, tone = ICONS.get(code, ("dot", ""))
    incident = params.get("incident")
    return TimelineEntry(
        at=at,
        kind="trail",
        pk=pk,
        who=_who(values),
        text=trail_text(code, params),
        code=code,
        params=params,
        detail=" · ".join(filter(None, map(params.get, FILE_SAID))) if code in FROM_FILE else "",
        late=_late_step(code, params),
        icon=icon,
        tone=tone,
        url=reverse("incident-detail", args=[incident]) if incident else "",
    )


def _late_step(code: str, params: Mapping[str, Any]) -> str:
    """A step that was caught up says how much later than due it was done (CMP-37)."""
    due, done = params.get("due_at"), params.get("fired_at")
    if not due or not done or not code.startswith("clock."):
        return ""
    lag = (datetime.fromisoformat(done) - datetime.fromisoformat(due)).total_seconds()
    return _("recorded %(span)s later") % {"span": span(lag)} if lag > 60 else ""


def _of_statement(pk: int, at: datetime, values: Mapping[str, Any]) -> TimelineEntry:
    text = (
        _("handed in the statement of %(department)s")
        if values["ordinal"] == 1
        else _("corrected the statement of %(department)s")
    )
    return TimelineEntry(
        at=at,
        kind="statement",
        pk=pk,
        who=_who(values),
        text=text % {"department": say(values["department"])},
        code="complaint.hand_in",
        say=values["text"],
        detail=values["measures"],
        late=late_by(at, datetime.fromisoformat(values["due_at"])) if values["late"] else "",
        internal=True,
        icon="note",
        tone="accent",
    )


def late_by(at: datetime, due_at: datetime) -> str:
    """`迟交 3 时 05 分`."""
    return _("late by %(span)s") % {"span": span((at - due_at).total_seconds())}


def _of_message(pk: int, at: datetime, values: Mapping[str, Any]) -> TimelineEntry:
    text, icon, tone, internal = {
        "note": (_("wrote an internal note"), "note", "", True),
        "reply": (_("told the customer"), "reply", "accent", False),
        "received": (_("noted what the customer said"), "chat", "", False),
    }[values["kind"]]
    return TimelineEntry(
        at=at,
        kind="message",
        pk=pk,
        who=_who(values),
        text=text,
        code=f"complaint.{values['kind']}",
        say=values["text"],
        detail=str(Channel(values["channel"]).label) if values["channel"] else "",
        internal=internal,
        icon=icon,
        tone=tone,
    )


def _of_chase(pk: int, at: datetime, values: Mapping[str, Any]) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        kind="chase",
        pk=pk,
        who=_who(values),
        text=_("noted chase no. %(n)s; the customer was told:") % {"n": values["ordinal"]},
        code="complaint.chase",
        say=values["answer"],
        detail=values["asked"] if values["asked"] != values["answer"] else "",
        icon="bell",
        tone="amber",
    )


def _of_follow_up(pk: int, at: datetime, values: Mapping[str, Any]) -> TimelineEntry:
    result = FollowUpResult(values["result"])
    return TimelineEntry(
        at=at,
        kind="follow_up",
        pk=pk,
        who=_who(values),
        text=_("follow-up call no. %(n)s: %(result)s") % {"n": values["ordinal"], "result": result.label},
        code="complaint.follow_up",
        say=values["remarks"],
        icon="phone",
        tone="red" if result == FollowUpResult.DISSATISFIED else "",
    )


_BUILDERS: dict[str, Callable[[int, datetime, Mapping[str, Any]], TimelineEntry]] = {
    "trail": _of_trail,
    "statement": _of_statement,
    "message": _of_message,
    "chase": _of_chase,
    "follow_up": _of_follow_up,
}


def _add_files(entries: Iterable[TimelineEntry], complaint: Complaint) -> None:
    """Files of statements and messages stand beside them."""
    by_role = {f"{one.kind}-{one.pk}": one for one in entries if one.kind in {"statement", "message"}}
    if not by_role:
        return
    for row in _FILES.rows(complaint=complaint.pk, roles=list(by_role)):
        by_role[row.role].files.append(row)


def _who(values: Mapping[str, Any]) -> str:
    return values["who"] or _("the system")


def _sign(complaint: Complaint, row: Row) -> str:
    at, source, pk, _values = row
    return signing.dumps([complaint.pk, at.isoformat(), source, pk], salt=SALT, compress=True)


def _read(cursor: str, complaint: Complaint) -> tuple[datetime, str, int] | None:
    if not cursor:
        return None
    try:
        of, at, source, pk = signing.loads(cursor, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as problem:
        raise RuleBroken("keyset.cursor", field="cursor", status=400) from problem
    if of != complaint.pk:
        raise RuleBroken("keyset.cursor", field="cursor", status=400)
    return datetime.fromisoformat(at), source, pk


def changes_since(complaint: Complaint, version: int) -> list[TimelineEntry]:
    """What others did since the version a form was opened with (CMP-51): the last acts, newest first.

    The ticket's version counts its acts; an act leaves at most three entries.
    """
    behind = max(complaint.version - version, 1)
    rows = TrailEntry.objects.filter(kind=KIND, object_id=complaint.pk).order_by("-at", "-pk")
    shown = JSONObject(code="code", params="params", who="by__employee__name")
    found = rows.annotate(shown=shown).values_list("pk", "at", "shown")[: min(behind * 3, 20)]
    return [_of_trail(pk, at, values) for pk, at, values in found]


def trail_of(complaint: Complaint, limit: int = 200) -> list[TrailEntry]:
    """The plain record of every act on a ticket, newest first."""
    return list(
        TrailEntry.objects.filter(kind=KIND, object_id=complaint.pk)
        .select_related("by__employee")
        .order_by("-at", "-pk")[:limit]
    )
