"""Attacks on the database itself: what is append-only stays, what is sealed shows every change (ORG-05, D6, D19)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, connections, transaction

from servicecenter import attachments, invariants, policies, trail
from servicecenter.models import Policy, TrailEntry, TrailSeal, TrailUnsealed
from tests import people
from tests.servicecenter.uploads import upload

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


def execute(statement: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def note(count: int = 1) -> list[TrailEntry]:
    department = people.department("site")
    return [
        trail.record(department, "attachment.added", by=None, at=AT, name=f"第{number}张")
        for number in range(count)
    ]


@contextmanager
def unguarded(table: str) -> Iterator[None]:
    """What only the owner of the database can do: switch the guards of a table off."""
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def violations() -> list[tuple[str, str]]:
    return [(found.subject, found.problem) for found in invariants.broken_seals()]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "table",
    [
        "servicecenter_trailentry",
        "servicecenter_trailseal",
        "servicecenter_policy",
        "servicecenter_issueddocument",
        "servicecenter_documentcopy",
    ],
)
def test_append_only_tables_refuse_update_delete_and_truncate(table: str) -> None:
    note()
    trail.seal()
    policies.set_policy(code="servicecenter.uploads", value={}, by=None, reason="test")
    execute(
        "INSERT INTO servicecenter_issueddocument (id, public_id, number, code, template, kind, object_id, language,"
        " data, sha256, size, file, issued_at)"
        " VALUES (1, 'p', 'WS1', 'c', 't', 'k', 1, 'en', '{}', 's', 1, 'f', now())"
    )
    execute(
        "INSERT INTO servicecenter_documentcopy (public_id, document_id, ordinal, reason, sha256, size, file,"
        " printed_at) VALUES ('q', 1, 1, 'r', 's', 1, 'f', now())"
    )
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    column = {"servicecenter_policy": "reason", "servicecenter_trailseal": "digest"}.get(table, "id")
    for statement in (
        f"UPDATE {table} SET {column} = {column}",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            execute(statement)
    assert execute(f"SELECT 1 FROM {table}") >= 1


@pytest.mark.django_db
def test_the_trail_goes_with_nobody_not_even_its_user() -> None:
    agent = people.user("agent")
    trail.record(agent, "login", by=agent, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        execute("DELETE FROM organization_user WHERE id = %s", agent.pk)
        execute("SET CONSTRAINTS ALL IMMEDIATE")
    assert TrailEntry.objects.filter(by=agent).count() == 1


@pytest.mark.django_db
def test_a_bound_attachment_does_not_change_and_an_unbound_one_may() -> None:
    kept = attachments.store(file=upload("a.txt", b"1"), by=None)
    assert execute("UPDATE servicecenter_attachment SET name = 'b.txt' WHERE id = %s", kept.pk) == 1
    attachments.bind(public_ids=[kept.public_id], to=people.department("site"), by=None, at=AT)
    for change in (
        "object_id = object_id + 1",
        "sha256 = 'x'",
        "file = 'other'",
        "bound_at = NULL, object_id = NULL",
    ):
        with pytest.raises(IntegrityError, match="does not change"), transaction.atomic():
            execute(f"UPDATE servicecenter_attachment SET {change} WHERE id = %s", kept.pk)


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["bound_at = now()", "object_id = 1"])
def test_an_attachment_is_bound_to_a_record_or_not_at_all(change: str) -> None:
    kept = attachments.store(file=upload("a.txt", b"1"), by=None)
    with pytest.raises(IntegrityError, match="attachment_bound"), transaction.atomic():
        execute(f"UPDATE servicecenter_attachment SET {change} WHERE id = %s", kept.pk)


@pytest.mark.django_db
def test_every_new_trail_row_waits_for_a_seal_and_one_seal_takes_all_in_id_order() -> None:
    rows = note(3)
    assert sorted(TrailUnsealed.objects.values_list("pk", flat=True)) == [row.pk for row in rows]
    assert trail.seal() == 3
    first = TrailSeal.objects.get()
    assert first.entry_ids == [row.pk for row in rows]
    assert first.previous == "0" * 64
    assert not TrailUnsealed.objects.exists()
    note(1)
    assert trail.seal() == 1
    assert TrailSeal.objects.order_by("id").last().previous == first.digest  # type: ignore[union-attr]
    assert trail.newest_digest() != first.digest
    assert trail.seal() == 0
    assert TrailSeal.objects.count() == 2
    assert violations() == []


@pytest.mark.django_db
def test_the_digest_of_a_seal_can_be_recomputed_from_the_rows_alone() -> None:
    import hashlib

    rows = note(2)
    trail.seal()
    hashes = []
    for row in rows:
        with connection.cursor() as cursor:
            cursor.execute(
                "SET LOCAL timezone = 'UTC'; SELECT jsonb_build_array(id, kind, object_id, number, code, params,"
                " changes, by_id, via, host(address), request_id, at, recorded_at)::text"
                " FROM servicecenter_trailentry WHERE id = %s",
                [row.pk],
            )
            text = cursor.fetchone()[0]
        assert "第" in text
        hashes.append(hashlib.sha256(text.encode()).digest())
    assert trail.newest_digest() == hashlib.sha256(bytes(32) + b"".join(hashes)).hexdigest()


TAMPERING: dict[str, tuple[str, str, str]] = {
    "a text changed": (
        "servicecenter_trailentry",
        'UPDATE servicecenter_trailentry SET params = \'{"name": "other"}\' WHERE id = %(second)s',
        "does not fit the rows it seals",
    ),
    "a time changed by a microsecond": (
        "servicecenter_trailentry",
        "UPDATE servicecenter_trailentry SET at = at + interval '1 microsecond' WHERE id = %(second)s",
        "does not fit the rows it seals",
    ),
    "a row gone": (
        "servicecenter_trailentry",
        "DELETE FROM servicecenter_trailentry WHERE id = %(second)s",
        "is sealed but gone",
    ),
    "a seal gone": (
        "servicecenter_trailseal",
        "DELETE FROM servicecenter_trailseal WHERE id = %(seal)s",
        "does not follow the seal before it",
    ),
    "a seal's list shortened": (
        "servicecenter_trailseal",
        "UPDATE servicecenter_trailseal SET entry_ids = entry_ids[2:] WHERE id = %(seal)s",
        "is in no seal",
    ),
    "a row never noted": (
        "servicecenter_trailunsealed",
        "DELETE FROM servicecenter_trailunsealed",
        "is in no seal",
    ),
    "a row sealed twice": (
        "servicecenter_trailunsealed",
        "INSERT INTO servicecenter_trailunsealed (entry_id) VALUES (%(second)s)",
        "is held 2 times",
    ),
    "the sealer asleep": (
        "servicecenter_trailunsealed",
        "UPDATE servicecenter_trailunsealed SET noted_at = clock_timestamp() - interval '301 seconds'",
        "is unsealed for more than five minutes",
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", TAMPERING)
def test_i9_sees_every_tampering_that_the_owner_of_the_database_could_do(case: str) -> None:
    table, statement, problem = TAMPERING[case]
    _first, second = note(2)
    trail.seal()
    seal = TrailSeal.objects.get()
    note(1)
    trail.seal()
    note(1)
    assert violations() == []
    with unguarded(table), connection.cursor() as cursor:
        cursor.execute(statement, {"second": second.pk, "seal": seal.pk})
    assert problem in [found[1] for found in violations()]


@pytest.mark.django_db(transaction=True)
def test_two_sealers_at_once_make_one_chain_and_seal_each_row_once() -> None:
    people.department("site")
    note(40)
    barrier = threading.Barrier(4)
    sealed: list[int] = []

    def run(work: Callable[[], Any]) -> None:
        barrier.wait(60)
        for _ in range(15):
            sealed.append(work())
        connections.close_all()

    def write() -> int:
        note(2)
        return 0

    works = [lambda: trail.seal(7), lambda: trail.seal(5), write, write]
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    sealed.append(trail.seal())
    assert sum(sealed) == 40 + 60
    assert violations() == []


@pytest.mark.django_db(transaction=True)
def test_no_business_transaction_waits_for_the_sealer() -> None:
    people.department("site")
    note(1)
    with transaction.atomic():
        trail.seal()
        written = []

        def write() -> None:
            execute("SET lock_timeout = '2s'")
            written.extend(note(1))
            connections.close_all()

        thread = threading.Thread(target=write)
        thread.start()
        thread.join(60)
        assert len(written) == 1


@pytest.mark.django_db(transaction=True)
def test_verify_prints_what_holds_and_ends_with_one_when_something_does_not(capsys: Any) -> None:
    note(1)
    trail.seal()
    call_command("verify")
    assert "I9   holds" in capsys.readouterr().out
    with unguarded("servicecenter_trailentry"):
        execute("UPDATE servicecenter_trailentry SET code = 'login'")
    with pytest.raises(SystemExit) as ended:
        call_command("verify")
    assert ended.value.code == 1
    out = capsys.readouterr().out
    assert "I9   violated" in out
    assert f"servicecenter.trailseal {TrailSeal.objects.get().pk}: does not fit the rows it seals" in out
    with pytest.raises(SystemExit):
        call_command("verify", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is False
    assert {check["code"]: check["holds"] for check in told["checks"]}["I10"] is True


@pytest.mark.django_db(transaction=True)
def test_a_check_that_cannot_run_counts_as_violated_and_stops_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken() -> Iterator[invariants.Violation]:
        execute("SELECT 1 FROM no_such_table")
        yield from ()

    def fine() -> Iterator[invariants.Violation]:
        execute("SELECT 1")
        yield from ()

    checks = [invariants.Check("I97", "broken", broken), invariants.Check("I98", "fine", fine)]
    monkeypatch.setattr(invariants, "checks", lambda: checks)
    first, second = invariants.verify()
    assert (first.count, second.count) == (1, 0)
    assert "could not run: ProgrammingError" in first.violations[0].problem


@pytest.mark.django_db(transaction=True)
def test_a_check_cannot_write_and_sees_one_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def find() -> Iterator[invariants.Violation]:
        seen.append(TrailEntry.objects.count())
        thread = threading.Thread(target=lambda: (note(1), connections.close_all()))
        thread.start()
        thread.join(60)
        seen.append(TrailEntry.objects.count())
        yield from ()

    check = invariants.Check("I99", "one moment", find)
    people.department("site")
    monkeypatch.setattr(invariants, "checks", lambda: [check])
    assert [result.count for result in invariants.verify()] == [0]
    assert seen == [0, 0]
    assert TrailEntry.objects.count() == 1

    def write() -> Iterator[invariants.Violation]:
        note(1)
        yield from ()

    monkeypatch.setattr(invariants, "checks", lambda: [invariants.Check("I98", "writes", write)])
    (refused,) = invariants.verify()
    assert refused.count == 1
    assert "read-only transaction" in refused.violations[0].problem
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db
def test_a_violation_found_at_night_is_told_to_the_administrators_once() -> None:
    from servicecenter.models import Notice

    administrator = people.user("administrator", email=True)
    assert invariants.verify_and_report()["violations"] == 0
    assert not Notice.objects.exists()
    note(1)
    execute("DELETE FROM servicecenter_trailunsealed")
    assert invariants.verify_and_report(settling=0) == {"violations": 1, "codes": ["I9"]}
    told = Notice.objects.get()
    assert (told.user, told.code, told.level) == (administrator, "verify.violations", "grave")


@pytest.mark.django_db
def test_policies_keep_every_version_and_the_newest_valid_one_applies() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    code = "servicecenter.uploads"
    assert policies.find(code, at=early).policy_id is None
    for value, valid_from in (({"max_files": 3}, early), ({"max_files": 9}, late), ({"max_files": 5}, early)):
        policies.set_policy(code=code, value=value, by=None, reason="test", valid_from=valid_from)
    assert list(Policy.objects.filter(code=code).order_by("version").values_list("version", flat=True)) == [
        1,
        2,
        3,
    ]
    assert policies.value(code, at=AT).max_files == 5
    assert policies.value(code, at=late).max_files == 9
    assert policies.find(code, at=early).policy_id == Policy.objects.get(code=code, version=3).pk
