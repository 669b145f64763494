"""Charts have the exact geometry of the mock-ups, a table beside each, and no letter under 12 px."""

from __future__ import annotations

import re
from typing import Any
from xml.etree import ElementTree

import pytest

from servicecenter import charts
from servicecenter.charts import Bar, Cell, Line, Stack
from servicecenter.charts.lines import ticks_of


def found(drawn: Any, tag: str, css: str = "") -> list[dict[str, str]]:
    """Attributes of every element of that tag and class; proves that the drawing is well-formed XML too."""
    root = ElementTree.fromstring(str(drawn))
    return [node.attrib for node in root.iter(tag) if not css or css in node.get("class", "").split()]


def texts(drawn: Any) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(str(drawn)).iter("text")]


CATEGORIES = [
    Bar("晚送", 402),
    Bar("货损货差", 281),
    Bar("错发", 121, url="/q/?c=1&d=2"),
    Bar("其他", 37, grey=True),
]


def test_bars_lie_where_the_mock_up_puts_them() -> None:
    drawn = charts.bars(CATEGORIES, title="按类别")
    assert drawn.svg.startswith(
        '<svg width="372" height="128" viewBox="0 0 372 128" role="group" aria-label="按类别"'
    )
    assert [(r["x"], r["y"], r["width"], r["height"]) for r in found(drawn, "rect")] == [
        ("72.0", "7", "255.0", "19"),
        ("72.0", "38", "178.2", "19"),
        ("72.0", "69", "76.8", "19"),
        ("72.0", "100", "23.5", "19"),
    ]
    assert [(r["class"], r["fill"]) for r in found(drawn, "rect")][::3] == [
        ("f1", "#0b6670"),
        ("f7", "#6f8288"),
    ]
    assert texts(drawn) == ["晚送", "402", "货损货差", "281", "错发", "121", "其他", "37"]
    values = found(drawn, "text", "vb")
    assert (values[0]["x"], values[0]["y"]) == ("334.0", "21.5")
    assert [link["href"] for link in found(drawn, "a")] == ["/q/?c=1&d=2"]


def test_bars_of_nothing_or_of_one_zero_are_drawn_too() -> None:
    assert found(charts.bars([], title="x"), "rect") == []
    assert found(charts.bars([Bar("a", 0)], title="x"), "rect")[0]["width"] == "0.0"


def test_a_long_label_is_cut_and_whole_in_its_title_and_markup_in_it_is_text() -> None:
    drawn = charts.bars([Bar("这是一个长得放不下的类别名称<b>", 1)], title='"><script>')
    root = ElementTree.fromstring(drawn.svg)
    label = next(root.iter("text"))
    assert label.text == "这是一个长得放不下的类…"
    assert label[0].text == "这是一个长得放不下的类别名称<b>"
    assert root.get("aria-label") == '"><script>'
    assert "<script>" not in drawn.svg
    assert "<script>" not in drawn.table


def test_age_bars_lie_where_the_mock_up_puts_them() -> None:
    people = [Stack("陈晓燕", [9, 3, 2]), Stack("吴凡", [16, 2, 0]), Stack("周倩", [8, 0, 0])]
    drawn = charts.age_bar(
        people,
        tones=["age2", "soon", "late"],
        names=["在办", "1 小时内", "超时"],
        title="每人在办",
        label_width=82,
        thick=False,
    )
    assert [(r["class"], r["x"], r["width"]) for r in found(drawn, "rect")] == [
        ("fa3", "82.0", "176.0"),
        ("famber", "259.0", "58.0"),
        ("fred", "318.0", "38.3"),
        ("fa3", "82.0", "313.7"),
        ("famber", "396.7", "38.3"),
        ("fa3", "82.0", "156.3"),
    ]
    ends = found(drawn, "text", "vb")
    assert [(end["x"], end["y"]) for end in ends] == [("363.3", "21.5"), ("442.0", "52.5"), ("245.3", "83.5")]
    assert texts(drawn)[1::2] == ["14", "18", "8"]
    thick = charts.age_bar(people, tones=["age1", "age2", "late"], names=["a", "b", "c"], title="x")
    assert {rect["height"] for rect in found(thick, "rect")} == {"26"}


LATE = [84, 86, 85, 88, 87, 89, 90, 91, 90, 90, 91, 92.4]
MONTHS = [f"{month} 月" for month in (11, 12, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)]


def test_a_line_of_percentages_lies_where_the_mock_up_puts_it() -> None:
    drawn = charts.line(
        MONTHS,
        [Line("24 时内处理率", LATE)],
        title="x",
        low=80,
        high=100,
        target=(90, "目标 90%"),
        say=charts.percent,
    )
    (stroke,) = found(drawn, "polyline")
    assert stroke["points"] == (
        "42.0,117.6 111.1,104.4 180.2,111.0 249.3,91.2 318.4,97.8 387.5,84.6 456.5,78.0 525.6,71.4 594.7,78.0 "
        "663.8,78.0 732.9,71.4 802.0,62.2"
    )
    assert found(drawn, "path", "tgt")[0]["d"] == "M42 78.0H802"
    assert found(drawn, "path", "ax")[0]["d"] == "M42 144H802"
    said = texts(drawn)
    assert said[:5] == ["80%", "85%", "90%", "95%", "100%"]
    assert said[5:17] == MONTHS
    assert said[17] == "目标 90%"


def test_a_comparison_is_dashed_grey_an_area_is_filled_and_the_last_value_is_written() -> None:
    hours = [f"{7 + half // 2:02}:{half % 2 * 30:02}" for half in range(21)]
    today: list[int | None] = [1, 4, 8, 14, 18, 17, 15, 12, *[None] * 13]
    usual = [2, 5, 9, 12, 14, 13, 10, 7, 6, 8, 10, 11, 9, 7, 5, 4, 3, 2, 2, 1, 1]
    drawn = charts.line(
        hours,
        [Line("今天", today, area=True), Line("平常周四", usual, dashed=True, series=6)],
        title="今天进来的投诉",
        width=680,
        height=236,
        high=20,
        last_value=True,
    )
    assert found(drawn, "polygon", "fa1")[0]["points"] == (
        "30.0,210.0 30.0,200.1 61.6,170.4 93.2,130.8 124.8,71.4 156.4,31.8 188.0,41.7 219.6,61.5 251.2,91.2 251.2,210.0"
    )
    first, second = found(drawn, "polyline")
    assert "stroke-dasharray" not in first
    assert (second["class"], second["stroke-dasharray"]) == ("s7", "4 3")
    (dot,) = found(drawn, "circle")
    assert (dot["cx"], dot["cy"], dot["r"]) == ("251.2", "91.2", "4")
    assert found(drawn, "text", "vb")[0]["x"] == "259.2"
    assert [said for said in texts(drawn) if ":" in said] == hours[::2]


def test_words_at_the_right_end_stay_in_the_drawing_and_off_a_falling_line() -> None:
    months = ["2026-09", "2026-10", "2026-11"]
    falling, rising = (
        charts.line(
            months,
            [Line("x", values)],
            title="x",
            width=480,
            height=200,
            high=5000,
            last_value=True,
            say=lambda value: f"¥{value:,}",
        )
        for values in ([4400, 4000, 1980], [400, 1000, 1980])
    )
    for drawn in (falling, rising):
        assert [text["text-anchor"] for text in found(drawn, "text") if text.get("y") == "192.0"] == [
            "middle", "middle", "end",
        ]  # fmt: skip
    heights = [
        float(found(drawn, "text", "vb")[0]["y"]) - float(found(drawn, "circle")[0]["cy"])
        for drawn in (falling, rising)
    ]
    assert heights[0] > 0 > heights[1]


def test_what_is_not_known_is_a_gap_never_a_zero() -> None:
    drawn = charts.line(list("abcdef"), [Line("x", [1, 2, None, 4, None, None])], title="x", high=5)
    assert len(found(drawn, "polyline")) == 1
    assert [dot["r"] for dot in found(drawn, "circle")] == ["3"]
    assert re.findall(r'<td class="num">(.*?)</td>', drawn.table) == ["1", "2", "", "4", "", ""]
    assert charts.line([], [], title="empty").svg


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (80, 100, [80, 85, 90, 95, 100]),
        (0, 18, [0, 5, 10, 15, 20]),
        (0, 1, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 7, [0, 2, 4, 6, 8]),
        (0, 1284, [0, 500, 1000, 1500]),
        (0, 0, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 10, [0, 2, 4, 6, 8, 10]),
    ],
)
def test_ticks_are_round_and_reach_the_highest_value(low: int, high: int, ticks: list[float]) -> None:
    assert ticks_of(low, high) == ticks


def test_a_spark_lies_where_the_mock_up_puts_it() -> None:
    drawn = charts.spark([91, 92, 92, 93, 94, 94, 95, 95, 96, 96, 96.2, 96.9])
    assert found(drawn, "polyline")[0]["points"].startswith(
        "2.0,21.0 12.4,17.9 22.7,17.9 33.1,14.9 43.5,11.8"
    )
    (dot,) = found(drawn, "circle")
    assert (dot["cx"], dot["cy"], dot["r"]) == ("116.0", "3.0", "2.5")
    assert charts.spark([]) == ""
    assert charts.spark([None, None]) == ""
    assert found(charts.spark([5, 5, 5]), "polyline")[0]["points"] == "2.0,12.0 59.0,12.0 116.0,12.0"


def test_shares_lie_where_the_mock_up_puts_them_and_fill_the_whole() -> None:
    rects = found(charts.sharebar([1, 1, 1]), "rect")
    assert [(r["class"], r["x"], r["width"]) for r in rects] == [
        ("f1", "0.0", "98.50"),
        ("f2", "100.0", "98.50"),
        ("f3", "200.0", "100.00"),
    ]
    assert [r["class"] for r in found(charts.sharebar([1, 0, 3]), "rect")] == ["f1", "f3"]
    assert found(charts.sharebar([]), "rect") == []


def test_grouped_bars_keep_the_place_of_what_is_missing() -> None:
    drawn = charts.grouped_bars(
        [("城东", [10, 20]), ("城西", [None, 5])], names=["本月", "上月"], title="x", label_width=80
    )
    assert [(r["class"], r["y"], r["width"]) for r in found(drawn, "rect")] == [
        ("f1", "7", "177.5"),
        ("f2", "22", "355.0"),
        ("f2", "64", "88.8"),
    ]
    assert '<td class="num"></td>' in drawn.table


def test_a_heat_map_is_a_table_with_five_steps_and_rings() -> None:
    drawn = charts.heat(
        ["城东", "城西"],
        [
            ("晚送", [Cell(21, url="/q/?a=1&b=2", marked=True), Cell(9)]),
            ("错发", [Cell(0, url="/x/"), Cell(1)]),
        ],
        title="近 30 天",
    )
    cells = found(drawn, "td")
    assert [cell["class"] for cell in cells] == ["v5 inc", "v3", "v0", "v1"]
    assert [link["href"] for link in found(drawn, "a")] == ["/q/?a=1&b=2"]
    assert ">·<" in drawn


def test_a_legend_names_tones_and_series() -> None:
    said = charts.legend([("age1", "不到 8 时"), (6, "平常")])
    assert [rect["class"] for rect in found(said, "rect")] == ["fa2", "f7"]


@pytest.mark.parametrize(
    "drawn",
    [
        charts.bars(CATEGORIES, title="x").svg,
        charts.line(MONTHS, [Line("x", LATE)], title="x").svg,
        charts.age_bar([Stack("a", [1])], tones=["age1"], names=["x"], title="x").svg,
        charts.grouped_bars([("a", [1])], names=["x"], title="x").svg,
    ],
    ids=["bars", "line", "age", "grouped"],
)
def test_every_chart_has_12_px_text_and_no_style_that_a_page_or_a_pdf_would_drop(drawn: str) -> None:
    assert 'font-size="12"' in drawn
    assert drawn.count("font-size") == 1
    for forbidden in ("style=", "<style", "onclick", "<script", "transform"):
        assert forbidden not in drawn


def test_every_drawing_has_its_figures_as_a_table() -> None:
    drawn = charts.bars(CATEGORIES, title="按类别")
    assert "<caption>按类别</caption>" in drawn.table
    assert '<th scope="row">货损货差</th><td class="num">281</td>' in drawn.table
    assert drawn.__html__() == str(drawn) == drawn.svg


def test_a_chart_is_drawn_in_a_pdf_with_its_figures() -> None:
    import subprocess

    from servicecenter import drawing

    page = f'<html lang="zh-Hans"><body>{charts.bars(CATEGORIES, title="按类别")}</body></html>'
    content = drawing.draw(page, language="zh-hans")
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    for word in ("货损货差", "281", "402"):
        assert word in done.stdout.decode()


@pytest.mark.parametrize(
    ("value", "said"), [(1284, "1,284"), (98.1, "98.1"), (98.0, "98"), (0.04, "0"), (0, "0")]
)
def test_figures_are_grouped_with_at_most_one_decimal(value: float, said: str) -> None:
    assert charts.plain(value) == said
    assert charts.percent(value) == f"{said}%"


def test_a_wide_drawing_has_a_narrow_sister_that_keeps_every_figure() -> None:
    stacks = [charts.Stack("Handed over", [3, 9], "/rows/"), charts.Stack("Answered", [1, 0])]
    drawn = charts.age_bar(stacks, tones=("age1", "late"), names=["new", "late"], title="Open", width=480)
    assert 'width="324"' in drawn.narrow and ">12</text>" in drawn.narrow and 'href="/rows/"' in drawn.narrow
    assert drawn.fitting.count("<svg ") == 2
    assert '<svg class="no-phone" width="480"' in drawn.fitting
    assert '<svg class="only-phone" width="324"' in drawn.fitting


def test_a_drawing_that_fits_a_phone_has_no_sister() -> None:
    drawn = charts.line(["1", "2"], [charts.Line("n", [1, 2])], title="n", width=360)
    assert drawn.narrow == "" and drawn.fitting == drawn.svg
