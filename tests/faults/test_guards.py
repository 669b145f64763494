"""Every trigger and constraint of the database has a test that turns red without it (docs/faults.md).

Most are attacked where their app's tests stand; here the rest: a row that nothing but the guard stands against.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults import guards
from tests.faults.counts import FULL
from tests.faults.forging import refuse_emptying, refuse_row, refuse_twin
from tests.faults.mutations import MUTATIONS

# Guards that cannot be met alone, and why.
UNREACHABLE = {
    "document_no_truncate": "TRUNCATE reaches the copies too, whose own trigger refuses",
    "subcase_of_category": "the target of a foreign key of two columns; the primary key says more",
    "contact_person_of_customer": "the same",
    "waybill_event_of_waybill": "the same",
    "stockdoc_id_colour": "the same",
    "parts_of_voucher": "a voucher is over the sum of its part, and the parts make the payout",
}
# Triggers that refuse nothing but write: taken away by name (tests/faults/mutations.py).
WRITING = {"trail_unsealed": "trail-noted", "department_children": "path-of-subtree"}

# guard, table, what makes a row stand under its condition
UNIQUES = [
    ("complaints_category_code_key", "complaints_category", {}),
    ("chase_once", "complaints_chase", {}),
    ("complaints_chase_contact_id_key", "complaints_chase", {}),
    ("complaint_former_sequence", "complaints_complaint", {"refuted_from_id": "1", "refuted_sequence": "1"}),
    ("complaint_sequence", "complaints_complaint", {}),
    ("complaints_complaint_contact_id_key", "complaints_complaint", {}),
    ("complaints_complaint_number_key", "complaints_complaint", {}),
    ("complaints_complaint_public_id_key", "complaints_complaint", {}),
    ("complaints_contact_external_key_key", "complaints_contact", {"external_key": "'x'"}),
    ("complaints_event_key_key", "complaints_event", {"key": "'x'"}),
    ("follow_up_once", "complaints_followup", {}),
    ("complaints_handover_clock_id_key", "complaints_handover", {"clock_id": "1"}),
    ("handover_one_waiting", "complaints_handover", {"state": "'waiting'"}),
    ("incident_ticket_once", "complaints_incidentticket", {}),
    ("complaints_keyword_word_key", "complaints_keyword", {}),
    ("complaints_message_mentions_message_id_user_id_d5aae0ec_uniq", "complaints_message_mentions", {}),
    ("pause_one_open", "complaints_pause", {}),
    ("round_once", "complaints_round", {}),
    ("routing_once", "complaints_routing", {}),
    ("complaints_serviceincident_number_key", "complaints_serviceincident", {}),
    ("incident_one_standing", "complaints_serviceincident", {"event_id": "1"}),
    ("recurrence_one_open", "complaints_serviceincident",
     {"kind": "'recurrence'", "state": "'confirmed'", "department_id": "1"}),
    ("statement_once", "complaints_statement", {}),
    ("complaints_replytemplate_code_key", "complaints_replytemplate", {}),
    ("complaints_subcase_code_key", "complaints_subcase", {}),
    ("complaints_writtennotice_document_number_key", "complaints_writtennotice", {}),
    ("conduct_meritissue_month_key", "conduct_meritissue", {}),
    ("conduct_sanction_number_key", "conduct_sanction", {}),
    ("conduct_violation_code_key", "conduct_violation", {}),
    ("conduct_violation_ordinal_key", "conduct_violation", {"ordinal": "99"}),
    ("address_once", "customers_address", {}),
    ("consent_once", "customers_consent", {}),
    ("customers_customer_number_key", "customers_customer", {}),
    ("customers_waybill_number_key", "customers_waybill", {}),
    ("balance_once", "inventory_balance", {}),
    ("category_rule_once", "inventory_categoryrule", {}),
    ("inventory_document_number_key", "inventory_document", {}),
    ("stockdoc_one_waiting_side", "inventory_document",
     {"transfer_id": "1", "state": "'saved'", "colour": "'blue'", "category": "'sound_transfer_in'"}),
    ("stockline_once", "inventory_documentline", {}),
    ("inventory_item_code_key", "inventory_item", {}),
    ("inventory_period_month_key", "inventory_period", {}),
    ("period_balance_once", "inventory_periodbalance", {}),
    ("place_once", "inventory_place", {}),
    ("inventory_supplier_code_key", "inventory_supplier", {}),
    ("inventory_transfer_number_key", "inventory_transfer", {}),
    ("transfer_line_once", "inventory_transferline", {}),
    ("inventory_warehouse_code_key", "inventory_warehouse", {}),
    ("assignment_once", "organization_assignment", {}),
    ("organization_department_code_key", "organization_department", {}),
    ("organization_employee_work_number_key", "organization_employee", {}),
    ("organization_role_code_key", "organization_role", {}),
    ("service_hours_once", "organization_servicehours", {}),
    ("organization_team_code_key", "organization_team", {}),
    ("organization_team_members_team_id_employee_id_55c6f053_uniq", "organization_team_members", {}),
    ("organization_user_employee_id_key", "organization_user", {}),
    ("organization_user_work_number_key", "organization_user", {}),
    ("servicecenter_apitoken_token_hash_key", "servicecenter_apitoken", {}),
    ("servicecenter_attachment_public_id_key", "servicecenter_attachment", {}),
    ("document_copy_once", "servicecenter_documentcopy", {}),
    ("servicecenter_documentcopy_public_id_key", "servicecenter_documentcopy", {}),
    ("draft_once", "servicecenter_draft", {}),
    ("idempotency_once", "servicecenter_idempotencykey", {}),
    ("servicecenter_issueddocument_number_key", "servicecenter_issueddocument", {}),
    ("servicecenter_issueddocument_public_id_key", "servicecenter_issueddocument", {}),
    ("servicecenter_loginsession_session_key_key", "servicecenter_loginsession", {}),
    ("servicecenter_outboxmessage_dedup_key_key", "servicecenter_outboxmessage", {}),
    ("policy_version", "servicecenter_policy", {}),
    ("presence_once", "servicecenter_presence", {}),
    ("saved_view_name", "servicecenter_savedview", {}),
    ("servicecenter_trailseal_digest_key", "servicecenter_trailseal", {}),
    ("servicecenter_trailseal_previous_key", "servicecenter_trailseal", {}),
]  # fmt: skip

NOW, LATER = "'2026-11-18 02:07:00+00'", "'2026-11-19 02:07:00+00'"
# guard, table, what must not stand; a value that the guard names none of is 'x'
CHECKS = [
    ("chase_answered", "complaints_chase", {"answer": "''"}),
    ("complaint_channels", "complaints_complaint", {}),
    ("complaint_closed", "complaints_complaint", {"state": "'closed'", "close_mark": "''"}),
    ("complaint_counts", "complaints_complaint", {"sequence": "0"}),
    ("complaint_ended_has_none", "complaints_complaint", {"state": "'closed'", "next_step": "'resolve'"}),
    ("complaint_merged", "complaints_complaint", {"state": "'merged'"}),
    ("complaint_not_into_itself", "complaints_complaint", {"id": "7", "merged_into_id": "7"}),
    ("complaint_offered", "complaints_complaint", {"offered_to_id": "1"}),
    ("complaint_open_has_owner_step_clock", "complaints_complaint", {"state": "'routed'"}),
    ("complaint_refuted", "complaints_complaint", {"refuted_at": NOW}),
    ("complaint_resolved", "complaints_complaint", {"state": "'resolved'"}),
    ("complaint_states", "complaints_complaint", {}),
    ("complaint_steps", "complaints_complaint", {"next_step": "'sleep'"}),
    ("complaint_tier", "complaints_complaint", {"tier": "'E'"}),
    ("contact_channels", "complaints_contact", {}),
    ("contact_kinds", "complaints_contact", {}),
    ("action_done", "complaints_correctiveaction", {"result": "''", "done_at": NOW, "done_by_id": "1"}),
    ("action_reviewed", "complaints_correctiveaction",
     {"done_at": NOW, "done_by_id": "1", "reviewed_at": NOW, "reviewed_by_id": "1"}),
    ("action_verified", "complaints_correctiveaction", {"verified_at": NOW, "verified_by_id": "1"}),
    ("finding_names_responsible", "complaints_finding", {"founded": "'founded'"}),
    ("finding_written", "complaints_finding", {}),
    ("follow_up_results", "complaints_followup", {}),
    ("handover_end_reason", "complaints_handover", {"state": "'waived'", "end_reason": "''"}),
    ("handover_ended", "complaints_handover", {"state": "'answered'"}),
    ("handover_round", "complaints_handover", {"round": "0"}),
    ("handover_states", "complaints_handover", {}),
    ("keyword_weight", "complaints_keyword", {"weight": "101"}),
    ("keyword_word", "complaints_keyword", {"word": "''"}),
    ("message_kinds", "complaints_message", {}),
    ("message_reply_channel", "complaints_message", {"kind": "'reply'"}),
    ("message_written", "complaints_message", {"text": "''"}),
    ("pause_order", "complaints_pause", {"started_at": LATER, "promised_until": NOW}),
    ("pause_reason", "complaints_pause", {"reason": "''"}),
    ("round_number", "complaints_round", {"number": "0"}),
    ("round_resolved", "complaints_round", {"resolution": "''", "resolved_at": NOW}),
    ("routing_dates", "complaints_routing", {"valid_from": "'2026-11-02'", "valid_until": "'2026-11-01'"}),
    ("routing_one_way", "complaints_routing", {"department_id": "1"}),
    ("incident_month_first", "complaints_serviceincident", {"month": "'2026-11-02'"}),
    ("incident_rests_on", "complaints_serviceincident", {"kind": "'second_complaint'"}),
    ("incident_states", "complaints_serviceincident", {}),
    ("statement_stages", "complaints_statement", {}),
    ("statement_written", "complaints_statement", {"text": "''"}),
    ("written_notice_ways", "complaints_writtennotice", {}),
    ("disqualification_month_first", "conduct_meritdisqualification", {"month": "'2026-11-02'"}),
    ("disqualification_target", "conduct_meritdisqualification", {}),
    ("merit_issue_month_first", "conduct_meritissue", {"month": "'2026-11-02'"}),
    ("sanction_states", "conduct_sanction", {}),
    ("sanction_target", "conduct_sanction", {}),
    ("address_text", "customers_address", {"text": "''"}),
    ("consent_dates", "customers_consent", {"given_on": "'2026-11-02'", "until": "'2026-11-01'"}),
    ("consent_purpose", "customers_consent", {}),
    ("contact_person_named", "customers_contactperson", {"name": "''"}),
    ("customer_mark_confirmed_by", "customers_customer", {"confirmed_by_id": "1"}),
    ("customer_standing_values", "customers_customer", {}),
    ("waybill_consignee_digits", "customers_waybill", {}),
    ("waybill_event_kind", "customers_waybillevent", {}),
    ("waybill_event_source", "customers_waybillevent", {}),
    ("item_repair_classes", "inventory_item", {}),
    ("period_closed", "inventory_period", {"state": "'closed'"}),
    ("place_location", "inventory_place", {"location": "''"}),
    ("stockdoc_approved", "inventory_document", {"approved_by_id": "1"}),
    ("stockdoc_audited", "inventory_document", {"state": "'audited'"}),
    ("stockdoc_colours", "inventory_document", {}),
    ("stockdoc_not_of_itself", "inventory_document", {"id": "7", "original_id": "7"}),
    ("stockdoc_red", "inventory_document", {"colour": "'red'", "red_reason": "''"}),
    ("stockdoc_states", "inventory_document", {}),
    ("stockline_price", "inventory_documentline", {"price": "-1"}),
    ("supplier_code_form", "inventory_supplier", {"code": "'a b'"}),
    ("supplier_name", "inventory_supplier", {"name": "''"}),
    ("transfer_kinds", "inventory_transfer", {}),
    ("transfer_line_issued", "inventory_transferline", {"issued": "2"}),
    ("transfer_line_not_negative", "inventory_transferline", {"lost": "-1"}),
    ("transfer_line_quantity", "inventory_transferline", {"quantity": "0"}),
    ("transfer_states", "inventory_transfer", {}),
    ("transfer_voided", "inventory_transfer", {"state": "'voided'", "void_reason": "''"}),
    ("warehouse_code_form", "inventory_warehouse", {"code": "'a b'"}),
    ("warehouse_kinds", "inventory_warehouse", {}),
    ("calendar_day_sound", "organization_calendarday", {"shifts": "'[[600, 300]]'"}),
    ("document_copy_counts", "servicecenter_documentcopy", {"ordinal": "0"}),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table", "columns"), UNIQUES, ids=[row[0] for row in UNIQUES])
def test_a_twin_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_twin(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(("guard", "table", "columns"), CHECKS, ids=[row[0] for row in CHECKS])
def test_a_row_that_contradicts_itself_is_refused(guard: str, table: str, columns: dict[str, str]) -> None:
    refuse_row(guard, table, columns)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("guard", "table"),
    [
        ("policy_no_truncate", "servicecenter_policy"),
        ("chase_no_truncate", "complaints_chase"),
        ("finding_no_truncate", "complaints_finding"),
        ("followup_no_truncate", "complaints_followup"),
        ("message_no_truncate", "complaints_message"),
        ("statement_no_truncate", "complaints_statement"),
        ("complaint_no_truncate", "complaints_complaint"),
        ("stockdoc_no_truncate", "inventory_document"),
        ("transfer_no_truncate", "inventory_transfer"),
    ],
)
def test_a_table_is_never_emptied(guard: str, table: str) -> None:
    refuse_emptying(guard, table)


@pytest.mark.django_db
def test_every_guard_of_the_database_has_its_test() -> None:
    named = {*guards.kept(), *UNREACHABLE, *WRITING}
    there = {guard.name for guard in guards.catalogue()}
    assert sorted(there - named) == [], "attack it in a test, then: python -m tests.faults.guards"
    assert sorted(named - there) == []
    assert set(WRITING.values()) <= {mutation.name for mutation in MUTATIONS}


if FULL:

    def test_without_the_guard_its_test_turns_red(tmp_path: Path) -> None:
        """Every attack again, each time without the guard that refused it."""
        found = tmp_path / "guards.tsv"
        said = guards.prove(found)
        assert found.read_text() == guards.KEPT.read_text(), f"python -m tests.faults.guards\n{said[-3000:]}"
