"""A code for goods that have none: the site asks, the department passes on, business management decides (INV-16)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from inventory import queries, services
from inventory.domain.coding import Wanted
from inventory.models import Item, ItemRequest
from organization.models import User
from servicecenter import attachments, trail
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.models import Notice
from tests.inventory.stores import AT, Stores
from tests.servicecenter.uploads import PDF, image

SLOTS = ("far", "near", "plate")


def picture(by: User | None) -> str:
    return attachments.store(file=SimpleUploadedFile("现场.png", image()), by=by).public_id


def pictures(by: User | None) -> dict[str, list[str]]:
    return {slot: [picture(by)] for slot in SLOTS}


def wanted(s: Stores, **more: Any) -> Wanted:
    words = {
        "name": "扭力倍增器",
        "spec": "NB-1500 1:15",
        "unit": "台",
        "item_class": "tool",
        "reason": "塔筒螺栓复检",
    }
    return Wanted(s.sound.pk, **words | more)


def asked(s: Stores, by: User | None = None, **more: Any) -> ItemRequest:
    by = by or s.keeper
    return services.ask_item_code(wanted=wanted(s, **more), photos=pictures(by), by=by, at=AT)


def passed(s: Stores) -> ItemRequest:
    return services.pass_on_item_request(item_request=asked(s), by=s.accountant, at=AT)


def told(user: User) -> list[str]:
    return list(Notice.objects.filter(user=user).order_by("pk").values_list("code", flat=True))


class TestAsking:
    def test_the_request_keeps_words_and_three_pictures_and_tells_the_accountant_alone(
        self, s: Stores
    ) -> None:
        s.accountant, s.accountant_far, s.chief  # noqa: B018
        row = asked(s)
        assert (row.number[:7], row.state, row.name, row.unit) == ("BM2611-", "requested", "扭力倍增器", "台")
        assert list(attachments.of(row).values_list("role", flat=True)) == list(SLOTS)
        assert told(s.accountant) == ["stock.code_to_pass_on"]
        assert told(s.accountant_far) == told(s.chief) == told(s.keeper) == []
        assert Item.objects.filter(names__contains={"zh-Hans": "扭力倍增器"}).count() == 0

    def test_a_missing_picture_and_missing_words_are_said_at_once(self, s: Stores) -> None:
        photos = {**pictures(s.keeper), "near": []}
        with pytest.raises(RulesBroken) as refused:
            services.ask_item_code(wanted=wanted(s, spec=" "), photos=photos, by=s.keeper, at=AT)
        found = [(one.code, one.field) for one in refused.value.broken]
        assert found == [("document.field_needed", "spec"), ("itemrequest.photo_needed", "near")]
        assert not ItemRequest.objects.exists()

    def test_a_paper_is_no_picture(self, s: Stores) -> None:
        paper = attachments.store(file=SimpleUploadedFile("说明.pdf", PDF), by=s.keeper).public_id
        photos = {**pictures(s.keeper), "plate": [paper]}
        with pytest.raises(RuleBroken, match=r"itemrequest\.photo_kind"):
            services.ask_item_code(wanted=wanted(s), photos=photos, by=s.keeper, at=AT)
        assert not ItemRequest.objects.exists()
        assert [file.kind for file in attachments.waiting([paper], by=s.keeper)] == [""]

    def test_pictures_of_somebody_else_are_not_there(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"attachment\.unknown"):
            services.ask_item_code(wanted=wanted(s), photos=pictures(s.accountant), by=s.keeper, at=AT)

    def test_only_those_who_keep_the_store_ask(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            asked(s, by=s.accountant_far)


class TestTheWay:
    def test_business_management_makes_the_code_and_both_are_told(self, s: Stores) -> None:
        s.chief  # noqa: B018
        row = passed(s)
        assert told(s.chief) == ["stock.code_to_decide"]
        item = services.grant_item_request(item_request=row, code="gj-08001", by=s.chief, at=AT)
        row.refresh_from_db()
        assert (row.state, row.item, row.passed_by, row.decided_by) == (
            "granted",
            item,
            s.accountant,
            s.chief,
        )
        assert (item.code, item.names, item.spec, item.unit, item.item_class) == (
            "GJ-08001", {"zh-Hans": "扭力倍增器"}, "NB-1500 1:15", "台", "tool",
        )  # fmt: skip
        assert told(s.keeper) == ["stock.code_made"]
        assert told(s.accountant)[-1] == "stock.code_made"
        codes = [entry.code for entry in trail.entries_of(row) if entry.code.startswith("itemrequest")]
        assert codes == ["itemrequest.grant", "itemrequest.pass_on", "itemrequest.made"]

    def test_the_code_may_be_put_right_while_it_is_made(self, s: Stores) -> None:
        item = services.grant_item_request(
            item_request=passed(s),
            code="GJ-08001",
            names={"zh-Hans": "扭矩倍增器"},
            unit="套",
            by=s.chief,
            at=AT,
        )
        assert (item.name, item.unit, item.spec) == ("扭矩倍增器", "套", "NB-1500 1:15")

    def test_a_code_that_is_taken_leaves_the_request_as_it_was(self, s: Stores) -> None:
        row = passed(s)
        with pytest.raises(RuleBroken, match=r"item\.code_taken"):
            services.grant_item_request(item_request=row, code=s.wrench.code, by=s.chief, at=AT)
        row.refresh_from_db()
        assert (row.state, row.item) == ("passed", None)

    def test_no_code_before_the_department_passed_it_on(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\."):
            services.grant_item_request(item_request=asked(s), code="GJ-08001", by=s.chief, at=AT)
        assert not Item.objects.filter(code="GJ-08001").exists()

    @pytest.mark.parametrize("who", ["keeper", "accountant_far"])
    def test_another_does_not_pass_it_on(self, s: Stores, who: str) -> None:
        row = asked(s)
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            services.pass_on_item_request(item_request=row, by=getattr(s, who), at=AT)

    def test_the_department_makes_no_code(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            services.grant_item_request(item_request=passed(s), code="GJ-08001", by=s.accountant, at=AT)

    @pytest.mark.parametrize(
        ("make", "who", "is_done"),
        [(asked, "accountant", True), (passed, "accountant", False), (passed, "chief", True)],
        ids=["the accountant before", "not after he passed it on", "business management"],
    )
    def test_who_has_it_before_him_refuses_it(
        self, s: Stores, make: Callable[[Stores], ItemRequest], who: str, is_done: bool
    ) -> None:
        row = make(s)
        if not is_done:
            with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
                services.refuse_item_request(item_request=row, reason="有编码", by=getattr(s, who), at=AT)
            return
        services.refuse_item_request(item_request=row, reason="已有 GJ-01042", by=getattr(s, who), at=AT)
        row.refresh_from_db()
        assert (row.state, row.answer, row.item) == ("refused", "已有 GJ-01042", None)
        assert told(s.keeper) == ["stock.code_refused"]

    def test_a_refusal_needs_its_reason(self, s: Stores) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\.reason_needed"):
            services.refuse_item_request(item_request=asked(s), reason=" ", by=s.accountant, at=AT)

    def test_the_site_withdraws_it(self, s: Stores) -> None:
        row = services.withdraw_item_request(item_request=passed(s), reason="已退回厂家", by=s.keeper, at=AT)
        assert (row.state, row.answer) == ("withdrawn", "已退回厂家")
        assert queries.item_request_page(s.keeper, row.number).answers["withdraw"].allowed is False  # type: ignore[union-attr]


def test_each_sees_what_waits_for_him(s: Stores) -> None:
    first, second = asked(s), passed(s)
    assert list(queries.item_requests_waiting_for(s.accountant)) == [first]
    assert set(queries.item_requests_waiting_for(s.chief)) == {first, second}
    assert list(queries.item_requests_waiting_for(s.keeper)) == []


def test_codes_that_look_alike_are_shown_before_it_is_decided(s: Stores) -> None:
    row = asked(s, name="开口扳手")
    assert queries.item_request_page(s.chief, row.number).alike == [s.wrench]  # type: ignore[union-attr]
