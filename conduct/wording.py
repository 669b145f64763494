"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TRAIL: dict[str, object] = {
    "sanction.drafted": _("drafted a sanction because of %(source)s (%(violation)s)"),
    "sanction.proposed": _("proposed a sanction because of %(source)s (%(violation)s)"),
    "sanction.amount_set": _("decided the measure"),
    "sanction.source_confirmed": _("%(source)s was confirmed"),
    "sanction.confirm": _("confirmed the sanction"),
    "sanction.settle": _("settled the sanction"),
    "sanction.withdraw": _("withdrew the sanction: %(reason)s"),
    "violation.changed": _("changed the violation %(violation)s"),
    "merit.lost": _("lost the merit of %(month)s because of %(source)s"),
    "merit.restored": _("merit of %(month)s restored: %(reason)s"),
    "merit.issued": _("issued the merit list of %(month)s"),
}
NOTICES: dict[str, object] = {}
RULES: dict[str, object] = {
    "sanction.target_needed": _("Name a person or a department."),
    "sanction.measure_needed": _(
        "Decide first what the sanction is: a fine, a warning or a notice of criticism."
    ),
    "sanction.reason_needed": _("This violation has no preset amount: give the reason."),
    "fine.as": _("Fines become money or points."),
    "sanction.amount_needed": _("Give the amount of the fine."),
    "sanction.amount_without_fine": _("Only a fine has an amount."),
    "sanction.amount_form": _("An amount in yuan above zero, with at most two decimals."),
    "sanction.range": _(
        "Between %(low)s and %(high)s yuan; outside it only a centre manager may go, with a reason."
    ),
    "sanction.range_reason_needed": _("Outside %(low)s to %(high)s yuan: give the reason."),
    "sanction.four_eyes": _("You proposed it; another person must confirm."),
    "sanction.four_eyes_amount": _(
        "You set the amount and so count as proposer; another person must confirm."
    ),
    "sanction.source_unconfirmed": _("The source is not confirmed yet; confirm it with the sanction."),
    "sanction.one_event": _(
        "%(number)s already sanctions this in the same event: one event, one fine, and the higher one counts."
    ),
    "sanction.additional_right": _("Only a centre manager may give a reason for a further sanction."),
    "sanction.violation_closed": _("%(violation)s is no longer in use."),
    "violation.texts": _("The text is needed in simplified Chinese at least."),
    "fine.amount": _("An amount in yuan above zero, with at most two decimals."),
    "fine.pair": _("Least and greatest amount come together, or neither."),
    "fine.order": _("The least amount is above the greatest."),
    "merit.month_running": _("%(month)s is not over yet."),
    "merit.already_issued": _("The list of %(month)s has been issued already."),
}
