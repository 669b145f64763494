"""The guards of claims that no attack of their app meets alone: a row that nothing but the guard stands against."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from tests.claims import cases
from tests.faults.forging import refuse_emptying, refuse_row, refuse_twin

TWINS = [
    ("approval_one_waiting", "claims_approvalrequest", {"state": "'waiting'"}),
    ("approval_step_place", "claims_approvalstep", {}),
    ("assessment_place", "claims_assessment", {}),
    ("claims_claim_number_key", "claims_claim", {}),
    ("claims_claim_public_id_key", "claims_claim", {}),
    ("claim_fact_once", "claims_claimfact", {}),
    ("claim_paper_once", "claims_claimpaper", {}),
    ("claims_foundgoods_claim_id_key", "claims_foundgoods", {"choice": "''", "way": "''"}),
    ("claims_insurance_claim_id_key", "claims_insurance", {"insurer": "'x'"}),
    ("claims_salvage_claim_id_key", "claims_salvage", {}),
    ("instalment_once_a_month", "claims_instalment", {"month": "'2026-11-01'"}),
    ("result_one_open", "claims_investigationresult", {}),
    ("claim_party_once", "claims_claimparty", {}),
    ("claims_determination_number_key", "claims_determination", {}),
    ("determination_place", "claims_determination", {}),
    ("fine_once", "claims_fineproposal", {}),
    ("goods_line_place", "claims_goodsline", {}),
    ("claims_handlingopinion_determination_id_key", "claims_handlingopinion", {}),
    ("objection_one_open", "claims_objection", {}),
    ("offer_place", "claims_offer", {}),
    ("part_place", "claims_part", {}),
    ("claims_rulesetversion_code_key", "claims_rulesetversion", {}),
    ("share_place", "claims_share", {}),
    ("claims_voucher_code_hash_key", "claims_voucher", {}),
    ("claims_voucher_number_key", "claims_voucher", {}),
    ("claims_voucher_replaces_id_key", "claims_voucher", {"replaces_id": "1"}),
    ("voucher_counter_once", "claims_vouchercounter", {}),
]
CONTRADICTIONS = [
    ("approval_amounts", "claims_approvalrequest", {"amount": "2", "cumulative": "1"}),
    ("approval_decided", "claims_approvalrequest", {"state": "'approved'"}),
    ("approval_states", "claims_approvalrequest", {}),
    ("approval_step_decided", "claims_approvalstep", {"approved": "true"}),
    ("approval_step_levels", "claims_approvalstep", {}),
    ("assessment_amount", "claims_assessment", {"amount": "-1"}),
    ("claim_approved_as_agreed", "claims_claim", {"approved_amount": "2", "agreed_amount": "1"}),
    ("claim_kinds", "claims_claim", {}),
    ("claim_fact_names", "claims_claimfact", {}),
    ("claim_paper_kinds", "claims_claimpaper", {}),
    ("evidence_answered", "claims_evidencerequest", {"answered_at": "now()"}),
    ("evidence_asked", "claims_evidencerequest", {"text": "''"}),
    ("evidence_withdrawn", "claims_evidencerequest", {"withdrawn_at": "now()"}),
    ("found_choices", "claims_foundgoods", {}),
    ("found_chosen", "claims_foundgoods", {"choice": "'goods'", "way": "''"}),
    ("found_place", "claims_foundgoods", {"place": "''"}),
    ("instalment_amount", "claims_instalment", {"amount": "0"}),
    ("instalment_of_a_month", "claims_instalment", {"month": "'2026-11-02'"}),
    ("insurance_named", "claims_insurance", {"insurer": "''"}),
    ("insurance_told", "claims_insurance", {"insurer": "'x'", "reference": "'x'"}),
    ("outside_amount", "claims_outsiderecovery", {"amount": "0"}),
    ("outside_sources", "claims_outsiderecovery", {"amount": "1"}),
    ("own_settlement_amount", "claims_ownsettlement", {"amount": "-1"}),
    ("own_settlement_by", "claims_ownsettlement", {}),
    ("own_settlement_named", "claims_ownsettlement", {"agreed_by": "''"}),
    ("result_decided", "claims_investigationresult", {"confirmed": "true"}),
    ("result_four_eyes", "claims_investigationresult", {"decided_by_id": "1", "reported_by_id": "1"}),
    ("result_levels", "claims_investigationresult", {}),
    ("result_returned_with_a_remark", "claims_investigationresult", {"confirmed": "false", "remark": "''"}),
    ("salvage_keepers", "claims_salvage", {}),
    ("salvage_value", "claims_salvage", {"value": "-1"}),
    ("claim_party_bound", "claims_claimparty", {"employee_id": "1", "department_id": "1"}),
    ("claim_party_roles", "claims_claimparty", {}),
    ("determination_by_hand_has_a_reason", "claims_determination", {"status": "'manual'", "reason": "''"}),
    ("determination_statuses", "claims_determination", {}),
    ("fine_bound", "claims_fineproposal", {"employee_id": "1", "department_id": "1"}),
    ("fine_range", "claims_fineproposal", {"minimum": "2", "maximum": "1"}),
    ("goods_line_amounts", "claims_goodsline", {"claimed": "-1"}),
    ("goods_line_pieces", "claims_goodsline", {"pieces": "0"}),
    ("goods_line_reduced_for_a_reason", "claims_goodsline",
     {"claimed": "2", "assessed": "1", "reduction": "''"}),
    ("opinion_approved", "claims_handlingopinion", {"approved_by_id": "2"}),
    ("opinion_four_eyes", "claims_handlingopinion", {"approved_by_id": "1", "drawn_up_by_id": "1"}),
    ("entry_kinds", "claims_liabilityentry", {}),
    ("objection_decided", "claims_objection", {"upheld": "true"}),
    ("offer_amount", "claims_offer", {"amount": "-1"}),
    ("offer_confirmed", "claims_offer", {"move": "'agree'", "way": "''"}),
    ("part_amount", "claims_part", {"amount": "0"}),
    ("ruleset_days", "claims_rulesetversion", {"valid_from": "'2026-11-02'", "valid_until": "'2026-11-01'"}),
    ("ruleset_published", "claims_rulesetversion", {"state": "'published'"}),
    ("ruleset_states", "claims_rulesetversion", {}),
    ("share_bound", "claims_share", {"employee_id": "1", "department_id": "1"}),
    ("share_parties", "claims_share", {}),
    ("voucher_amount", "claims_voucher", {"amount": "0"}),
    ("voucher_month", "claims_voucher", {"month": "'2026-11-02'"}),
    ("voucher_states", "claims_voucher", {}),
    ("voucher_counter_month", "claims_vouchercounter", {"month": "'2026-11-02'"}),
]  # fmt: skip
EMPTIED = [
    ("approval_no_truncate", "claims_approvalrequest"),
    ("claim_no_truncate", "claims_claim"),
    ("determination_no_truncate", "claims_determination"),
    ("evidence_no_truncate", "claims_evidencerequest"),
    ("found_no_truncate", "claims_foundgoods"),
    ("insurance_no_truncate", "claims_insurance"),
    ("outside_no_truncate", "claims_outsiderecovery"),
    ("own_settlement_no_truncate", "claims_ownsettlement"),
    ("part_no_truncate", "claims_part"),
    ("result_no_truncate", "claims_investigationresult"),
    ("share_no_truncate", "claims_share"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table", "columns"), TWINS, ids=[row[0] for row in TWINS])
def test_a_twin_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_twin(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "table", "columns"), CONTRADICTIONS, ids=[row[0] for row in CONTRADICTIONS]
)
def test_a_row_that_contradicts_itself_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_row(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table"), EMPTIED, ids=[row[0] for row in EMPTIED])
def test_a_table_is_never_emptied(guard: str, table: str) -> None:
    refuse_emptying(guard, table)


@pytest.mark.django_db
def test_a_new_determination_without_its_charges_is_refused() -> None:
    """MON-03: the former one's charges stand, its own are missing."""
    crew = cases.Crew()
    made = cases.determined(crew)
    cases.approved(crew, claim=made.claim)
    shares = list(made.shares.all())
    with connection.cursor() as cursor:
        # what was written so far has been asked; what follows is asked by itself
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    with (
        pytest.raises(IntegrityError, match="charged is its share"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        made.pk, made.number, made.ordinal = None, "X", 2
        made.save(force_insert=True)
        for share in shares:
            share.pk, share.determination = None, made
            share.save(force_insert=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
