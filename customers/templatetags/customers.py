"""How customers, telephones and what must be verified are said on every page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.choices import CustomerKind, Difficulty
from customers.domain.grading import YEAR
from customers.domain.telephones import spaced
from customers.domain.verify import Ask
from customers.queries import TierCard, VerifyCard
from customers.queries.tiers import Criterion
from servicecenter import countdown
from servicecenter.i18n import listed, say
from servicecenter.kernel.masking import mask_telephone
from servicecenter.templatetags.wb.signs import pill

register = template.Library()
ASK = {
    Ask.WAYBILL_NUMBER: gettext_lazy("the waybill number"),
    Ask.COD_AMOUNT: gettext_lazy("the COD amount"),
    Ask.GOODS: gettext_lazy("what the goods are"),
    Ask.OTHER_PARTY: gettext_lazy("the other party's name"),
    Ask.TELEPHONE: gettext_lazy("the telephone on the waybill"),
}
PLACES = {
    1: gettext_lazy("first of those due together"),
    2: gettext_lazy("second of those due together"),
    3: gettext_lazy("third of those due together"),
    4: gettext_lazy("last of those due together"),
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
def verify_asks(card: VerifyCard) -> str:
    """What the caller is asked for first."""
    return _("Ask for: %(asked)s.") % {"asked": listed(ASK[ask] for ask in card.verification.ask)}


@register.simple_tag
def mark_pill(customer: Any) -> str:
    """The mark of a difficult customer (CUS-03); nothing without one."""
    mark = Difficulty(customer.difficult_mark)
    return "" if mark == Difficulty.NONE else pill(mark)


@register.filter
def masked_number(number: str) -> str:
    """A telephone number in a list: enough to recognise (PRV-02)."""
    return mask_telephone(number or "")


@register.filter
def spaced_number(number: str) -> str:
    """A whole telephone number as people read it."""
    return spaced(number) if number else ""


@register.simple_tag
def visits(card: TierCard) -> str:
    """How often the tier is visited (CUS-13)."""
    months = card.service.visit_months if card.service else 0
    named = {0: _("none required"), 3: _("at least every quarter"), 6: _("at least every half-year")}
    named[12] = _("at least every year")
    return named.get(months) or ngettext(
        "at least every %(months)s month", "at least every %(months)s months", months
    ) % {"months": months}


@register.simple_tag
def standard(card: TierCard) -> str:
    """The service standard of the tier in the reader's language."""
    return say(card.service.standard) if card.service else ""


@register.simple_tag
def clock_words(card: TierCard) -> str:
    """The resolution term and its warning point (CMP-36)."""
    return _("%(limit)s, warning at %(percent)s%%") % {
        "limit": countdown.span(card.clock.limit_seconds),
        "percent": card.clock.warn_percent,
    }


@register.simple_tag
def queue_place(card: TierCard) -> str:
    """The place among tickets due at the same time."""
    return str(PLACES.get(card.place, ""))


CRITERIA = {
    "industry": gettext_lazy("Industry advantage"),
    "volume": gettext_lazy("Trade volume"),
    "frequency": gettext_lazy("Trade frequency"),
    "credit": gettext_lazy("Credit"),
    "nature": gettext_lazy("Nature"),
    "size": gettext_lazy("Size of the customer"),
    "sales": gettext_lazy("Sales"),
    "trend": gettext_lazy("Trend"),
}
LEVELS = {
    "high": gettext_lazy("high"),
    "fair": gettext_lazy("fairly high"),
    "ordinary": gettext_lazy("ordinary"),
    "low": gettext_lazy("low"),
    "unknown": gettext_lazy("counts as ordinary"),
}


@register.simple_tag
def criterion_name(criterion: Criterion) -> str:
    """What is weighed (CUS-10)."""
    return str(CRITERIA[criterion.code])


@register.simple_tag
def criterion_level(criterion: Criterion) -> str:
    """How it is met."""
    return str(LEVELS[criterion.level])


@register.simple_tag
def criterion_why(criterion: Criterion) -> str:
    """The figures of a criterion in words."""
    figures = criterion.figures
    if criterion.code == "industry":
        trade = figures["trade"] or _("no trade noted")
        return _("advantageous: %(trade)s") % {"trade": trade} if criterion.level == "high" else str(trade)
    if criterion.code in {"volume", "sales"}:
        return _("no freight known") if criterion.level == "unknown" else _freight(figures)
    if criterion.code == "frequency":
        sent = ngettext("%(n)s waybill", "%(n)s waybills", figures["sent"]) % {"n": figures["sent"]}
        return _in_days(sent, figures)
    if criterion.code == "credit":
        return _bills(figures)
    if criterion.code == "nature":
        return str(CustomerKind(figures["kind"]).label)
    if criterion.code == "size":
        return _("%(tonnes)s t a year") % {"tonnes": figures["tonnes"]}
    if figures["percent"] is None:
        return _("no year before")
    return _("%(percent)s %% on the year before") % {"percent": f"{figures['percent']:+d}"}


def _freight(figures: Any) -> str:
    return _in_days(f"¥{Decimal(figures['amount']):,.0f}", figures)


def _in_days(figure: str, figures: Any) -> str:
    """A figure with the time it is of: a year, or the days that our waybills cover."""
    days = figures.get("days", YEAR)
    if days >= YEAR:
        return _("%(figure)s a year") % {"figure": figure}
    return _("%(figure)s in %(days)s days") % {"figure": figure, "days": days}


def _bills(figures: Any) -> str:
    if not figures["bills"]:
        return _("no payment record")
    if not figures["late"]:
        return ngettext("%(n)s bill, paid in time", "%(n)s bills, all paid in time", figures["bills"]) % {
            "n": figures["bills"]
        }
    days = ngettext("%(n)s day", "%(n)s days", figures["days"]) % {"n": figures["days"]}
    return _("%(late)s of %(bills)s late, by %(days)s at most") % {**figures, "days": days}
