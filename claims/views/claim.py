"""One claim: where it stands on both tracks, what to do next, goods, parties, payout, liability (CLM-02)."""

from __future__ import annotations

import io
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from claims import queries
from claims.choices import LiabilityState, PayoutState
from claims.models import Claim, HandlingOpinion
from claims.permissions import APPROVES, Right, may_see_liability
from claims.views.acts import answers_of
from claims.views.door import READ, claim_or_404, crumbs
from claims.views.table import BY_CODE
from organization.permissions import me
from organization.views.door import needs
from servicecenter import pdf, trail
from servicecenter.components import Step, Tab
from servicecenter.kernel.lifecycle import Answer
from servicecenter.models import IssuedDocument
from servicecenter.permissions import Right as Ground
from servicecenter.subjects import kind_of

TABS = ("claim", "payout", "liability", "trail")
TRAIL_SHOWN = 300
# The payout track as the head draws it (CLM-02).
LIFE = ("reported", "investigating", "assessed", "negotiated", "approved", "voucher_issued", "paid", "closed")
# The liability track; `objected` and `recovering` are passed over where they do not apply.
LIABILITY = ("open", "provisional", "determined", "final", "recovering", "recovered")
# What an adjuster does daily stands in the head, in this order; pages of their own by their URL name.
PAGES: dict[str, tuple[Any, str, str]] = {
    "set_lines": (gettext_lazy("Goods…"), "box", "claim-goods"),
    "determine": (gettext_lazy("Determine…"), "scale", "claim-determine"),
    "set_parts": (gettext_lazy("Parts…"), "users", "claim-parts"),
    "change": (gettext_lazy("Correct…"), "pencil", "claim-change"),
}
FRONT = ("take", "assess", "negotiate", "request_approval", "set_parts", "determine", "close")
# The one primary button by the state of the payout.
PRIMARY = {
    "reported": ("take",),
    "investigating": ("assess", "set_lines"),
    "assessed": ("negotiate",),
    "negotiated": ("request_approval",),
    "approved": ("set_parts",),
    "paid": ("close",),
}
NEXT: dict[str, Any] = {
    "reported": gettext_lazy("Take the claim"),
    "investigating": gettext_lazy("Find the facts, record the goods, assess"),
    "assessed": gettext_lazy("Agree on a price with the customer"),
    "negotiated": gettext_lazy("Ask for approval"),
    "approved": gettext_lazy("Issue the vouchers"),
    "voucher_issued": gettext_lazy("Pay at the counter"),
    "litigation": gettext_lazy("Wait for the court"),
}
NEXT_LIABILITY: dict[str, Any] = {
    "open": gettext_lazy("Determine who is liable"),
    "provisional": gettext_lazy("Find the facts that are open, determine again"),
    "determined": gettext_lazy("Wait for objections, then make it final"),
    "objected": gettext_lazy("Decide the objection"),
    "final": gettext_lazy("Recover what is owed"),
    "recovering": gettext_lazy("Recover what is owed"),
}


@needs(*READ)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One claim."""
    claim = claim_or_404(request, number)
    tab = request.GET.get("tab", "claim")
    sees = may_see_liability(me(request))
    may_trail = me(request).has_right(Ground.VIEW_TRAIL)
    if tab not in TABS or (tab == "liability" and not sees) or (tab == "trail" and not may_trail):
        raise Http404
    queries.with_clocks([claim])
    card = queries.claim_card(claim, me(request))
    answers = answers_of(claim, me(request))
    context: dict[str, Any] = {
        "claim": claim,
        "card": card,
        "crumbs": crumbs(claim),
        "tab": tab,
        "tabs": _tabs(claim, tab, sees=sees, may_trail=may_trail),
        "payout_steps": payout_steps(claim),
        "liability_steps": liability_steps(claim) if sees else (),
        "buttons": Buttons(claim, answers),
        "sees_liability": sees,
        "may_work": me(request).has_right(Right.WORK_CLAIM),
        "may": _may(me(request)),
        "sums": sums(claim, card),
        "clocks": {
            "open": [clock for clock in card.clocks if clock.is_open],
            "ended": [clock for clock in card.clocks if not clock.is_open],
        },
        "next_words": next_words(claim, card, sees=sees),
    }
    if tab == "claim":
        context["checklist"] = queries.checklist(claim)
    elif tab == "payout":
        context["payout"] = queries.payout_of(card.assessment) if card.assessment else None
        waiting = {step.pk for step in queries.approvals_waiting(me(request))} if card.request else set()
        context["mine"] = waiting
    elif tab == "liability" and card.determination:
        context["verdict"] = queries.verdict_of(card.determination)
    elif tab == "trail":
        context["entries"] = trail.entries_of(claim)[:TRAIL_SHOWN]
    return render(request, "claims/claim.html", context)


def _may(user: Any) -> dict[str, Any]:
    return {
        "issue": user.has_right(Right.ISSUE_VOUCHER),
        "see_vouchers": user.has_right(Right.VIEW_VOUCHER) or user.has_right(Right.PAY_VOUCHER),
        "decide": user.has_right(Right.DECIDE_OBJECTION),
        "determine": user.has_right(Right.DETERMINE_LIABILITY),
        "approve_opinion": user.has_right(Right.APPROVE_OPINION),
        "confirm": {level for level, right in APPROVES.items() if user.has_right(right)},
    }


def _tabs(claim: Claim, current: str, *, sees: bool, may_trail: bool) -> list[Tab]:
    here = reverse("claim-detail", args=[claim.number])
    labels = [("claim", _("Claim")), ("payout", _("Payout"))]
    if sees:
        labels.append(("liability", _("Liability")))
    if may_trail:
        labels.append(("trail", _("Trail")))
    return [
        Tab(label, here if code == "claim" else f"{here}?tab={code}", code == current)
        for code, label in labels
    ]


def _track(life: tuple[str, ...], here: str, words: Any, ends: tuple[str, ...]) -> list[Step]:
    reached = life.index(here)
    return [
        Step(
            capfirst(str(words(code).label)),
            "done"
            if place < reached or (place == reached and code in ends)
            else "now"
            if place == reached
            else "",
        )
        for place, code in enumerate(life)
    ]


def payout_steps(claim: Claim) -> list[Step]:
    """The payout track; what ended aside shows where it ended."""
    if claim.state not in LIFE:
        first = Step(capfirst(str(PayoutState.REPORTED.label)), "done")
        return [first, Step(capfirst(str(PayoutState(claim.state).label)), "now")]
    return _track(LIFE, claim.state, PayoutState, ("closed",))


def liability_steps(claim: Claim) -> list[Step]:
    """The liability track."""
    state = claim.liability_state
    life: tuple[str, ...] = LIABILITY
    if state == "objected":
        life = ("open", "provisional", "determined", "objected", "final", "recovering", "recovered")
    elif state == "written_off":
        life = (*LIABILITY[:-1], "written_off")
    if state != "provisional":
        life = tuple(code for code in life if code != "provisional")
    return _track(life, state, LiabilityState, ("recovered", "written_off"))


def next_words(claim: Claim, card: Any, *, sees: bool) -> list[str]:
    """What must happen next, on each track."""
    found = []
    if claim.state == "negotiated" and card.request is not None and card.request.state == "waiting":
        found.append(_("Wait for the signatures"))
    elif claim.state in NEXT:
        found.append(str(NEXT[claim.state]))
    if sees and claim.is_open and claim.liability_state in NEXT_LIABILITY:
        found.append(str(NEXT_LIABILITY[claim.liability_state]))
    if claim.state == "paid" and claim.liability_state in {"recovered", "written_off"}:
        found.append(_("Close the claim"))
    return found


def sums(claim: Claim, card: Any) -> list[tuple[str, Any]]:
    """The amounts of a claim in the order in which they come about."""
    paid = sum((row.amount for row in card.vouchers if row.state == "paid"), start=0)
    return [
        (_("Claimed"), claim.claimed_amount),
        (_("Assessed"), claim.assessed_amount),
        (_("Agreed"), claim.agreed_amount),
        (_("Approved"), claim.approved_amount),
        (_("Paid"), paid or None),
        (_("Reserve"), claim.reserve),
    ]


class Buttons:
    """The acts of a claim as its head shows them: the daily ones in their places, the others behind "more"."""

    def __init__(self, claim: Claim, allowed: dict[str, Answer]) -> None:
        self._claim, self._allowed = claim, allowed
        wanted = PRIMARY.get(claim.state, ())
        self._primary = next((code for code in wanted if self._is_allowed(code)), "")

    def _is_allowed(self, code: str) -> bool:
        answer = self._allowed.get(code)
        return answer is not None and answer.visible and answer.allowed

    @property
    def front(self) -> list[dict[str, Any]]:
        """The daily ones that are possible now; the primary one first."""
        codes = [code for code in (*FRONT, *PAGES) if self._is_allowed(code)]
        chosen = list(dict.fromkeys([*([self._primary] if self._primary else []), *codes]))
        return [self._button(code) for code in chosen if code in FRONT or code == self._primary][:4]

    @property
    def more(self) -> list[dict[str, Any]]:
        """The others, those that are possible first; each refused one says why."""
        shown = {button["code"] for button in self.front}
        known = [code for code in (*PAGES, *BY_CODE) if code in self._allowed and code not in shown]
        buttons = [self._button(code) for code in known if self._allowed[code].visible]
        return sorted(buttons, key=lambda button: not button["answer"].allowed)

    def _button(self, code: str) -> dict[str, Any]:
        if code in PAGES:
            label, icon, url_name = PAGES[code]
        else:
            act = BY_CODE[code]
            label, icon, url_name = act.label, act.icon, act.url_name
        return {
            "code": code,
            "answer": self._allowed[code],
            "label": label,
            "icon": icon,
            "dialog": code not in PAGES,
            "url": reverse(url_name, args=[self._claim.number]),
            "look": "primary" if code == self._primary else "plain",
        }


@needs(*READ)
@require_GET
def paper_pdf(request: HttpRequest, number: str, document: str) -> FileResponse:
    """A letter or closing paper as it was printed; what is for the inside has no place here (CLM-07)."""
    claim = claim_or_404(request, number)
    made = IssuedDocument.objects.filter(
        kind=kind_of(Claim), object_id=claim.pk, code__in=queries.FOR_CUSTOMERS, number=document
    ).first()
    if made is None:
        raise Http404
    return FileResponse(
        io.BytesIO(pdf.read(made)), filename=f"{made.number}.pdf", content_type="application/pdf"
    )


@needs(Right.VIEW_LIABILITY)
@require_GET
def opinion_pdf(request: HttpRequest, number: str) -> FileResponse:
    """The handling opinion as it was issued; never the customer's (CLM-16)."""
    claim = claim_or_404(request, number)
    made = (
        HandlingOpinion.objects.filter(determination__claim=claim, document__isnull=False)
        .select_related("document")
        .order_by("-determination__ordinal")
        .first()
    )
    if made is None or made.document is None:
        raise Http404
    content = pdf.read(made.document)
    return FileResponse(
        io.BytesIO(content), filename=f"{made.document.number}.pdf", content_type="application/pdf"
    )
