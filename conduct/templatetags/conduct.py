"""How sanctions and lost merit are said on every page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from conduct.choices import FinesAs, Measure, SanctionState
from conduct.models import MeritDisqualification, Sanction
from conduct.queries import points_policy
from servicecenter.figures import money
from servicecenter.i18n import say
from servicecenter.templatetags.wb.signs import pill

register = template.Library()


@register.simple_tag
def sanctioned(row: Sanction) -> str:
    """Whom a sanction concerns: department, person with work number."""
    employee = row.target_employee
    person = f"{employee.name} {employee.work_number}" if employee else ""
    return "·".join(
        part for part in (row.target_department.name if row.target_department else "", person) if part
    )


@register.simple_tag
def measure_words(row: Sanction) -> str:
    """`¥80.00`, or `8 points`, warning, notice of criticism, not decided yet."""
    if row.measure == Measure.POINTS:
        return ngettext("%(n)s point", "%(n)s points", row.points or 0) % {"n": row.points}
    return money(row.amount) if row.measure == Measure.FINE else str(row.get_measure_display())


@register.simple_tag
def points_words() -> str:
    """That a fine on a person becomes points, where policy says so now; '' else (CLM-21)."""
    policy = points_policy()
    if policy.fines_as != FinesAs.POINTS:
        return ""
    return _("By policy a fine on a person becomes points: one for each %(amount)s begun.") % {
        "amount": money(Decimal(policy.yuan_per_point))
    }


@register.simple_tag
def range_words(low: Decimal | None, high: Decimal | None) -> str:
    """The range of amounts, or that there is none."""
    if low is None or high is None:
        return _("by circumstance, with a reason")
    return f"{money(low)} – {money(high)}"


@register.simple_tag
def sanction_line(row: Sanction) -> str:
    """One sanction in a line: whom, how much, where it stands."""
    return format_html(
        '<span>{}</span> <span class="mute">{}</span> {}',
        sanctioned(row),
        measure_words(row),
        pill(SanctionState(row.state)),
    )


@register.simple_tag
def lost_merit(row: MeritDisqualification) -> str:
    """Who lost the merit of which month (SAN-11)."""
    target = row.target_employee or row.target_department
    return _("%(name)s: no merit in %(month)s") % {
        "name": target.name if target else "",
        "month": f"{row.month:%Y-%m}",
    }


@register.filter
def in_words(texts: Any) -> str:
    """A text by language in the reader's language."""
    return say(texts)
