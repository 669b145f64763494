"""Registering on one screen: who it is, what was before, what saving will do, all before saving (CMP-06)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from complaints import forms, services
from complaints.permissions import Right
from complaints.views.door import kept_files
from complaints.wording import EFFECTS
from customers import queries as customers
from customers.models import Waybill
from customers.queries import CustomerHit, VerifyCard, WaybillHit
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates, drafts
from servicecenter.components import Effect
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of, sentence

DRAFT = "complaints.intake"
# How the address names what the form calls so: a telephone exchange or another page opens the screen filled in.
NAMES = {
    "telephone": ("telephone", "tel"),
    "waybill": ("waybill",),
    "customer": ("customer",),
    "category": ("category",),
}
ICONS = {
    "incident": "siren", "sanction": "scale", "statement": "note", "resolution": "clock", "supervisor": "up",
    "closed": "okcirc", "follow_up": "phone",
}  # fmt: skip


@dataclass(frozen=True)
class Known:
    """Who calls and which waybill, as far as it is known; what saving would do, as far as it can be said.

    `customers` share the telephone or are the parties of the waybill; `customer` is the one meant; `waybills` are the
    caller's, offered until one is typed.
    """

    customers: Sequence[CustomerHit] = ()
    customer: CustomerHit | None = None
    waybill: WaybillHit | None = None
    waybills: Sequence[WaybillHit] = ()
    role: str = ""
    verify: VerifyCard | None = None
    preview: Any = None
    effects: Sequence[Effect] = ()
    problems: Sequence[str] = ()
    asked: bool = False
    telephone: str = ""

    @property
    def second(self) -> bool:
        """Saving makes a second complaint."""
        return self.preview is not None and self.preview.second == "yes"

    @property
    def contested(self) -> bool:
        """It looks like the same event, and the agent says that it is not: somebody else decides."""
        return self.preview is not None and self.preview.second == "suspected"

    @property
    def more(self) -> str:
        """Where all earlier tickets stand, when there are more than are shown."""
        if self.preview is None or self.preview.earlier_count <= len(self.preview.earlier):
            return ""
        there = (self.preview.waybill, self.preview.customer)
        named = [*(one.number for one in there if one is not None), self.telephone]
        return f"{reverse('complaint-list')}?{urlencode({'about': ','.join(filter(None, named))})}"


@needs(Right.REGISTER_CONTACT)
@idempotent
def intake(request: HttpRequest) -> HttpResponse:
    """Register a complaint on one screen."""
    status = 200
    if request.method == "POST":
        form = forms.IntakeForm(request.POST, user=me(request))
        if form.is_valid():
            try:
                complaint = services.register(
                    intake=form.intake(attachments=tuple(request.POST.getlist("attachments"))),
                    by=me(request),
                )
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                drafts.discard(user=me(request), form=DRAFT)
                return answers.done(
                    request, to=reverse("complaint-detail", args=[complaint.number]), toast=_said(complaint)
                )
        status = 422
    else:
        form = forms.IntakeForm(user=me(request), initial=_from_address(request))
    context = {"form": form, "known": known(form, me(request)), "files": kept_files(request)}
    return render(request, "complaints/intake.html", context, status=status)


def _said(complaint: Any) -> str:
    if complaint.is_incident:
        return _("%(number)s is registered as a second complaint.") % {"number": complaint.number}
    return _("%(number)s is registered.") % {"number": complaint.number}


def _from_address(request: HttpRequest) -> dict[str, Any]:
    found = {
        name: next((request.GET[key] for key in keys if request.GET.get(key)), "")
        for name, keys in NAMES.items()
    }
    return {name: value[:60] for name, value in found.items() if value}


@needs(Right.REGISTER_CONTACT)
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """The side of the screen while it is filled in: who it is, earlier tickets, what saving will do. Writes nothing."""
    form = forms.IntakeForm(request.POST, user=me(request))
    context = {"form": form, "known": known(form, me(request)), "oob": True}
    return render(request, "complaints/_intake_side.html", context)


def known(form: Any, user: Any) -> Known:
    """What the screen's side shows. A half-filled form is read as far as it goes; its gaps are no errors yet."""
    if not form.is_bound and not any(form.initial.get(name) for name in NAMES):
        return Known()
    # Read by a form of its own: the one on the screen keeps what the services refused.
    form = forms.IntakeForm(form.data if form.is_bound else _as_posted(form), user=user)
    form.full_clean()
    said = form.cleaned_data
    telephone, number = form.data.get("telephone", "").strip(), said.get("waybill") or ""
    caller = customers.look_up(telephone, user) if telephone else None
    there = customers.look_up(number, user) if number else None
    waybill = next((hit for hit in there.waybills if hit.number == number), None) if there else None
    people = list(caller.customers) if caller else []
    if not people and there:
        people = list(there.customers)
    customer = _customer(form, people, waybill)
    typed = bool(telephone or number)
    problems = [str(error) for name in ("telephone", "waybill") for error in form.errors.get(name, ())]
    shown = None
    if typed or customer:
        try:
            shown = services.preview(intake=form.intake(), by=user)
        except (RuleBroken, RulesBroken) as problem:
            problems += [message for _field, message in messages_of(problem)]
    return Known(
        customers=people,
        customer=customer,
        waybill=waybill,
        waybills=caller.waybills[:4] if caller and not number else (),
        role=_role(customer, waybill),
        verify=_verify(waybill),
        preview=shown,
        effects=_effects(shown) if shown is not None and said.get("category") else [],
        problems=problems,
        asked=typed,
        telephone=said.get("telephone") or "",
    )


def _as_posted(form: Any) -> dict[str, Any]:
    """The form's first values, as if they had been sent."""
    return {
        name: form[name].value() or "" for name in form.fields if not isinstance(form[name].value(), bool)
    }


def _customer(form: Any, people: list[CustomerHit], waybill: WaybillHit | None) -> CustomerHit | None:
    """The customer chosen, or the only one there, or the party of the waybill that calls."""
    chosen = form.cleaned_data.get("customer")
    if found := next((hit for hit in people if hit.number == chosen), None):
        return found
    if len(people) == 1:
        return people[0]
    if waybill is None:
        return None
    sides = {"consignor": waybill.consignor_id, "consignee": waybill.consignee_id}
    wanted = sides.get(form.cleaned_data.get("party_role", ""))
    return next((hit for hit in people if hit.id == wanted), None)


def _role(customer: CustomerHit | None, waybill: WaybillHit | None) -> str:
    """Which party of the waybill the customer is, when it is only one of them."""
    if customer is None or waybill is None:
        return waybill.role if waybill else ""
    sides = [
        role
        for role, pk in (("consignor", waybill.consignor_id), ("consignee", waybill.consignee_id))
        if pk == customer.id
    ]
    return sides[0] if len(sides) == 1 else ""


def _verify(waybill: WaybillHit | None) -> VerifyCard | None:
    """What to verify, when the consignment has money on it (PRV-05)."""
    if waybill is None or not waybill.cod_amount:
        return None
    found = Waybill.objects.select_related("consignor").get(pk=waybill.id)
    return customers.what_to_verify(found, None)


def _effects(shown: Any) -> list[Effect]:
    """What saving will do, in words, with times."""
    now = timezone.now()
    return [
        Effect(
            text=sentence(EFFECTS[effect.code], effect.params),
            icon=ICONS.get(effect.code.partition(".")[0], "right"),
            when=_("by %(when)s") % {"when": dates.say_when(effect.at, name_today=True)}
            if effect.at and effect.at > now
            else _("at once"),
            grave=effect.grave,
        )
        for effect in shown.effects
    ]
