"""The life of a document and of a transfer: editing, saved, audited, voided (INV-11 to INV-14, INV-42, LED-06, LED-10).

`facts` are gathered by `queries.facts`; rights are asked for the document's own warehouse.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from servicecenter.kernel.lifecycle import Action, Lifecycle, Refusal

EDITING, SAVED, AUDITED, VOIDED = "editing", "saved", "audited", "voided"
DRAFT, AUDIT, VOID, APPROVE = (
    "inventory.draft_document",
    "inventory.audit_document",
    "inventory.void",
    "inventory.approve_document",
)
MAKE_TRANSFER, AUDIT_TRANSFER, RECEIVE = (
    "inventory.draft_transfer",
    "inventory.audit_transfer",
    "inventory.receive",
)


def voidable(facts: Mapping[str, Any]) -> Refusal | None:
    """The outbound of an audited transfer goes with the transfer alone."""
    return Refusal("document.of_transfer") if facts["is_transfer_out"] else None


def approvable(facts: Mapping[str, Any]) -> Refusal | None:
    """INV-32: what needs an approval, once, by another person than its maker."""
    if not facts["needs_approval"]:
        return Refusal("document.no_approval_needed")
    if facts["approved"]:
        return Refusal("document.approved_already")
    if facts["by"] is not None and facts["by"] == facts["created_by"]:
        return Refusal("document.approve_own")
    return None


def auditable(facts: Mapping[str, Any]) -> Refusal | None:
    """Counted (INV-20), approved (INV-32), by another where the policy says so (INV-Q5), after what it follows."""
    if facts["needs_count"] and not facts["counted"]:
        return Refusal("document.not_counted")
    if facts["needs_approval"] and not facts["approved"]:
        return Refusal("document.not_approved")
    if facts["needs_two"] and facts["by"] is not None and facts["by"] == facts["created_by"]:
        return Refusal("document.audit_own")
    if facts["is_red"] and facts["original_state"] != AUDITED:
        return Refusal("red.original_not_audited", {"number": facts["original_number"]})
    if facts["awaits_outbound"]:
        return Refusal("transfer.outbound_first")
    return None


def reversible(facts: Mapping[str, Any]) -> Refusal | None:
    """LED-10: nothing downstream; LED-06: the inbound goes before the outbound; INV-55: what a count posted stays."""
    if facts["of_count"]:
        return Refusal("document.of_count")
    if facts["followers"]:
        return Refusal("document.downstream", {"numbers": ", ".join(facts["followers"])})
    return None


def reddable(facts: Mapping[str, Any]) -> Refusal | None:
    """Only a blue document of which something is left can have a red letter (LED-02), and none of a count (INV-55)."""
    if facts["of_count"]:
        return Refusal("document.of_count")
    if facts["is_red"]:
        return Refusal("red.of_red")
    if facts["nothing_left"]:
        return Refusal("red.nothing_left")
    return None


def claimable(facts: Mapping[str, Any]) -> Refusal | None:
    """Only a loss in transit, or goods that arrived lost or damaged, become a claim, and once (INV-82, LED-06)."""
    if not facts["is_loss"]:
        return Refusal("document.claim_none")
    return Refusal("document.claimed_already") if facts["claimed"] else None


DOCUMENT = Lifecycle(
    name="stockdoc",
    states=(EDITING, SAVED, AUDITED, VOIDED),
    actions=(
        Action("edit", frozenset({SAVED}), EDITING, right=DRAFT),
        Action("save", frozenset({EDITING, SAVED}), SAVED, right=DRAFT),
        Action("abandon", frozenset({EDITING}), SAVED, right=DRAFT),
        Action("void", frozenset({EDITING, SAVED}), VOIDED, right=VOID, guard=voidable, reason_needed=True),
        Action("approve", frozenset({SAVED}), right=APPROVE, guard=approvable),
        Action("audit", frozenset({SAVED}), AUDITED, right=AUDIT, guard=auditable),
        Action("unaudit", frozenset({AUDITED}), SAVED, right=AUDIT, guard=reversible),
        Action("red", frozenset({AUDITED}), right=DRAFT, guard=reddable),
        Action("claim", frozenset({AUDITED}), right=DRAFT, guard=claimable),
        Action("print", frozenset({EDITING, SAVED, AUDITED})),
    ),
)


def nothing_issued(facts: Mapping[str, Any]) -> Refusal | None:
    """LED-06: a transfer is un-audited after its outbound and its inbound."""
    if facts["moved"]:
        return Refusal("document.downstream", {"numbers": ", ".join(facts["moved"])})
    return None


def something_on_its_way(facts: Mapping[str, Any]) -> Refusal | None:
    """A further inbound, when something is in transit and no inbound waits."""
    if not facts["in_transit"]:
        return Refusal("transfer.nothing_in_transit")
    if facts["waiting_inbound"]:
        return Refusal("transfer.inbound_waiting", {"number": facts["waiting_inbound"]})
    return None


def something_lost(facts: Mapping[str, Any]) -> Refusal | None:
    """A loss can only be of what is in transit."""
    return None if facts["in_transit"] else Refusal("transfer.nothing_in_transit")


TRANSFER = Lifecycle(
    name="transfer",
    states=(EDITING, SAVED, AUDITED, VOIDED),
    actions=(
        Action("edit", frozenset({SAVED}), EDITING, right=MAKE_TRANSFER),
        Action("save", frozenset({EDITING, SAVED}), SAVED, right=MAKE_TRANSFER),
        Action("abandon", frozenset({EDITING}), SAVED, right=MAKE_TRANSFER),
        Action("void", frozenset({EDITING, SAVED}), VOIDED, right=MAKE_TRANSFER, reason_needed=True),
        Action("audit", frozenset({SAVED}), AUDITED, right=AUDIT_TRANSFER),
        Action("unaudit", frozenset({AUDITED}), SAVED, right=AUDIT_TRANSFER, guard=nothing_issued),
        Action("receive_rest", frozenset({AUDITED}), right=RECEIVE, guard=something_on_its_way),
        Action("transit_loss", frozenset({AUDITED}), right=DRAFT, guard=something_lost),
    ),
)
