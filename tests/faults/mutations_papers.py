"""The guards of papers that are worth money or goods: claims, vouchers, stock documents."""

from __future__ import annotations

from tests.faults.mutation import Mutation

VOUCHERS, CLAIM = "claims/services/vouchers.py", "claims/services/acting.py"
POSTING, ROWS = "inventory/services/posting.py", "inventory/services/rows.py"
CLAIMS, STOCK = "tests/faults/test_races_claims.py", "tests/faults/test_races_stock.py"
CLAIM_LOCK = (
    CLAIM,
    'Claim.objects.select_for_update(of=("self",), no_key=True).select_related(*LOADED)',
    "Claim.objects.select_related(*LOADED)",
)

PAPERS = [
    Mutation(
        "voucher-lock", "lock", "a voucher is paid once, and who comes second is told by whom and when (CLM-10)",
        f"{CLAIMS}::test_of_two_cashiers_with_one_voucher_one_pays_and_the_other_is_told_by_whom_and_when",
        VOUCHERS, 'Voucher.objects.select_for_update(of=("self",))', "Voucher.objects",
        also=CLAIM_LOCK,
    ),
    Mutation(
        "part-lock", "lock", "a part has one live voucher (CLM-09)",
        f"{CLAIMS}::test_one_part_issued_twice_at_once_has_one_voucher",
        VOUCHERS, "Part.objects.select_for_update().get(pk=part.pk)", "Part.objects.get(pk=part.pk)",
        also=CLAIM_LOCK,
    ),
    Mutation(
        "voucher-counter", "lock", "numbers of vouchers are drawn under their counter's lock, without gaps (D22)",
        f"{CLAIMS}::test_numbers_drawn_at_once_are_all_different_and_leave_no_gap",
        VOUCHERS, "made.sequence = _next(made.branch_code, made.month)",
        "made.sequence = Voucher.objects.filter(branch_code=made.branch_code, month=made.month).count() + 1",
    ),
    Mutation(
        "claim-waybill-lock", "lock", "who opens a second claim for the same goods is told of the first (CLM-13)",
        f"{CLAIMS}::test_of_two_who_open_a_claim_for_the_same_goods_one_is_told_of_the_other",
        CLAIM, "Waybill.objects.select_for_update(no_key=True).only", "Waybill.objects.only",
    ),
    Mutation(
        "balance-lock", "lock", "of two who issue the last piece one is told what is short (LED-11)",
        f"{STOCK}::test_of_two_issues_of_the_last_piece_one_succeeds_and_the_other_is_told_what_is_short",
        POSTING, "moves = moving.of_lines(row)\n    _lock_balances(moves)", "moves = moving.of_lines(row)",
    ),
    Mutation(
        "balance-lock-order", "order", "documents with lines in any order never lock each other out (LED-04)",
        f"{STOCK}::test_an_audit_that_waits_for_the_first_of_its_goods_holds_none_of_the_others",
        POSTING, "ORDER BY b.warehouse_id, b.item_id FOR UPDATE OF b", "ORDER BY b.item_id DESC FOR UPDATE OF b",
    ),
    Mutation(
        "document-lock", "lock", "an audit and its taking back come one after the other (LED-02)",
        f"{STOCK}::test_of_an_audit_and_its_taking_back_at_once_there_is_one_net_effect",
        ROWS, 'rows.select_for_update(of=("self",)).select_related(*JOINED)', "rows.select_related(*JOINED)",
    ),
]  # fmt: skip
