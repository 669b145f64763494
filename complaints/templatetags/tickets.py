"""How a ticket looks in lists and heads: its state, its deadline, its next step in words."""

from __future__ import annotations

from datetime import datetime
from types import SimpleNamespace
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.choices import ComplaintState, Founded, HandoverState, IncidentState, NextStep
from complaints.models import Complaint, Handover, ServiceIncident
from complaints.permissions import sees_personal
from complaints.queries.scope import party_name
from conduct.templatetags.conduct import measure_words
from customers.domain.verify import Ask
from customers.queries import VerifyCard
from deadlines.choices import ClockKind
from servicecenter import countdown, dates
from servicecenter.i18n import listed, say
from servicecenter.kernel.lifecycle import Answer
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.shell import now_of
from servicecenter.templatetags.wb import signs
from servicecenter.wording import rule_text

register = template.Library()
# Clocks that each round has of its own.
ROUND_CLOCKS = {ClockKind.RESOLUTION, ClockKind.ROUTING, ClockKind.FOLLOW_UP}


@register.simple_tag
def state_pill(complaint: Complaint) -> str:
    """The one pill of a ticket in a list: a service incident before a pause, a pause before the state."""
    if complaint.is_suspected and complaint.is_open:
        return signs.pill(complaint.state, tone="red line", icon="siren", text=_("suspected"))
    if complaint.is_incident and complaint.is_open:
        return signs.pill(complaint.state, tone="solid", icon="siren", text=_("second complaint"))
    return plain_state(complaint)


@register.simple_tag
def plain_state(complaint: Complaint) -> str:
    """The state itself, with what the state alone does not say: the round, the pause, whom one waits for."""
    state = ComplaintState(complaint.state)
    if complaint.is_paused:
        return signs.pill(state, tone="", icon="pause", text=_("waiting for customer"))
    if state == ComplaintState.REOPENED or (
        complaint.round > 1 and complaint.is_open and state != ComplaintState.RESOLVED
    ):
        return signs.pill(state, tone="amber", icon="rotate", text=_("round %(n)s") % {"n": complaint.round})
    if complaint.next_step == NextStep.AWAIT_STATEMENT and complaint.due_at <= timezone.now():
        return signs.pill(state, tone="amber", icon="note", text=_("statement outstanding"))
    if state == ComplaintState.RESOLVED:
        return signs.pill(state, text=_("follow-up due"))
    return signs.pill(state)


@register.simple_tag
def founded_pill(value: str) -> str:
    """The finding as a pill."""
    tones = {"founded": ("amber", "check"), "partly": ("amber", "check"), "unfounded": ("", "x")}
    if not value:
        return ""
    tone, icon = tones[value]
    return signs.pill(Founded(value), tone=tone, icon=icon)


def shown_clock(complaint: Complaint) -> Any:
    """The clock of a row. While one waits for the customer it says for how long, until the promise is due."""
    clock = complaint.clock
    if clock is None or not complaint.is_paused:
        return clock
    return SimpleNamespace(
        state="paused", started_at=clock.started_at, due_at=clock.due_at, warn_at=clock.warn_at,
        paused_at=clock.started_at,
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def ticket_sla(context: template.Context, complaint: Complaint) -> str:
    """The deadline chip of a ticket."""
    clock = complaint.clock
    if clock is not None and complaint.is_paused and clock.due_at > now_of(context):
        return signs.sla(context, shown_clock(complaint))
    return signs.sla(context, clock)


def _awaited(complaint: Complaint) -> Any:
    """Whose statement is due next: the department of the running clock, where the list loaded it."""
    clock = complaint.clock
    if clock is not None and clock.part and "department" in clock._state.fields_cache:
        return clock.department
    return complaint.department


@register.simple_tag(takes_context=True)
def ticket_edge(context: template.Context, complaint: Complaint) -> str:
    """The left edge of a ticket's row: time, and nothing else."""
    return signs.edge(context, complaint.clock)


@register.simple_tag
def next_words(complaint: Complaint) -> str:
    """What must happen next, naming who or when."""
    step = complaint.next_step
    if not step:
        return ""
    if step == NextStep.AWAIT_STATEMENT and (department := _awaited(complaint)):
        return _("Statement: %(department)s") % {"department": department.name}
    if step == NextStep.AWAIT_CUSTOMER:
        return _("Customer promised it by %(when)s") % {
            "when": dates.say_when(complaint.due_at, name_today=True)
        }
    return capfirst(str(NextStep(step).label))


def _hidden(context: template.Context, complaint: Complaint) -> bool:
    """Whether the reader must not see who complained."""
    return not sees_personal(context["shell"].user, complaint)


@register.simple_tag(takes_context=True)
def party(context: template.Context, complaint: Complaint) -> str:
    """Who complains, as this reader may see it."""
    return party_name(complaint, masked=_hidden(context, complaint))


@register.simple_tag(takes_context=True)
def masked_telephone(context: template.Context, complaint: Complaint) -> str:
    """The caller's number in a list: enough to recognise; it is revealed on the ticket only (PRV-02)."""
    return "" if _hidden(context, complaint) else mask_telephone(complaint.caller_telephone)


ASK = {
    Ask.WAYBILL_NUMBER: gettext_lazy("the waybill number"),
    Ask.COD_AMOUNT: gettext_lazy("the COD amount"),
    Ask.GOODS: gettext_lazy("what the goods are"),
    Ask.OTHER_PARTY: gettext_lazy("the other party's name"),
    Ask.TELEPHONE: gettext_lazy("the telephone on the waybill"),
}


@register.simple_tag
def verify_who(card: VerifyCard) -> str:
    """Who alone may be told about the COD money (PRV-05)."""
    found = card.verification
    if found.only_finance and found.finance_people:
        return _(
            "Only the consignor's finance people: %(names)s. The consignee: only what is to be paid."
        ) % {"names": listed(found.finance_people)}
    if found.only_finance:
        return _(
            "Only the consignor's own finance people; none is on file. The consignee: only what is to be paid."
        )
    return _("Only the consignor. The consignee: only what is to be paid on delivery.")


@register.simple_tag
def verify_ask(card: VerifyCard) -> str:
    """What to ask the caller first."""
    return _("Ask for: %(things)s.") % {"things": listed(ASK[ask] for ask in card.verification.ask)}


@register.simple_tag
def refusal(answer: Answer) -> str:
    """Why an act is not possible now."""
    return rule_text(answer.refusal.code, **dict(answer.refusal.params)) if answer.refusal else ""


HANDOVER_LOOKS = {
    "waiting": ("amber", "clock"),
    "answered": ("green", "check"),
    "waived": ("", "minus"),
    "returned": ("", "route"),
    "withdrawn": ("off", "ban"),
}


@register.simple_tag
def handover_pill(handover: Handover) -> str:
    """Where a handover stands."""
    tone, icon = HANDOVER_LOOKS[handover.state]
    if handover.state == "waiting" and handover.due_at <= timezone.now():
        tone, icon = "red", "alert"
    return signs.pill(HandoverState(handover.state), tone=tone, icon=icon)


INCIDENT_LOOKS = {
    "suspected": ("red line", "alert"),
    "confirmed": ("solid", "siren"),
    "ended": ("", "check"),
    "withdrawn": ("off", "ban"),
}


@register.simple_tag
def incident_pill(incident: ServiceIncident) -> str:
    """The state of a service incident."""
    tone, icon = INCIDENT_LOOKS[incident.state]
    return signs.pill(IncidentState(incident.state), tone=tone, icon=icon)


@register.simple_tag
def clock_label(clock: Any, view: Any) -> str:
    """What a clock is called: with its department where it is a department's, its round where each has its own."""
    if clock.part and (name := view.department_names.get(clock.part)):
        return _("%(clock)s · %(department)s") % {"clock": capfirst(clock.label), "department": name}
    if clock.kind in ROUND_CLOCKS:
        return _("%(clock)s · round %(n)s") % {"clock": capfirst(clock.label), "n": clock.round}
    return str(capfirst(clock.label))


@register.simple_tag
def clock_note(clock: Any, view: Any) -> str:
    """What one must know to read it: counted from the statement (CMP-22), rested for how long (CMP-38)."""
    if clock.kind == ClockKind.RESOLUTION:
        rebased = next((one.rebased_at for one in view.rounds if one.number == clock.round), None)
        if rebased:
            return _("counted from the statement, %(when)s") % {
                "when": dates.say_when(rebased, name_today=True)
            }
    if clock.paused_seconds:
        return _("rested %(span)s") % {"span": countdown.span(clock.paused_seconds, fine=False)}
    return ""


@register.simple_tag(takes_context=True)
def caller(context: template.Context, complaint: Complaint) -> str:
    """Who called."""
    name = mask_name(complaint.caller_name) if _hidden(context, complaint) else complaint.caller_name
    return name or "—"


@register.simple_tag(takes_context=True)
def people_hits(context: template.Context, form: Any, name: str) -> Any:
    """The employees that a refused name could mean; sets `chosen` to the one chosen before."""
    context["chosen"] = form.data.get(f"{name}_number", "") if form.is_bound else ""
    return form.hits.get(name, ())


@register.simple_tag
def lost_merit(row: Any) -> str:
    """Who lost the merit of which month (SAN-11)."""
    name = row.target_employee.name if row.target_employee else row.target_department.name
    return _("%(name)s: no merit in %(month)s") % {"name": name, "month": f"{row.month:%Y-%m}"}


@register.simple_tag(takes_context=True)
def handover_sla(context: template.Context, handover: Handover) -> str:
    """The deadline chip of a department's own term."""
    return signs.sla(context, handover.clock)


@register.simple_tag
def statement_promise(handover: Handover) -> str:
    """What handing in in time, or late, means for the ticket (CMP-22)."""
    if handover.state != "waiting":
        return ""
    if handover.due_at <= timezone.now():
        return _(
            "The term has passed: the ticket's time is not counted anew, and the delay stands on record."
        )
    return _("Handed in by %(when)s, the 24 hours of the ticket are counted from then.") % {
        "when": dates.say_when(handover.due_at, name_today=True)
    }


@register.simple_tag
def sanction_line(sanction: Any) -> str:
    """One sanction of a service incident: whom, how much, and where it stands."""
    who = "·".join(part.name for part in (sanction.target_department, sanction.target_employee) if part)
    amount = measure_words(sanction) if sanction.amount or sanction.points else _("amount not set yet")
    return format_html(
        '<span>{}</span> <span class="mute">{}</span> {}',
        who,
        amount,
        signs.pill(sanction.get_state_display()),
    )


@register.filter
def in_words(texts: Any) -> str:
    """A text that is data, in the reader's language."""
    return say(texts) if isinstance(texts, dict) else str(texts or "")


@register.filter
def iso_day(text: str) -> str:
    """The centre's day of an instant kept as text."""
    return dates.say_date(datetime.fromisoformat(text)) if text else ""
