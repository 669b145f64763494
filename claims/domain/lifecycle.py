"""The two tracks of a claim as tables: the payout in `state`, the liability in `liability_state` (CLM-02)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from claims.choices import BEFORE_APPROVAL, OPEN_STATES, LiabilityState, PayoutState
from servicecenter.kernel.lifecycle import Action, Lifecycle, Refusal

WORK, DETERMINE, ISSUE = "claims.work_claim", "claims.determine_liability", "claims.issue_voucher"
REJECT, OVERRIDE, WRITE_OFF = "claims.reject_claim", "claims.override_liability", "claims.write_off"
BEFORE = frozenset(BEFORE_APPROVAL)
OPEN = frozenset(OPEN_STATES)
ASSESSABLE = frozenset({"reported", "investigating", "assessed"})
# Until money has come back, a new determination takes the place of the former one.
TO_ISSUE = frozenset({"approved", "voucher_issued"})
REVISABLE = frozenset({"open", "provisional", "determined", "objected", "final"})


def _no_request(facts: Mapping[str, Any]) -> Refusal | None:
    """Nothing that the approvers look at changes under their eyes."""
    return Refusal("claim.waits_for_approval") if facts.get("has_request") else None


def _request(facts: Mapping[str, Any]) -> Refusal | None:
    return None if facts.get("has_request") else Refusal("claim.no_request")


def _papers(facts: Mapping[str, Any], step: str) -> Refusal | None:
    """A required paper that is missing blocks the step that needs it (CLM-02)."""
    lacking = facts.get("missing", {}).get(step)
    return Refusal("claim.papers_missing", {"papers": ",".join(lacking)}) if lacking else None


def _assessable(facts: Mapping[str, Any]) -> Refusal | None:
    has_lines = None if facts.get("has_lines") else Refusal("claim.no_lines")
    return _no_request(facts) or has_lines or _papers(facts, "assess")


def _agreed(facts: Mapping[str, Any]) -> Refusal | None:
    is_agreed = None if facts.get("is_agreed") else Refusal("claim.not_agreed")
    takes_goods = Refusal("claim.takes_goods") if facts.get("found_choice") == "goods" else None
    return _no_request(facts) or takes_goods or is_agreed or _papers(facts, "request_approval")


def _lost(facts: Mapping[str, Any]) -> Refusal | None:
    """Only what was lost is found, and the customer chooses once (CLM-19)."""
    if not facts.get("is_loss"):
        return Refusal("claim.not_a_loss")
    return Refusal("claim.found_chosen") if facts.get("found_choice") else None


def _voidable(facts: Mapping[str, Any]) -> Refusal | None:
    return None if facts.get("has_voucher") else Refusal("claim.no_voucher")


def _closable(facts: Mapping[str, Any]) -> Refusal | None:
    """`closed` alone waits for both tracks (CLM-02)."""
    return _papers(facts, "close") if facts.get("is_settled") else Refusal("claim.liability_open")


def _objections(facts: Mapping[str, Any]) -> Refusal | None:
    return Refusal("claim.objection_open") if facts.get("has_objection") else None


def _shares(facts: Mapping[str, Any]) -> Refusal | None:
    return None if facts.get("has_shares") else Refusal("claim.no_shares")


PAYOUT = Lifecycle(
    "claim",
    tuple(PayoutState.values),
    (
        Action("take", frozenset({"reported"}), "investigating", WORK),
        Action("take_over", OPEN - {"reported"}, None, WORK),
        Action("change", BEFORE, None, WORK, _no_request),
        Action("set_reserve", OPEN, None, WORK, reason_needed=True),
        Action("receive_papers", OPEN, None, WORK),
        Action("print_letter", OPEN, None, WORK),
        Action("print_paper", OPEN, None, WORK),
        Action("ask_evidence", OPEN, None, WORK),
        Action("report_result", OPEN, None, WORK),
        Action("insure", OPEN, None, WORK),
        Action("tell_insurer", OPEN, None, WORK),
        Action("record_salvage", OPEN, None, WORK),
        Action("record_found", OPEN | {"closed"}, None, WORK, _lost),
        Action("record_outside", OPEN | {"closed"}, None, WORK),
        Action("record_facts", OPEN, None, WORK),
        Action("bind_party", OPEN, None, WORK),
        Action("set_lines", BEFORE, None, WORK, _no_request),
        Action("assess", ASSESSABLE, "assessed", WORK, _assessable),
        Action("negotiate", frozenset({"assessed", "negotiated"}), "assessed", WORK, _no_request),
        Action("agree", frozenset({"assessed", "negotiated"}), "negotiated", WORK, _no_request),
        Action("request_approval", frozenset({"negotiated"}), None, WORK, _agreed),
        Action("withdraw_request", frozenset({"negotiated"}), None, WORK, _request),
        Action("approve", frozenset({"negotiated"}), "approved", None, _request),
        Action("decline", frozenset({"negotiated"}), "assessed", None, _request, reason_needed=True),
        Action("nothing_to_pay", frozenset({"approved"}), "paid"),
        Action("set_parts", TO_ISSUE, None, ISSUE),
        Action("issue_voucher", TO_ISSUE, "voucher_issued", ISSUE),
        Action("void_voucher", frozenset({"voucher_issued"}), None, "claims.void_voucher", _voidable, True),
        Action(
            "reissue_voucher",
            TO_ISSUE,
            None,
            "claims.void_voucher",
            reason_needed=True,
        ),
        Action("last_voucher_void", frozenset({"voucher_issued"}), "approved"),
        Action("pay_voucher", frozenset({"voucher_issued"}), None, "claims.pay_voucher"),
        Action("all_paid", frozenset({"voucher_issued"}), "paid"),
        Action("close", frozenset({"paid"}), "closed", WORK, _closable),
        Action("reject", BEFORE, "rejected", REJECT, _no_request, reason_needed=True),
        Action("withdraw", BEFORE, "withdrawn", WORK, _no_request, reason_needed=True),
        Action("go_to_court", BEFORE, "litigation", REJECT, _no_request, reason_needed=True),
        Action("leave_court", frozenset({"litigation"}), "investigating", REJECT, reason_needed=True),
        Action("reopen", frozenset({"closed", "rejected", "withdrawn"}), None, WORK, reason_needed=True),
    ),
)

LIABILITY = Lifecycle(
    "liability",
    tuple(LiabilityState.values),
    (
        Action("determine", REVISABLE, "determined", DETERMINE),
        Action("determine_provisionally", frozenset({"open", "provisional"}), "provisional", DETERMINE),
        Action(
            "override",
            frozenset({"determined", "objected", "final"}),
            "determined",
            OVERRIDE,
            reason_needed=True,
        ),
        Action("file_objection", frozenset({"determined", "objected"}), "objected", WORK, _shares),
        Action("decide_objection", frozenset({"objected"}), None, "claims.decide_objection"),
        Action("uphold", frozenset({"objected"}), "provisional"),
        Action("dismiss", frozenset({"objected"}), "final"),
        Action("make_final", frozenset({"determined"}), "final", WORK, _objections),
        Action("plan_recovery", frozenset({"final", "recovering"}), None, WORK, _shares),
        Action("record_recovery", frozenset({"final", "recovering"}), "recovering", WORK, _shares),
        Action("recover", frozenset({"final", "recovering"}), "recovered"),
        Action("write_off", frozenset({"final", "recovering"}), "written_off", WRITE_OFF, reason_needed=True),
    ),
)
