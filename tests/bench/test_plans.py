"""What is promised about speed and does not depend on the machine: statements per page and act, indexes per query.

The data are the benchmarks' own, a thousand tickets of them, filled once for all tests here and rolled back.
Sequential scans are forbidden to the planner, as a million rows would forbid them, and sorting where the order
itself is asked for: its choice is then the shape at size.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from bench import generate
from bench.cases import registering
from bench.ground import Ground
from bench.harness import recorded
from complaints.models import Complaint
from complaints.queries import ORDERS, list_queryset, row_queryset, search_rows
from customers.queries import look_up
from deadlines.services import sweep
from servicecenter import finding, invariants
from servicecenter.clock import now_db
from servicecenter.search import fold

SIZE = 1_200


@pytest.fixture(scope="module", autouse=True)
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Ground]:
    """The filled database; what a test writes is rolled back with all of it."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            generate.fill(SIZE)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL enable_seqscan = off")
                for index in ("complaint_search", "customer_search", "waybill_search"):
                    cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
                cursor.execute("ANALYZE")
            yield Ground("test")
            transaction.set_rollback(True)
        connection.close()


@pytest.fixture(autouse=True)
def _undone(ground: Ground) -> Iterator[None]:
    """Each test leaves the data as it found them."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def sent(visit: Callable[[], Any]) -> list[str]:
    """The statements of a visit; the second one counts, the first warms caches."""
    visit()
    with recorded() as seen:
        visit()
    return [sql for sql, _params in seen]


def get(client: Client, address: str) -> Callable[[], None]:
    def visit() -> None:
        assert client.get(address).status_code == 200

    return visit


def plan(sql: str, params: Any = None) -> str:
    """The plan as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (COSTS OFF) {sql}", params)
        return "\n".join(row[0] for row in cursor.fetchall())


def plan_of(visit: Callable[[], Any], mark: str) -> str:
    """The plan of the one statement of a visit in which `mark` stands."""
    visit()
    with recorded() as seen:
        visit()
    [(sql, params)] = [(sql, params) for sql, params in seen if mark in sql]
    return plan(sql, params)


def forbid(what: str) -> None:
    """Take a way from the planner until the test ends: `sort`, `indexscan`."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL enable_{what} = off")


def indexes(text: str) -> set[str]:
    """The indexes a plan reads."""
    return set(re.findall(r"(?:using|on) (\w+)(?: on |$|\n)", text))


ROWS = "LIMIT 51"


class TestTheGeneratedData:
    def test_they_hold_every_invariant(self) -> None:
        broken = [violation for check in invariants.checks() for violation in check.find()]
        assert broken == []

    def test_their_texts_are_folded_as_the_services_fold(self) -> None:
        for row in Complaint.objects.order_by("-pk")[:50]:
            assert fold(row.search_text) == row.search_text


class TestStatements:
    def test_a_queue_page_takes_at_most_ten(self, ground: Ground) -> None:
        assert len(sent(get(ground.client(ground.agent), "/desk/?queue=all"))) <= 10
        assert len(sent(get(ground.client(ground.handler), "/complaints/"))) <= 10

    def test_the_figures_are_one_statement_over_the_tickets(self, ground: Ground) -> None:
        statements = sent(get(ground.client(ground.agent), "/desk/counts/?queue=mine"))
        assert len([sql for sql in statements if "complaints_complaint" in sql]) == 1

    def test_a_ticket_page_takes_at_most_twenty_whatever_its_history(self, ground: Ground) -> None:
        client = ground.client(ground.agent)
        short = sent(get(client, f"/complaints/{ground.short_ticket}/"))
        long = sent(get(client, f"/complaints/{ground.long_ticket}/"))
        assert ground.short_ticket != ground.long_ticket
        assert max(len(short), len(long)) <= 20

    def test_the_look_up_takes_two(self, ground: Ground) -> None:
        telephone = ground.one("SELECT number FROM customers_telephone ORDER BY id LIMIT 1")
        waybill = ground.one("SELECT number FROM customers_waybill ORDER BY id LIMIT 1")
        assert len(sent(lambda: look_up(telephone, ground.agent))) == 2
        assert len(sent(lambda: look_up(waybill, ground.agent))) == 2

    @pytest.mark.parametrize(("is_second", "most"), [(False, 13), (True, 26)], ids=["first", "second"])
    def test_registering_takes_few_at_any_size(self, ground: Ground, is_second: bool, most: int) -> None:
        client = ground.client(ground.agent)
        _found, statements = registering._sample(client, registering._waybills(ground), is_second=is_second)
        assert statements <= most


class TestIndexes:
    @pytest.mark.parametrize(
        ("queue", "expected"),
        [
            ("all", {"complaint_queue"}),
            ("breached", {"complaint_queue"}),
            ("waiting_statement", {"complaint_next"}),
            ("unassigned", {"complaint_unassigned"}),
            ("incidents", {"complaint_incidents"}),
        ],
    )
    def test_a_queue_reads_its_index(self, ground: Ground, queue: str, expected: set[str]) -> None:
        found = plan_of(get(ground.client(ground.agent), f"/desk/?queue={queue}"), ROWS)
        assert "Seq Scan on complaints_complaint" not in found
        assert expected <= indexes(found), found

    def test_the_whole_queue_is_read_in_its_order(self, ground: Ground) -> None:
        forbid("sort")
        found = plan_of(get(ground.client(ground.agent), "/desk/?queue=all"), ROWS)
        assert "complaint_queue" in indexes(found)
        assert "Sort" not in found, found

    def test_ones_own_queue_can_be_read_by_owner_and_by_offer(self, ground: Ground) -> None:
        forbid("indexscan")
        found = plan_of(get(ground.client(ground.agent), "/desk/?queue=mine"), ROWS)
        assert {"complaint_mine", "complaint_offered"} <= indexes(found), found

    def test_a_page_far_behind_begins_where_the_last_ended(self, ground: Ground) -> None:
        from bench.cases.queue import _cursor_of_page

        forbid("sort")
        address = f"/complaints/?cursor={_cursor_of_page(ground, 20)}"
        found = plan_of(get(ground.client(ground.agent), address), ROWS)
        assert "complaint_newest" in indexes(found), found
        assert re.search(r"Index Cond: \(ROW\(.*registered_at, .*id\) <", found), found
        assert "Sort" not in found

    def test_a_handler_of_three_departments_reads_no_table_from_end_to_end(self, ground: Ground) -> None:
        found = plan_of(get(ground.client(ground.handler), "/complaints/"), ROWS)
        assert "Seq Scan on complaints_" not in found, found
        assert any(
            name.startswith(("handover_scope", "complaints_handover_complaint_id")) for name in indexes(found)
        )

    @pytest.mark.parametrize("word", ["破损", "代收货款"])
    def test_words_can_be_found_by_their_bigrams(self, ground: Ground, word: str) -> None:
        forbid("indexscan")  # the way that common words are read
        for user in (ground.management, ground.handler):
            rows = search_rows(row_queryset(user), word, user=user)
            found = plan(*ORDERS["newest"].apply(rows)[:51].query.sql_with_params())
            assert "complaint_search" in indexes(found), found
            assert "search_text" in found  # the recheck

    @pytest.mark.parametrize("word", ["客户", "上午送到", "五金配件"])
    def test_a_common_word_is_read_from_the_newest(
        self, ground: Ground, word: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Not sorted out of all its hits, of however many characters it is."""
        monkeypatch.setattr("servicecenter.search._believed", {})
        rows = search_rows(list_queryset(ground.management), word, user=ground.management)
        found = plan(*ORDERS["newest"].apply(rows)[:51].query.sql_with_params())
        assert "complaint_newest" in indexes(found), found
        assert "Sort" not in found, found

    def test_the_look_up_reads_an_index_for_every_way(self, ground: Ground) -> None:
        with recorded() as seen:
            look_up("13900000421", ground.agent)
            look_up("86204400013", ground.agent)
        for sql, params in seen:
            assert "Seq Scan on customers_" not in plan(sql, params)

    @pytest.mark.parametrize(
        "text", ["13000000421", "1300", "0421", "86204401", "破损", "李雪", "lx", "KH-200007"]
    )
    def test_the_search_box_reads_no_large_table_from_end_to_end(self, ground: Ground, text: str) -> None:
        """D11: customers, waybills, tickets by number, last four, two signs, initials; newest first."""
        with recorded() as seen:
            finding.search(ground.management, text)
        asked = [(sql, params) for sql, params in seen if "FROM" in sql]
        assert asked
        for sql, params in asked:
            assert not re.search(r"Seq Scan on (customers_|complaints_complaint)", plan(sql, params)), sql

    def test_the_sweep_takes_its_clocks_from_the_partial_index(self) -> None:
        with recorded() as seen:
            sweep(at=now_db() + timedelta(hours=2))
        firing = [(sql, params) for sql, params in seen if "FOR NO KEY UPDATE SKIP LOCKED" in sql]
        assert firing
        found = plan(*firing[0])
        assert "clock_sweep" in indexes(found), found
        assert "Seq Scan on deadlines_step" not in found
        assert "Seq Scan on deadlines_clock" not in found
