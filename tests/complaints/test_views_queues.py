"""The desk and the list of complaints: queues, filters, search, paging, bulk assignment, export (CMP-50, ORG-04)."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from complaints import services, shell
from complaints.models import Complaint
from servicecenter.models import TrailEntry
from tests.complaints.cases import TEXT, Crew, against_east, register, resolved
from tests.doors import HTMX, client, client_of, shown, statements, words

pytestmark = pytest.mark.django_db


def many(crew: Crew, count: int, **given: object) -> list[Complaint]:
    now = timezone.now()
    return [
        register(
            crew.agent,
            at=now - timedelta(minutes=n),
            caller_telephone=f"139{n:08}",
            waybill_number=f"8620{n:07}",
            **given,
        )
        for n in range(count)
    ]


class TestDoors:
    @pytest.mark.parametrize(
        ("name", "role"),
        [
            ("desk", "handler"),
            ("desk", "storekeeper"),
            ("desk-counts", "cashier"),
            ("follow-up-list", "handler"),
            ("complaint-assign-many", "agent"),
        ],
    )
    def test_without_the_right_one_does_not_enter(self, name: str, role: str) -> None:
        assert client(role).get(reverse(name)).status_code == 403

    @pytest.mark.parametrize(
        "name", ["desk", "complaint-list", "intake", "inbox", "incident-list", "follow-up-list"]
    )
    def test_without_a_login_one_is_led_to_it(self, name: str, client: object) -> None:
        answer = client.get(reverse(name))  # type: ignore[attr-defined]
        assert answer.status_code == 302
        assert reverse("login") in answer["Location"]

    def test_an_export_needs_its_own_right_and_is_never_a_get(self, crew: Crew) -> None:
        assert client_of(crew.handler).post(reverse("complaint-export")).status_code == 403
        assert client_of(crew.supervisor).get(reverse("complaint-export")).status_code == 405


class TestDesk:
    def test_it_shows_my_tickets_by_due_time_and_nobody_elses(self, crew: Crew) -> None:
        mine = register(crew.agent, at=timezone.now())
        other = register(
            crew.other, at=timezone.now(), caller_telephone="13811112222", waybill_number="86200000001"
        )
        page = shown(client_of(crew.agent).get(reverse("desk")))
        assert mine.number in page
        assert other.number not in page

    @pytest.mark.parametrize("queue", ["breached", "due_soon", "unassigned", "incidents", "team", "all"])
    def test_every_queue_opens_and_says_what_an_empty_one_means(self, crew: Crew, queue: str) -> None:
        answer = client_of(crew.agent).get(reverse("desk"), {"queue": queue})
        assert "empty" in shown(answer)

    def test_an_unknown_queue_is_my_work(self, crew: Crew) -> None:
        row = register(crew.agent, at=timezone.now())
        assert row.number in shown(client_of(crew.agent).get(reverse("desk"), {"queue": "none'; --"}))

    def test_the_figures_are_their_own_fragment(self, crew: Crew) -> None:
        register(crew.agent, at=timezone.now() - timedelta(hours=30))
        text = words(client_of(crew.agent).get(reverse("desk-counts"), headers=HTMX))
        assert "1" in text
        assert "…" not in text

    def test_a_page_takes_no_more_statements_for_sixty_rows_than_for_ten(self, crew: Crew) -> None:
        many(crew, 10)
        browser = client_of(crew.agent)
        few = statements(lambda: browser.get(reverse("desk")))
        for n in range(10, 60):
            register(
                crew.agent, at=timezone.now(), caller_telephone=f"138{n:08}", waybill_number=f"8621{n:07}"
            )
        assert statements(lambda: browser.get(reverse("desk"))) == few
        assert few <= 10

    def test_pages_lead_on_and_back_without_losing_a_row(self, crew: Crew) -> None:
        rows = {row.number for row in many(crew, 55)}
        browser = client_of(crew.agent)
        first = browser.get(reverse("desk")).context["page"]
        second = browser.get(reverse("desk"), {"cursor": first.next_cursor}).context["page"]
        seen = [row.number for row in (*first.rows, *second.rows)]
        assert len(seen) == 55
        assert set(seen) == rows

    def test_a_cursor_of_another_filter_is_refused_in_words(self, crew: Crew) -> None:
        many(crew, 55)
        browser = client_of(crew.agent)
        cursor = browser.get(reverse("desk")).context["page"].next_cursor
        answer = browser.get(reverse("desk"), {"cursor": cursor, "state": "routed"})
        assert answer.status_code == 400

    @pytest.mark.parametrize(
        ("name", "query", "whose"),
        [
            ("desk", {}, False),
            ("desk", {"queue": "all"}, True),
            ("complaint-list", {}, True),
            ("complaint-list", {"queue": ""}, True),
            ("complaint-list", {"queue": "mine"}, False),
        ],
    )
    def test_it_says_whose_a_ticket_is_where_not_all_are_ones_own(
        self, crew: Crew, name: str, query: dict[str, str], whose: bool
    ) -> None:
        register(crew.other)
        page = client_of(crew.agent).get(reverse(name), query)
        columns = [column.code for column in page.context["listing"].columns]
        assert ("owner" in columns) is whose
        assert ("王芳" in shown(page)) is whose

    def test_chosen_columns_stand_in_the_address(self, crew: Crew) -> None:
        register(crew.agent, at=timezone.now())
        page = client_of(crew.agent).get(reverse("desk"), {"columns": "customer,owner"})
        assert [column.code for column in page.context["listing"].columns] == [
            "due", "number", "customer", "matter", "state", "owner",
        ]  # fmt: skip


class TestList:
    @pytest.mark.parametrize("text", ["上午", "送到", "TS2611", "13900000421", "86204417309", "刘海涛"])
    def test_a_ticket_is_found_by_two_characters_number_telephone_waybill_and_name(
        self, crew: Crew, text: str
    ) -> None:
        row = register(crew.agent)
        page = shown(client_of(crew.agent).get(reverse("complaint-list"), {"q": text}))
        assert row.number in page

    def test_what_is_not_there_is_said_with_the_next_step(self, crew: Crew) -> None:
        register(crew.agent)
        answer = client_of(crew.agent).get(reverse("complaint-list"), {"q": "不存在的词"})
        assert "empty" in shown(answer)
        assert answer.context["page"].rows == []

    @pytest.mark.parametrize("text", ["𠮷", "䶮", "😀", "'; DROP TABLE", "%", "\\", "８６２０４４１７３０９"])
    def test_rare_characters_and_signs_in_a_search_are_searched_and_nothing_breaks(
        self, crew: Crew, text: str
    ) -> None:
        register(crew.agent)
        assert client_of(crew.agent).get(reverse("complaint-list"), {"q": text}).status_code == 200

    def test_closed_tickets_are_found_here_and_not_on_the_desk(self, crew: Crew) -> None:
        row = register(crew.agent)
        services.cancel(complaint=row, reason="登记错误", by=crew.supervisor)
        browser = client_of(crew.agent)
        assert row.number in shown(browser.get(reverse("complaint-list"), {"state": "ended"}))
        assert row.number not in shown(browser.get(reverse("desk"), {"queue": "all"}))

    @pytest.mark.parametrize(
        "query",
        [
            {"category": "late_delivery"},
            {"tier": "none"},
            {"state": "open"},
            {"channel": "telephone"},
            {"department": "inspection"},
            {"second": "false"},
        ],
    )
    def test_filters_keep_what_fits(self, crew: Crew, query: dict[str, str]) -> None:
        row = against_east(crew.agent)
        assert row.number in shown(client_of(crew.agent).get(reverse("complaint-list"), query))

    @pytest.mark.parametrize(
        "query",
        [
            {"category": "attitude"},
            {"tier": "A"},
            {"state": "closed"},
            {"department": "branch_west"},
            {"second": "true"},
        ],
    )
    def test_filters_leave_out_what_does_not(self, crew: Crew, query: dict[str, str]) -> None:
        row = against_east(crew.agent)
        assert row.number not in shown(client_of(crew.agent).get(reverse("complaint-list"), query))

    def test_a_department_sees_what_was_handed_to_it_and_nothing_else(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        assert row.number in shown(client_of(crew.handler).get(reverse("complaint-list")))
        assert row.number not in shown(client_of(crew.west).get(reverse("complaint-list")))

    def test_a_department_is_not_told_who_complained(self, crew: Crew) -> None:
        against_east(crew.agent)
        page = shown(client_of(crew.handler).get(reverse("complaint-list")))
        assert "刘海涛" not in page
        assert "刘**" in page
        assert "0421" not in page

    def test_a_department_finds_nobody_by_telephone(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        page = shown(client_of(crew.handler).get(reverse("complaint-list"), {"q": "13900000421"}))
        assert row.number not in page


class TestBulk:
    def test_chosen_tickets_are_passed_on_and_taken_back_by_undo(self, crew: Crew) -> None:
        rows = many(crew, 3)
        browser = client_of(crew.supervisor)
        numbers = [row.number for row in rows]
        page = shown(browser.get(reverse("complaint-assign-many"), {"row": numbers}, headers=HTMX))
        assert all(number in page for number in numbers)
        answer = browser.post(
            reverse("complaint-assign-many"),
            {"row": numbers, "owner": crew.other.work_number, "reason": "换班"},
            headers=HTMX,
        )
        assert answer["HX-Redirect"] == reverse("desk")
        assert set(Complaint.objects.values_list("offered_to", flat=True)) == {crew.other.pk}
        browser.post(reverse("complaint-assign-undo"), headers=HTMX)
        assert set(Complaint.objects.values_list("offered_to", flat=True)) == {None}
        assert set(Complaint.objects.values_list("owner", flat=True)) == {crew.agent.pk}

    def test_undo_never_takes_a_ticket_from_somebody_who_has_taken_it(self, crew: Crew) -> None:
        row = many(crew, 1)[0]
        browser = client_of(crew.supervisor)
        browser.post(
            reverse("complaint-assign-many"),
            {"row": [row.number], "owner": crew.other.work_number, "reason": "换班"},
        )
        row.refresh_from_db()
        services.accept(complaint=row, by=crew.other)
        browser.post(reverse("complaint-assign-undo"))
        row.refresh_from_db()
        assert row.owner == crew.other

    def test_without_a_reason_nothing_happens_and_the_choice_stays(self, crew: Crew) -> None:
        row = many(crew, 1)[0]
        answer = client_of(crew.supervisor).post(
            reverse("complaint-assign-many"),
            {"row": [row.number], "owner": crew.other.work_number, "reason": ""},
        )
        assert row.number in shown(answer, 422)
        row.refresh_from_db()
        assert row.offered_to is None

    def test_foreign_numbers_are_left_alone(self, crew: Crew) -> None:
        answer = client_of(crew.supervisor).post(
            reverse("complaint-assign-many"),
            {"row": ["TS000000-1"], "owner": crew.other.work_number, "reason": "x"},
        )
        assert answer.status_code == 403


class TestExport:
    def test_the_file_holds_what_the_list_shows_masked_and_logged(self, crew: Crew) -> None:
        kept = register(crew.agent)
        left_out = register(
            crew.agent, category="attitude", caller_telephone="13811112222", waybill_number="86200000009"
        )
        answer = client_of(crew.supervisor).post(
            reverse("complaint-export") + "?category=late_delivery", {"form": "xlsx"}
        )
        book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
        cells = [str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value is not None]
        assert kept.number in cells
        assert left_out.number not in cells
        assert TEXT in cells
        assert "139****0421" in cells
        assert "13900000421" not in cells
        assert TrailEntry.objects.filter(code="export", by=crew.supervisor).count() == 1


class TestFollowUps:
    def test_the_queue_names_who_is_to_be_called_and_what_was_done(self, crew: Crew) -> None:
        row = resolved(crew)
        text = shown(client_of(crew.agent).get(reverse("follow-up-list")))
        assert row.number in text
        assert "已致歉并补送" in text

    def test_the_number_is_masked_with_a_link_that_reveals_it(self, crew: Crew) -> None:
        resolved(crew)
        text = shown(client_of(crew.agent).get(reverse("follow-up-list")))
        assert "139****0421" in text
        assert "13900000421" not in text


class TestSavedViews:
    def test_the_desk_as_it_opens_needs_no_name_and_a_narrower_one_may_get_one(self, crew: Crew) -> None:
        browser = client_of(crew.agent)
        slot = "route=desk&query="
        assert f'{slot}"' in shown(browser.get(reverse("desk")))
        assert f'{slot}"' in shown(browser.get(reverse("desk") + "?queue=mine"))
        assert f'{slot}queue%3Dmine%26tier%3DA"' in shown(browser.get(reverse("desk") + "?queue=mine&tier=A"))

    def test_each_view_says_how_many_tickets_it_holds_in_one_statement(self, crew: Crew) -> None:
        many(crew, 3)
        register(
            crew.other, at=timezone.now(), caller_telephone="13811112222", waybill_number="86200000001",
            category="attitude",
        )  # fmt: skip
        views = ["", "queue=all", "category=attitude", "queue=all&category=attitude", "state=nonsense"]
        with CaptureQueriesContext(connection) as asked:
            found = shell.view_counts(crew.agent, "desk", views)
        assert found == {
            "": 3, "queue=all": 4, "category=attitude": 0, "queue=all&category=attitude": 1, "state=nonsense": 0,
        }  # fmt: skip
        assert sum("count(*)" in query["sql"] for query in asked.captured_queries) == 1
        assert shell.view_counts(crew.agent, "complaint-list", ["category=attitude"]) == {
            "category=attitude": 1
        }
        assert shell.view_counts(crew.handler, "complaint-list", [""]) == {"": 0}
        assert shell.view_counts(crew.agent, "customer-list", [""]) == {}
