"""How customers, telephones and what must be verified are said on every page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from customers.choices import Difficulty
from customers.domain.telephones import spaced
from customers.domain.verify import Ask
from customers.queries import TierCard, VerifyCard
from servicecenter import countdown
from servicecenter.i18n import say
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
        ) % {"names": "、".join(found.finance_people)}
    if found.only_finance:
        return _(
            "Only the consignor's own finance people; none is on file. The consignee: only what is to be paid."
        )
    return _("Only the consignor. The consignee: only what is to be paid on delivery.")


@register.simple_tag
def verify_asks(card: VerifyCard) -> str:
    """What the caller is asked for first."""
    return _("Ask for: %(asked)s.") % {"asked": "、".join(str(ASK[ask]) for ask in card.verification.ask)}


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
