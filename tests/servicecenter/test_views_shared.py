"""Saved views on the lists: one's own, and those shared with one's team."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from organization.models import Team, User
from servicecenter import saved_views
from servicecenter.models import SavedView
from tests import people

pytestmark = pytest.mark.django_db
LIST = "complaint-list"


def browser(user: User) -> Client:
    found = Client()
    found.force_login(user)
    return found


def box(user: User, route: str = LIST, query: str = "") -> str:
    """What stands in the box of a list's views."""
    return str(browser(user).get("/views/", {"route": route, "query": query}).content.decode())


def share(user: User, view: SavedView, team: str) -> Any:
    return browser(user).post(f"/views/{view.pk}/share/", {"team": team})


@pytest.fixture
def team() -> Team:
    names = {"zh-Hans": "电话组", "zh-Hant": "電話組", "en": "Telephone"}
    return Team.objects.create(code="calls", names=names, department=people.department("service_centre"))


@pytest.fixture
def maker(team: Team) -> User:
    user = people.user("agent")
    team.members.add(user.employee)
    return user


@pytest.fixture
def colleague(team: Team) -> User:
    user = people.user("agent", name="吴凡")
    team.members.add(user.employee)
    return user


@pytest.fixture
def view(maker: User) -> SavedView:
    return saved_views.save_view(by=maker, route=LIST, name="城东晚送", query="state=open")


def test_a_shared_view_stands_with_its_maker_in_the_teams_box(
    maker: User, colleague: User, view: SavedView
) -> None:
    assert "城东晚送" not in box(colleague)
    assert share(maker, view, "calls").status_code == 302
    shown = box(colleague)
    assert "城东晚送" in shown
    assert str(maker) in shown
    assert f"/views/{view.pk}/delete/" not in shown
    assert "城东晚送" not in box(colleague, route="customer-list")
    assert "城东晚送" not in box(people.user("agent", name="别组"))


def test_its_maker_shares_it_no_more(maker: User, colleague: User, view: SavedView) -> None:
    share(maker, view, "calls")
    share(maker, view, "")
    assert "城东晚送" not in box(colleague)
    assert "城东晚送" in box(maker)


def test_sharing_and_its_end_are_undone_by_their_toasts(maker: User, view: SavedView) -> None:
    def undo(address: str, told: dict[str, str]) -> str:
        answer = browser(maker).post(address, told, headers={"HX-Request": "true"})
        view.refresh_from_db()
        return str(json.loads(answer["HX-Trigger"])["wb-saved"]["undo"])

    there = f"/views/{view.pk}/share/"
    assert undo(there, {"team": "calls"}) == there
    assert view.team_code == "calls"
    assert undo(there, {}) == f"{there}?team=calls"
    assert view.team_code == ""
    assert undo(f"{there}?team=calls", {}) == there
    assert view.team_code == "calls"


def test_a_shared_view_deleted_and_restored_is_shared_still(
    maker: User, colleague: User, team: Team, view: SavedView
) -> None:
    share(maker, view, "calls")
    found = browser(maker)
    found.post(f"/views/{view.pk}/delete/")
    assert "城东晚送" not in box(colleague)
    found.post("/views/restore/")
    back = SavedView.objects.get()
    assert (back.user_id, back.route, back.name, back.query) == (maker.pk, LIST, "城东晚送", "state=open")
    assert back.team_code == "calls"
    assert "城东晚送" in box(colleague)
    found.post(f"/views/{back.pk}/delete/")
    team.members.remove(maker.employee)
    found.post("/views/restore/")
    assert SavedView.objects.get().team_code == ""
    assert "城东晚送" not in box(colleague)


def test_one_shares_ones_own_views_with_ones_own_teams_alone(
    maker: User, colleague: User, view: SavedView
) -> None:
    assert share(colleague, view, "calls").status_code == 404
    assert share(maker, view, "others").status_code == 400
    assert share(people.user("agent", name="无组"), view, "calls").status_code == 404
    view.refresh_from_db()
    assert view.team_code == ""


def test_a_supervisor_takes_a_shared_view_away_and_its_maker_keeps_it(
    maker: User, colleague: User, view: SavedView
) -> None:
    share(maker, view, "calls")
    supervisor = people.user("supervisor")
    assert f"/views/{view.pk}/unshare/" in box(supervisor)
    assert browser(colleague).post(f"/views/{view.pk}/unshare/").status_code == 404
    assert browser(colleague).post(f"/views/{view.pk}/delete/").status_code == 404
    assert browser(supervisor).post(f"/views/{view.pk}/unshare/").status_code == 302
    assert "城东晚送" not in box(colleague)
    assert "城东晚送" in box(maker)
    assert browser(supervisor).post(f"/views/{view.pk}/unshare/").status_code == 404


def test_whoever_leaves_the_team_sees_its_views_no_more(
    maker: User, colleague: User, team: Team, view: SavedView
) -> None:
    share(maker, view, "calls")
    team.members.remove(colleague.employee)
    assert "城东晚送" not in box(colleague)


def test_a_maker_who_leaves_the_team_shares_with_it_no_more(
    maker: User, colleague: User, team: Team, view: SavedView
) -> None:
    share(maker, view, "calls")
    assert "电话组" in box(maker)
    team.members.remove(maker.employee)
    for user in (colleague, people.user("supervisor")):
        assert "城东晚送" not in box(user)
    shown = box(maker)
    assert "城东晚送" in shown
    assert "calls" not in shown
    assert "电话组" not in shown


def test_the_box_takes_as_many_statements_for_many_views_as_for_one(
    maker: User, colleague: User, view: SavedView
) -> None:
    def statements() -> int:
        found = browser(colleague)
        with CaptureQueriesContext(connection) as taken:
            found.get("/views/", {"route": LIST})
        return len(taken)

    share(maker, view, "calls")
    few = statements()
    for number in range(6):
        more = saved_views.save_view(
            by=maker, route=LIST, name=f"v{number}", query=f"state=closed&n={number}"
        )
        saved_views.share_view(by=maker, pk=more.pk, team="calls")
    assert statements() == few


def test_the_box_counts_what_ones_own_teams_share_and_names_what_others_do(
    maker: User, colleague: User, team: Team
) -> None:
    supervisor = people.user("supervisor")
    saved_views.save_view(by=supervisor, route="desk", name="我的", query="state=handling")
    shared = saved_views.save_view(by=maker, route="desk", name="共享的", query="state=registered")
    saved_views.share_view(by=maker, pk=shared.pk, team="calls")
    assert '<span class="n">0</span>' in box(colleague, "desk")
    shown = box(supervisor, "desk")
    assert "共享的" in shown
    assert shown.count('<span class="n">0</span>') == 1
    assert shown.index('<span class="n">0</span>') < shown.index("共享的")
    team.members.add(supervisor.employee)
    assert box(supervisor, "desk").count('<span class="n">0</span>') == 2


def test_a_supervisor_is_shown_the_newest_of_all_teams_after_those_of_the_own(
    maker: User, colleague: User, team: Team
) -> None:
    supervisor = people.user("supervisor")
    names = {"zh-Hans": "督导组", "zh-Hant": "督導組", "en": "Leaders"}
    leaders = Team.objects.create(code="leaders", names=names, department=people.department("service_centre"))
    leaders.members.add(supervisor.employee, colleague.employee)
    of_leaders = saved_views.save_view(by=colleague, route=LIST, name="z", query="state=open")
    saved_views.share_view(by=colleague, pk=of_leaders.pk, team="leaders")
    for number in range(saved_views.MOST_VIEWS):
        one = saved_views.save_view(by=maker, route=LIST, name=f"v{number:02}", query=f"n={number}")
        saved_views.share_view(by=maker, pk=one.pk, team="calls")
    shown = saved_views.shared_with(supervisor, LIST, ["leaders"])
    assert [view.name for view in shown] == [f"v{number:02}" for number in range(1, 40)] + ["z"]


@pytest.mark.parametrize(
    ("route", "role"),
    [
        ("complaint-list", "agent"),
        ("customer-list", "agent"),
        ("waybill-list", "agent"),
        ("incident-list", "supervisor"),
        ("sanction-list", "inspector"),
        ("claim-list", "adjuster"),
        ("voucher-list", "adjuster"),
        ("stock-document-list", "stock_accountant"),
    ],
)
def test_every_main_list_has_the_box(route: str, role: str) -> None:
    user = people.user(role)
    shown = browser(user).get(reverse(route)).content.decode()
    assert f"{reverse('saved-views')}?menu=1&amp;route={route}&amp;query=" in shown
    assert browser(user).post("/views/", {"route": route, "name": "我的", "query": "q=1"}).status_code == 200
    assert SavedView.objects.get().route == route
