"""The policy editor: what holds, since when, who said so and why; and the next version (D19)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries, services
from organization.forms.policy import PolicyForm
from organization.models import User
from organization.permissions import EDIT_POLICIES, Right, can_edit_policies, me
from organization.policy_texts import PolicyText, key_place, key_words, said, text_of
from organization.views.door import ADMINISTRATION, ask, data_of, needs, places
from servicecenter import components, policies
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.models import Policy

# A table of more figures than these is read downwards.
MOST_COLUMNS = 8


@dataclass(frozen=True)
class Held:
    """One row in force (or the built-in default): key, its words, the figures in words, the version behind it."""

    key: str
    words: str
    figures: list[tuple[str, str]]
    policy: Policy | None

    @property
    def reason(self) -> str:
        """Why it holds; what came with the program is the book's default."""
        if self.policy is None or (self.policy.by is None and self.policy.version == 1):
            return _("default of the book")
        return self.policy.reason


@dataclass(frozen=True)
class Code:
    """One policy code with its words and how many rows hold."""

    code: str
    text: PolicyText
    held: list[Held]


@needs(*ADMINISTRATION)
def listing(request: HttpRequest) -> HttpResponse:
    """Every policy of the book with what holds now."""
    now = now_db()
    return render(
        request,
        "organization/policies.html",
        {
            "tabs": places(request, "policy-list"),
            "codes": [Code(code, text_of(code), list(in_force(code, now))) for code in settings.POLICY_TYPES],
        },
    )


@needs(*ADMINISTRATION)
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """One code: order of resolution, rows in force, rows to come, every version there was."""
    _known(code)
    now = now_db()
    user = me(request)
    held = list(in_force(code, now))
    # What came with the program is in force until it is changed; it is no version anybody made.
    versions = (
        Policy.objects.filter(code=code)
        .exclude(by=None, version=1)
        .select_related("by__employee")
        .order_by("-recorded_at", "-id")
    )
    return render(
        request,
        "organization/policy.html",
        {
            "code": code,
            "text": text_of(code),
            "crumbs": [
                components.Crumb(_("Policies"), reverse("policy-list")),
                components.Crumb(str(text_of(code).title)),
            ],
            "held": held,
            "turned": _turned(held),
            "coming": [_held(row) for row in versions if row.valid_from > now],
            "versions": [_held(row) for row in versions[:100]],
            "may_edit": can_edit_policies(user),
            "keyed": bool(text_of(code).key_choices),
        },
    )


def in_force(code: str, at: datetime) -> Iterator[Held]:
    """The rows of a code that hold at an instant, one a key; the built-in default when the general one has no row."""
    rows = (
        Policy.objects.filter(code=code, valid_from__lte=at)
        .select_related("by__employee")
        .order_by("key", "-valid_from", "-version")
        .distinct("key")
    )
    found = sorted((_held(row) for row in rows), key=lambda held: key_place(code, held.key))
    if not found or (not text_of(code).key_choices and all(held.key for held in found)):
        yield Held("", key_words(code, ""), said(code, policies.policy_type(code)()), None)
    yield from found


def _turned(held: list[Held]) -> list[tuple[str, list[str]]]:
    """The figures as rows and the rows as columns, where figures are too many for the width of a page; else none."""
    if not held or len(held[0].figures) <= MOST_COLUMNS:
        return []
    return [
        (label, [row.figures[number][1] for row in held])
        for number, (label, _words) in enumerate(held[0].figures)
    ]


def _held(row: Policy) -> Held:
    return Held(
        row.key, key_words(row.code, row.key), said(row.code, policies.parse(row.code, row.value)), row
    )


@needs(EDIT_POLICIES)
@idempotent
def change(request: HttpRequest, code: str) -> HttpResponse:
    """The next version of one row; a new key when the address names one."""
    _known(code)
    user = me(request)
    key = request.GET.get("key", "")[:120]
    current = policies.find(code, at=now_db(), keys=(key, key.split("|")[0], ""))
    managers = None if user.has_right(Right.CONSENT_POLICIES) else consenting(user)
    new = "new" in request.GET and bool(text_of(code).key_choices)
    form = PolicyForm(
        data_of(request), code=code, key=key, new_key=new, current=current.value, managers=managers
    )
    return ask(
        request,
        form=form,
        question=_("Change %(policy)s") % {"policy": text_of(code).title},
        text=_("Tickets, claims and documents that were judged under the version before keep it."),
        verb=_("Save the new version"),
        icon="pencil",
        act=lambda f: services.change_policy(
            code=code,
            key=f.key(),
            value=f.value(),
            reason=f.cleaned_data["reason"],
            valid_from=f.cleaned_data["valid_from"],
            consent=f.cleaned_data.get("consent"),
            by=user,
        ),
        to=reverse("policy-detail", args=[code]),
        toast=_("The new version is saved"),
        template="organization/policy_form.html",
        words=_("a new row") if new else key_words(code, key),
    )


def consenting(user: User) -> Any:
    """Who can consent to a change that somebody else makes."""
    return queries.holders(Right.CONSENT_POLICIES).exclude(pk=user.pk)


def _known(code: str) -> None:
    if code not in settings.POLICY_TYPES:
        raise Http404
