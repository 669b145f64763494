"""Reply templates: named fields filled by plain replacement, nothing else read in them (CMP-50)."""

from __future__ import annotations

import pytest

from complaints.domain.phrasing import FIELDS, check, fill, plain
from complaints.wording import TEMPLATE_FIELDS
from servicecenter.kernel.errors import RuleBroken

MISSING = {"waybill": "（未登记）", "customer": "客户"}


def test_every_placeholder_gets_its_value() -> None:
    said = fill(
        "{customer}，运单 {waybill}，{customer}！", {"customer": "刘海涛", "waybill": "8620"}, MISSING
    )
    assert said == "刘海涛，运单 8620，刘海涛！"


@pytest.mark.parametrize("values", [{}, {"waybill": ""}], ids=["absent", "empty"])
def test_a_missing_waybill_is_said_in_words(values: dict[str, str]) -> None:
    assert fill("运单 {waybill}。", values, MISSING) == "运单 （未登记）。"


def test_a_field_without_a_wording_for_missing_is_empty() -> None:
    assert fill("[{due}]", {}, MISSING) == "[]"


@pytest.mark.parametrize(
    "name",
    ["{agent}", "{", "}", "{0}", "{customer.__class__}", "%(agent)s", "\\1", "{{agent}}"],
)
def test_braces_in_a_customer_s_name_stay_text(name: str) -> None:
    said = fill("{customer} {agent}", {"customer": name, "agent": "李敏"}, MISSING)
    assert said == f"{name} 李敏"


@pytest.mark.parametrize(
    "text",
    [
        "{customer.__class__}",
        "{customer!r}",
        "{number:>10}",
        "{0}",
        "{}",
        "{ customer }",
        "%(customer)s",
        "{password}",
    ],
)
def test_what_is_no_field_is_never_evaluated(text: str) -> None:
    assert fill(text, {"customer": "刘海涛", "number": "TS1", "password": "x"}, MISSING) == text


@pytest.mark.parametrize("name", ["password", "Customer", " customer ", "customer.name", "0", ""])
def test_an_unknown_placeholder_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check("您好 {customer}：{" + name + "}")
    assert refused.value.code == "template.unknown_field"
    assert refused.value.params == {"names": "{" + name + "}"}


@pytest.mark.parametrize("text", ["{customer", "customer}", "{{customer}}", "a } b {number}"])
def test_a_lone_brace_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check(text)
    assert refused.value.code == "template.brace"


def test_every_field_of_the_list_may_be_used_and_is_explained() -> None:
    check(" ".join("{" + name + "}" for name in FIELDS))
    assert tuple(TEMPLATE_FIELDS) == FIELDS


def test_braces_of_a_chinese_keyboard_count_as_braces() -> None:
    assert plain("  ｛customer｝\r\n您好 ") == "{customer}\n您好"
