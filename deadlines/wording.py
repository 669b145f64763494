"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from deadlines.choices import ClockKind


def clock_label(code: Any) -> str:
    """What a clock is called; the code itself for one of an older time."""
    return str(ClockKind(code).label) if code in ClockKind.values else str(code)


# Parameters that are codes, and how they are said.
PARAMS = {"clock": clock_label}

TRAIL: dict[str, object] = {
    "clock.warning": _(
        "%(clock)s (%(department)s): warning point %(due_at)s, told to whoever must act at %(fired_at)s"
    ),
    "clock.breach": _(
        "%(clock)s (%(department)s): due at %(due_at)s and overdue, recorded and told at %(fired_at)s"
    ),
    "clock.ladder_manager": _(
        "%(clock)s (%(department)s): still overdue at %(due_at)s, centre manager told at %(fired_at)s"
    ),
    "clock.ladder_enterprise": _(
        "%(clock)s (%(department)s): still overdue at %(due_at)s, enterprise management told at %(fired_at)s"
    ),
    "clock.met_late": _("%(clock)s (%(department)s): done late at %(ended_at)s, was due at %(due_at)s"),
    "clock.rebased": _("%(clock)s: counted anew, due at %(due_at)s instead of %(was_due_at)s"),
    "clock.resumed": _("%(clock)s: runs again, due at %(due_at)s instead of %(was_due_at)s"),
    "clock.shortened": _("%(clock)s: shortened, due at %(due_at)s instead of %(was_due_at)s: %(reason)s"),
}
NOTICES: dict[str, object] = {
    "clock.warning": _("%(number)s: %(clock)s (%(department)s), due at %(clock_due_at)s"),
    "clock.breach": _("%(number)s: %(clock)s (%(department)s) is overdue since %(clock_due_at)s"),
    "clock.ladder_manager": _(
        "%(number)s: %(clock)s (%(department)s) overdue since %(clock_due_at)s is told to the centre manager"
    ),
    "clock.ladder_enterprise": _(
        "%(number)s: %(clock)s (%(department)s) overdue since %(clock_due_at)s is told to enterprise management"
    ),
}
RULES: dict[str, object] = {
    "clock.ended": _("%(number)s: the clock “%(clock)s” has ended already."),
    "clock.paused_already": _("%(number)s: the clock “%(clock)s” is paused already."),
    "clock.not_paused": _("%(number)s: the clock “%(clock)s” is not paused."),
    "clock.not_shorter": _("A clock can only be shortened: it is due %(due_at)s. Choose an earlier time."),
    "clock.no_working_time": _(
        "The working calendar holds no working time within %(days)s days. Enter service hours for the department."
    ),
    "clock.policy_limit": _("The limit is a whole number of seconds from %(least)s to %(most)s."),
    "clock.policy_warn": _("The warning point is a whole percentage from %(least)s to %(most)s."),
    "clock.policy_basis": _("Time is counted as one of: %(allowed)s."),
    "clock.policy_ladder": _(
        "The centre manager is told after the due time, and enterprise management after the centre manager."
    ),
    "clock.policy_key": _("No clock asks for the policy “%(key)s”."),
    "clock.policy_elapsed": _("%(clock)s always counts elapsed time."),
    "clock.policy_statement_longer": _(
        "The statement term (%(statement)s h) would be longer than the resolution term (%(resolution)s h). Shorten the one or lengthen the other first."
    ),
    "clock.policy_tier_slower": _(
        "%(clock)s: customers of tier %(tier)s would wait longer (%(hours)s h) than those of tier %(other)s (%(other_hours)s h). Set “%(key)s” first."
    ),
}
