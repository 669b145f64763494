"""The routes of boards and reports."""

from __future__ import annotations

from datetime import timedelta

from tests import people
from tests.matrix.clones import clones
from tests.matrix.roles import EVERYBODY, Roles, roles
from tests.matrix.rows import Row, World, api
from tests.reports import cases

# Who reads each report of the whole company.
QUALITY = roles("supervisor centre_manager management enterprise_management controller administrator")
COMPLAINTS = QUALITY | roles("inspector")
READ = QUALITY | roles("inspector adjuster finance department_manager")
MAKE = roles("supervisor centre_manager inspector adjuster management administrator")
# Boards: the centre's and those above it; heads of departments see their own departments' complaints.
ABOVE = roles("management controller administrator")
BOARD = ABOVE | roles(
    "supervisor centre_manager inspector enterprise_management department_manager department_supervisor"
    " business_manager"
)
MANAGEMENT_BOARD = ABOVE | roles("centre_manager enterprise_management")
CLAIMS_BOARD = ABOVE | roles("supervisor centre_manager adjuster finance enterprise_management")
STOCK_BOARD = ABOVE | roles(
    "storekeeper site_representative stock_accountant stock_planner business_management_accountant"
    " business_management_planner"
)
ANY_BOARD = BOARD | MANAGEMENT_BOARD | CLAIMS_BOARD | STOCK_BOARD
# A board is named by its code; who enters at all and has no right to this one gets 403.
BOARDS: dict[str, Roles] = {
    "supervisor board": BOARD,
    "management board": MANAGEMENT_BOARD,
    "claims board": CLAIMS_BOARD,
    "stock board": STOCK_BOARD,
}
THINGS: dict[str, Roles] = {
    "company report": QUALITY,
    "east report": COMPLAINTS | roles("department_manager"),
    "west report": COMPLAINTS,
}
REPORTS = tuple(THINGS)
THINGS |= {f"rows of the {thing}": THINGS[thing] for thing in REPORTS}
THINGS |= dict.fromkeys(BOARDS, EVERYBODY)
NARROW = ("", "?code=RPT-07", "?kind=month", "?about_after=2026-01-01", "?department=branch_west")


def build(world: World) -> None:
    """The service quality report of the company, and complaint summaries of two branches."""
    for thing, revision in (
        ("company report", cases.issued("RPT-07", "2026-09")),
        ("east report", cases.issued("RPT-01", "2026-W37", people.department("branch_east"))),
        ("west report", cases.issued("RPT-01", "2026-W37", people.department("branch_west"))),
    ):
        number = revision.report.number
        world.put(thing, {"number": number, "pk": revision.report_id}, number)
        world.put(f"rows of the {thing}", {"number": number, "key": "complaints"}, number)
    for board in BOARDS:
        world.put(board, {"code": board.removesuffix(" board")})


def grow(world: World, count: int) -> None:
    """Weekly summaries of the east branch."""
    last = cases.report("RPT-01", "2026-W37", people.department("branch_east"))
    clones(
        last,
        count,
        number=lambda n: f"RPT-01-{n}-branch_east",
        start=lambda n: last.start - timedelta(weeks=n),
        end=lambda n: last.end - timedelta(weeks=n),
    )


ROWS: list[Row] = [
    # Whoever sees another board only is led on to it.
    Row("board", ANY_BOARD, opens=(200, 302)),
    Row("board-management", MANAGEMENT_BOARD),
    Row("board-claims", CLAIMS_BOARD),
    Row("board-stock", STOCK_BOARD),
    Row("report-list", READ, lists=REPORTS, narrow=NARROW),
    Row("report-make", MAKE, methods="GET POST"),
    Row("report-detail", READ, takes=REPORTS),
    Row("report-rows", READ, takes=tuple(f"rows of the {thing}" for thing in REPORTS)),
    Row("report-progress", READ, takes=REPORTS, opens=(404,)),
    Row("report-state", READ, takes=REPORTS),
    Row("report-retry", MAKE, methods="GET POST", takes=REPORTS, opens=(404,)),
    Row("report-pdf", READ, takes=REPORTS, query="?language=en", opens=(404,), page=False),
    Row("report-draw", READ, methods="POST", takes=REPORTS, opens=(404,)),
    Row("report-spreadsheet", READ, methods="POST", takes=REPORTS),
    api("boards-detail", ANY_BOARD, takes=tuple(BOARDS), acts=BOARDS),
    api("reports-list", READ, lists=REPORTS, narrow=NARROW),
    api("reports-detail", READ, takes=REPORTS),
    api("reports-rows", READ, takes=REPORTS, query="?key=complaints"),
    api("reports-make", MAKE, methods="POST"),
    api("reports-retry", MAKE, methods="POST", takes=REPORTS, opens=(409,)),
]
