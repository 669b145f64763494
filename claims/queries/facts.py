"""The questions of the determination screen with their answers and evidence (CLM-03)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from claims.choices import FACT_VALUES, FactName, PartyRole
from claims.models import Claim, ClaimFact
from servicecenter import attachments
from servicecenter.models import Attachment

COPIES = ("copy_1", "copy_2", "copy_3", "copy_4")
YES_NO = ("refused", "slip", "entered", "system_up", "return_label_covered", "traffic_or_theft")
# Facts that answer in the same words.
ANSWERS = {
    **dict.fromkeys(COPIES, "copy"),
    **dict.fromkeys(("driver_record", "loader_record"), "record"),
    **dict.fromkeys(YES_NO, "yes_no"),
}
PARTY_SETS = ("off_post", "swapped_post")
QUANTITIES = ("waybill_qty", "driver_qty", "loader_qty", "received_qty")
# The company bears what nobody bears: it writes no note and leaves no post.
PEOPLE = tuple(role for role in PartyRole.values if role != PartyRole.COMPANY)


@dataclass(frozen=True)
class FactRow:
    """One question. `kind`: choice, party (one), parties (a set), pieces; `value` None is not known yet."""

    name: str
    label: str
    kind: str
    choices: Sequence[tuple[str, str]]
    value: Any
    evidence: str
    evidence_note: str
    files: Sequence[Attachment]


def facts_form(claim: Claim) -> list[FactRow]:
    """All questions in the order of the screen, each with what is recorded."""
    known = {row.name: row for row in ClaimFact.objects.filter(claim=claim)}
    files = attachments.of_many(ClaimFact, [row.pk for row in known.values()])
    found = []
    for name in FactName.values:
        row = known.get(name)
        found.append(
            FactRow(
                name=name,
                label=str(FactName(name).label),
                kind=_kind(name),
                choices=_choices(name),
                value=row.value if row else None,
                evidence=row.evidence if row else "none",
                evidence_note=row.evidence_note if row else "",
                files=files.get(row.pk, []) if row else [],
            )
        )
    return found


def _kind(name: str) -> str:
    if name in PARTY_SETS:
        return "parties"
    if name in QUANTITIES:
        return "pieces"
    return "party" if name == "noter" else "choice"


def _choices(name: str) -> list[tuple[str, str]]:
    if name in QUANTITIES:
        return []
    if name in PARTY_SETS or name == "noter":
        people = [(role, str(PartyRole(role).label)) for role in PEOPLE]
        return [*people, ("unknown", _("cannot be found out"))] if name == "noter" else people
    return [(value, str(label)) for value, label in FACT_VALUES[ANSWERS.get(name, name)].items()]
