"""Rows written by the statement that is worded once are the rows that Django would write."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from servicecenter.inserting import insert
from servicecenter.models import Notice, OutboxMessage, TrailEntry

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def entry(number: str = "TS1", **more: object) -> TrailEntry:
    return TrailEntry(kind="a.b", object_id=7, number=number, code="x.y", via="page", at=AT, **more)


def mail(key: str) -> OutboxMessage:
    return OutboxMessage(
        channel=OutboxMessage.Channel.EMAIL, recipient="a@example.invalid", code="x.y", dedup_key=key
    )


def kept(pk: int | None, *leave: str) -> dict[str, object]:
    return {
        name: value for name, value in TrailEntry.objects.values().get(pk=pk).items() if name not in leave
    }


def test_a_row_is_what_bulk_create_writes() -> None:
    more = {"params": {"name": "客户", "n": 1.5}, "changes": {"a": [None, "'"]}, "address": "10.0.0.7"}
    [ours], [theirs] = insert([entry(**more)]), TrailEntry.objects.bulk_create([entry(**more)])
    assert kept(ours.pk, "id", "recorded_at") == kept(theirs.pk, "id", "recorded_at")


def test_keys_and_what_the_database_fills_in_are_set() -> None:
    first, second = insert([entry("TS1"), entry("TS2")])
    assert [first.pk, second.pk] == list(TrailEntry.objects.order_by("pk").values_list("pk", flat=True))
    assert TrailEntry.objects.get(number="TS2").recorded_at == second.recorded_at
    assert not second._state.adding
    assert second._state.db == "default"


def test_rows_take_one_statement_and_none_take_none() -> None:
    with CaptureQueriesContext(connection) as seen:
        insert([entry(), entry(), entry()])
        assert list(insert([])) == []
    assert len(seen) == 1


def test_a_choice_is_written_as_its_value() -> None:
    [made] = insert([mail("a")])
    assert OutboxMessage.objects.filter(channel="email", tries=0, user=None).get() == made


def test_a_row_that_is_there_is_refused_or_passed_over() -> None:
    insert([mail("a")])
    insert([mail("a"), mail("b")], unless_there=True)
    assert sorted(OutboxMessage.objects.values_list("dedup_key", flat=True)) == ["a", "b"]
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([mail("a")])
    assert OutboxMessage.objects.count() == 2


def test_a_refusal_marks_the_act_around_it_as_lost() -> None:
    with transaction.atomic(), pytest.raises(transaction.TransactionManagementError):
        try:
            insert([Notice(code="x", kind="a.b", at=AT)])
        except IntegrityError:
            Notice.objects.count()
    assert not Notice.objects.exists()
