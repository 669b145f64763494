"""Decisions about customers and waybills without a database (CUS-03, CUS-04, WBL-02, WBL-05, PRV-05)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from customers.domain import cod, parties
from customers.domain.facts import WaybillFacts, missing, normalised
from customers.domain.policy import StandingPolicy, TierService
from customers.domain.standing import standing_on
from customers.domain.verify import Ask, Facts, May, verification
from customers.domain.waybills import line_of
from servicecenter.kernel.errors import RuleBroken

TODAY = date(2026, 11, 18)
NOON = datetime(2026, 11, 18, 4, tzinfo=UTC)


class TestStanding:
    """CUS-04: prospect never shipped; dormant without a waybill for 90 days; closed is an act."""

    @pytest.mark.parametrize(
        ("last", "closed", "standing"),
        [
            pytest.param(None, False, "prospect", id="never-shipped"),
            pytest.param(TODAY, False, "active", id="today"),
            pytest.param(TODAY - timedelta(days=89), False, "active", id="89-days"),
            pytest.param(TODAY - timedelta(days=90), False, "dormant", id="90-days"),
            pytest.param(TODAY, True, "closed", id="closed-although-shipping"),
            pytest.param(None, True, "closed", id="closed-prospect"),
        ],
    )
    def test_standing_follows_from_the_last_waybill(
        self, last: date | None, closed: bool, standing: str
    ) -> None:
        assert standing_on(TODAY, last_shipped_on=last, closed=closed, dormant_after_days=90) == standing


class TestParties:
    """CMP-01: found by number, among several by name."""

    @pytest.mark.parametrize(
        ("names", "name", "chosen"),
        [
            pytest.param([("华茂五金",)], "刘海涛", 1, id="the-only-owner-whatever-the-name"),
            pytest.param([("华茂五金", "刘海涛"), ("新禾食品",)], "刘海涛", 1, id="a-contact-persons-name"),
            pytest.param([("华茂五金有限公司",), ("新禾食品",)], "华茂五金", 1, id="without-legal-form"),
            pytest.param([("华茂五金",), ("新禾食品",)], "王强", None, id="nobody-bears-the-name"),
            pytest.param([("李文斌",), ("李文斌",)], "李文斌", None, id="namesakes"),
            pytest.param([("李 文斌",), ("张慧",)], "李文斌", 1, id="blanks-do-not-count"),
            pytest.param([("华茂五金",), ("新禾食品",)], "", None, id="no-name-given"),
        ],
    )
    def test_the_one_meant_or_nobody(
        self, names: list[tuple[str, ...]], name: str, chosen: int | None
    ) -> None:
        candidates = [parties.Candidate(n, own) for n, own in enumerate(names, 1)]
        assert parties.choose(candidates, name) == chosen


class TestCodMoney:
    """WBL-05: due → collected → handed in → remitted, or cancelled; the amount stays after collection."""

    ORDER = ("due", "collected", "handed_in", "remitted")
    AMOUNT = Decimal("4860.00")

    def step(
        self, before: str, after: str, was: Decimal | None = AMOUNT, now: Decimal | None = AMOUNT
    ) -> None:
        cod.check_step(before=before, after=after, amount_before=was, amount_after=now)

    @given(st.sampled_from(ORDER), st.sampled_from(ORDER))
    def test_it_goes_forward_and_never_back(self, before: str, after: str) -> None:
        if self.ORDER.index(after) >= self.ORDER.index(before):
            self.step(before, after)
        else:
            with pytest.raises(RuleBroken, match=r"cod\.back"):
                self.step(before, after)

    @pytest.mark.parametrize("before", ["unknown", "none", "due"])
    def test_before_collection_it_may_be_cancelled(self, before: str) -> None:
        self.step(before, "cancelled")

    @pytest.mark.parametrize("before", ["collected", "handed_in", "remitted"])
    @pytest.mark.parametrize("after", ["cancelled", "unknown", "none"])
    def test_after_collection_it_neither_ends_nor_becomes_unknown(self, before: str, after: str) -> None:
        with pytest.raises(RuleBroken, match=r"cod\.back"):
            self.step(before, after)

    def test_cancelled_is_an_end(self) -> None:
        with pytest.raises(RuleBroken, match=r"cod\.back"):
            self.step("cancelled", "due")

    @pytest.mark.parametrize("state", ["collected", "handed_in", "remitted"])
    def test_the_amount_does_not_change_after_collection(self, state: str) -> None:
        with pytest.raises(RuleBroken, match=r"cod\.amount_fixed"):
            self.step(state, state, now=Decimal("4800.00"))

    def test_the_amount_may_change_while_it_is_due(self) -> None:
        self.step("due", "due", now=Decimal("4800.00"))

    def test_due_money_needs_an_amount_and_none_has_none(self) -> None:
        with pytest.raises(RuleBroken, match=r"cod\.amount_needed"):
            self.step("unknown", "due", None, None)
        with pytest.raises(RuleBroken, match=r"cod\.amount_without_cod"):
            self.step("unknown", "none", None, self.AMOUNT)

    @pytest.mark.parametrize(
        ("state", "branch"),
        [
            pytest.param("due", True, id="CMP-10b-due"),
            pytest.param("collected", True, id="CMP-10b-collected"),
            pytest.param("handed_in", False, id="CMP-10d-handed-in"),
            pytest.param("remitted", False, id="CMP-10d-remitted"),
            pytest.param("unknown", None, id="CMP-10d-unknown"),
            pytest.param("cancelled", None, id="cancelled-says-nothing"),
        ],
    )
    def test_until_it_is_handed_in_it_is_the_branchs(self, state: str, branch: bool | None) -> None:
        assert cod.with_branch(state) is branch


@dataclass
class Event:
    id: int
    occurred_at: datetime
    corrects_id: int | None = None
    is_void: bool = False


class TestLineOfLife:
    """WBL-02: events are never edited, but corrected by a later one."""

    def test_events_stand_in_the_order_they_happened(self) -> None:
        late, early = Event(1, NOON), Event(2, NOON - timedelta(hours=3))
        assert line_of([late, early]).standing == (early, late)

    def test_a_correction_takes_the_place_of_what_it_corrects(self) -> None:
        wrong, right = Event(1, NOON), Event(2, NOON + timedelta(hours=1), corrects_id=1)
        line = line_of([wrong, right])
        assert line.standing == (right,)
        assert line.corrected == {1: right}

    def test_of_a_chain_of_corrections_the_last_stands(self) -> None:
        chain = [Event(1, NOON), Event(2, NOON, 1), Event(3, NOON, 2)]
        assert line_of(chain).standing == (chain[2],)

    def test_what_did_not_happen_does_not_stand(self) -> None:
        assert line_of([Event(1, NOON), Event(2, NOON, corrects_id=1, is_void=True)]).standing == ()


class TestFacts:
    """WBL-01, WBL-08."""

    WHOLE = WaybillFacts(
        shipped_on=TODAY, consignor_name="华茂五金", consignee_name="周小芸", goods="五金件", pieces=30,
        origin_text="杭州", destination_text="城东",
    )  # fmt: skip

    def test_a_whole_waybill_lacks_nothing(self) -> None:
        assert missing(self.WHOLE) == []

    def test_everything_that_lacks_is_named_at_once(self) -> None:
        assert [problem.field for problem in missing(WaybillFacts())] == [
            "shipped_on", "consignor_name", "consignee_name", "goods", "pieces", "origin_text", "destination_text",
        ]  # fmt: skip

    def test_a_branch_by_id_needs_no_text(self) -> None:
        assert missing(WaybillFacts(**(self.WHOLE.columns() | {"origin_text": "", "origin_id": 4}))) == []  # type: ignore[arg-type]

    def test_every_wrong_value_is_named_at_its_field(self) -> None:
        facts = WaybillFacts(
            consignor_telephone="139", consignee_telephone="13900000421", pieces=0, weight=Decimal("-1"),
            volume=Decimal("0.0001"),
        )  # fmt: skip
        kept, problems = normalised(facts)
        assert [(problem.field, problem.code) for problem in problems] == [
            ("consignor_telephone", "telephone.too_short"),
            ("pieces", "waybill.positive"),
            ("weight", "waybill.positive"),
            ("volume", "waybill.decimals"),
        ]
        assert kept.consignee_telephone == "13900000421"


class TestVerification:
    """PRV-05: of COD money and its remittance only the consignor hears, of a company only its finance people."""

    def card(self, **changed: object) -> object:
        values = {
            "consignor_is_company": True, "finance_people": ("沈月芳",), "has_cod": True,
            "knows_consignor_telephone": True, "knows_goods": True,
        }  # fmt: skip
        return verification(Facts(**(values | changed)))  # type: ignore[arg-type]

    def test_a_companys_own_finance_people(self) -> None:
        card = self.card()
        assert (card.only_finance, card.finance_people) == (True, ("沈月芳",))  # type: ignore[attr-defined]
        assert card.consignor is May.COD_AND_REMITTANCE  # type: ignore[attr-defined]

    def test_a_company_without_known_finance_people_names_nobody(self) -> None:
        card = self.card(finance_people=())
        assert (card.only_finance, card.finance_people) == (True, ())  # type: ignore[attr-defined]

    def test_a_person_who_sent_it_is_told_in_person(self) -> None:
        card = self.card(consignor_is_company=False, finance_people=("沈月芳",))
        assert (card.only_finance, card.finance_people) == (False, ())  # type: ignore[attr-defined]

    def test_the_consignee_hears_only_what_is_to_be_paid_and_strangers_nothing(self) -> None:
        card = self.card()
        assert card.consignee is May.TO_PAY_ON_DELIVERY  # type: ignore[attr-defined]
        assert card.anybody_else is May.NOTHING_OF_MONEY  # type: ignore[attr-defined]

    @pytest.mark.parametrize(
        ("changed", "ask"),
        [
            ({}, (Ask.WAYBILL_NUMBER, Ask.COD_AMOUNT, Ask.TELEPHONE, Ask.OTHER_PARTY)),
            ({"has_cod": False}, (Ask.WAYBILL_NUMBER, Ask.TELEPHONE, Ask.OTHER_PARTY)),
            ({"has_cod": None}, (Ask.WAYBILL_NUMBER, Ask.COD_AMOUNT, Ask.TELEPHONE, Ask.OTHER_PARTY)),
            (
                {"knows_consignor_telephone": False},
                (Ask.WAYBILL_NUMBER, Ask.COD_AMOUNT, Ask.GOODS, Ask.OTHER_PARTY),
            ),
        ],
    )
    def test_asked_is_what_we_can_compare(self, changed: dict[str, object], ask: tuple[Ask, ...]) -> None:
        assert self.card(**changed).ask == ask  # type: ignore[attr-defined]


class TestPolicies:
    @pytest.mark.parametrize("days", [0, -1, 4000])
    def test_dormancy_is_a_sensible_number_of_days(self, days: int) -> None:
        with pytest.raises(RuleBroken, match=r"standing\.days"):
            StandingPolicy(dormant_after_days=days)

    def test_a_tiers_standard_needs_simplified_chinese(self) -> None:
        with pytest.raises(RuleBroken, match=r"tier_service\.standard"):
            TierService(standard={"en": "fast"})
