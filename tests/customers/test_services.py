"""Customers and what belongs to them, as services write them (CUS-01 … CUS-04, CMP-01, PRV-01)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from customers import services
from customers.models import Address, Consent, ContactPerson, Customer, Telephone
from customers.queries import look_up
from servicecenter.kernel.errors import RulesBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.customers import samples
from tests.customers.samples import trail_of
from tests.faults.races import race, values
from tests.refusals import refused

pytestmark = pytest.mark.django_db
AT = samples.AT


class TestRegistering:
    def test_a_company_with_number_and_contact_person(self) -> None:
        agent = people.user("agent")
        row = samples.customer(by=agent, region="华东一区", trade="五金批发")
        row.refresh_from_db()
        assert row.number.startswith("KH-")
        assert (row.standing, row.tier, row.difficult_mark, row.created_by) == ("prospect", "", "none", agent)
        telephone = row.telephones.get()
        assert (telephone.number, telephone.contact_person.name) == ("13900000421", "刘海涛")
        assert trail_of(row) == ["customer.registered"]

    def test_the_trail_holds_no_personal_value(self) -> None:
        row = samples.person()
        entry = TrailEntry.objects.get(object_id=row.pk, code="customer.registered")
        assert entry.params["name"]["masked"] == "李**"
        assert entry.params["telephone"]["masked"] == "137****2222"
        assert "李文斌" not in str(entry.params)
        assert "13711112222" not in str(entry.params)

    def test_a_malformed_number_registers_nobody(self) -> None:
        problem = refused("telephone.too_short", samples.customer, telephone="1390000")
        assert (problem.field, problem.params["lacking"]) == ("telephone", 4)
        assert not Customer.objects.exists()

    def test_an_impossible_foreign_number_is_refused(self) -> None:
        refused("telephone.foreign", samples.customer, telephone="+999 1234567")

    @pytest.mark.parametrize("name", ["𠮷野家物流", "䶮城商行", "😀小店", "O'Neil & <b>Co</b>"])
    def test_rare_characters_are_kept_and_found(self, name: str) -> None:
        row = samples.customer(name)
        hits = look_up(name[:2], people.user("agent")).customers
        assert [hit.name for hit in hits] == [row.name] == [name]

    def test_an_over_long_name_is_refused_in_words(self) -> None:
        problem = refused("name.too_long", samples.customer, name="长" * 121)
        assert problem.params == {"most": 120, "length": 121}


class TestCaller:
    """CMP-01: found by number, made when new."""

    def caller(self, telephone: str, name: str = "", **changed: Any) -> Customer:
        return services.find_or_create_caller(telephone=telephone, name=name, by=None, at=AT, **changed)

    def test_the_owner_of_the_number_is_found_in_one_statement(self) -> None:
        row = samples.customer()
        with CaptureQueriesContext(connection) as asked:
            assert self.caller("+86 139 0000 0421", "王强") == row
        assert len(asked) == 1
        assert Customer.objects.count() == 1

    def test_a_new_caller_becomes_a_customer(self) -> None:
        row = self.caller("１３７ １１１１ ２２２２", "李文斌")
        assert (row.name, row.kind, row.standing) == ("李文斌", "person", "prospect")
        assert row.telephones.get().number == "13711112222"
        assert self.caller("13711112222") == row

    def test_a_caller_without_a_name_is_named_by_the_masked_number(self) -> None:
        assert self.caller("13711112222").name == "137****2222"

    def test_a_caller_without_a_number_needs_a_name(self) -> None:
        refused("name.empty", self.caller, telephone="", name=" ")
        assert self.caller("", "何先生").telephones.count() == 0

    def test_among_several_owners_the_one_of_the_name(self) -> None:
        samples.customer()
        meant = samples.customer("新禾食品有限公司", contact_name="沈月芳")
        assert self.caller("13900000421", "沈月芳") == meant
        assert self.caller("13900000421", "新禾食品") == meant

    def test_where_nobody_bears_the_name_the_agent_is_asked(self) -> None:
        samples.customer()
        samples.customer("新禾食品有限公司", contact_name="沈月芳")
        problem = refused("caller.ambiguous", self.caller, telephone="13900000421", name="王强")
        assert problem.params["names"] == "新禾食品有限公司、杭州华茂五金有限公司"
        assert Customer.objects.count() == 2

    def test_where_nobody_can_be_asked_the_newest_open_one_is_taken(self) -> None:
        samples.customer()
        newest = samples.customer("新禾食品有限公司")
        closed = samples.customer("已关闭")
        services.close_customer(customer=closed, reason="停业", by=None, at=AT)
        assert self.caller("13900000421", "王强", ask=False) == newest

    def test_a_malformed_number_makes_nobody(self) -> None:
        refused("telephone.characters", self.caller, telephone="139000O0421", name="李文斌")
        assert not Customer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_callers_of_one_new_number_at_the_same_moment_become_one_customer() -> None:
    """CMP-01, CMP-44."""

    def call() -> int:
        return services.find_or_create_caller(telephone="13711112222", name="李文斌", by=None, at=AT).pk

    assert len(set(values(race(*[call] * 6)))) == 1
    assert Customer.objects.count() == 1
    assert Telephone.objects.count() == 1


class TestChanging:
    def test_what_changed_stands_in_the_trail_and_raises_the_version(self) -> None:
        row = samples.customer(region="华东一区")
        services.change_customer(customer=row, version=1, region="华东二区", trade="五金", by=None, at=AT)
        row.refresh_from_db()
        assert (row.region, row.version) == ("华东二区", 2)
        entry = TrailEntry.objects.get(code="customer.changed")
        assert entry.changes == {"region": ["华东一区", "华东二区"], "trade": ["", "五金"]}

    def test_nothing_changed_writes_nothing(self) -> None:
        row = samples.customer()
        services.change_customer(customer=row, name=row.name, by=None, at=AT)
        row.refresh_from_db()
        assert row.version == 1
        assert trail_of(row) == ["customer.registered"]

    def test_a_stale_form_is_refused_and_changes_nothing(self) -> None:
        """CMP-51."""
        row = samples.customer()
        services.change_customer(customer=row, version=1, region="华东二区", by=None, at=AT)
        refused(
            "lifecycle.stale",
            services.change_customer,
            customer=row,
            version=1,
            region="华南",
            by=None,
            at=AT,
        )
        row.refresh_from_db()
        assert row.region == "华东二区"

    def test_a_new_name_is_found_by_its_pinyin_the_old_one_no_more(self) -> None:
        agent = people.user("agent")
        row = samples.customer(contact_name="")
        services.change_customer(customer=row, name="新禾食品有限公司", by=None, at=AT)
        assert [hit.id for hit in look_up("xinhe", agent).customers] == [row.pk]
        assert look_up("huamao", agent).customers == ()

    def test_the_tier_is_read_only(self) -> None:
        """CUS-10 comes later: nothing here grades."""
        with pytest.raises(TypeError, match="tier"):
            services.change_customer(customer=samples.customer(), tier="A", by=None, at=AT)

    def test_a_closed_file_changes_no_more_until_it_is_opened_again(self) -> None:
        """CUS-04."""
        row = samples.customer()
        services.close_customer(customer=row, reason="停业", by=None, at=AT)
        refused("customer.closed", services.change_customer, customer=row, region="华南", by=None, at=AT)
        refused("customer.closed", services.add_telephone, customer=row, number="13800000000", by=None, at=AT)
        opened = services.reopen_customer(customer=row, by=None, at=AT)
        assert opened.standing == "prospect"
        refused("customer.not_closed", services.reopen_customer, customer=row, by=None, at=AT)

    def test_a_person_who_left_becomes_nobodys_account_manager(self) -> None:
        row, gone = samples.customer(), people.employee("customer_relations", name="赵敏")
        gone.left_on = date(2026, 11, 1)
        gone.save()
        refused(
            "account_manager.gone",
            services.assign_account_manager,
            customer=row,
            employee=gone,
            by=None,
            at=AT,
        )


class TestParts:
    """CUS-01: contact people, numbers, addresses, consents."""

    def test_a_contact_person_with_number_is_found_by_name(self) -> None:
        row = samples.customer()
        services.add_contact_person(
            customer=row,
            name="沈月芳",
            role_title="财务",
            is_finance=True,
            telephone="138 0000 6205",
            by=None,
            at=AT,
        )
        hits = look_up("沈月芳", people.user("agent")).customers
        assert [hit.id for hit in hits] == [row.pk]
        by_number = look_up("13800006205", people.user("agent")).customers[0]
        assert (by_number.contact_name, by_number.contact_role) == ("沈月芳", "财务")

    def test_the_same_number_may_belong_to_several_customers_but_once_to_each(self) -> None:
        one, other = samples.customer(), samples.customer("新禾食品")
        assert Telephone.objects.filter(number="13900000421").count() == 2
        refused(
            "telephone.twice", services.add_telephone, customer=one, number="139-0000-0421", by=None, at=AT
        )
        assert other.telephones.count() == 1

    def test_a_number_of_another_customers_person_is_refused(self) -> None:
        one, other = samples.customer(), samples.customer("新禾食品")
        stranger = ContactPerson.objects.get(customer=other)
        refused("telephone.stranger", services.add_telephone, customer=one, number="13800000000",
                contact_person=stranger, by=None, at=AT)  # fmt: skip

    def test_removing_a_person_removes_the_persons_numbers_and_raises_the_version(self) -> None:
        row = samples.customer()
        services.add_telephone(customer=row, number="0571-88996677", by=None, at=AT)
        services.remove_contact_person(person=row.contact_people.get(), by=None, at=AT)
        row.refresh_from_db()
        assert list(row.telephones.values_list("number", flat=True)) == ["057188996677"]
        assert row.version == 2
        assert look_up("刘海涛", people.user("agent")).customers == ()

    def test_a_changed_number_enters_the_trail_masked(self) -> None:
        row = samples.customer()
        telephone = row.telephones.get()
        services.change_telephone(
            telephone=telephone,
            number="13900000422",
            contact_person=None,
            label="手机",
            version=1,
            by=None,
            at=AT,
        )
        entry = TrailEntry.objects.get(code="customer.telephone_changed")
        assert [value["masked"] for value in entry.changes["number"]] == ["139****0421", "139****0422"]
        assert entry.changes["contact_person"][0]["masked"] == "刘**"
        assert "13900000421" not in str(entry.changes)

    def test_adding_does_not_make_another_form_stale_changing_does(self) -> None:
        row = samples.customer()
        services.add_telephone(customer=row, number="13800000000", by=None, at=AT)
        services.add_address(customer=row, text="杭州市萧山区建设四路 1 号", by=None, at=AT)
        services.change_customer(customer=row, version=1, region="华东", by=None, at=AT)
        refused("lifecycle.stale", services.remove_telephone, telephone=row.telephones.first(), version=1, by=None,
                at=AT)  # fmt: skip
        assert row.telephones.count() == 2

    def test_addresses_are_kept_once_and_masked_in_the_trail(self) -> None:
        row = samples.customer()
        made = services.add_address(customer=row, text=" 杭州市萧山区  建设四路 1 号 ", by=None, at=AT)
        assert made.text == "杭州市萧山区 建设四路 1 号"
        refused(
            "address.twice",
            services.add_address,
            customer=row,
            text="杭州市萧山区 建设四路 1 号",
            by=None,
            at=AT,
        )
        entry = TrailEntry.objects.get(code="customer.address_added")
        assert entry.params["address"]["masked"] == "杭州市萧山区****"
        services.change_address(address=made, text="杭州市余杭区文一西路 9 号", by=None, at=AT)
        services.remove_address(address=made, by=None, at=AT)
        assert not Address.objects.exists()

    def test_consent_is_given_for_a_purpose_and_ends(self) -> None:
        """PRV-01."""
        row = samples.customer()
        refused("consent.future", services.record_consent, customer=row, purpose="surveys",
                given_on=date(2026, 11, 19), by=None, at=AT)  # fmt: skip
        made = services.record_consent(
            customer=row, purpose="surveys", given_on=date(2026, 11, 1), means="电话", by=None, at=AT
        )
        refused("consent.twice", services.record_consent, customer=row, purpose="surveys",
                given_on=date(2026, 11, 1), by=None, at=AT)  # fmt: skip
        refused("consent.dates", services.end_consent, consent=made, until=date(2026, 10, 1), by=None, at=AT)
        services.end_consent(consent=made, until=date(2026, 11, 18), by=None, at=AT)
        assert Consent.objects.get().until == date(2026, 11, 18)

    def test_a_customer_has_at_most_fifty_numbers(self) -> None:
        row = samples.customer()
        Telephone.objects.bulk_create(Telephone(customer=row, number=f"139000010{n:02}") for n in range(49))
        refused(
            "customer.too_many", services.add_telephone, customer=row, number="13800000000", by=None, at=AT
        )


def test_every_problem_of_a_waybill_is_told_at_once() -> None:
    row = services.register_stub_waybill(number="86204417309", by=None, at=AT)
    from customers.domain.facts import WaybillFacts

    with pytest.raises(RulesBroken) as caught:
        services.complete_waybill(waybill=row, facts=WaybillFacts(consignor_telephone="139"), by=None, at=AT)
    assert {(rule.field, rule.code) for rule in caught.value.broken} >= {
        ("consignor_telephone", "telephone.too_short"),
        ("shipped_on", "waybill.missing"),
        ("goods", "waybill.missing"),
    }
    row.refresh_from_db()
    assert row.is_stub
