"""Sample data of the gallery: every part in all its states, with clocks that run from now."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from servicecenter.components import Counter, Effect, Event, Step, Tab
from servicecenter.forms import WorkForm
from servicecenter.kernel.lifecycle import Action, Answer, Refusal
from servicecenter.keyset import Page


class SampleState(models.TextChoices):
    """A choices class with tone and icon, as `pill` reads it."""

    REGISTERED = "registered", _("registered")
    HANDED_OVER = "handed_over", _("handed over")
    INVESTIGATING = "investigating", _("under investigation")
    ANSWERED = "answered", _("answered")
    RESOLVED = "resolved", _("resolved, follow-up due")
    CLOSED = "closed", _("closed")
    REOPENED = "reopened", _("handled again")
    CANCELLED = "cancelled", _("cancelled")

    @property
    def tone(self) -> str:
        """Colour of the pill."""
        return {
            "handed_over": "blue line",
            "investigating": "blue",
            "answered": "violet",
            "resolved": "green line",
            "closed": "green",
            "reopened": "amber",
            "cancelled": "off",
        }.get(self.value, "")

    @property
    def icon(self) -> str:
        """Icon of the pill."""
        return {
            "registered": "dot",
            "handed_over": "route",
            "investigating": "search",
            "answered": "reply",
            "resolved": "okcirc",
            "closed": "lock",
            "reopened": "rotate",
            "cancelled": "ban",
        }[self.value]


@dataclass(frozen=True)
class SampleClock:
    """A clock as countdown.face reads it."""

    state: str
    started_at: datetime
    due_at: datetime
    paused_at: datetime | None = None
    ended_at: datetime | None = None
    label: str = ""


class SampleForm(WorkForm):
    """Every kind of control."""

    telephone = forms.CharField(label=_("Telephone"), help_text=_("With area code; spaces do not matter"))
    waybill = forms.CharField(label=_("Waybill number"))
    category = forms.ChoiceField(
        label=_("Category"), choices=(("late", _("late delivery")), ("damage", _("damage")))
    )
    founded = forms.ChoiceField(
        label=_("Founded"),
        choices=(("yes", _("yes")), ("no", _("no")), ("unknown", _("not known"))),
        widget=forms.RadioSelect,
        initial="yes",
        required=False,
    )
    outside = forms.BooleanField(label=_("Came through a regulator, hotline or platform"), required=False)
    text = forms.CharField(label=_("What happened"), widget=forms.Textarea, required=False)

    def clean_waybill(self) -> str:
        """Eleven digits."""
        digits = "".join(self.cleaned_data["waybill"].split())
        if len(digits) != 11:
            raise forms.ValidationError(
                _("%(missing)s digits are missing. A whole number has 11, as 8620 4417 309")
                % {"missing": 11 - len(digits)}
            )
        return digits


def clocks(now: datetime) -> dict[str, SampleClock]:
    """One clock for each look."""
    day = timedelta(days=1)

    def running(left: timedelta, limit: timedelta = day) -> SampleClock:
        return SampleClock("running", now + left - limit, now + left)

    return {
        "calm": running(timedelta(hours=9, minutes=36)),
        "warn": running(timedelta(hours=3, minutes=12)),
        "hot": running(timedelta(minutes=48)),
        "seconds": running(timedelta(minutes=15, seconds=40)),
        "over": running(-timedelta(minutes=35)),
        "paused": SampleClock("paused", now - 2 * day, now + day, paused_at=now - timedelta(days=1, hours=2)),
        "met": SampleClock(
            "met",
            now - timedelta(hours=3),
            now - timedelta(hours=3) + timedelta(minutes=5),
            ended_at=now - timedelta(hours=3) + timedelta(seconds=80),
        ),
        "late": SampleClock(
            "late",
            now - day,
            now - day + timedelta(hours=4),
            ended_at=now - day + timedelta(hours=7, minutes=5),
        ),
    }


def events(now: datetime) -> list[Event]:
    """A short story, newest first."""
    return [
        Event(now - timedelta(minutes=20), "", str(_("Handling overdue")), "siren", "red"),
        Event(
            now - timedelta(minutes=50),
            "陈晓燕",
            str(_("internal note, the customer does not see it")),
            "note",
            say="结算部说钱在复核岗，今天 15:00 打款。",
            internal=True,
        ),
        Event(
            now - timedelta(days=1, hours=2),
            "孙丽",
            str(_("handed in the statement")),
            "note",
            "accent",
            late=str(_("too late")),
            say="16 日收到分公司交款单，金额与配送单大写不符，退回更正。",
        ),
        Event(
            now - timedelta(days=1, hours=9), "陈晓燕", str(_("called the customer back")), "phone", "green"
        ),
    ]


def icon_names() -> list[str]:
    """Every icon of the sprite."""
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text(encoding="utf-8")
    return re.findall(r'<symbol id="i-([a-z]+)"', sprite)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context of the gallery page."""
    now = timezone.now()
    action = Action("close", frozenset({"answered"}))
    wrong = SampleForm(
        {"telephone": "139 0000 0421", "waybill": "8620 4417", "category": "late", "founded": "yes"}
    )
    wrong.is_valid()
    rows = [
        {"clock": clock, "number": f"TS2611{20 - n:02}-{42 + n:04}", "state": state, "look": look}
        for n, ((look, clock), state) in enumerate(zip(clocks(now).items(), SampleState, strict=True))
    ]
    return {
        "states": list(SampleState),
        "clocks": clocks(now),
        "form": SampleForm(),
        "wrong": wrong,
        "allowed": Answer(action),
        "refused": Answer(action, Refusal("lifecycle.wrong_state", {})),
        "counters": [
            Counter(str(_("My work")), 14, "#", sub="10:58", current=True),
            Counter(str(_("Overdue")), 2, "#", tone="hot"),
            Counter(str(_("Due within the hour")), 3, "#", tone="warn"),
            Counter(str(_("Waiting for the customer")), 0, "#", tone="warn"),
        ],
        "steps": [
            Step(str(SampleState.REGISTERED.label), "done"),
            Step(str(SampleState.HANDED_OVER.label), "done"),
            Step(str(SampleState.INVESTIGATING.label), "now"),
            Step(str(SampleState.ANSWERED.label)),
            Step(str(SampleState.CLOSED.label)),
        ],
        "effects": [
            Effect(str(_("A service incident is opened")), "siren", grave=True),
            Effect(str(_("The agent answers the customer")), "reply", "14:00"),
        ],
        "events": events(now),
        "tabs": [Tab(str(_("Course")), "#", current=True, count=7), Tab(str(_("Files")), "#", count=3)],
        "icons": icon_names(),
        "rows": rows,
        "page": Page(rows=rows, next_cursor="sample", previous_cursor=""),  # type: ignore[type-var]
        "moments": [
            now,
            now - timedelta(days=1),
            now - timedelta(days=4),
            now - timedelta(days=20),
            now - timedelta(days=400),
        ],
    }
