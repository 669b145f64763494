"""Reply templates: kept by the centre manager, put into what is written on a ticket (CMP-50)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints import services
from complaints.models import Category, Complaint, Message, ReplyTemplate
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import TrailEntry
from tests import people
from tests.complaints.cases import Crew, against_east, clock, handover, notified, register
from tests.doors import client, client_of, words

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
NAMES = {"zh-Hans": "回访约定", "en": "Call back"}
TEXT = "{customer}，{number}，运单 {waybill}，{agent}。"


def made(by: User | None = None, **given: Any) -> ReplyTemplate:
    said = {"code": "call-back", "names": NAMES, "texts": {"zh-Hans": TEXT}, "ordinal": 5, **given}
    return services.save_template(by=by, **said)


def fill(browser: Client, row: Complaint, code: str = "call-back", language: str = "zh-hans") -> Any:
    url = reverse("complaint-template", args=[row.number, code])
    return browser.get(url, {"language": language} if language else {})


class TestTheCatalogue:
    def test_six_templates_stand_in_three_languages_with_known_placeholders(self) -> None:
        rows = list(ReplyTemplate.objects.all())
        assert [row.code for row in rows] == [
            "received", "investigating", "delayed", "resolved", "documents", "apology",
        ]  # fmt: skip
        for row in rows:
            assert set(row.names) == set(row.texts) == {"zh-Hans", "zh-Hant", "en"}
            kept = services.save_template(
                template=row, code=row.code, names=row.names, texts=row.texts, ordinal=row.ordinal, by=None
            )
            assert kept.texts == row.texts
        assert not TrailEntry.objects.filter(code="template.saved").exists()

    def test_a_template_is_added_changed_and_retired_and_the_trail_says_so(self, crew: Crew) -> None:
        browser = client_of(crew.manager)
        sent = {
            "code": "call-back", "name_hans": "回访约定", "text_hans": "｛customer｝，稍后回电。", "ordinal": 5,
            "is_active": "on", "category": "late_delivery",
        }  # fmt: skip
        assert browser.post(reverse("reply-template-new"), sent, headers=HTMX).status_code == 204
        row = ReplyTemplate.objects.get(code="call-back")
        assert (row.texts, row.category.code) == ({"zh-Hans": "{customer}，稍后回电。"}, "late_delivery")
        changed = sent | {"name_hans": "回电", "category": "", "code": "another"}
        url = reverse("reply-template-change", args=["call-back"])
        assert browser.post(url, changed, headers=HTMX).status_code == 204
        row.refresh_from_db()
        assert (str(row), row.category) == ("回电", None)
        retire = reverse("reply-template-retire", args=["call-back"])
        assert [browser.post(retire).status_code for _ in range(2)] == [302, 302]
        row.refresh_from_db()
        assert not row.is_active
        codes = TrailEntry.objects.filter(object_id=row.pk, kind="complaints.replytemplate").order_by("id")
        assert [entry.code for entry in codes] == ["template.saved", "template.saved", "template.retired"]
        assert "回电" in words(browser.get(reverse("reply-template-list")))

    def test_an_unknown_placeholder_is_refused_at_its_text_and_named(self, crew: Crew) -> None:
        sent = {
            "code": "x",
            "name_hans": "甲",
            "text_hans": "好",
            "text_en": "Dear {user.password}",
            "ordinal": 5,
        }
        answer = client_of(crew.manager).post(reverse("reply-template-new"), sent)
        assert answer.status_code == 422
        assert "{user.password}" in str(answer.context["form"].errors["text_en"])
        assert not ReplyTemplate.objects.filter(code="x").exists()

    @pytest.mark.parametrize(
        ("given", "code", "field"),
        [
            ({"texts": {"en": "Dear {customer}"}}, "template.texts", "text_hans"),
            ({"texts": {"zh-Hans": "{customer"}}, "template.brace", "text_hans"),
            ({"texts": {"zh-Hans": "好", "zh-Hant": "{gast}"}}, "template.unknown_field", "text_hant"),
            ({"texts": {"zh-Hans": "长" * 2001}}, "template.too_long", "text_hans"),
            ({"names": {"en": "x"}}, "catalogue.names", "names"),
            ({"code": "received"}, "catalogue.code_taken", "code"),
        ],
    )
    def test_what_is_no_template_is_refused(
        self, crew: Crew, given: dict[str, Any], code: str, field: str
    ) -> None:
        with pytest.raises(RuleBroken) as refused:
            made(crew.manager, **given)
        assert (refused.value.code, refused.value.field) == (code, field)
        assert ReplyTemplate.objects.count() == 6

    def test_an_agent_does_not_keep_templates(self, crew: Crew) -> None:
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            made(crew.agent)
        with pytest.raises(RuleBroken, match=r"lifecycle\.no_right"):
            services.retire_template(template=ReplyTemplate.objects.get(code="received"), by=crew.agent)


class TestFilling:
    def test_it_stands_with_the_ticket_s_own_values(self, crew: Crew) -> None:
        made(texts={"zh-Hans": TEXT + "{matter} {department} {due}"})
        row = register(crew.agent, at=timezone.now())
        due = timezone.localtime(clock(row, "resolution").due_at)
        assert fill(client_of(crew.agent), row).json() == {
            "text": f"刘海涛，{row.number}，运单 8620 4417 309，{crew.agent.name}。"
            f"{row.summary} {row.department.name} {due:%Y-%m-%d %H:%M}"
        }

    def test_a_ticket_without_waybill_name_or_running_clock_says_so_in_words(self, crew: Crew) -> None:
        made(texts={"zh-Hans": "甲", "en": "{customer}/{waybill}/{due}"})
        row = notified(crew, waybill_number="", caller_name="")
        assert fill(client_of(crew.agent), row, language="en").json() == {
            "text": "customer/(not registered)/a date we shall tell you"
        }

    def test_braces_in_a_caller_s_name_stay_text(self, crew: Crew) -> None:
        made()
        row = register(crew.agent, caller_name="{agent} {0}")
        assert fill(client_of(crew.agent), row).json()["text"].startswith("{agent} {0}，")

    def test_the_respondent_s_side_learns_no_name_from_a_template(self, crew: Crew) -> None:
        made(texts={"zh-Hans": "[{customer}]"})
        row = against_east(crew.agent)
        assert "刘海涛" in fill(client_of(crew.agent), row).json()["text"]
        assert "刘" not in fill(client_of(crew.handler), row).json()["text"]

    def test_a_template_of_another_category_a_retired_one_and_a_foreign_ticket_are_not_there(
        self, crew: Crew
    ) -> None:
        made(category=Category.objects.get(code="price"))
        row = against_east(crew.agent)
        browser = client_of(crew.agent)
        assert fill(browser, row).status_code == 404
        assert fill(browser, row, "received").status_code == 200
        services.retire_template(template=ReplyTemplate.objects.get(code="received"), by=crew.manager)
        assert fill(browser, row, "received").status_code == 404
        assert fill(browser, row, "apology", language="fr").status_code == 404
        assert fill(client_of(crew.west), row, "apology").status_code == 404

    def test_a_template_of_the_ticket_s_category_stands_first(self, crew: Crew) -> None:
        made(category=Category.objects.get(code="late_delivery"), ordinal=900)
        page = client_of(crew.agent).get(reverse("complaint-detail", args=[register(crew.agent).number]))
        assert [one.code for one in page.context["phrases"]][:2] == ["call-back", "received"]


class TestWithoutScript:
    def test_the_composer_comes_back_with_the_text_and_what_was_typed_and_nothing_is_saved(
        self, crew: Crew
    ) -> None:
        row = register(crew.agent)
        browser = client_of(crew.agent)
        sent = {
            "kind": "reply", "channel": "email", "text": "先说一句。", "template": "apology", "idempotency_key": "k1",
            "template_language": "en", "insert_template": "1", "version": row.version,
        }  # fmt: skip
        answer = browser.post(reverse("complaint-write", args=[row.number]), sent)
        form = answer.context["compose"]
        assert form["text"].value().startswith("先说一句。\nDear 刘海涛, we sincerely apologize")
        assert (form["kind"].value(), form["channel"].value(), form.errors) == ("reply", "email", {})
        assert not Message.objects.exists()
        del sent["insert_template"]
        text = form["text"].value()
        assert (
            browser.post(reverse("complaint-write", args=[row.number]), sent | {"text": text}).status_code
            == 302
        )
        assert Message.objects.get().text == text

    def test_nothing_chosen_loses_nothing(self, crew: Crew) -> None:
        row = register(crew.agent)
        answer = client_of(crew.agent).post(
            reverse("complaint-write", args=[row.number]),
            {"kind": "note", "text": "记一笔", "template": "", "insert_template": "1"},
        )
        assert answer.context["compose"]["text"].value() == "记一笔"
        assert not Message.objects.exists()

    def test_the_resolution_and_the_written_notice_take_one_too(self, crew: Crew) -> None:
        row = register(crew.agent)
        browser = client_of(crew.agent)
        sent = {"resolution": "", "template": "resolved", "insert_template": "1"}
        answer = browser.post(reverse("complaint-resolve", args=[row.number]), sent)
        assert row.number in answer.context["form"]["resolution"].value()
        row.refresh_from_db()
        assert row.state != "resolved"

    def test_an_act_without_a_text_for_the_customer_offers_none(self, crew: Crew) -> None:
        row = register(crew.agent)
        page = client_of(crew.agent).get(reverse("complaint-cancel", args=[row.number]))
        assert "phrases" not in page.context


class TestApi:
    def test_the_list_holds_what_is_in_use(self, crew: Crew) -> None:
        services.retire_template(template=ReplyTemplate.objects.get(code="apology"), by=crew.manager)
        rows = client_of(crew.agent).get("/api/v1/reply-templates/").json()
        assert [row["code"] for row in rows] == [
            "received",
            "investigating",
            "delayed",
            "resolved",
            "documents",
        ]
        assert rows[0]["category"] is None
        assert "{customer}" in rows[0]["texts"]["en"]

    def test_one_is_filled_for_a_ticket(self, crew: Crew) -> None:
        made()
        row = register(crew.agent)
        url = "/api/v1/reply-templates/call-back/filled/"
        answer = client_of(crew.agent).get(url, {"complaint": row.number, "language": "zh-hans"})
        assert answer.json() == {
            "code": "call-back", "complaint": row.number, "language": "zh-hans",
            "text": f"刘海涛，{row.number}，运单 8620 4417 309，{crew.agent.name}。",
        }  # fmt: skip

    def test_a_foreign_ticket_is_not_there_and_a_missing_one_is_asked_for(self, crew: Crew) -> None:
        row = against_east(crew.agent)
        handover(row, "branch_east")
        url = "/api/v1/reply-templates/apology/filled/"
        assert client_of(crew.west).get(url, {"complaint": row.number}).status_code == 404
        assert client_of(crew.handler).get(url, {"complaint": row.number}).status_code == 200
        asked = client_of(crew.agent).get(url)
        assert asked.status_code == 400
        assert "complaint" in asked.json()["fields"]
        assert client("storekeeper").get(url, {"complaint": row.number}).status_code == 403


def test_the_pages_of_the_catalogue_are_for_who_keeps_it(crew: Crew) -> None:
    people.centre()
    assert client_of(crew.agent).get(reverse("reply-template-list")).status_code == 403
    assert client_of(crew.enterprise).post(reverse("reply-template-new"), {}).status_code == 403
