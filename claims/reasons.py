"""Reasons in words: why a row of the decision table holds or not (LR-33), how the payout was worked out (CLM-06)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from servicecenter import figures

# Parties that a row names by what they did.
ROLES: dict[str, Any] = {
    "noter": _("Writer of the note"),
    "copier": _("Who copied the record"),
    "absentee": _("Who left the post"),
    "swapper": _("Who worked at another's post"),
}

# Patterns of a loss that no row covers (LR-23).
SUB_CODES: dict[str, Any] = {
    "U1": _("loader recorded only, not entered"),
    "U2": _("both recorded, entered, copies 1 to 3 missing"),
    "U3": _("neither recorded, no notice, copy 1 or the signature is there"),
    "U4": _("all papers, but not arrived"),
    "U5": _("no notice, and the system was down"),
    "U6": _("driver recorded only, not entered"),
}

# The readings of LR-22 as they are shown beside a switch.
SWITCH_WORDS: dict[str, Any] = {
    "p23_before_note": _("LR-03a and LR-03b before LR-02"),
    "p23_in_transit_is_note": _("notes on copies 2 and 3 on the way fall to LR-02"),
    "lr05_before_lr09": _("LR-05 before LR-09"),
    "lr04_needs_arrival": _("LR-04a and LR-04b need arrival"),
    "lr07_residual": _("LR-07 comes last"),
    "no_waybill_means_copies_1_to_3": _("“no waybill” means copies 1 to 3"),
    "tally_clerk_as_tally_clerk": _("the tally clerk is charged as tally clerk"),
    "full_note_of_unknown_writer_goes_on": _("a note on all copies stops nothing, its writer unknown"),
}

REASONS: dict[tuple[str, str], Any] = {
    ("kind", "loss"): _("the goods are lost"),
    ("kind", "damage"): _("the goods are damaged, not lost"),
    ("kind", "none"): _("no damage or loss"),
    ("incident", "yes"): _("damage or loss"),
    ("incident", "no"): _("no damage or loss"),
    ("position", "origin"): _("not dispatched"),
    ("position", "transit"): _("on the way"),
    ("position", "arrived"): _("arrived at the branch"),
    ("copy_1", "missing"): _("copy 1 is missing"),
    ("copy_1", "clean"): _("copy 1 is there, clean"),
    ("copy_1", "noted"): _("copy 1 is there, with a note"),
    ("note", "all"): _("a note on all four copies"),
    ("note", "p23"): _("notes on copies 2 and 3, copy 1 clean"),
    ("note", "partial"): _("a note on some copies only"),
    ("note", "none"): _("no note on any copy"),
    ("noted", "yes"): _("a note on the waybill"),
    ("noted", "no"): _("no note on any copy"),
    ("incomplete_note", "yes"): _("a note, not on all four copies"),
    ("incomplete_note", "no"): _("no note, or one on all four copies"),
    ("noter_known", "yes"): _("the writer of the note is known"),
    ("noter_known", "no"): _("the writer of the note cannot be found out"),
    ("refused", "yes"): _("the next link refused the goods"),
    ("refused", "no"): _("the next link did not refuse the goods"),
    ("slip", "yes"): _("a separate slip was written"),
    ("slip", "no"): _("no separate slip"),
    ("waybill_found", "yes"): _("one of copies 1 to 3 is there"),
    ("waybill_found", "no"): _("copies 1 to 3 are missing"),
    ("both_recorded", "yes"): _("driver and loader both recorded"),
    ("both_recorded", "no"): _("driver and loader did not both record"),
    ("one_recorded", "yes"): _("exactly one of driver and loader recorded"),
    ("one_recorded", "no"): _("not exactly one of driver and loader recorded"),
    ("neither_recorded", "yes"): _("neither driver nor loader recorded"),
    ("neither_recorded", "no"): _("there is a loading record"),
    ("driver_recorded", "yes"): _("the driver recorded"),
    ("driver_recorded", "no"): _("the driver did not record"),
    ("loader_recorded", "yes"): _("the loader recorded"),
    ("loader_recorded", "no"): _("the loader did not record"),
    ("copied", "yes"): _("a record was copied from the waybill"),
    ("copied", "no"): _("no record was copied from the waybill"),
    ("driver_copied", "yes"): _("the driver's record was copied"),
    ("driver_copied", "no"): _("the driver's record was not copied"),
    ("loader_copied", "yes"): _("the loader's record was copied"),
    ("loader_copied", "no"): _("the loader's record was not copied"),
    ("entered", "yes"): _("entered in the computer"),
    ("entered", "no"): _("not entered in the computer"),
    ("system_up", "yes"): _("the computer system was normal"),
    ("system_up", "no"): _("the computer system was down"),
    ("notice", "absent"): _("no delivery notice"),
    ("notice", "clean"): _("the delivery notice is clean"),
    ("notice", "noted"): _("the delivery notice has a remark"),
    ("notice_present", "yes"): _("there is a delivery notice"),
    ("notice_present", "no"): _("no delivery notice"),
    ("loader_signature", "provable"): _("the loader's signature can be proven"),
    ("loader_signature", "not_provable"): _("the loader's signature cannot be proven"),
    ("off_post", "yes"): _("somebody left the post, which caused it"),
    ("off_post", "no"): _("nobody left the post"),
    ("swapped_post", "yes"): _("somebody worked at another's post, which caused it"),
    ("swapped_post", "no"): _("nobody worked at another's post"),
    ("return_label_covered", "yes"): _("an abnormal return with the outward label covered"),
    ("return_label_covered", "no"): _("no abnormal return with the outward label covered"),
    ("traffic_or_theft", "yes"): _("traffic accident or theft"),
    ("traffic_or_theft", "no"): _("no traffic accident and no theft"),
}


def reason(name: str, value: str) -> str:
    """One derived fact with the value, or values, that it has or may have, in words."""
    return " / ".join(str(REASONS.get((name, one), f"{name} = {one}")) for one in value.split("/"))


# What the evaluator warns of (EV-02, LR-22).
WARNINGS: dict[str, Any] = {
    "count_dispute_above_driver": _(
        "The loader counted more than the driver; the driver's count is the first reference."
    ),
    "lr01_lacks_writer": _("LR-01 lacks only the writer of the note."),
}

# The steps of the payout's computation (CLM-06).
STEPS: dict[str, Any] = {
    "payout.loss": _("Assessed loss of all goods lines"),
    "payout.excluded": _("Excluded from compensation: %(exclusion)s"),
    "payout.proportion": _("Declared %(declared)s of a value of %(value)s: in proportion"),
    "payout.declared_cap": _("Not more than the declared value, %(declared)s"),
    "payout.deductible": _("Less the deductible, %(deductible)s"),
    "payout.actual": _("Actual value"),
    "payout.cap_off": _("The limit of %(cap)s is off: it is not proven that the customer was told of it"),
    "payout.cap_freight": _("Limit: %(times)s × the freight of the part, %(freight)s = %(cap)s"),
    "payout.cap_weight": _("Limit: %(per_kg)s a kilogram × %(weight)s kg = %(cap)s"),
}
PAYOUT_WARNINGS: dict[str, Any] = {
    "payout.value_unknown": _("The value of the whole consignment is not known: it may be under-insured."),
    "payout.limit_unknown": _("The freight or weight of the part is not known: no limit could be applied."),
    "payout.cap_not_told": _(
        "The limit of compensation is switched off: record the proof that the customer was told of it."
    ),
}
# Parameters that are amounts in yuan.
AMOUNTS = frozenset({"declared", "value", "deductible", "cap", "freight", "per_kg"})


def step_text(code: str, params: dict[str, Any]) -> str:
    """One step of the computation in words."""
    said = {name: figures.money(value) if name in AMOUNTS else value for name, value in params.items()}
    return str(STEPS[code]) % said if code in STEPS else code
