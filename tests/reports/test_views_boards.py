"""Boards as pages: who sees which, how fresh they are, and that every figure leads to its rows (RPT-20 to RPT-24)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from complaints.models import Complaint
from organization.models import User
from reports.queries import boards_tickets
from servicecenter import kept
from servicecenter.clock import now_db
from servicecenter.models import KeptNumber
from tests import people
from tests.doors import HTMX, client, client_of, shown, statements

pytestmark = pytest.mark.usefixtures("undone")

TILE = re.compile(
    r'<(?:a|div) class="tile ([a-z]*)" id="tile-([a-z_]+)"(?: href="([^"]+)")?>[^<]*<b>([^<]*)</b>'
    r'<span class="d" title="([^"]*)"'
)
CELL = re.compile(r'<td[^>]*><a href="(/[^"]+)">([\d,]+)</a></td>')
NEXT = re.compile(r'<a href="([^"]+)" rel="next">')


def tiles_of(page: str) -> dict[str, tuple[str, str, str, str]]:
    """Code → (look, address, figure, what stands below it)."""
    return {
        code: (look, html.unescape(url), figure, sub) for look, code, url, figure, sub in TILE.findall(page)
    }


def first_number(text: str) -> int:
    found = re.search(r"\d[\d,]*", text)
    assert found is not None, text
    return int(found.group().replace(",", ""))


def rows_behind(browser: Client, address: str) -> int:
    """How many rows the list at an address shows, page after page."""
    found, path = 0, address.partition("?")[0]
    while address:
        page = browser.get(address)
        assert page.status_code == 200, address
        body = page.content.decode()
        found += len(re.findall(r"<tr[^>]*\bdata-row\b", body))
        onward = NEXT.search(body)
        address = html.unescape(onward.group(1)) if onward else ""
        address = path + address if address.startswith("?") else address
    return found


def some_late() -> None:
    """Figures that are zero prove little: two overdue, one due soon, one that nobody has taken."""
    at = now_db()
    numbers = list(Complaint.objects.open().order_by("pk").values_list("pk", flat=True)[:4])
    Complaint.objects.filter(pk__in=numbers[:2]).update(due_at=at - timedelta(hours=5))
    Complaint.objects.filter(pk=numbers[2]).update(due_at=at + timedelta(minutes=40))
    Complaint.objects.filter(pk=numbers[3]).update(accepted_at=None)


# A tile of money says below it of how many rows it is the sum.
MONEY = {"reserved", "owed", "paid"}
BOARDS = [
    ("supervisor", "/board/"),
    ("management", "/board/"),
    ("inspector", "/board/"),
    ("department_manager", "/board/"),
    ("centre_manager", "/board/management/?months=12"),
    ("management", "/board/management/?months=1"),
    ("adjuster", "/board/claims/"),
    ("finance", "/board/claims/"),
    ("management", "/board/stock/"),
    ("stock_accountant", "/board/stock/"),
]


@pytest.mark.parametrize(("role", "address"), BOARDS)
def test_every_figure_leads_to_as_many_rows_as_it_says(role: str, address: str) -> None:
    """RPT-20 to RPT-23: the tile, and the figures in the tables below it."""
    some_late()
    browser = client(role)
    page = browser.get(address).content.decode()
    found = tiles_of(page)
    assert len(found) >= 4
    for code, (_look, url, figure, sub) in found.items():
        if not url:
            continue
        told = first_number(sub if code in MONEY else figure)
        assert rows_behind(browser, url) == told, (code, url)
    links = CELL.findall(page)
    for url, figure in links[:: max(1, len(links) // 8)]:
        assert rows_behind(browser, html.unescape(url)) == int(figure.replace(",", "")), url


def test_the_supervisors_board_says_what_burns() -> None:
    some_late()
    found = tiles_of(client("supervisor").get("/board/").content.decode())
    assert list(found) == [
        "breached",
        "due_soon",
        "unassigned",
        "waiting",
        "incidents",
        "undriven",
        "open",
        "today",
    ]
    assert found["breached"][0] == "hot"
    assert int(found["breached"][2]) >= 2
    assert found["due_soon"][0] == "warn"
    assert (found["undriven"][0], found["undriven"][2]) == ("good", "0")


def test_a_head_of_department_sees_the_own_departments_tickets_alone() -> None:
    """ORG-04, RPT-20: never more than the list shows, and no load of the centre's people."""
    whole = tiles_of(client("supervisor").get("/board/").content.decode())
    head = people.user("department_manager")
    page = client_of(head).get("/board/").content.decode()
    own = tiles_of(page)
    assert 0 < int(own["open"][2]) < int(whole["open"][2])
    assert (
        int(own["open"][2])
        == Complaint.objects.open().filter(handovers__department=head.employee.department).distinct().count()
    )
    assert "panel-loads" not in page
    assert head.employee.department.name in page


def test_who_owes_is_led_to_by_claims_and_account_sheet() -> None:
    """RPT-22, CLM-11: the driver owes a third of 1 680.32; the claim list and the account sheet say the same."""
    browser = client("adjuster")
    page = browser.get("/board/claims/").content.decode()
    ways = re.findall(
        r'<td class="num"><a href="(/claims/\?[^"]+)">(\d+)</a></td>'
        r'<td class="num"><a href="(/claims/accounts/sheet/[^"]+)">([^<]+)</a></td>',
        page,
    )
    assert [owed for _claims, _n, _sheet, owed in ways] == ["¥560.11", "¥560.11", "¥560.10"]
    for claims, count, sheet, owed in ways:
        assert rows_behind(browser, html.unescape(claims)) == int(count) == 1
        assert f"<b>{owed}</b>" in browser.get(html.unescape(sheet)).content.decode()
    assert rows_behind(browser, "/claims/?queue=all&owed_by=outside:Nobody") == 0
    assert rows_behind(browser, "/claims/?queue=all&owed_by=nonsense") == 0


def test_what_this_month_paid_leads_to_its_vouchers() -> None:
    """RPT-22: as the API says it."""
    browser = client("adjuster")
    _look, url, figure, sub = tiles_of(browser.get("/board/claims/").content.decode())["paid"]
    paid = browser.get("/api/v1/boards/claims/").json()["figures"]["paid_this_month"]
    assert figure == f"¥{float(paid):,.2f}" == "¥1,680.32"
    assert rows_behind(browser, url) == first_number(sub) == 1


@pytest.mark.parametrize(("months", "points"), [(1, 3), (3, 3), (12, 12)])
def test_the_axis_has_the_months_chosen(months: int, points: int) -> None:
    """RPT-21: three at least, for a line needs them."""
    page = client("management").get(f"/board/management/?months={months}").content.decode()
    table = page[page.index("<caption>") : page.index("</table>", page.index("<caption>"))]
    assert len(re.findall(r'<th scope="row">\d{4}-\d\d</th>', table)) == points


def test_age_alone_is_never_red() -> None:
    """An old claim is dark; red says overdue."""
    page = client("adjuster").get("/board/claims/").content.decode()
    assert 'class="fa5"' in page
    assert 'class="fred"' not in page


def test_who_sees_another_board_only_is_led_to_it() -> None:
    assert client("adjuster").get("/board/").headers["Location"] == "/board/claims/"
    assert client("storekeeper").get("/board/").headers["Location"] == "/board/stock/"
    assert client("agent").get("/board/").status_code == 403
    assert client("supervisor").get("/board/management/").status_code == 403
    assert client("supervisor").get("/board/stock/").status_code == 403


def test_the_companys_months_are_for_those_who_see_every_complaint() -> None:
    """A role that was given the right for one department does not see the whole company's figures."""
    head = people.user("department_manager")
    role = head.employee.assignments.get().role
    role.rights = [*role.rights, "reports.view_management_board"]
    role.save()
    assert client_of(User.objects.get(pk=head.pk)).get("/board/management/").status_code == 403


@pytest.fixture
def computed() -> Iterator[Any]:
    kept.compute()
    yield KeptNumber.objects.filter(name__startswith="board.")


def test_a_board_says_how_fresh_it_is_and_turns_amber_when_the_clock_stands_still(computed: Any) -> None:
    """RPT-24."""
    browser = client("supervisor")
    assert re.search(r'class="fresh" data-fresh="\d{10}"', shown(browser.get("/board/")))
    computed.update(computed_at=now_db() - timedelta(minutes=3))
    old = shown(browser.get("/board/"))
    assert re.search(r'class="fresh stale" data-fresh="\d{10}"', old)
    computed.update(computed_at=now_db() - timedelta(seconds=100))
    assert 'class="fresh stale"' not in shown(browser.get("/board/"))


def test_it_refreshes_its_inner_part_every_minute(computed: Any) -> None:
    browser = client("supervisor")
    page = shown(browser.get("/board/"))
    assert 'hx-get="/board/" hx-trigger="every 60s, wb:board"' in page
    part = shown(browser.get("/board/", headers=HTMX))
    assert "<html" not in part
    assert "wb-rail" not in part
    assert tiles_of(part).keys() == tiles_of(page).keys()


def test_a_wall_screen_has_the_figures_and_no_list(computed: Any) -> None:
    browser = client("supervisor")
    wall = shown(browser.get("/board/?wall=1"))
    assert '<body class="wb wall">' in wall
    assert "panel-due" not in wall
    assert ("panel-states" in wall) != ("panel-loads" in wall)
    page = shown(browser.get("/board/"))
    assert '<body class="wb">' in page
    assert "panel-states" in page
    assert "panel-loads" in page


def test_a_board_takes_a_handful_of_statements(computed: Any) -> None:
    """D12: session, person, rights, centre, notices, then the kept numbers, the time and what is due next."""
    supervisor, management = client("supervisor"), client("management")
    assert statements(lambda: supervisor.get("/board/")) <= 9
    assert statements(lambda: management.get("/board/management/")) <= 12
    assert statements(lambda: management.get("/board/claims/")) <= 12
    assert statements(lambda: management.get("/board/stock/")) <= 9


def test_the_api_answers_the_same_figures(computed: Any) -> None:
    browser = client("management")
    found = tiles_of(browser.get("/board/").content.decode())
    answer = browser.get("/api/v1/boards/supervisor/").json()
    assert (answer["code"], answer["stale"]) == ("supervisor", False)
    assert answer["figures"]["open"] == int(found["open"][2])
    assert answer["figures"]["breached"] == int(found["breached"][2])
    assert len(answer["figures"]["usual_by_hour"]) == 24
    months = browser.get("/api/v1/boards/management/").json()["figures"]["months"]
    assert (len(months), months[-1]["paid"]) == (12, "1680.32")
    assert browser.get("/api/v1/boards/claims/").json()["figures"]["shares_owed"] == "1680.32"
    assert browser.get("/api/v1/boards/stock/").json()["figures"]["transfers_under_way"] == 1
    assert browser.get("/api/v1/boards/nothing/").status_code == 404
    assert client("supervisor").get("/api/v1/boards/stock/").status_code == 403
    assert client("agent").get("/api/v1/boards/supervisor/").status_code == 403


def test_without_any_open_ticket_the_board_stands_and_says_so() -> None:
    board = boards_tickets.summed(
        boards_tickets.Reading(
            {
                boards_tickets.OPEN: {"groups": []},
                boards_tickets.INTAKE: {"day": "2026-11-19", "today": [0] * 24, "usual": [0.0] * 24},
                boards_tickets.INCIDENTS: {"day": "2026-11-19", "n": 0, "newest": []},
            },
            now_db(),
            now_db(),
        )
    )
    assert (board.totals["n"], board.states, board.loads) == (0, {}, [])
    assert (board.first_due, board.first_in) == (None, None)


# What a version kept that did not know the account sheets, late checks and goods due to go back.
FORMER = {
    "board.shares": {
        "owed": "90.00",
        "claims": 1,
        "debtors": 1,
        "largest": [{"party": "driver", "who": "Zhou", "names": None, "claims": 1, "owed": "90.00"}],
    },
    "board.documents": [
        {"warehouse__code": "BP-W", "warehouse__names": {"en": "B"}, "n": 7, "oldest": "2026-01-05"}
    ],
    "board.stock": [{"warehouse__code": "BP-W", "warehouse__names": {"en": "B"}, "low": 7, "damaged": 7}],
}


def test_what_a_former_version_keeps_is_not_read() -> None:
    """During an upgrade its clock still runs: what it keeps in its own shape is not shown, and makes no error."""
    for name, figure in FORMER.items():
        kept.keep(name, figure)
    page = client("adjuster").get("/board/claims/")
    assert page.status_code == 200
    told = tiles_of(page.content.decode())
    assert (told["owed"][2], "¥90.00" in page.content.decode()) == ("¥1,680.32", False)
    browser = client("management")
    told = tiles_of(browser.get("/board/stock/").content.decode())
    asked = {code: told[code][2] for code in ("documents", "unchecked", "damaged", "due", "low")}
    for name in FORMER:
        kept.forget(name, but=[])
    live = tiles_of(browser.get("/board/stock/").content.decode())
    assert asked == {code: live[code][2] for code in asked}
    assert asked["documents"] == "3"
    kept.compute()
    assert not KeptNumber.objects.filter(name__in=FORMER).exists()
