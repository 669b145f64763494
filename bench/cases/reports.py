"""The monthly report: its figures beside hand-written SQL over the same twelve months, and its whole PDF."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from bench.floors import fetch
from bench.ground import Ground
from bench.harness import Case, Target
from reports import paper
from reports.domain.period import TREND, period_of
from reports.models import Report, ReportRevision
from reports.models.report import digest_of
from reports.queries import count_rows, drawing, rows_page
from servicecenter import trail
from servicecenter.clock import business_date, centre_zone, now_db

PARTS = 9


def cases(ground: Ground) -> Iterator[Case]:
    """The last whole month, without any issued before it: the history is computed too."""
    now = now_db()
    month = period_of("month", business_date(now)).previous
    basis, as_of = drawing.basis_of("closing", code="RPT-07", period=month, now=now)
    order = drawing.Order("RPT-07", month, None, basis, as_of)
    oldest = list(islice(month.back(), TREND["month"]))[-1]  # type: ignore[index]
    values = {
        "first": oldest.start,
        "before": month.previous.start,
        "last": month.end,
        "since": oldest.since(centre_zone()),
        "until": month.until(centre_zone()),
    }

    def floor() -> list[Any]:
        return [fetch("report", values, part=part) for part in range(PARTS)]

    yield Case(
        "reports.figures",
        "figures of the monthly report with twelve months of history",
        lambda: drawing.draw(order, drawn_at=now),
        floor,
        Target(ratio=1.5),
        calls=1,
        rounds=7,
    )
    revision = _issued(order, now)
    yield Case(
        "reports.pdf",
        "the whole PDF of the monthly report",
        lambda: paper.draw(revision, language="zh-hans"),
        None,
        Target(milliseconds=15_000),
        calls=1,
        rounds=3,
        rows=False,
    )
    yield Case(
        "reports.rows",
        "a page of the rows behind a figure, and how many they are",
        lambda: (rows_page(revision, "complaints.resolved"), count_rows(revision, "complaints.resolved")),
        None,
        Target(milliseconds=3_000),
        calls=1,
        rounds=5,
    )


def _issued(order: drawing.Order, now: Any) -> ReportRevision:
    report = Report.objects.create(
        number=f"{order.code}-{order.period}",
        code=order.code,
        period_kind=order.period.kind,
        start=order.period.start,
        end=order.period.end,
    )
    snapshot = drawing.draw(order, drawn_at=now).as_json()
    made = ReportRevision.objects.create(
        report=report,
        ordinal=1,
        basis=order.basis,
        as_of=order.as_of,
        snapshot=snapshot,
        sha256=digest_of(snapshot),
        trail_digest=trail.newest_digest(),
        drawn_at=now,
    )
    made.refresh_from_db()
    return made
