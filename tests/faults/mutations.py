"""Which guard is held by which test: each is taken away in turn, and its test must turn red (docs/faults.md).

A guard in the code is named by the words that make it one; a guard in the database by the statement that drops it.
`python -m tests.faults.mutations` writes the table of docs/faults.md from this list.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from tests.faults.mutation import Mutation
from tests.faults.mutations_papers import PAPERS

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "docs" / "faults.md"
BEGIN, END = "<!-- guards: begin -->", "<!-- guards: end -->"


FIRING = "deadlines/services/firing.py"
CLOCKS = "deadlines/services/clocks.py"
CHANGES = "deadlines/services/changes.py"
SWEEP = "deadlines/services/sweep.py"
ACTING = "complaints/services/acting.py"
IDEMPOTENCY = "servicecenter/idempotency.py"
OUTBOX = "servicecenter/outbox.py"
RACES, EVENTS, OFFICE, RETRIES = (
    "tests/faults/test_races_clocks.py",
    "tests/faults/test_races_event.py",
    "tests/faults/test_races_office.py",
    "tests/faults/test_retries.py",
)
CRASHES, ACTS, OUTSIDE = (
    "tests/faults/test_crash_sweep.py",
    "tests/faults/test_crash_acts.py",
    "tests/faults/test_crash_outside.py",
)
PLAIN = "tests/deadlines/test_sweep.py"

MUTATIONS = [
    # -- the sweep
    Mutation(
        "sweep-skips-locked", "lock", "a sweep waits for nobody, and takes no clock that another holds",
        f"{RACES}::test_a_sweep_passes_over_a_clock_that_is_being_met",
        FIRING, "LIMIT %(limit)s FOR NO KEY UPDATE SKIP LOCKED", "LIMIT %(limit)s FOR NO KEY UPDATE",
    ),
    Mutation(
        "sweep-order", "order", "the oldest clock first",
        f"{PLAIN}::test_a_batch_takes_the_oldest_first",
        FIRING, "ORDER BY c.next_at, c.id LIMIT", "ORDER BY c.id LIMIT",
    ),
    Mutation(
        "sweep-generation", "condition", "a step of a former generation has no effect (fault 11)",
        f"{PLAIN}::test_a_clock_whose_rows_contradict_each_other_does_not_stop_the_sweep",
        FIRING, "s.clock_id = p.id AND s.generation = p.generation", "s.clock_id = p.id",
    ),
    Mutation(
        "sweep-history-order", "order", "the history has the steps in the order they were due",
        f"{CRASHES}::test_a_sweep_killed_at_any_statement_leaves_every_step_to_be_done_once",
        FIRING, "FROM fired ORDER BY due_at, clock_id, ordinal),\n", "FROM fired ORDER BY ordinal DESC),\n",
    ),
    Mutation(
        "sweep-batch-is-one-transaction", "transaction", "a step and what its subject's app adds are one",
        f"{CRASHES}::test_a_sweep_killed_at_any_statement_leaves_every_step_to_be_done_once",
        SWEEP,
        "            with transaction.atomic():\n                batch = fire_batch(",
        "            if True:\n                batch = fire_batch(",
    ),
    Mutation(
        "sweep-by-the-databases-clock", "condition", "the database's clock alone counts (fault 10)",
        "tests/faults/test_time.py::test_a_process_whose_clock_is_wrong_acts_by_the_databases_clock",
        FIRING, '"at": at,', '"at": at or __import__("django.utils.timezone").utils.timezone.now(),',
    ),
    # -- changing clocks
    Mutation(
        "clock-lock", "lock", "whoever changes a clock holds it",
        f"{RACES}::test_a_clock_cancelled_twice_at_once_ends_once",
        CLOCKS, '.select_for_update(of=("self",), no_key=True))', ")",
    ),
    Mutation(
        "clock-due-steps-first", "condition", "a clock that is met late has its breach in the history (fault 12)",
        f"{RACES}::test_a_clock_met_while_it_is_swept_is_met_late_with_its_breach_once",
        CLOCKS, "    fire_due(clocks, at=moment)\n", "",
    ),
    Mutation(
        "clock-ended-voids-steps", "condition", "what an ended clock had still to do is not done",
        f"{RACES}::test_a_clock_met_while_it_is_swept_is_met_late_with_its_breach_once",
        CLOCKS, "ended_at = %(at)s, paused_at = NULL, next_at = NULL\n", "ended_at = %(at)s, paused_at = NULL\n",
    ),
    Mutation(
        "pause-voids-steps", "condition", "nothing of a paused clock fires",
        f"{RACES}::test_pausing_a_clock_that_is_being_swept_fires_what_was_due_once_and_nothing_after_it",
        CHANGES, "    void_steps([locked], at=moment)\n", "",
    ),
    Mutation(
        "change-raises-the-generation", "condition", "the steps of a moved clock are those of its new generation",
        f"{RACES}::test_a_due_moved_into_the_past_beside_sweeps_is_not_missed",
        CHANGES, "    clock.generation += 1\n", "",
    ),
    # -- backup
    Mutation(
        "backup-of-one-instant", "transaction", "figures, dump and files of a backup are of one snapshot (PRV-07)",
        "tests/faults/test_backup.py::test_an_archive_made_while_everybody_works_is_of_one_instant",
        "servicecenter/backups/making.py",
        'cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")',
        "pass",
    ),
    # -- registering
    Mutation(
        "waybill-lock", "lock", "who registers about a waybill sees every earlier ticket about it",
        f"{EVENTS}::test_silence_beside_its_cause_joins_it_unless_it_was_first",
        "complaints/services/reading.py",
        'Waybill.objects.select_for_update(of=("self",), no_key=True)',
        "Waybill.objects",
    ),
    Mutation(
        "event-lock", "lock", "cancelling and registering of one event come one after the other; either lock does",
        f"{EVENTS}::test_the_first_is_cancelled_while_the_second_is_registered_one_order_or_the_other",
        "complaints/services/recurrence.py",
        'list(Event.objects.select_for_update(no_key=True).filter(pk__in=events).order_by("pk"))',
        "pass",
        also=(
            "complaints/services/incidents.py",
            '        .select_for_update(of=("self",), no_key=True)\n        .only(*ASKED)\n',
            "        .only(*ASKED)\n",
        ),
    ),
    Mutation(
        "place-under-its-lock", "lock", "the place in an event is counted under its lock (CMP-44)",
        f"{EVENTS}::test_two_complaints_linked_to_one_ticket_at_once_take_two_places",
        "complaints/services/places.py",
        "UPDATE complaints_event SET last_sequence = last_sequence + 1 WHERE",
        "UPDATE complaints_event SET last_sequence = (SELECT last_sequence + 1 FROM complaints_event"
        " WHERE id = %(event)s) WHERE",
    ),
    Mutation(
        "caller-lock", "lock", "one new caller is one customer (CMP-01)",
        f"{EVENTS}::test_one_new_caller_about_two_waybills_at_once_is_one_customer",
        "customers/services/customers.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 5))", [number.number])',
        "pass",
    ),
    Mutation(
        "consequences-in-the-transaction", "transaction",
        "registering is one transaction with all it brings about (CMP-42)",
        f"{ACTS}::test_a_registration_killed_at_any_statement_is_done_whole_or_not_at_all_and_once",
        IDEMPOTENCY,
        "    with transaction.atomic():\n        _hold(",
        "    if True:\n        _hold(",
    ),
    Mutation(
        "sanction-once", "unique", "one draft for each department and person of a service incident",
        f"{EVENTS}::test_fifty_registrations_of_one_event_at_once_take_the_places_one_to_fifty",
        sql="DROP INDEX sanction_one_per_event",
    ),
    Mutation(
        "disqualification-once", "unique", "merit is lost once for each department and person of a service incident",
        f"{EVENTS}::test_fifty_registrations_of_one_event_at_once_take_the_places_one_to_fifty",
        sql="DROP INDEX disqualification_once",
    ),
    Mutation(
        "event-key-once", "unique", "an event is found again by its key",
        f"{EVENTS}::test_of_two_agents_with_one_event_one_registers_the_first_and_one_the_second_complaint",
        sql="ALTER TABLE complaints_event DROP CONSTRAINT complaints_event_key_key",
    ),
    Mutation(
        "ticket-lock", "lock", "two acts on one ticket come one after the other",
        f"{EVENTS}::test_a_statement_handed_in_twice_at_once_is_one_statement_and_one_correction",
        ACTING, 'Complaint.objects.select_for_update(of=("self",), no_key=True)', "Complaint.objects",
    ),
    # -- decisions of two people
    Mutation(
        "confirm-event-lock", "lock", "a suspicion is confirmed or refuted, not both; either lock does",
        f"{OFFICE}::test_of_two_agents_one_confirms_and_one_refutes_a_suspicion",
        "complaints/services/incidents.py",
        "    Event.objects.select_for_update(no_key=True).get(pk=event_id)\n",
        "",
        also=(
            "complaints/services/incidents.py",
            '        .select_for_update(of=("self",), no_key=True)\n        .select_related("category")\n',
            '        .select_related("category")\n',
        ),
    ),
    Mutation(
        "recurrence-lock", "lock", "findings of one category and department are judged one after the other (CMP-41)",
        f"{OFFICE}::test_two_findings_that_each_complete_a_recurrence_open_one",
        "complaints/services/recurrence.py",
        '"SELECT pg_advisory_xact_lock(hashtextextended(%s, 11))", [f"recurrence|{category_id}|{pk}"]',
        '"SELECT 1"',
        also=(
            "complaints/services/recurrence.py",
            'Complaint.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").only("pk")',
            'Complaint.objects.filter(pk__in=ids).only("pk")',
        ),
    ),
    Mutation(
        "measure-lock", "lock", "a measure is reported as done once (CMP-27)",
        f"{OFFICE}::test_a_measure_reported_as_done_twice_at_once_is_done_once",
        "complaints/services/actions.py",
        'CorrectiveAction.objects.select_for_update(of=("self",), no_key=True)\n',
        "CorrectiveAction.objects\n",
    ),
    Mutation(
        "sanction-lock", "lock", "who decides a sanction second is told what it is by now (SAN-10)",
        f"{OFFICE}::test_of_confirming_and_withdrawing_a_sanction_at_once_one_wins",
        "conduct/services/sanctions.py",
        'return Sanction.objects.select_for_update(of=("self",)).select_related("violation").get(pk=sanction.pk)',
        'return Sanction.objects.select_related("violation").get(pk=sanction.pk)',
    ),
    Mutation(
        "administrator-lock", "lock", "somebody can always administer (ORG-05)",
        f"{OFFICE}::test_two_administrators_who_lock_each_other_at_once_leave_one",
        "organization/services/guards.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(7241120)")',
        "pass",
    ),
    Mutation(
        "people-without-keys", "order", "who changes a person's row stops nobody from writing in that person's name",
        f"{OFFICE}::test_two_administrators_who_lock_each_other_at_once_leave_one",
        "organization/services/logins.py",
        'User.objects.select_for_update(of=("self",), no_key=True)',
        'User.objects.select_for_update(of=("self",))',
    ),
    Mutation(
        "duty-lane", "lock", "who plans a turn that somebody is planning is told who has it (ORG-08)",
        f"{OFFICE}::test_of_two_planned_for_one_turn_of_duty_one_is_taken_and_the_other_told_who",
        "organization/services/duties.py",
        '            "SELECT pg_advisory_xact_lock(7241123, %s)",\n',
        '            "SELECT %s",\n',
    ),
    # -- retries
    Mutation(
        "key-lock", "lock", "the second of two clicks waits for the first (fault 14)",
        f"{RETRIES}::test_a_double_click_is_one_ticket_and_both_clicks_get_the_same_answer",
        IDEMPOTENCY, '        _hold(f"{request.user.pk}:{key}")\n', "",
    ),
    Mutation(
        "key-kept", "condition", "a repeated request gets the first one's answer (D20)",
        f"{RETRIES}::test_a_retry_long_after_the_answer_gets_the_same_answer_and_says_that_it_is_one",
        IDEMPOTENCY, "            return _replay(known)\n", "            pass\n",
    ),
    Mutation(
        "key-other-body", "condition", "a key stands for one request only",
        f"{RETRIES}::test_the_same_key_with_another_text_is_refused_and_saves_nothing",
        IDEMPOTENCY, "if known.request_hash != sent:", "if False:",
    ),
    Mutation(
        "refusal-keeps-nothing", "transaction", "a refused form has saved nothing and uses up no key",
        "tests/servicecenter/test_services_idempotency.py",
        IDEMPOTENCY,
        "            transaction.set_rollback(True)\n        elif",
        "            pass\n        elif",
    ),
    # -- outside the database
    Mutation(
        "outbox-claim", "lock", "two relays never hold the same message",
        "tests/servicecenter/test_services_outbox.py::test_two_relays_at_once_send_every_message_once",
        OUTBOX, "{most} FOR UPDATE SKIP LOCKED", "{most}",
    ),
    Mutation(
        "outbox-lease", "condition", "a message that a dead relay held goes again",
        f"{OUTSIDE}::test_a_relay_killed_at_any_statement_loses_no_message_and_repeats_at_most_the_one_it_held",
        OUTBOX, "next_try_at = clock_timestamp() + %(lease)s * interval '1 second'\nWHERE",
        "sent_at = clock_timestamp()\nWHERE",
    ),
    Mutation(
        "outbox-parks", "condition", "a poison message is parked (fault 9)",
        "tests/faults/test_redis.py"
        "::test_a_poison_message_among_fifty_is_parked_and_reported_and_the_others_leave_at_once",
        OUTBOX, "    if message.tries < TRIES:\n        return []\n", "    return []\n",
    ),
    # -- the organization
    Mutation(
        "path-of-subtree", "trigger", "a department that moves takes what is below it along (ORG-01)",
        "tests/organization/test_constraints.py",
        sql="DROP TRIGGER department_children ON organization_department",
    ),
    Mutation(
        "stale-version", "condition", "who saves what somebody else has changed meanwhile is told (CMP-51)",
        "tests/servicecenter/test_services_lifecycle.py"
        "::test_of_two_sessions_the_second_is_told_and_changes_nothing",
        "servicecenter/lifecycle.py",
        "._base_manager.filter(pk=obj.pk, version=expected_version)",
        "._base_manager.filter(pk=obj.pk)",
    ),
    Mutation(
        "policy-versions", "lock", "two administrators at once make two versions of a policy",
        "tests/servicecenter/test_services_ground.py::test_two_administrators_at_once_make_two_versions",
        "servicecenter/policies.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [code])',
        "pass",
    ),
    Mutation(
        "reveal-limit", "lock", "many reveals at once do not pass the limit together (PRV-02)",
        "tests/servicecenter/test_services_reveals.py"
        "::test_twelve_requests_at_once_do_not_pass_the_limit_together",
        "servicecenter/reveals.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 22))", [str(user.pk)])',
        "pass",
    ),
    Mutation(
        "attachment-cap", "lock", "two forms saved at once do not pass a record's cap together",
        "tests/servicecenter/test_services_attachments.py"
        "::test_two_forms_saved_at_once_do_not_pass_the_cap_of_a_record_together",
        "servicecenter/attachments.py",
        'cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))", [f"{kind}:{object_id}"])',
        "pass",
    ),
    Mutation(
        "reprint-count", "lock", "reprints at once are counted one by one",
        "tests/servicecenter/test_services_pdf.py::test_six_reprints_at_once_are_counted_one_to_six",
        "servicecenter/pdf.py",
        "IssuedDocument.objects.select_for_update().get(pk=document.pk)",
        "IssuedDocument.objects.get(pk=document.pk)",
    ),
    # -- stock
    Mutation(
        "stock-on-hand", "lock", "of two issues of the last piece the second is told what lies there (LED-04, LED-11)",
        "tests/faults/test_races_stock.py"
        "::test_of_two_issues_of_the_last_piece_one_succeeds_and_the_other_is_told_what_is_short",
        "inventory/services/posting.py",
        "ORDER BY b.warehouse_id, b.item_id FOR UPDATE OF b) locked",
        "ORDER BY b.warehouse_id, b.item_id) locked",
    ),
    Mutation(
        "stock-returned", "lock", "of two red letters the second is told what is left of the original (LED-02)",
        "tests/faults/test_races_books.py::test_two_red_letters_at_once_do_not_return_more_than_there_was",
        "inventory/services/posting.py",
        "ORDER BY o.id FOR UPDATE OF o) locked",
        "ORDER BY o.id) locked",
    ),
    # -- the trail
    Mutation(
        "trail-noted", "trigger", "every row of the trail waits for a seal (I9)",
        f"{OUTSIDE}::test_a_sealer_killed_at_any_statement_leaves_every_row_in_exactly_one_seal",
        sql="DROP TRIGGER trail_unsealed ON servicecenter_trailentry",
    ),
    # -- vouchers and stock documents
    *PAPERS,
]  # fmt: skip


def table() -> str:
    """The guards as the table of docs/faults.md."""
    rows = ["| guard | kind | what it holds | where | turns red without it |", "|---|---|---|---|---|"]
    for one in MUTATIONS:
        test = re.sub(r"^tests/", "", one.test).replace("::", " ")
        rows.append(
            f"| `{one.name}` | {one.kind} | {one.holds} | `{' '.join(one.where.split())[:70]}` | {test} |"
        )
    return "\n".join(rows)


def document(text: str) -> str:
    """docs/faults.md with its table of guards as it must be."""
    before, _begin, rest = text.partition(BEGIN)
    _table, _end, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    DOCUMENT.write_text(document(DOCUMENT.read_text()))
    sys.exit(0)
