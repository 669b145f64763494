"""Registering on one screen: before saving, saving, refused input (CMP-06, CMP-40, WBL-08)."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Complaint, ServiceIncident
from customers.models import Waybill
from servicecenter import attachments, drafts
from servicecenter.models import Attachment
from tests import people
from tests.complaints.cases import TELEPHONE, TEXT, WAYBILL, Crew, against_east, register
from tests.doors import HTMX, client_of, shown, statements, words

pytestmark = pytest.mark.django_db


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("现场记录.txt", "06:40 到站，第 3 箱压坏。".encode())


@pytest.fixture
def browser(crew: Crew) -> Client:
    return client_of(crew.agent)


def filled(**given: Any) -> dict[str, Any]:
    """The form as an agent has filled it in."""
    return {
        "channel": "telephone",
        "telephone": "139 0000 0421",
        "waybill": "8620 4417 309",
        "caller_name": "刘海涛",
        "party_role": "consignor",
        "category": "late_delivery",
        "text": TEXT,
        "settle": "route",
        "idempotency_key": uuid.uuid4().hex,
        **given,
    }


class TestBeforeSaving:
    def test_the_empty_screen_says_what_to_type(self, browser: Client) -> None:
        assert "empty" in shown(browser.get(reverse("intake")))

    def test_earlier_tickets_of_the_number_are_shown(self, crew: Crew, browser: Client) -> None:
        row = register(crew.agent)
        answer = browser.post(reverse("intake-preview"), {"telephone": TELEPHONE}, headers=HTMX)
        assert row.number in shown(answer)
        assert Complaint.objects.count() == 1

    def test_the_same_event_is_announced_and_the_button_says_so(self, crew: Crew, browser: Client) -> None:
        row = register(crew.agent, at=timezone.now())
        answer = browser.post(reverse("intake-preview"), filled(text=""), headers=HTMX)
        known = answer.context["known"]
        assert known.second
        assert known.preview.first == row
        assert 'id="intake-buttons"' in shown(answer)
        assert any(effect.grave for effect in known.effects)
        assert ServiceIncident.objects.count() == 0

    def test_another_category_is_offered_as_a_candidate_and_is_no_second_complaint(
        self, crew: Crew, browser: Client
    ) -> None:
        row = register(crew.agent, at=timezone.now())
        answer = browser.post(reverse("intake-preview"), filled(category="attitude"), headers=HTMX)
        known = answer.context["known"]
        assert not known.second
        assert known.preview.candidates == [row]
        assert f'value="{row.number}"' in shown(answer)

    def test_more_than_are_shown_are_counted_and_listed_elsewhere(self, crew: Crew, browser: Client) -> None:
        """CMP-06: of the waybill, and of whoever calls, whatever waybill it was."""
        rows = [
            register(
                crew.agent, at=timezone.now() - timedelta(minutes=n), category="price", waybill_number=number,
                caller_telephone=telephone,
            )
            for n, (number, telephone) in enumerate(
                [(f"8620{n:07}", TELEPHONE) for n in range(7)] + [(WAYBILL, f"1370000000{n}") for n in range(3)]
            )
        ]  # fmt: skip
        other = register(
            crew.agent, at=timezone.now(), waybill_number="86299999999", caller_telephone="13655556666"
        )
        typed = {"telephone": TELEPHONE, "waybill": WAYBILL}
        page = shown(browser.post(reverse("intake-preview"), typed, headers=HTMX))
        assert [row.number in page for row in rows] == [True] * 8 + [False] * 2
        assert '<span class="faint t-sm push">10</span>' in page
        there = html.unescape(re.search(r'<a href="([^"]*about=[^"]*)"', page)[1])
        listed = shown(browser.get(there))
        assert all(row.number in listed for row in rows)
        assert other.number not in listed
        few = shown(browser.post(reverse("intake-preview"), {"waybill": "86299999999"}, headers=HTMX))
        assert "about=" not in few

    def test_whoever_may_not_see_who_complained_finds_nothing_about_a_telephone(self, crew: Crew) -> None:
        """PRV-10."""
        row = against_east(crew.agent)
        there = reverse("complaint-list")
        assert row.number in shown(client_of(crew.handler).get(there, {"about": WAYBILL}))
        assert row.number not in shown(client_of(crew.handler).get(there, {"about": TELEPHONE}))
        assert row.number in shown(client_of(crew.agent).get(there, {"about": TELEPHONE}))

    def test_nothing_else_is_chosen_beside_what_is_plain(self, crew: Crew, browser: Client) -> None:
        register(crew.agent, at=None)
        attitude = register(crew.agent, at=None, category="attitude")
        answer = browser.post(reverse("intake-preview"), filled(), headers=HTMX)
        assert "二次投诉" in answer.content.decode()
        assert 'name="linked_number"' not in answer.content.decode()
        linked = browser.post(reverse("intake-preview"), filled(linked_number=attitude.number), headers=HTMX)
        assert f'value="{attitude.number}" form="intake-form" checked' in linked.content.decode()

    @pytest.mark.parametrize(
        "typed",
        [
            pytest.param({"telephone": TELEPHONE}, id="number-alone"),
            pytest.param({"waybill": WAYBILL}, id="waybill-alone"),
            pytest.param(filled(category=""), id="no-category-yet"),
            pytest.param(filled(), id="same-category"),
            pytest.param(filled(category="attitude"), id="other-category"),
        ],
    )
    def test_every_open_ticket_shown_is_offered_for_a_mere_chase(
        self, crew: Crew, browser: Client, typed: dict[str, Any]
    ) -> None:
        """CMP-09: whatever is chosen yet, also of another matter; a closed one is shown and not offered."""
        here = {"at": timezone.now(), "caller_telephone": TELEPHONE, "waybill_number": WAYBILL}
        rows = [register(crew.agent, **here, category=code) for code in ("late_delivery", "price", "delay")]
        ended = register(
            crew.agent,
            **here,
            category="attitude",
            settle="on_spot",
            resolution="已致歉",
            customer_confirmed=True,
        )
        answer = browser.post(reverse("intake-preview"), typed, headers=HTMX)
        for row in rows:
            assert reverse("complaint-chase", args=[row.number]) in shown(answer)
        assert ended.number in shown(answer)
        assert reverse("complaint-chase", args=[ended.number]) not in shown(answer)

    def test_no_chase_is_offered_when_silence_is_the_complaint(self, crew: Crew, browser: Client) -> None:
        row = register(crew.agent, at=timezone.now())
        answer = browser.post(reverse("intake-preview"), filled(category="no_feedback"), headers=HTMX)
        assert reverse("complaint-chase", args=[row.number]) not in shown(answer)

    def test_an_unknown_waybill_is_said_and_blocks_nothing(self, browser: Client) -> None:
        answer = browser.post(reverse("intake-preview"), filled(waybill="86209999999"), headers=HTMX)
        assert answer.context["known"].preview.waybill_unknown
        assert not Waybill.objects.filter(number="86209999999").exists()

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"telephone": "13"},
            {"telephone": "139000004"},
            {"waybill": "8620"},
            {"telephone": "张三"},
            {"telephone": "', --"},
            {"category": "nothing"},
            {"customer": "KH-0"},
            {"linked_number": "TS0"},
            {"occurred_on": "yesterday"},
            {"text": "\x00"},
            {"telephone": "１３９００００００４２１"},
        ],
    )
    def test_half_typed_input_never_breaks_the_screen(self, browser: Client, given: dict[str, str]) -> None:
        assert browser.post(reverse("intake-preview"), given, headers=HTMX).status_code == 200

    def test_an_address_fills_the_screen_in(self, browser: Client) -> None:
        answer = browser.get(reverse("intake"), {"telephone": TELEPHONE, "waybill": WAYBILL})
        assert answer.context["form"]["telephone"].value() == TELEPHONE
        assert answer.context["known"].asked

    def test_a_look_up_takes_few_statements_whatever_there_is(self, crew: Crew, browser: Client) -> None:
        for n in range(12):
            register(
                crew.agent, caller_telephone=TELEPHONE, waybill_number=f"862000000{n:02}", category="delay"
            )
        took = statements(
            lambda: browser.post(reverse("intake-preview"), {"telephone": TELEPHONE}, headers=HTMX)
        )
        assert took <= 20


class TestSaving:
    def test_the_ticket_gets_its_number_is_routed_and_its_clocks_run(
        self, browser: Client, crew: Crew
    ) -> None:
        answer = browser.post(reverse("intake"), filled())
        row = Complaint.objects.get()
        assert answer["Location"] == reverse("complaint-detail", args=[row.number])
        assert row.state == "routed"
        assert row.department.code == "inspection"
        assert row.owner == crew.agent
        assert row.caller_telephone == TELEPHONE
        assert row.waybill.number == WAYBILL
        assert row.clock is not None

    def test_full_width_digits_are_digits(self, browser: Client) -> None:
        browser.post(
            reverse("intake"), filled(telephone="１３９ ００００ ０４２１", waybill="８６２０４４１７３０９")
        )
        row = Complaint.objects.get()
        assert (row.caller_telephone, row.waybill.number) == (TELEPHONE, WAYBILL)

    def test_rare_characters_and_emoji_are_kept_as_they_are(self, browser: Client) -> None:
        text = "𠮷祥物流的䶮师傅说话难听😀，包裹压坏了。"
        browser.post(reverse("intake"), filled(text=text, caller_name="䶮𠮷"))
        row = Complaint.objects.get()
        assert (row.text, row.caller_name) == (text, "䶮𠮷")
        assert text in shown(browser.get(reverse("complaint-detail", args=[row.number])))

    def test_a_second_complaint_is_saved_as_one(self, crew: Crew, browser: Client) -> None:
        register(crew.agent, at=timezone.now())
        browser.post(reverse("intake"), filled())
        second = Complaint.objects.latest("pk")
        assert (second.sequence, second.is_incident) == (2, True)
        assert ServiceIncident.objects.get().state == "confirmed"

    def test_said_to_be_another_matter_it_is_suspected_until_somebody_else_decides(
        self, crew: Crew, browser: Client
    ) -> None:
        register(crew.agent, at=timezone.now())
        browser.post(reverse("intake"), filled(other_matter="on", other_matter_reason="是另一车货"))
        row = Complaint.objects.latest("pk")
        assert row.is_suspected
        assert row.contest_reason == "是另一车货"

    def test_settled_on_the_spot_and_confirmed_it_is_closed_at_once(self, browser: Client) -> None:
        browser.post(
            reverse("intake"), filled(settle="on_spot", resolution="已补寄发票。", customer_confirmed="on")
        )
        row = Complaint.objects.get()
        assert (row.state, row.close_mark) == ("closed", "on_spot")
        assert row.handovers.count() == 0

    def test_elsewhere_than_by_category_with_a_reason(self, browser: Client) -> None:
        people.centre()
        browser.post(reverse("intake"), filled(department="operations", route_reason="装车错误"))
        assert Complaint.objects.get().department.code == "operations"

    def test_a_double_click_makes_one_ticket_and_gives_the_same_answer(self, browser: Client) -> None:
        form = filled()
        first, again = browser.post(reverse("intake"), form), browser.post(reverse("intake"), form)
        assert first["Location"] == again["Location"]
        assert again["Idempotency-Replayed"] == "true"
        assert Complaint.objects.count() == 1

    def test_the_same_key_with_another_text_is_refused(self, browser: Client) -> None:
        form = filled()
        browser.post(reverse("intake"), form)
        assert browser.post(reverse("intake"), {**form, "text": "另一件事"}).status_code == 422
        assert Complaint.objects.count() == 1

    def test_the_draft_falls_with_the_save(self, crew: Crew, browser: Client) -> None:
        drafts.keep(user=crew.agent, form="complaints.intake", data={"text": ["…"]})
        browser.post(reverse("intake"), filled())
        assert drafts.find(user=crew.agent, form="complaints.intake") is None

    def test_files_named_by_the_form_belong_to_the_ticket(self, crew: Crew, browser: Client) -> None:
        file = attachments.store(file=paper(), by=crew.agent)
        browser.post(reverse("intake"), filled(attachments=[file.public_id]))
        row = Complaint.objects.get()
        assert Attachment.objects.get().object_id == row.pk

    def test_somebody_elses_file_is_refused_and_nothing_is_saved(self, crew: Crew, browser: Client) -> None:
        file = attachments.store(file=paper(), by=crew.other)
        answer = browser.post(reverse("intake"), filled(attachments=[file.public_id]))
        assert answer.status_code == 422
        assert Complaint.objects.count() == 0


class TestRefused:
    """Every refusal says what is wrong and gives everything typed back."""

    @pytest.mark.parametrize(
        ("given", "field"),
        [
            ({"telephone": "139 0000 04"}, "telephone"),
            ({"telephone": "不知道"}, "telephone"),
            ({"waybill": "8620 4417"}, "waybill"),
            ({"category": ""}, "category"),
            ({"category": "nonsense"}, "category"),
            ({"text": ""}, "text"),
            ({"text": "长" * 5001}, "text"),
            ({"text": "字\x00字"}, "text"),
            ({"caller_name": "名" * 61}, "caller_name"),
            ({"demand": "要" * 301}, "demand"),
            ({"occurred_on": "31/12/2026"}, "occurred_on"),
            ({"occurred_on": "2099-01-01"}, "occurred_on"),
            ({"settle": "on_spot"}, "resolution"),
            ({"settle": "nothing"}, "settle"),
            ({"department": "operations"}, "route_reason"),
            ({"department": "nowhere"}, "department"),
            ({"respondent": "没有这个人"}, "respondent"),
            ({"linked_number": "TS000000-1"}, "linked_number"),
        ],
        ids=lambda value: str(value)[:40],
    )
    def test_bad_input_is_named_at_its_field_and_nothing_is_saved(
        self, browser: Client, given: dict[str, str], field: str
    ) -> None:
        people.centre()
        answer = browser.post(reverse("intake"), filled(**given))
        page = shown(answer, 422)
        assert field in answer.context["form"].errors
        assert Complaint.objects.count() == 0
        for name, value in filled(**given).items():
            if name in {"telephone", "waybill", "caller_name", "text", "demand"} and "\x00" not in value:
                assert value in page, name

    def test_a_missing_digit_is_counted(self, browser: Client) -> None:
        answer = browser.post(reverse("intake"), filled(waybill="8620 4417"))
        assert "3" in str(answer.context["form"].errors["waybill"])

    def test_too_long_a_text_is_counted_not_cut(self, browser: Client) -> None:
        answer = browser.post(reverse("intake"), filled(text="长" * 5001))
        assert "5001" in str(answer.context["form"].errors["text"])
        assert "长" * 5001 in shown(answer, 422)

    def test_two_people_of_one_name_are_offered_by_work_number(self, browser: Client) -> None:
        one, two = people.employee("branch_east", name="杨勇"), people.employee("branch_east", name="杨勇")
        form = filled(respondent_department="branch_east", respondent="杨勇")
        page = shown(browser.post(reverse("intake"), form), 422)
        assert one.work_number in page
        assert two.work_number in page
        chosen = {**form, "respondent_number": two.work_number, "idempotency_key": uuid.uuid4().hex}
        browser.post(reverse("intake"), chosen)
        assert Complaint.objects.get().respondent_employee == two

    def test_files_come_back_with_a_refused_form(self, crew: Crew, browser: Client) -> None:
        file = attachments.store(file=paper(), by=crew.agent)
        page = shown(browser.post(reverse("intake"), filled(text="", attachments=[file.public_id])), 422)
        assert file.public_id in page
        assert "现场记录.txt" in page

    def test_a_session_that_is_over_leads_to_the_login_not_to_a_loss(self) -> None:
        answer = Client().post(reverse("intake"), filled())
        assert answer.status_code == 302
        assert Complaint.objects.count() == 0


class TestPeoplePicker:
    def test_initials_find_a_person_and_the_work_number_tells_namesakes_apart(self, browser: Client) -> None:
        people.employee("branch_east", name="孙丽")
        text = words(
            browser.get(
                reverse("complaint-people"),
                {"field": "respondent", "respondent": "sl", "respondent_department": ""},
            )
        )
        assert "孙丽" in text

    def test_it_answers_for_known_fields_alone(self, browser: Client) -> None:
        answer = browser.get(reverse("complaint-people"), {"field": "password", "password": "a"})
        assert answer.status_code == 404


class TestSlots:
    def test_a_waybills_and_a_callers_tickets_stand_on_other_apps_pages(
        self, crew: Crew, browser: Client
    ) -> None:
        row = register(crew.agent)
        assert row.number in shown(browser.get(reverse("complaints-of-waybill", args=[WAYBILL])))
        assert row.number in shown(browser.get(reverse("complaints-of-call", args=[TELEPHONE])))
        assert row.number in shown(browser.get(reverse("complaints-of-customer", args=[row.customer.number])))

    def test_what_is_not_there_is_not_there(self, browser: Client) -> None:
        assert browser.get(reverse("complaints-of-waybill", args=["86200000000"])).status_code == 404
        assert browser.get(reverse("complaints-of-customer", args=["KH-99999999"])).status_code == 404
        assert browser.get(reverse("complaints-of-call", args=["abc"])).status_code == 404
