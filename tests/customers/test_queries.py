"""Who may see which customer and waybill, the look-up at intake, cards and the timeline of a waybill."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import queries, services
from customers.models import Customer, Telephone, Waybill
from customers.queries import look_up
from tests import people
from tests.customers import samples
from tests.matrix.clones import clones

pytestmark = pytest.mark.django_db
AT = samples.AT


def numbers(hits: Any) -> list[str]:
    return [hit.number for hit in hits]


class TestVisibility:
    """ORG-04: the same rule in list, detail, search, look-up and ports."""

    @pytest.mark.parametrize(
        "role",
        ["agent", "supervisor", "inspector", "account_manager", "finance", "controller", "administrator"],
    )
    def test_who_works_with_customers_sees_the_whole_file(self, role: str) -> None:
        row = samples.customer()
        assert list(queries.customers_visible_to(people.user(role))) == [row]

    @pytest.mark.parametrize(
        "role", ["handler", "storekeeper", "purchaser", "enterprise_management", "cashier"]
    )
    def test_the_others_see_no_customer(self, role: str) -> None:
        row, user = samples.customer(), people.user(role)
        assert not queries.customers_visible_to(user).exists()
        assert look_up("13900000421", user).customers == ()
        assert queries.subject_customer(object_id=row.pk, user=user) is None
        assert queries.search_hits(user=user, text="华茂", limit=8) == []

    def test_a_branch_sees_the_waybills_that_begin_or_end_there(self) -> None:
        east, west = people.department("branch_east"), people.department("branch_west")
        ours = samples.waybill(destination_id=east.pk)
        also = samples.waybill("86204417310", origin_id=east.pk)
        other = samples.waybill("86204417311", destination_id=west.pk)
        handler = people.user("handler", department="branch_east")
        assert set(queries.waybills_visible_to(handler)) == {ours, also}
        assert numbers(look_up("15011721172", handler).waybills) == [also.number, ours.number]
        assert queries.subject_waybill(object_id=other.pk, user=handler) is None
        assert queries.subject_waybill(object_id=ours.pk, user=handler) is not None

    @pytest.mark.parametrize("role", ["handler", "cashier"])
    def test_a_department_of_the_head_office_works_on_all_waybills(self, role: str) -> None:
        row = samples.waybill()
        assert list(queries.waybills_visible_to(people.user(role, department="settlement"))) == [row]

    def test_without_the_right_there_is_no_waybill(self) -> None:
        row, user = samples.waybill(), people.user("storekeeper")
        assert not queries.waybills_visible_to(user).exists()
        assert look_up("86204417309", user).is_empty
        assert queries.subject_waybill(object_id=row.pk, user=user) is None

    def test_the_system_sees_everything_through_the_port(self) -> None:
        row = samples.customer()
        subject = queries.subject_customer(object_id=row.pk, user=None)
        assert subject is not None
        assert (subject.number, subject.url) == (row.number, f"/customers/{row.number}/")
        telephone = row.telephones.get()
        assert queries.subject_telephone(object_id=telephone.pk, user=people.user("handler")) is None
        found = queries.subject_telephone(object_id=telephone.pk, user=people.user("agent"))
        assert found is not None
        assert found.number == row.number


class TestLookUp:
    """CMP-01, WBL-07: by telephone, last four, waybill, customer number, name, pinyin; at most two statements."""

    @pytest.fixture
    def agent(self) -> Any:
        return people.user("agent")

    @pytest.mark.parametrize(
        "typed",
        [
            pytest.param("13900000421", id="telephone"),
            pytest.param("+86 139-0000-0421", id="telephone-as-typed"),
            pytest.param("１３９００００", id="beginning-full-width"),
            pytest.param("0421", id="last-four"),
            pytest.param("华茂", id="two-characters"),
            pytest.param("華茂五金", id="traditional"),
            pytest.param("hangzhouhuamao", id="pinyin"),
            pytest.param("hzhm", id="initials"),
            pytest.param("刘海涛", id="contact-person"),
            pytest.param("lht", id="contact-persons-initials"),
        ],
    )
    def test_a_customer_is_found(self, agent: Any, typed: str) -> None:
        row = samples.customer()
        samples.person()
        assert [hit.id for hit in look_up(typed, agent).customers] == [row.pk]

    def test_a_customer_is_found_by_its_number(self, agent: Any) -> None:
        row = samples.customer()
        assert numbers(look_up(row.number.lower().replace("-", ""), agent).customers) == [row.number]

    def test_an_a_customers_hit_shows_what_the_agent_must_know(self, agent: Any) -> None:
        row = samples.customer(tier="A", account_manager=people.employee("customer_relations", name="赵敏"))
        services.mark_difficult(customer=row, reason="三次拒付", by=agent, at=AT)
        hit = look_up("13900000421", agent).customers[0]
        assert (hit.tier, hit.standing, hit.difficult_mark, hit.difficult_reason) == (
            "A", "prospect", "marked", "三次拒付",
        )  # fmt: skip
        assert (hit.contact_name, hit.telephone_masked, hit.account_manager) == (
            "刘海涛",
            "139****0421",
            "赵敏",
        )

    def test_a_shared_number_shows_all_its_owners_the_closed_last(self, agent: Any) -> None:
        closed = samples.customer("阿华商行")
        services.close_customer(customer=closed, reason="停业", by=None, at=AT)
        open_one = samples.customer("新禾食品")
        assert [hit.id for hit in look_up("13900000421", agent).customers] == [open_one.pk, closed.pk]

    def test_a_telephone_shows_the_waybills_that_name_it_and_those_of_its_owner(self, agent: Any) -> None:
        row = samples.customer(telephone="0571-88006677", contact_name="")
        services.add_telephone(customer=row, number="13900000421", by=None, at=AT)
        sent = samples.waybill(consignor_telephone="057188006677")
        named = samples.waybill("86204417310", consignor_name="别人", consignee_telephone="13900000421",
                                consignor_telephone="")  # fmt: skip
        found = look_up("13900000421", agent)
        assert [(hit.number, hit.role) for hit in found.waybills] == [
            (named.number, "consignee"),
            (sent.number, "consignor"),
        ]

    def test_a_waybill_shows_its_parties(self, agent: Any) -> None:
        sender, receiver = samples.customer(), samples.person("周小芸", "15011721172")
        row = samples.waybill()
        found = look_up("8620 4417 309", agent)
        assert numbers(found.waybills) == [row.number]
        assert {hit.id for hit in found.customers} == {sender.pk, receiver.pk}
        assert found.waybills[0].consignee_masked == "150****1172"
        assert found.unknown_waybill == ""

    def test_an_unknown_waybill_is_offered_as_a_stub(self, agent: Any) -> None:
        assert look_up("8620 4417 309", agent).unknown_waybill == "86204417309"
        assert look_up("13700000000", agent).unknown_waybill == ""
        assert look_up("86204417", agent).unknown_waybill == ""

    def test_the_beginning_of_a_waybill_finds_it(self, agent: Any) -> None:
        row = samples.waybill()
        assert numbers(look_up("86204417", agent).waybills) == [row.number]

    def test_at_most_eight_of_each(self, agent: Any) -> None:
        for n in range(10):
            samples.customer(f"华茂{n}店", telephone="13900000421", contact_name="")
            samples.waybill(str(86204417300 + n))
        found = look_up("13900000421", agent)
        assert (len(found.customers), len(found.waybills)) == (8, 8)

    @pytest.mark.parametrize(
        "typed", ["13900000421", "0421", "8620 4417 309", "华茂", "h", "86204", "KH-10001"]
    )
    def test_it_asks_the_database_twice_at_most(self, agent: Any, typed: str) -> None:
        samples.customer()
        samples.waybill()
        _ = agent.rights
        with CaptureQueriesContext(connection) as asked:
            look_up(typed, agent)
        assert len(asked) <= 2

    @pytest.mark.parametrize(
        "typed",
        [
            "",
            "   ",
            "%",
            "_",
            "100%",
            "';--",
            "\\",
            "😀",
            "𠮷",
            "a" * 200,
            "' OR 1=1",
            "!&|:*",
            "\u0000",
            "－－－",
        ],
    )
    def test_any_text_is_answered(self, agent: Any, typed: str) -> None:
        samples.customer()
        assert look_up(typed, agent).customers == ()

    def test_a_percent_sign_is_a_sign(self, agent: Any) -> None:
        row = samples.customer("100%纯棉布行", contact_name="")
        samples.customer("1000 纯棉布行", contact_name="")
        assert [hit.id for hit in look_up("100%纯棉", agent).customers] == [row.pk]


class TestPlans:
    """Every branch of the look-up uses its own index."""

    @pytest.fixture(autouse=True)
    def _rows_and_statistics(self) -> None:
        row = samples.customer()
        others = clones(row, 200, number=lambda n: f"KH-8{n:05}")
        Telephone.objects.bulk_create(
            Telephone(customer=other, number=f"138{place:08}") for place, other in enumerate(others)
        )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE customers_telephone")
            cursor.execute(
                "INSERT INTO customers_waybill (number, is_stub, consignor_id, consignor_name, consignor_telephone, "
                "consignee_name, consignee_telephone, origin_text, destination_text, goods, packing, pieces, "
                "service, shipped_on, cod_state, source, source_at, search_text, version, created_at) "
                "SELECT (87000000000 + n)::text, n %% 500 = 0, CASE WHEN n %% 400 = 0 THEN %s::bigint END, 'a', "
                "'1880000' || lpad(n::text, 4, '0'), 'b', '1770000' || lpad(n::text, 4, '0'), 'c', 'd', 'e', '', "
                "1, '', '2026-11-01', 'none', 'hand', now(), '', 1, now() - n * interval '1 minute' "
                "FROM generate_series(1, 4000) AS n",
                [row.pk],
            )
            cursor.execute("ANALYZE customers_waybill")

    @pytest.mark.parametrize(
        ("sql", "index"),
        [
            ("SELECT 1 FROM customers_telephone WHERE number = '13900000421'", "telephone_prefix"),
            ("SELECT 1 FROM customers_telephone WHERE number LIKE '1390000%'", "telephone_prefix"),
            ("SELECT 1 FROM customers_telephone WHERE right(\"number\", 4) = '0421'", "telephone_last_four"),
            ("SELECT 1 FROM customers_waybill WHERE right(\"number\", 4) = '7309'", "waybill_last_four"),
            ("SELECT 1 FROM customers_waybill WHERE consignor_telephone = '13900000421'", "waybill_consignor_tel"),
            ("SELECT 1 FROM customers_waybill WHERE consignee_telephone = '13900000421'", "waybill_consignee_tel"),
            ("SELECT 1 FROM customers_waybill WHERE consignor_id = 7 ORDER BY created_at DESC, id DESC LIMIT 8",
             "waybill_of_consignor"),
            ("SELECT 1 FROM customers_customer WHERE search @@ $$'华茂'$$::tsquery", "customer_search"),
            ("SELECT 1 FROM customers_waybill WHERE is_stub ORDER BY created_at DESC LIMIT 50", "waybill_stubs"),
        ],
    )  # fmt: skip
    def test_the_index_serves_it(self, sql: str, index: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        assert index in plan


class TestLists:
    @pytest.mark.parametrize(
        ("typed", "found"),
        [("华茂", 1), ("13900000421", 1), ("0421", 1), ("没有这家", 0), ("", 2), ("李", 1), ("😀", 0)],
    )
    def test_customers_are_searched(self, typed: str, found: int) -> None:
        samples.customer()
        samples.person()
        assert queries.search_customers(Customer.objects.all(), typed).count() == found

    @pytest.mark.parametrize(
        ("typed", "found"),
        [
            ("8620 4417 309", 1),
            ("7309", 1),
            ("86204", 1),
            ("五金件", 1),
            ("周小芸", 1),
            ("13900000421", 1),
            ("瓷砖", 0),
        ],
    )
    def test_waybills_are_searched(self, typed: str, found: int) -> None:
        samples.waybill()
        assert queries.search_waybills(Waybill.objects.all(), typed).count() == found

    def test_the_global_search_answers_customers_then_waybills(self) -> None:
        row = samples.customer()
        bill = samples.waybill()
        hits = queries.search_hits(user=people.user("agent"), text="华茂", limit=8)
        assert [(hit.kind, hit.number) for hit in hits] == [
            ("customers.customer", row.number),
            ("customers.waybill", bill.number),
        ]
        # Eight of each kind: nobody crowds out the other.
        assert len(queries.search_hits(user=people.user("agent"), text="华茂", limit=1)) == 2


class TestPages:
    def test_the_customers_page_asks_the_same_whatever_hangs_on_the_customer(self) -> None:
        agent = people.user("agent")
        row = samples.customer()

        def statements() -> int:
            fresh = queries.customers_visible_to(agent).select_related("account_manager").get(pk=row.pk)
            with CaptureQueriesContext(connection) as asked:
                queries.customer_page(fresh, agent)
            return len(asked)

        def hang(numbers: range) -> None:
            for n in numbers:
                services.add_contact_person(
                    customer=row, name=f"张{n}", telephone=f"1380000000{n}", is_finance=True, by=None, at=AT
                )
                samples.waybill(str(86204417310 + n), consignor_id=row.pk)

        # who has shipped for some weeks is graded, which asks for the policies; the one waybill is as old as the others
        hang(range(1))
        before = statements()
        hang(range(1, 7))
        assert statements() == before

    def test_the_page_counts_the_last_year(self) -> None:
        agent = people.user("agent")
        row, receiver = samples.customer(), samples.person("周小芸", "15011721172")
        bill = samples.waybill()
        services.set_cod(waybill=bill, state="collected", amount=Decimal("4860"), by=None, at=AT)
        page = queries.customer_page(row, agent)
        assert (page.year.sent, page.year.received, page.year.cod_open) == (1, 0, 1)
        assert [own.number for own in page.waybills] == [bill.number]
        assert queries.customer_page(receiver, agent).year.received == 1

    def test_a_tier_brings_its_service_and_its_deadline(self) -> None:
        """CUS-13, CMP-36: A waits shorter or is warned earlier; the ungraded are promised nothing more."""
        a = queries.tier_card(samples.customer(tier="A"), at=AT)
        none = queries.tier_card(samples.person(), at=AT)
        assert a.service is not None
        assert (a.service.visit_months, a.place) == (3, 1)
        assert "一客一案" in a.service.standard["zh-Hans"]
        assert (none.service, none.place, none.tier) == (None, 0, "")
        assert a.clock.limit_seconds <= none.clock.limit_seconds

    def test_money_is_spoken_of_with_the_companys_finance_people_alone(self) -> None:
        """PRV-05."""
        row = samples.customer()
        services.add_contact_person(customer=row, name="沈月芳", is_finance=True, by=None, at=AT)
        card = queries.what_to_verify(samples.waybill(), people.user("agent"))
        assert (card.verification.only_finance, card.verification.finance_people) == (True, ("沈月芳",))

    def test_a_life_line_hides_nothing(self) -> None:
        """WBL-02, WBL-09."""
        agent, bill = people.user("agent"), samples.waybill()
        wrong = services.record_event(
            waybill=bill, kind="arrived", occurred_at=AT - timedelta(hours=30), place="城西", by=None, at=AT
        )
        right = services.record_event(
            waybill=bill, kind="arrived", occurred_at=AT - timedelta(hours=5), place="城东", corrects=wrong, by=None,
            at=AT,
        )  # fmt: skip
        line = queries.life_line(queries.waybill_card(bill, agent), agent)
        assert [entry for day in line for entry in day.entries] == [
            queries.Happening(right, None),
            queries.Happening(wrong, right),
        ]
        assert [entry.stands for day in line for entry in day.entries] == [True, False]  # type: ignore[union-attr]
        assert len(line) == 2
