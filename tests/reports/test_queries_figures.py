"""One month computed by hand: every indicator in literal values (tests/reports/october.py tells the month)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from complaints import services
from reports.domain.period import parse
from reports.domain.snapshot import Figure, Snapshot, Table, from_json
from reports.models import ReportRevision
from reports.queries import count_rows, drawing, rows_page, sheets_of, stream_rows
from reports.queries.rows import line_of
from tests import people
from tests.complaints import cases as complaining
from tests.matrix.world import undone
from tests.reports import cases
from tests.reports.october import October, at, october

NOW = at(5, 12, month=11)


@pytest.fixture(scope="module")
def month(django_db_setup: Any, django_db_blocker: Any) -> Iterator[tuple[October, ReportRevision]]:
    """The month played once, and its report as it was closed on 1 November at six."""
    with django_db_blocker.unblock(), undone():
        people.centre()
        world = october()
        yield world, cases.issued("RPT-07", "2026-10", now=NOW)


@pytest.fixture
def report(month: tuple[October, ReportRevision]) -> Snapshot:
    return month[1].figures


def figure(report: Snapshot, code: str) -> Figure:
    return next(figure for figure in report.figures() if figure.code == code)


def table(report: Snapshot, code: str) -> Table:
    return next(table for chapter in report.chapters for table in chapter.tables if table.code == code)


BY_HAND = {
    # two answered of three asked on a channel that is not live; within five minutes one
    "KPI-01.share": (3333, (1, 3)),
    "KPI-01.median": (360, None),  # of 180 and 540 seconds
    "KPI-01.p90": (504, None),
    # one, two, six and seven of nine; seven too late
    "KPI-02.resolved": (4444, (4, 9)),
    "KPI-02.in_time": (3333, (3, 9)),
    # the four, and five, which is in handling with every deadline kept
    "KPI-03.handled": (5556, (5, 9)),
    # one and seven of one, two and seven; of six nothing is asked, five falls due in November
    "KPI-03.follow_up": (6667, (2, 3)),
    "KPI-04.second": (1111, (1, 9)),
    # seven is the third founded one of the month against the branch
    "KPI-04.recurrences": (1, None),
    # eight waybills complained of, one claimed, one late, of twenty: 10 / 60
    "KPI-08.dpmo": (166_667, None),
    "KPI-08.sigma": (247, None),
    "KPI-09.cost": (500, None),  # 100 of 2 000 yuan
    "KPI-09.freight": (200_000, None),
    # eight at once, four after ninety minutes
    "KPI-11.share": (5000, (1, 2)),
    "complaints.registered": (9, None),
    "complaints.unresolved": (5, None),
    "complaints.second": (1, None),
    "complaints.needs": (1, None),
    "claims.reported": (1, None),
    "claims.payments": (1, None),
    "claims.paid": (10_000, None),
    "claims.reserve": (0, None),
    "claims.insurance": (3_000, None),
    "claims.charged": (10_000, None),
    "claims.recovered": (0, None),
    # 80 and 50 yuan: the second was withdrawn only after the closing
    "conduct.sanctions": (2, None),
    "conduct.fines": (13_000, None),
    "conduct.disqualified": (1, None),
}


@pytest.mark.parametrize("code", BY_HAND)
def test_every_indicator_is_what_is_counted_by_hand(report: Snapshot, code: str) -> None:
    """KPI-01 to KPI-11, RPT-01, RPT-03."""
    found = figure(report, code)
    assert (found.value, found.parts) == BY_HAND[code]


@pytest.mark.parametrize(
    "code",
    [
        "complaints.outside", "complaints.suggestions", "conduct.rewards", "claims.goodwill",
    ],
)  # fmt: skip
def test_what_nobody_records_is_nothing_and_never_nought(report: Snapshot, code: str) -> None:
    assert figure(report, code).value is None
    name = code.partition(".")[2]
    assert f"not_recorded.{name}" in {key for chapter in report.chapters for key, _params in chapter.remarks}


def test_the_period_before_and_the_history_are_of_their_own_months(report: Snapshot) -> None:
    """30 September 23:30 at the centre is September; twelve months, the last is this one."""
    registered = figure(report, "complaints.registered")
    assert registered.before == 1
    assert registered.history == (*([None] * 10), 1, 9)
    assert figure(report, "KPI-02.resolved").before == 0


def test_targets_are_the_policys(report: Snapshot) -> None:
    assert figure(report, "KPI-02.resolved").target == 9_000
    assert figure(report, "KPI-03.follow_up").target == 10_000
    assert figure(report, "KPI-02.resolved").met is False
    assert figure(report, "KPI-04.second").target is None
    assert report.policies == {"reports.targets": 0, "reports.schedule": 0}


def test_complaints_are_told_apart_by_category_department_channel_and_outcome(report: Snapshot) -> None:
    """RPT-01: registered, before, resolved, founded, second."""
    channels = {row[0]: row[1:] for row in table(report, "complaints.channel").rows}
    assert channels == {
        "telephone": (6, 1, 3, 3, 1),
        "email": (2, 0, 1, 1, 0),
        "online": (1, 0, 0, 0, 0),
    }
    outcomes = {row[0]: row[1] for row in table(report, "complaints.outcome").rows}
    # five was found on 31 October at 23:00
    assert outcomes == {"founded": 4, "none": 5}
    assert table(report, "complaints.category").total == (None, 9, 1, 4, 4, 1)
    assert sum(row[1] for row in table(report, "complaints.department").rows) == 9


def test_recurrences_stand_by_their_department(report: Snapshot) -> None:
    """KPI-04."""
    ((department, now, before),) = table(report, "recurrences.department").rows
    assert (department["zh-Hans"], now, before) == ("城东分公司", 1, 0)


def test_the_sheet_of_sanctions_is_by_department_person_and_violation(report: Snapshot) -> None:
    """RPT-02, SAN-13."""
    sheet = table(report, "conduct.sheet")
    ((department, person, rule, _words, measure, count, amount),) = sheet.rows
    assert (department["zh-Hans"], person, rule) == ("城东分公司", None, "SAN-02")
    assert (measure, count, amount) == ("fine", 2, 13_000)
    assert sheet.total[-2:] == (2, 13_000)


def test_claims_are_told_apart_by_cause_kind_place_route_branch_and_party(report: Snapshot) -> None:
    """RPT-03: one loss of 100 yuan, determined; every way of dividing it sums to the same."""
    for by in ("cause", "kind", "place", "route", "branch"):
        (row,) = table(report, f"claims.{by}").rows
        assert row[-5:] == (1, 1, row[-3], 10_000, 10_000), by
    assert str(table(report, "claims.cause").rows[0][0]).startswith("LR-")
    assert table(report, "claims.route").rows[0][:2] == ("杭州", "城东")
    parties = table(report, "claims.party")
    assert sum(row[2] for row in parties.rows) == 10_000
    assert parties.total == (None, None, 10_000, 0, 0)


def test_the_rows_behind_a_figure_are_as_many_as_it_counts(month: tuple[October, ReportRevision]) -> None:
    revision = month[1]
    for one in revision.figures.figures():
        if one.rows and one.code != "KPI-08.dpmo":
            wanted = one.parts[0] if one.parts else one.value if one.unit == "count" else None
            if wanted is not None:
                assert count_rows(revision, one.rows) == wanted, one.code
            if one.parts and one.rows.startswith("complaints."):
                assert count_rows(revision, "complaints") == 9
    assert count_rows(revision, "defects") == 10
    assert count_rows(revision, "responses") == 3


def test_the_rows_behind_a_line_of_a_table_are_as_many_as_it_counts(
    month: tuple[October, ReportRevision],
) -> None:
    """RPT: also a single line leads to its rows; the lines of a table share out the rows of its sheet."""
    revision = month[1]
    told = set()
    for chapter in revision.figures.chapters:
        for one in chapter.tables:
            place = next((n for n, column in enumerate(one.columns) if column.unit == "count"), None)
            for row in one.rows:
                line = line_of(one, row)
                if not line or place is None or one.code == "claims.party":
                    continue
                told.add(one.code)
                assert count_rows(revision, one.detail, of=line) == row[place], (one.code, line)
    assert {
        "complaints.category",
        "complaints.department",
        "complaints.channel",
        "complaints.outcome",
    } <= told
    assert {"conduct.sheet", "claims.kind", "defects.kind"} <= told


def test_a_line_that_its_sheet_does_not_tell_apart_leads_nowhere(
    month: tuple[October, ReportRevision],
) -> None:
    routes = table(month[1].figures, "claims.route")
    assert line_of(routes, routes.rows[0]) == {}


def test_rows_name_their_records_and_no_caller(month: tuple[October, ReportRevision]) -> None:
    """PRV-04: neither telephone number nor name of the caller leaves with the rows."""
    world, revision = month
    numbers = [row.cells[0] for row in rows_page(revision, "complaints.second")]
    assert numbers == [world.tickets["second"].number]
    for key in sheets_of(revision.figures):
        words = " ".join(str(row.cells) for row in stream_rows(revision, key))
        assert "13800000" not in words
        assert "刘海涛" not in words


def test_rows_come_page_by_page(month: tuple[October, ReportRevision]) -> None:
    revision = month[1]
    first = rows_page(revision, "complaints", size=4)
    then = rows_page(revision, "complaints", after=first[-1].id, size=20)
    assert [len(first), len(then)] == [4, 5]
    assert not {row.id for row in first} & {row.id for row in then}


def test_the_figures_are_those_of_plain_sql(month: tuple[October, ReportRevision], report: Snapshot) -> None:
    """The same questions asked in another way: one by one, without the report's statements."""
    day = "registered_at >= '2026-10-01 00:00+08' AND registered_at < '2026-11-01 00:00+08'"
    alive = f"{day} AND state NOT IN ('cancelled', 'merged')"
    closing = "'2026-11-01 06:00+08'"
    breached = f"""SELECT 1 FROM deadlines_clock k WHERE k.subject_kind = 'complaints.complaint'
      AND k.subject_id = c.id AND k.due_at < {closing} AND (k.ended_at IS NULL OR k.ended_at > k.due_at)"""
    asked = {
        "complaints.registered": f"SELECT count(*) FROM complaints_complaint c WHERE {alive}",
        "KPI-02.resolved": f"SELECT count(*) FROM complaints_complaint c WHERE {alive} AND resolved_at < {closing}",
        "KPI-03.handled": f"""SELECT count(*) FROM complaints_complaint c
          WHERE {alive} AND (resolved_at < {closing} OR NOT EXISTS ({breached}))""",
    }
    for code, sql in asked.items():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            (plain,) = cursor.fetchone()
        found = figure(report, code)
        assert (found.parts[0] if found.parts else found.value) == plain, code


def test_a_closed_month_stays_as_it_was_closed(month: tuple[October, ReportRevision]) -> None:
    """Fault 26: what is resolved, cancelled or found after the closing changes nothing in the closed month."""
    world, revision = month
    with undone():
        crew = world.crew
        services.cancel(
            complaint=complaining.fresh(world.tickets["three"]), reason="重复", by=crew.supervisor, at=NOW
        )
        services.reopen(
            complaint=complaining.fresh(world.tickets["one"]), reason="又坏了", by=crew.agent, at=NOW
        )
        again = cases.issued("RPT-07", "2026-10", now=at(20, 9, month=11)).figures
    assert again.chapters == revision.figures.chapters


def test_with_what_was_recorded_since_it_knows_more(month: tuple[October, ReportRevision]) -> None:
    """RPT-25: made again as of now, five is resolved: five of nine."""
    period = parse("2026-10")
    order = drawing.Order("RPT-07", period, None, "now", NOW)
    found = figure(drawing.draw(order, drawn_at=NOW), "KPI-02.resolved")
    assert (found.value, found.parts) == (5556, (5, 9))


def test_a_department_has_its_own_figures(month: tuple[October, ReportRevision]) -> None:
    """ORG-04: of the east branch all but four and eight, which concern nobody yet, and six."""
    east = people.department("branch_east")
    own = cases.issued("RPT-01", "2026-W41", east, now=NOW).figures
    # 5 to 11 October: one, two, three
    assert figure(own, "complaints.registered").value == 3
    assert own.scope == dict(east.names)
    west = cases.issued("RPT-01", "2026-W41", people.department("branch_west"), now=NOW).figures
    assert figure(west, "complaints.registered").value == 0


def test_a_snapshot_comes_back_from_json_as_it_was(month: tuple[October, ReportRevision]) -> None:
    row = ReportRevision.objects.get(pk=month[1].pk)
    assert json.loads(json.dumps(from_json(row.snapshot).as_json())) == row.snapshot
    assert from_json(row.snapshot) == month[1].figures
