"""Categories, subcases, routings and keywords are data (CMP-10a to CMP-11)."""

from __future__ import annotations

from datetime import date

import pytest

from complaints import queries, services
from complaints.models import Category, Keyword, Routing
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints.cases import Crew, register

pytestmark = pytest.mark.django_db
NAMES = {"zh-Hans": "包装不良", "en": "Bad packing"}


def test_the_book_s_categories_stand_in_three_languages_with_their_ways(crew: Crew) -> None:
    rows = queries.catalogue()
    assert [row.rule for row in rows] == [
        "CMP-10a", "CMP-10b", "CMP-10c", "CMP-10d", "CMP-10e", "CMP-10f",
        "CMP-10g", "CMP-10h", "CMP-10i", "CMP-10j", "CMP-10k",
    ]  # fmt: skip
    ways = {row.code: row.goes_to.code if row.goes_to else None for row in rows}
    assert ways == {
        "attitude": "inspection", "branch_procedure": "branch_management", "late_delivery": "inspection",
        "late_remittance": "settlement", "delay": "inspection", "misrouted": "operations", "damage_shortage": "claims",
        "clerical_error": "business", "price": "business", "no_feedback": "inspection", "other": None,
    }  # fmt: skip
    for row in rows:
        assert set(row.names) == {"zh-Hans", "zh-Hant", "en"}
        assert all(set(one.names) == {"zh-Hans", "zh-Hant", "en"} for one in row.subcase_list)
    misrouted = next(row for row in rows if row.code == "misrouted")
    assert {one.code: one.goes_to.code for one in misrouted.subcase_list} == {
        "label_wrong": "business", "sorting_wrong": "operations", "cause_unknown": "operations",
        "wrong_person": "branch_management",
    }  # fmt: skip


def test_a_new_category_goes_where_it_is_said_from_its_day_on(crew: Crew) -> None:
    made = services.save_category(code="packing", names=NAMES, ordinal=95, by=crew.manager)
    services.set_routing(
        category=made, department_kind="operations", valid_from=date(2026, 11, 1), by=crew.manager
    )
    services.set_routing(
        category=made, department_kind="business", valid_from=date(2026, 11, 20), by=crew.manager
    )
    assert register(crew.agent, category="packing").department.code == "operations"
    services.set_routing(
        category=made, department=people.department("claims"), valid_from=date(2026, 11, 18), by=crew.manager
    )
    other = register(crew.agent, category="packing", waybill_number="86204417400")
    assert other.department.code == "claims"
    assert TrailEntry.objects.filter(code="routing.saved").count() == 3


def test_a_closed_category_is_chosen_no_more(crew: Crew) -> None:
    row = Category.objects.get(code="price")
    services.save_category(
        category=row, code="price", names=row.names, ordinal=90, closed_on=date(2026, 11, 1), by=crew.manager
    )
    assert "price" not in {one.code for one in queries.categories_today()}
    with pytest.raises(RuleBroken) as refused:
        register(crew.agent, category="price")
    assert refused.value.code == "complaint.category_unknown"


def keyword(word: str, by: User, **given: int) -> Keyword:
    return services.save_keyword(word=word, category=Category.objects.get(code="price"), by=by, **given)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda by: services.save_category(code="price", names=NAMES, ordinal=1, by=by), "catalogue.code_taken"),
        (lambda by: services.save_category(code="new", names={"en": "x"}, ordinal=1, by=by), "catalogue.names"),
        (
            lambda by: services.set_routing(
                category=Category.objects.get(code="price"), department_kind="claims",
                department=people.department("claims"), valid_from=date(2026, 1, 1), by=by,
            ),
            "catalogue.one_way",
        ),
        (
            lambda by: services.set_routing(
                category=Category.objects.get(code="price"), department_kind="moon", valid_from=date(2026, 1, 1), by=by
            ),
            "catalogue.kind_unknown",
        ),
        (lambda by: keyword(" ", by), "catalogue.word_needed"),
        (lambda by: keyword("态度", by), "catalogue.word_taken"),
        (lambda by: keyword("新词", by, weight=0), "catalogue.weight"),
    ],
)  # fmt: skip
def test_what_is_refused(crew: Crew, act, code: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RuleBroken) as refused:
        act(crew.manager)
    assert refused.value.code == code


def test_without_the_right_nothing_is_edited(crew: Crew) -> None:
    for act in (
        lambda: services.save_category(code="x", names=NAMES, ordinal=1, by=crew.supervisor),
        lambda: services.remove_keyword(keyword=Keyword.objects.get(word="态度"), by=crew.agent),
    ):
        with pytest.raises(RuleBroken) as refused:
            act()
        assert (refused.value.code, refused.value.status) == ("lifecycle.no_right", 403)
    assert Keyword.objects.filter(word="态度").exists()


@pytest.mark.parametrize(
    ("text", "category", "subcase"),
    [
        ("送货小哥态度恶劣，还骂人", "attitude", None),
        ("外卖整整晚了一个小时，太慢了", "late_delivery", None),
        ("汤全洒了，少送一瓶可乐", "damage_shortage", None),
        ("送错了，不是我点的菜", "misrouted", None),
        ("刚买完就降价，差价也不退", "price", None),
        ("打电话没人接，问了三次没人理", "no_feedback", None),
        ("暴力快递，箱子乱扔，都碎了", "damage_shortage", "rough_handling"),
        ("代收货款一直没打款", "late_remittance", None),
        ("東西送錯了", "misrouted", None),
    ],
)
def test_keywords_find_the_category_of_real_texts(text: str, category: str, subcase: str | None) -> None:
    guess = queries.category_of_text(text)
    assert guess is not None
    assert guess.category.code == category
    assert (guess.subcase.code if guess.subcase else None) == subcase
    assert guess.words


def test_a_text_without_keyword_names_nothing() -> None:
    assert queries.category_of_text("味道一般") is None


def test_a_new_keyword_counts_folded(crew: Crew) -> None:
    services.save_keyword(
        word="漏裝", category=Category.objects.get(code="misrouted"), weight=50, by=crew.manager
    )
    assert queries.category_of_text("这家漏装").category.code == "misrouted"  # type: ignore[union-attr]
    services.remove_keyword(keyword=Keyword.objects.get(weight=50), by=crew.manager)
    assert queries.category_of_text("这家漏装").category.code == "damage_shortage"  # type: ignore[union-attr]


def test_the_same_day_s_routing_is_changed_not_doubled(crew: Crew) -> None:
    row = Category.objects.get(code="price")
    for kind in ("claims", "operations"):
        services.set_routing(
            category=row, department_kind=kind, valid_from=date(2026, 11, 1), by=crew.manager
        )
    assert (
        Routing.objects.filter(category=row, valid_from=date(2026, 11, 1)).get().department_kind
        == "operations"
    )
