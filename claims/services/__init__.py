"""Every write of claims: opening, investigation, payout, approval, liability, vouchers, ends, rule sets."""

from claims.domain.intake import ClaimIntake, FactInput, LineInput, PartInput, ShareInput
from claims.services.ends import close_claim, go_to_court, leave_court, reject_claim, withdraw_claim
from claims.services.found import record_found
from claims.services.inquiry import (
    answer_evidence,
    ask_evidence,
    confirm_result,
    report_result,
    withdraw_evidence,
)
from claims.services.investigation import bind_party, record_facts, set_lines, unbind_party
from claims.services.ledger import record_recovery, write_off
from claims.services.liability import determine, override
from claims.services.objections import (
    approve_opinion,
    decide_objection,
    draw_up_opinion,
    file_objection,
    finalise_due,
    make_final,
)
from claims.services.opening import change_claim, open_claim, reopen_claim, set_reserve, take_claim
from claims.services.outside import (
    insure,
    plan_recovery,
    record_outside,
    record_salvage,
    record_settlement,
    tell_insurer,
)
from claims.services.papers import print_letter, print_paper, receive_papers
from claims.services.payout import assess, negotiate, request_approval, sign, withdraw_request
from claims.services.rulesets import draft_ruleset, publish_ruleset
from claims.services.vouchers import (
    issue_stub,
    issue_voucher,
    pay_voucher,
    reissue_voucher,
    reprint_voucher,
    set_parts,
    void_voucher,
)

__all__ = [
    "ClaimIntake",
    "FactInput",
    "LineInput",
    "PartInput",
    "ShareInput",
    "answer_evidence",
    "approve_opinion",
    "ask_evidence",
    "assess",
    "bind_party",
    "change_claim",
    "close_claim",
    "confirm_result",
    "decide_objection",
    "determine",
    "draft_ruleset",
    "draw_up_opinion",
    "file_objection",
    "finalise_due",
    "go_to_court",
    "insure",
    "issue_stub",
    "issue_voucher",
    "leave_court",
    "make_final",
    "negotiate",
    "open_claim",
    "override",
    "pay_voucher",
    "plan_recovery",
    "print_letter",
    "print_paper",
    "publish_ruleset",
    "receive_papers",
    "record_facts",
    "record_found",
    "record_outside",
    "record_recovery",
    "record_salvage",
    "record_settlement",
    "reissue_voucher",
    "reject_claim",
    "reopen_claim",
    "report_result",
    "reprint_voucher",
    "request_approval",
    "set_lines",
    "set_parts",
    "set_reserve",
    "sign",
    "take_claim",
    "tell_insurer",
    "unbind_party",
    "void_voucher",
    "withdraw_claim",
    "withdraw_evidence",
    "withdraw_request",
    "write_off",
]
