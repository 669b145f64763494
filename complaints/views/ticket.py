"""The ticket: head, clocks, what happened, what to do next (CMP-20, CMP-50, CMP-51)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.choices import ComplaintState, NextStep
from complaints.models import Complaint
from complaints.permissions import HANDLING, INCIDENT_READERS, TICKET_READERS, WRITERS, Right
from complaints.views import recent, templates
from complaints.views.acts import stale_changes
from complaints.views.door import complaint_or_404, kept_files, propose_url
from complaints.views.outcome import crumbs
from complaints.views.table import ACTS, BY_CODE, Act
from customers.permissions import Right as Customers
from customers.queries import waybill_places
from customers.views.door import slot
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, dates, drafts, trail
from servicecenter.components import Event, Step, Tab
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.kernel.lifecycle import Answer
from servicecenter.permissions import Right as Ground

# Rights of the app above, which serves the fragment.
CLAIMS = ("claims.view_claim", "claims.open_claim")
TRAIL_SHOWN = 300
CLOCKS_SHOWN = 3
TABS = ("story", "statements", "files", "trail")
TONES = {"teal": "accent"}
# The life of a ticket as the head draws it (CMP-20).
LIFE = ("registered", "routed", "investigating", "answered", "resolved", "closed")
# In the head, in this order, whatever the state: what is done daily. The rest stands behind "more".
IN_HAND = ("reply", "route", "hand_over", "chase", "record_finding", "resolve")
AFTERWARDS = ("notify", "follow_up", "chase", "reopen")
# The act that the next step asks for: it is the page's one primary button.
FOR_NEXT_STEP = {
    NextStep.ROUTE: "route",
    NextStep.DECIDE_DEPARTMENT: "route",
    NextStep.AWAIT_SUPERVISOR: "take_over",
    NextStep.REPORT_UPWARD: "report_upward",
    NextStep.REPLY: "reply",
    NextStep.FIND: "record_finding",
    NextStep.RESOLVE: "resolve",
    NextStep.NOTIFY: "notify",
    NextStep.FOLLOW_UP: "follow_up",
    NextStep.AWAIT_CUSTOMER: "resume",
    NextStep.CONFIRM_INCIDENT: "confirm_incident",
}


@needs(*TICKET_READERS)
@require_GET
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """One ticket."""
    view = queries.ticket(user=me(request), number=number)
    if view is None:
        raise Http404
    tab = request.GET.get("tab", "story")
    if tab not in TABS or (tab == "trail" and not may_see_trail(me(request))):
        raise Http404
    recent.note(request, view.complaint)
    return render(request, "complaints/ticket.html", _page(request, view, tab))


def may_see_trail(user: Any) -> bool:
    """The plain record of every act is for those who check."""
    return bool(user.has_right(Ground.VIEW_TRAIL))


def _page(request: HttpRequest, view: Any, tab: str, compose: Any = None) -> dict[str, Any]:
    complaint = view.complaint
    for handover in view.handovers:
        if complaint.clock is not None and handover.clock_id == complaint.clock_id:
            complaint.clock.department = handover.department
    buttons = Buttons(complaint, view.actions_allowed)
    context: dict[str, Any] = {
        "view": view,
        "complaint": complaint,
        "crumbs": crumbs(complaint),
        "tab": tab,
        "tabs": _tabs(request, view, tab),
        "steps": steps_of(complaint),
        "clocks": clocks_of(view.clocks),
        "buttons": buttons,
        "allowed": view.actions_allowed,
        "may_write": me(request).rights.has_any(HANDLING),
        "may_hand_in": me(request).has_right(Right.HAND_IN_STATEMENT),
        "may_review": me(request).has_right(Right.REVIEW_ACTION),
        "may_note": view.actions_allowed["note"].allowed,
        "may_see_waybill": _may_see_waybill(me(request), complaint.waybill),
        "may_see_customer": me(request).has_right(Customers.VIEW_CUSTOMER),
        "may_see_incident": may_see_incident(me(request)),
        "propose_url": propose_url(me(request), complaint),
        "seen_of_event": {other.number for other in view.same_event},
        "today": dates.today(),
        "claims_url": _claims_url(me(request), complaint),
    }
    if tab == "story":
        page = queries.timeline(complaint=complaint, user=me(request), cursor=request.GET.get("cursor", ""))
        context |= {"page": page, "events": _events(request, page)}
        kind = "reply" if request.GET.get("write") == "reply" else "note"
        context["compose"] = compose or forms.MessageForm(
            user=me(request), complaint=complaint, initial={"kind": kind}
        )
        if context["may_note"]:
            context |= templates.offered(complaint, context["compose"])
    elif tab == "trail":
        context["entries"] = trail.entries_of(complaint)[:TRAIL_SHOWN]
    return context


def _claims_url(user: Any, complaint: Complaint) -> str:
    """The fragment with the ticket's claims, which offers one too (CLM-01); '' where there is nothing to see."""
    if complaint.waybill_id is None or not user.rights.has_any(CLAIMS):
        return ""
    return slot("complaint-claims", complaint.number)


def _tabs(request: HttpRequest, view: Any, current: str) -> list[Tab]:
    here = reverse("complaint-detail", args=[view.complaint.number])
    labels = [
        ("story", _("Course"), view.story_count),
        ("statements", _("Statements and findings"), view.statements_count),
        ("files", _("Attachments"), len(view.attachments)),
    ]
    if may_see_trail(me(request)):
        labels.append(("trail", _("Trail"), None))
    return [
        Tab(label, here if code == "story" else f"{here}?tab={code}", code == current, count)
        for code, label, count in labels
    ]


class Buttons:
    """The acts of a ticket as its head shows them: the daily ones in their places, the others behind "more"."""

    def __init__(self, complaint: Complaint, allowed: dict[str, Answer]) -> None:
        self._complaint, self._allowed = complaint, allowed
        codes = AFTERWARDS if complaint.state in {"resolved", "closed"} else IN_HAND
        # Routing and handing over share one place: a ticket is routed first, later handed to further departments.
        self._left_out = "hand_over" if allowed["route"].allowed else "route"
        self._front = [code for code in codes if code != self._left_out]
        self._primary = FOR_NEXT_STEP.get(NextStep(complaint.next_step)) if complaint.next_step else None

    @property
    def primary(self) -> dict[str, Any] | None:
        """The act that the next step asks for, when this user may do it now."""
        code = self._primary
        if code is None or not self._allowed[code].allowed:
            return None
        return self._button(code)

    @property
    def front(self) -> list[dict[str, Any]]:
        """The daily ones."""
        return [self._button(code) for code in self._front if self._allowed[code].visible]

    @property
    def more(self) -> list[dict[str, Any]]:
        """The others, those that are possible first; each refused one says why.

        Of routing and handing over the second stands here only where both are possible, with a name of its own.
        """
        others = [act.code for act in ACTS if act.code not in self._front]
        shown = [self._button(code) for code in others if self._allowed[code].visible]
        shown = [one for one in shown if one["code"] != self._left_out or one["answer"].allowed]
        for button in shown:
            if button["code"] == self._left_out:
                button["label"] = _("Hand over to one more department…")
        return sorted(shown, key=lambda button: not button["answer"].allowed)

    def _button(self, code: str) -> dict[str, Any]:
        act = BY_CODE[code]
        return {
            "code": code,
            "answer": self._allowed[code],
            "label": act.label,
            "icon": act.icon,
            "dialog": isinstance(act, Act),
            "url": reverse(act.url_name, args=[self._complaint.number]),
            "look": "primary" if code == self._primary and self._allowed[code].allowed else "plain",
        }


def clocks_of(clocks: list[Any]) -> dict[str, list[Any]]:
    """The clocks under the steps: those that run, by due time, then the last that ended; the others are folded."""
    running = sorted((one for one in clocks if one.is_open), key=lambda one: one.due_at)
    ended = sorted((one for one in clocks if not one.is_open), key=lambda one: one.ended_at, reverse=True)
    chosen = {one.id for one in (*running, *ended)[:CLOCKS_SHOWN]}
    return {
        "shown": [one for one in clocks if one.id in chosen],
        "others": [one for one in clocks if one.id not in chosen],
    }


def steps_of(complaint: Complaint) -> list[Step]:
    """The life of the ticket; a reopened one stands at investigating again, in its round."""
    state = complaint.state
    if state in {ComplaintState.CANCELLED, ComplaintState.MERGED}:
        return [
            Step(capfirst(str(ComplaintState.REGISTERED.label)), "done"),
            Step(capfirst(str(ComplaintState(state).label)), "now"),
        ]
    here = "investigating" if state == ComplaintState.REOPENED else state
    reached = LIFE.index(here)
    life = [
        code
        for code in LIFE
        if not (complaint.settled_on_spot and code in {"routed", "investigating", "answered"})
    ]
    found = []
    for code in life:
        label = capfirst(str(ComplaintState(code).label))
        if code == here and complaint.round > 1 and code != "closed":
            label = _("%(state)s, round %(n)s") % {"state": label, "n": complaint.round}
        place = LIFE.index(code)
        done = place < reached or (place == reached and code == "closed")
        found.append(Step(label, "done" if done else "now" if place == reached else ""))
    return found


def _may_see_waybill(user: Any, waybill: Any) -> bool:
    """A branch sees the consignments that touch it, the others all."""
    if waybill is None:
        return False
    places = waybill_places(user)
    return places is None or not {waybill.origin_id, waybill.destination_id}.isdisjoint(places)


def may_see_incident(user: Any) -> bool:
    """Whoever sees a ticket sees its service incident, given the right; others read its number without a link."""
    return bool(user.rights.has_any(INCIDENT_READERS))


def _events(request: HttpRequest, page: Any) -> list[Event]:
    """A part of the course; only a trail entry leads elsewhere, to a service incident."""
    linked = may_see_incident(me(request))
    return [event_of(entry, linked=linked) for entry in page.rows]


def event_of(entry: Any, *, linked: bool) -> Event:
    """An entry of the ticket's course as the timeline draws it."""
    return Event(
        at=entry.at, who=entry.who, what=entry.text, icon=entry.icon,
        tone=TONES.get(entry.tone, entry.tone), late=entry.late,
        detail=entry.detail, say=entry.say, internal=entry.internal, files=entry.files, url=entry.url if linked else "",
    )  # fmt: skip


@needs(*TICKET_READERS)
@require_GET
def older(request: HttpRequest, number: str) -> HttpResponse:
    """The next part of the course, as a fragment."""
    complaint = complaint_or_404(request, number)
    page = queries.timeline(complaint=complaint, user=me(request), cursor=request.GET.get("cursor", ""))
    context = {"complaint": complaint, "page": page, "events": _events(request, page)}
    return render(request, "complaints/_course.html", context)


@needs(*WRITERS)
@require_POST
@idempotent
def write(request: HttpRequest, number: str) -> HttpResponse:
    """A note, or what the customer was told."""
    complaint = complaint_or_404(request, number)
    begun = templates.inserted(request, forms.MessageForm, complaint)
    form = begun or forms.MessageForm(request.POST, user=me(request), complaint=complaint)
    if begun is None and form.is_valid() and _write(form, complaint, request):
        drafts.discard(user=me(request), form=f"complaints.write.{number}")
        said = _("Reply recorded.") if form.cleaned_data["kind"] == "reply" else _("Note written.")
        return answers.done(request, to=reverse("complaint-detail", args=[number]), toast=said)
    context = {
        "complaint": complaint, "compose": form, "files": kept_files(request), "stale": stale_changes(form, complaint),
        **templates.offered(complaint, form),
    }  # fmt: skip
    if request.headers.get("HX-Request"):
        return render(request, "complaints/_composer.html", context, status=422)
    view = queries.ticket(user=me(request), number=number)
    return render(
        request, "complaints/ticket.html", {**_page(request, view, "story", form), **context}, status=422
    )


def _write(form: Any, complaint: Complaint, request: HttpRequest) -> bool:
    said = form.cleaned_data
    files = tuple(request.POST.getlist("attachments"))
    try:
        if said["kind"] == "reply":
            services.reply(
                complaint=complaint,
                channel=said["channel"],
                text=said["text"],
                attachment_ids=files,
                by=me(request),
            )
        else:
            services.add_note(
                complaint=complaint,
                text=said["text"],
                mentions=said["mentions"],
                attachment_ids=files,
                by=me(request),
            )
    except (RuleBroken, RulesBroken) as problem:
        form.refuse(problem)
        return False
    return True


@needs(*HANDLING)
@require_GET
def reply(request: HttpRequest, number: str) -> HttpResponse:
    """Leads to the composer, set to "to the customer": replying has no dialog of its own."""
    complaint = complaint_or_404(request, number)
    return redirect(reverse("complaint-detail", args=[complaint.number]) + "?write=reply#write")
