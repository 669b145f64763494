"""Waybills, COD money and events as services write them (WBL-01 … WBL-08)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import services
from customers.models import Waybill, WaybillEvent
from customers.queries import waybill_card
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.customers import samples
from tests.customers.samples import trail_of
from tests.faults.races import race, values
from tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = samples.AT


class TestStubs:
    """WBL-08: a waybill unknown to us is registered as a stub and completed later."""

    def test_an_unknown_number_becomes_a_stub(self) -> None:
        agent = people.user("agent")
        row = services.register_stub_waybill(number="8620 4417 309", by=agent, at=AT)
        assert (row.number, row.is_stub, row.cod_state, row.source, row.created_by) == (
            "86204417309", True, "unknown", "hand", agent,
        )  # fmt: skip
        assert trail_of(row) == ["waybill.stub"]

    def test_a_known_number_is_answered_in_one_statement(self) -> None:
        row = samples.waybill()
        with CaptureQueriesContext(connection) as asked:
            assert services.register_stub_waybill(number="８６２０４４１７３０９", by=None, at=AT) == row
        assert len(asked) == 1
        assert not Waybill.objects.get().is_stub

    def test_a_stub_knows_the_caller(self) -> None:
        row = services.register_stub_waybill(
            number="86204417309", consignor=samples.customer(), by=None, at=AT
        )
        assert row.consignor_name == "杭州华茂五金有限公司"
        assert "huamao" in row.search_text

    def test_a_malformed_number_makes_nothing(self) -> None:
        problem = refused(
            "waybill_number.lacking", services.register_stub_waybill, number="86204417", by=None, at=AT
        )
        assert (problem.field, problem.params["lacking"]) == ("waybill", 3)
        assert not Waybill.objects.exists()

    def test_of_many_numbers_the_unknown_become_stubs_and_the_known_stay(self) -> None:
        agent = people.user("agent")
        whole = samples.waybill()
        stubs = TrailEntry.objects.filter(code="waybill.stub")
        known, written, before = trail_of(whole), whole.version, stubs.count()
        found = services.register_stub_waybills(
            wanted=["8620 4417 309", "86204417310", "８６２０４４１７３１０", "86204417311"],
            by=agent,
            at=AT,
            source="import",
        )
        assert [*found] == ["86204417309", "86204417310", "86204417311"]
        assert found["86204417309"] == whole
        whole.refresh_from_db()
        assert (whole.is_stub, whole.version, trail_of(whole)) == (False, written, known)
        made = [found["86204417310"], found["86204417311"]]
        assert [(row.is_stub, row.cod_state, row.source, row.created_by, row.created_at) for row in made] == [
            (True, "unknown", "import", agent, AT)
        ] * 2
        assert [trail_of(row) for row in made] == [["waybill.stub"], ["waybill.stub"]]
        assert services.register_stub_waybills(wanted=found, by=None, at=AT) == found
        assert stubs.count() == before + 2

    def test_many_stubs_take_no_more_statements_than_one(self) -> None:
        taken = []
        for first, count in ((0, 1), (1_000, 500)):
            wanted = [f"862{first + n:08}" for n in range(count)]
            with CaptureQueriesContext(connection) as asked:
                assert sorted(services.register_stub_waybills(wanted=wanted, by=None, at=AT)) == wanted
            taken.append(len(asked))
        assert taken == [7, 7]  # with the savepoint that the test's own transaction asks for
        assert Waybill.objects.count() == 501

    def test_one_malformed_number_among_many_makes_none(self) -> None:
        refused(
            "waybill_number.lacking", services.register_stub_waybills, wanted=["86204417309", "86204417"], by=None,
            at=AT,
        )  # fmt: skip
        assert not Waybill.objects.exists()

    def test_completed_it_is_a_stub_no_more_and_its_parties_are_found_by_number(self) -> None:
        sender, receiver = samples.customer(), samples.person("周小芸", "15011721172")
        row = samples.waybill(consignor_telephone="+86 139 0000 0421")
        assert (row.is_stub, row.consignor, row.consignee) == (False, sender, receiver)
        assert row.consignor_telephone == "13900000421"
        assert trail_of(row) == ["waybill.stub", "waybill.completed"]

    def test_the_trail_holds_the_parties_masked(self) -> None:
        samples.waybill()
        entry = TrailEntry.objects.get(code="waybill.completed")
        assert entry.changes["consignee_name"][1]["masked"] == "周**"
        assert entry.changes["consignee_telephone"][1]["masked"] == "150****1172"
        assert "15011721172" not in str(entry.changes)

    def test_a_branch_gives_its_name_to_the_place(self) -> None:
        branch = people.department("branch_east")
        row = samples.waybill(destination_id=branch.pk, destination_text="")
        assert (row.destination, row.destination_text) == (branch, "城东分公司")

    def test_a_shipping_day_in_the_future_is_refused(self) -> None:
        with pytest.raises(Exception) as caught:
            samples.waybill(shipped_on=date(2026, 11, 20))
        assert [rule.code for rule in caught.value.broken] == ["waybill.future"]  # type: ignore[attr-defined]

    def test_a_stale_form_is_refused(self) -> None:
        row = samples.waybill()
        refused("lifecycle.stale", services.complete_waybill, waybill=row, facts=samples.WHOLE, version=1, by=None,
                at=AT)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_same_unknown_numbers_registered_by_many_at_once_are_recorded_once_each() -> None:
    """WBL-08: whoever was quicker has made it; nobody stops."""
    wanted = [f"862{n:08}" for n in range(40)]

    def register() -> list[int]:
        rows = services.register_stub_waybills(wanted=wanted, by=None, at=AT)
        return [rows[number].pk for number in wanted]

    found = values(race(*[register] * 4))
    assert len({tuple(keys) for keys in found}) == 1
    recorded = TrailEntry.objects.filter(code="waybill.stub").values_list("object_id", flat=True)
    assert sorted(recorded) == sorted(found[0])


@pytest.mark.django_db(transaction=True)
def test_one_unknown_number_registered_by_many_at_once_is_one_stub() -> None:
    """WBL-08, CMP-44."""

    def register() -> int:
        return services.register_stub_waybill(number="86204417309", by=None, at=AT).pk

    assert len(set(values(race(*[register] * 6)))) == 1
    assert TrailEntry.objects.filter(code="waybill.stub").count() == 1


class TestCodMoney:
    """WBL-05."""

    def test_it_goes_on_step_by_step(self) -> None:
        row = samples.waybill()
        services.set_cod(waybill=row, state="due", amount=Decimal("4860.00"), by=None, at=AT)
        services.set_cod(waybill=row, state="collected", by=None, at=AT)
        row = services.set_cod(waybill=row, state="handed_in", by=None, at=AT)
        assert (row.cod_state, row.cod_amount) == ("handed_in", Decimal("4860.00"))
        assert trail_of(row).count("waybill.cod") == 3

    def test_the_amount_stays_after_collection(self) -> None:
        row = samples.waybill()
        services.set_cod(waybill=row, state="collected", amount=Decimal("4860.00"), by=None, at=AT)
        problem = refused("cod.amount_fixed", services.set_cod, waybill=row, state="collected",
                          amount=Decimal("4800"), by=None, at=AT)  # fmt: skip
        assert problem.params["amount"] == Decimal("4860.00")
        refused("cod.back", services.set_cod, waybill=row, state="due", by=None, at=AT)
        row.refresh_from_db()
        assert (row.cod_state, row.cod_amount) == ("collected", Decimal("4860.00"))

    @pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000000"])
    def test_an_amount_is_yuan_and_fen_above_zero(self, amount: str) -> None:
        refused("cod.amount_form", services.set_cod, waybill=samples.waybill(), state="due", amount=Decimal(amount),
                by=None, at=AT)  # fmt: skip

    def test_no_cod_money_takes_the_amount_away(self) -> None:
        row = samples.waybill()
        services.set_cod(waybill=row, state="due", amount=Decimal("10"), by=None, at=AT)
        row = services.set_cod(waybill=row, state="none", by=None, at=AT)
        assert row.cod_amount is None


class TestEvents:
    """WBL-02: never edited, but corrected by a later one."""

    def record(self, waybill: Waybill, kind: str = "arrived", **changed: Any) -> WaybillEvent:
        values = {"occurred_at": AT - timedelta(hours=2), "place": "城东分公司", "by": None, "at": AT}
        return services.record_event(waybill=waybill, kind=kind, **{**values, **changed})

    def test_the_same_event_sent_twice_is_one(self) -> None:
        row = samples.waybill()
        assert self.record(row) == self.record(row)
        assert row.events.count() == 1

    def test_an_event_in_the_future_is_refused(self) -> None:
        refused("event.future", self.record, waybill=samples.waybill(), occurred_at=AT + timedelta(minutes=6))

    def test_a_correction_stands_and_the_wrong_one_is_kept(self) -> None:
        row = samples.waybill()
        wrong = self.record(row)
        right = self.record(row, corrects=wrong, place="城西分公司")
        assert waybill_card(row, people.user("agent")).line.standing == (right,)
        assert row.events.count() == 2
        refused("event.corrected", self.record, waybill=row, corrects=wrong, place="城北")

    def test_an_event_that_did_not_happen_stands_no_more(self) -> None:
        row = samples.waybill()
        refused("event.void", self.record, waybill=row, is_void=True)
        self.record(row, corrects=self.record(row), is_void=True, remarks="扫错")
        assert waybill_card(row, people.user("agent")).last is None
        assert trail_of(row)[-1] == "waybill.event_void"

    def test_an_event_of_another_waybill_cannot_be_corrected_here(self) -> None:
        other = self.record(samples.waybill("86204417310"))
        refused("event.stranger", self.record, waybill=samples.waybill(), corrects=other)

    def test_the_signature_is_known_from_the_events(self) -> None:
        row = samples.waybill()
        self.record(row, "signed", occurred_at=AT - timedelta(hours=1), remarks="外包装破损")
        card = waybill_card(row, people.user("agent"))
        assert card.signed_at == AT - timedelta(hours=1)


def rows(*lines: dict[str, str]) -> list[tuple[int, dict[str, str]]]:
    return list(enumerate(lines, 2))


LINE = {
    "配送单号": "8620 4417 309", "发货日期": "2026-11-10", "发货人": "杭州华茂五金有限公司",
    "发货人电话": "139 0000 0421", "收货人": "周小芸", "收货人电话": "15011721172", "始发": "杭州",
    "到站": "城东分公司", "品名": "五金件", "件数": "30 件", "重量": "412.5", "代收货款": "¥4,860.00",
    "代收状态": "已收", "轨迹": "", "轨迹时间": "", "地点": "", "备注": "",
}  # fmt: skip


def load(*lines: dict[str, str], **changed: Any) -> services.ImportResult:
    return services.import_waybills(rows=rows(*lines), by=None, at=AT, **changed)


class TestImport:
    def test_facts_and_events_are_loaded(self) -> None:
        sender = samples.customer()
        people.centre()
        found = load(
            {**LINE, "轨迹": "揽收", "轨迹时间": "2026-11-10 18:20", "地点": "杭州"},
            {
                **dict.fromkeys(LINE, ""),
                "配送单号": "86204417309",
                "轨迹": "签收",
                "轨迹时间": "2026-11-13 10:05",
            },
        )
        assert (found.created, found.events, found.problems) == (1, 2, ())
        row = Waybill.objects.get()
        assert (row.number, row.pieces, row.weight, row.cod_amount, row.cod_state) == (
            "86204417309", 30, Decimal("412.500"), Decimal("4860.00"), "collected",
        )  # fmt: skip
        assert row.consignor == sender
        assert row.destination == people.department("branch_east")
        assert [
            (event.kind, event.occurred_at.isoformat()) for event in row.events.order_by("occurred_at")
        ] == [
            ("collected", "2026-11-10T10:20:00+00:00"),
            ("signed", "2026-11-13T02:05:00+00:00"),
        ]
        sender.refresh_from_db()
        assert sender.standing == "active"

    def test_the_same_file_again_changes_nothing(self) -> None:
        line = {**LINE, "轨迹": "揽收", "轨迹时间": "2026-11-10 18:20"}
        load(line)
        before = list(Waybill.objects.values())
        found = load(line)
        assert (found.created, found.changed, found.unchanged, found.events) == (0, 0, 1, 0)
        assert list(Waybill.objects.values()) == before
        assert WaybillEvent.objects.count() == 1

    def test_every_wrong_row_is_named_at_once_and_nothing_is_loaded(self) -> None:
        found = load(
            LINE,
            {**LINE, "配送单号": "86204417"},
            {**LINE, "配送单号": "86204417310", "件数": "三十", "发货日期": "18/11/2026"},
            {**LINE, "配送单号": "86204417311", "收货人电话": "1501172", "品名": ""},
            {**LINE, "配送单号": "86204417312", "代收状态": "不知"},
            {**dict.fromkeys(LINE, ""), "配送单号": "86204417399", "轨迹": "签收", "轨迹时间": "2026-11-13"},
        )
        assert {(problem.line, problem.column, problem.code) for problem in found.problems} == {
            (3, "配送单号", "waybill_number.lacking"),
            (4, "件数", "import.number"), (4, "发货日期", "import.date"),
            (4, "件数", "waybill.missing"), (4, "发货日期", "waybill.missing"),
            (5, "收货人电话", "telephone.too_short"), (5, "品名", "waybill.missing"),
            (6, "代收状态", "import.choice"),
            (7, "配送单号", "import.unknown_waybill"),
        }  # fmt: skip
        assert not Waybill.objects.exists()
        assert not TrailEntry.objects.filter(code="waybill.imported").exists()

    def test_a_dry_run_counts_and_loads_nothing(self) -> None:
        found = load(LINE, dry_run=True)
        assert (found.created, found.problems) == (1, ())
        assert not Waybill.objects.exists()

    def test_a_stub_is_completed_and_keeps_its_number_and_who_registered_it(self) -> None:
        agent = people.user("agent")
        stub = services.register_stub_waybill(number="86204417309", by=agent, at=AT)
        found = load(LINE)
        assert (found.created, found.completed, found.changed) == (0, 1, 0)
        stub.refresh_from_db()
        assert (stub.is_stub, stub.source, stub.created_by, stub.version) == (False, "import", agent, 2)
        assert trail_of(stub) == ["waybill.stub", "waybill.imported"]

    def test_what_the_file_does_not_say_is_not_erased(self) -> None:
        load({**LINE, "代收货款": "", "代收状态": ""})
        load({**LINE, "重量": "", "收货人电话": ""})
        row = Waybill.objects.get()
        assert (row.weight, row.consignee_telephone, row.cod_state) == (
            Decimal("412.5"),
            "15011721172",
            "collected",
        )

    def test_cod_money_that_went_on_does_not_come_back_by_a_file(self) -> None:
        load({**LINE, "代收状态": "已交"})
        found = load({**LINE, "代收状态": "待收"})
        assert [(problem.line, problem.code) for problem in found.problems] == [(2, "cod.back")]
        assert Waybill.objects.get().cod_state == "handed_in"

    def test_two_lines_that_contradict_each_other_are_named(self) -> None:
        found = load(LINE, {**LINE, "件数": "29"})
        assert [(problem.line, problem.code, problem.params["line"]) for problem in found.problems] == [
            (3, "import.twice", 2)
        ]

    def test_a_column_of_another_name_is_mapped_and_an_unknown_one_named(self) -> None:
        line = {**LINE, "PO": "X-1"}
        line["Paket"] = line.pop("配送单号")
        found = load(line, columns={"Paket": "number"})
        assert (found.created, found.ignored_columns) == (1, ("PO",))

    def test_a_file_without_waybill_numbers_is_refused(self) -> None:
        with pytest.raises(RuleBroken, match=r"import\.column"):
            load({"姓名": "刘海涛"})
        with pytest.raises(RuleBroken, match=r"import\.unknown_field"):
            load(LINE, columns={"品名": "cargo"})

    def test_an_empty_file_does_nothing(self) -> None:
        assert load() == services.ImportResult()

    def test_statements_do_not_grow_with_the_rows(self) -> None:
        def many(first: int, count: int) -> list[dict[str, str]]:
            return [{**LINE, "配送单号": str(86204500000 + first + n)} for n in range(count)]

        with CaptureQueriesContext(connection) as few:
            load(*many(0, 5))
        with CaptureQueriesContext(connection) as more:
            load(*many(100, 200))
        assert len(more) == len(few)

    def test_progress_is_true(self) -> None:
        seen: list[tuple[int, int]] = []
        load(
            {**LINE, "轨迹": "揽收", "轨迹时间": "2026-11-10 18:20"}, progress=lambda *step: seen.append(step)
        )
        assert seen == [(1, 2), (2, 2)]
