"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

TRAIL: dict[str, object] = {
    "customer.registered": _("registered the customer"),
    "customer.changed": _("changed the customer's data"),
    "customer.entrusted": _("entrusted the customer to %(name)s"),
    "customer.closed": _("closed the customer's file: %(reason)s"),
    "customer.reopened": _("opened the customer's file again"),
    "customer.standing": _("the standing changed"),
    "customer.marked": _("marked the customer as difficult: %(reason)s"),
    "customer.mark_confirmed": _("confirmed the mark"),
    "customer.mark_lifted": _("took the mark away: %(reason)s"),
    "customer.person_added": _("added a contact person"),
    "customer.person_changed": _("changed a contact person"),
    "customer.person_removed": _("removed a contact person"),
    "customer.telephone_added": _("added a telephone number"),
    "customer.telephone_changed": _("changed a telephone number"),
    "customer.telephone_removed": _("removed a telephone number"),
    "customer.address_added": _("added an address"),
    "customer.address_changed": _("changed an address"),
    "customer.address_removed": _("removed an address"),
    "customer.consent_given": _("recorded the customer's consent"),
    "customer.consent_ended": _("ended a consent"),
    "customer.tier_confirmed": _("confirmed tier %(tier)s from %(day)s on"),
    "customer.tier_rejected": _("did not follow the proposed tier %(tier)s: %(reason)s"),
    "customer.tier_by_hand": _("gave tier %(tier)s by hand from %(day)s until before %(until)s: %(reason)s"),
    "customer.tier": _("the tier changed"),
    "customer.visited": _("noted a visit of %(name)s on %(day)s"),
    "waybill.stub": _("registered a stub waybill"),
    "waybill.completed": _("completed the waybill"),
    "waybill.changed": _("changed the waybill's facts"),
    "waybill.imported": _("imported the waybill"),
    "waybill.cod": _("COD money went on"),
    "waybill.event": _("recorded an event"),
    "waybill.event_corrected": _("corrected an event"),
    "waybill.event_void": _("noted that an event did not happen"),
}
NOTICES: dict[str, object] = {
    "customer.marked": _("%(name)s was marked as difficult; please confirm or lift the mark"),
    "tiers.proposed": _("%(count)s tier proposals of %(month)s wait to be confirmed"),
}
RULES: dict[str, object] = {
    "telephone.empty": _("Give a telephone number."),
    "telephone.characters": _(
        "“%(characters)s” does not belong into a telephone number. Only digits, an extension after “转”."
    ),
    "telephone.too_short": _(
        "%(lacking)s digits are missing. The whole number has %(length)s, e.g. %(example)s."
    ),
    "telephone.too_long": _("%(excess)s digits too many. The whole number has %(length)s, e.g. %(example)s."),
    "telephone.area_code": _("A landline needs its area code, e.g. %(example)s."),
    "telephone.unknown": _("There are no such telephone numbers. Check the first three digits."),
    "telephone.foreign": _(
        "This foreign number is not possible. Write it with its country code, e.g. +852 2123 4567."
    ),
    "telephone.twice": _("%(number)s has this number already."),
    "telephone.stranger": _("This contact person belongs to another customer."),
    "waybill_number.empty": _("Give a waybill number."),
    "waybill_number.characters": _(
        "“%(characters)s” does not belong into a waybill number. Letters and digits, e.g. %(example)s."
    ),
    "waybill_number.lacking": _(
        "%(lacking)s digits are missing. The whole number has %(length)s, e.g. %(example)s."
    ),
    "waybill_number.excess": _(
        "%(excess)s digits too many. The whole number has %(length)s, e.g. %(example)s."
    ),
    "waybill_number.too_short": _(
        "Too short: a waybill number has at least %(least)s signs, e.g. %(example)s."
    ),
    "waybill_number.too_long": _("Too long: a waybill number has at most %(most)s signs, e.g. %(example)s."),
    "name.empty": _("Give a name."),
    "name.too_long": _("%(length)s characters are too many; at most %(most)s."),
    "address.empty": _("Give an address."),
    "address.too_long": _("%(length)s characters are too many; at most %(most)s."),
    "address.twice": _("%(number)s has this address already."),
    "consent.future": _("Consent cannot be given in the future."),
    "consent.dates": _("The end lies before the beginning."),
    "consent.twice": _("This consent of that day is recorded already."),
    "caller.ambiguous": _("Several customers have this number: %(names)s. Choose who calls."),
    "account_manager.gone": _("%(name)s has left the company. Choose somebody else."),
    "customer.closed": _("The file %(number)s is closed. Open it again first."),
    "customer.not_closed": _("The file %(number)s is not closed."),
    "customer.too_many": _("At most %(most)s of a kind. Remove what is out of date first."),
    "mark.already": _("%(number)s is marked already."),
    "mark.none": _("%(number)s bears no mark."),
    "mark.confirmed": _("The mark of %(number)s is confirmed already."),
    "mark.own": _("Whoever set the mark cannot confirm it; ask another supervisor."),
    "waybill.missing": _("Still missing."),
    "waybill.positive": _("A number above zero is needed."),
    "waybill.decimals": _("At most three decimals."),
    "waybill.future": _("The day of shipping lies in the future."),
    "waybill.unknown_branch": _("There is no such branch."),
    "waybill.unknown": _("There is no waybill %(number)s."),
    "standing.days": _("Between %(least)s and %(most)s days."),
    "tier_service.standard": _("The text is needed in simplified Chinese at least."),
    "grading.preset": _("There is no such set of criteria."),
    "grading.lines": _("Each tier begins below the one before it, A at 100 points at most, C above 0."),
    "grading.levels": _("Each level begins below the one before it."),
    "grading.points": _("The points of the four criteria must come to 100."),
    "grading.rests": _("Between %(least)s and %(most)s months."),
    "tier_service.visits": _("Between %(least)s and %(most)s months; 0 for none."),
    "cod.back": _("COD money does not go back: it is already further on."),
    "cod.amount_fixed": _("The amount does not change after collection; it is %(amount)s yuan."),
    "cod.amount_needed": _("Give the COD amount."),
    "cod.amount_without_cod": _("Without COD money there is no amount."),
    "cod.amount_form": _("An amount in yuan above zero, with at most two decimals."),
    "tier.decided": _("Decided already: %(numbers)s. Look at the list again."),
    "tier.in_the_past": _("A grade begins today at the earliest."),
    "tier.by_hand_holds": _(
        "%(number)s has a grade by hand until before %(day)s. Confirm it when that has ended."
    ),
    "tier.planned": _("For %(number)s tier %(tier)s from %(day)s on is decided already."),
    "tier.too_many": _("Choose at least one and at most %(most)s."),
    "tier.end_needed": _("A grade by hand needs a day on which it ends."),
    "tier.end_before_begin": _("It ends before it begins."),
    "visit.visitor": _("Nobody with this work number visits customers."),
    "visit.future": _("A visit is noted when it was held."),
    "visit.summary": _("Say in a few words what was spoken of; at most %(most)s characters."),
    "freight.amount_needed": _("Give the freight; a day of payment alone says nothing."),
    "event.future": _("An event cannot lie in the future."),
    "event.stranger": _("This event belongs to another waybill."),
    "event.corrected": _("This event is corrected already; correct the later one."),
    "event.void": _("Say which event did not happen."),
    "import.column": _("The file has no column for the waybill number."),
    "import.unknown_field": _("There is no field %(fields)s. Possible are %(known)s."),
    "import.failed": _("%(count)s rows are wrong; nothing was loaded."),
    "import.date": _("“%(value)s” is no date; write 2026-11-18 or 2026-11-18 14:30."),
    "import.number": _("“%(value)s” is no number."),
    "import.choice": _("“%(value)s” is not known; possible are %(known)s."),
    "import.twice": _("This waybill stands in line %(line)s with other facts."),
    "import.unknown_waybill": _("An event of a waybill that is neither in the file nor known."),
    "import.event": _("An event needs both what and when."),
    "import.department": _("There is no branch “%(value)s”."),
    "import.customer": _("There is no customer %(value)s."),
    "import.too_long": _("%(length)s characters are too many; at most %(most)s."),
}
