"""What the template tags draw: words in three languages, the parts' classes, what screen readers need."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import django_filters
import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from servicecenter import dates
from servicecenter.components import Counter, Event
from servicecenter.forms import WorkForm
from servicecenter.gallery import SampleForm, SampleState
from servicecenter.kernel.lifecycle import Action, Answer, Refusal
from servicecenter.kernel.masking import mask_telephone
from servicecenter.keyset import Page
from servicecenter.models import Notice


def draw(source: str, **context: Any) -> str:
    return Template(source).render(Context(context))


@pytest.mark.parametrize(
    ("language", "today", "yesterday", "tomorrow"),
    [
        ("zh-hans", "今天", "昨天", "明天"),
        ("zh-hant", "今天", "昨天", "明天"),
        ("en", "today", "yesterday", "tomorrow"),
    ],
)
def test_near_days_have_names(language: str, today: str, yesterday: str, tomorrow: str) -> None:
    now, day = timezone.now(), timedelta(days=1)
    with translation.override(language):
        assert [dates.say_day(at) for at in (now, now - day, now + day)] == [today, yesterday, tomorrow]


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("zh-hans", ["周一", "周二", "周三", "周四", "周五", "周六", "周日"]),
        ("zh-hant", ["週一", "週二", "週三", "週四", "週五", "週六", "週日"]),
        ("en", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]),
    ],
)
def test_within_the_past_week_a_day_is_its_weekday(language: str, names: list[str]) -> None:
    day = dates.today() - timedelta(days=4)
    with translation.override(language):
        assert dates.say_day(day) == names[day.weekday()]


def test_a_week_ago_is_a_date_and_another_year_has_its_year() -> None:
    last_week = dates.today() - timedelta(days=7)
    long_ago = dates.today() - timedelta(days=800)
    assert dates.say_day(long_ago) == long_ago.strftime("%Y-%m-%d")
    same_year = last_week.year == dates.today().year
    assert dates.say_day(last_week) == last_week.strftime("%m-%d" if same_year else "%Y-%m-%d")


def test_times_are_the_centres_on_a_24_hour_clock() -> None:
    at = timezone.now().replace(hour=9, minute=5, second=7) - timedelta(days=30)
    assert dates.say_time(at) == "17:05"
    assert dates.say_moment(at).endswith(" 17:05:07")


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("{{ v|money }}", "¥4,860.00"),
        ("{{ minus|money }}", "\u2212¥1,234.50"),
        ("{{ v|qty }}", "4,860.000"),
        ("{{ waybill|waybill }}", "8620 4417 309"),
        ("{{ n|count }}", "12,034"),
        ("{{ n|count:1000 }}", "1,000+"),
        ("{{ seconds|span }}", "1 时 01 分"),
        ("{{ none|money }}{{ none|waybill }}{{ none|when }}{{ none|span }}{{ none|count }}", ""),
    ],
)
def test_figures_are_shown_in_full(source: str, drawn: str) -> None:
    values = {
        "v": Decimal("4860"),
        "minus": "-1234.5",
        "waybill": "86204417309",
        "n": 12034,
        "seconds": 3661,
        "none": None,
    }
    assert draw(source, **values) == drawn


def test_a_pill_is_colour_icon_and_word() -> None:
    drawn = draw("{% pill state %}", state=SampleState.HANDED_OVER)
    assert 'class="pill blue line"' in drawn
    assert "#i-route" in drawn
    assert "已转办" in drawn


def test_a_stored_value_finds_its_choice() -> None:
    drawn = draw('{% pill "closed" of="servicecenter.gallery.SampleState" %}')
    assert 'class="pill green"' in drawn
    assert "#i-lock" in drawn


def test_a_pill_may_say_more_than_its_label() -> None:
    assert "重新处理 2" in draw('{% pill state text="重新处理 2" %}', state=SampleState.REOPENED)


def test_no_state_draws_no_pill() -> None:
    assert draw("{% pill none %}{% tier none %}{% sla none %}{% avatar none %}", none=None) == ""


def test_texts_are_escaped() -> None:
    drawn = draw('{% tag text %}{% avatar text %}{% tier "a<" %}', text="<b>x</b>")
    assert "<b>" not in drawn
    assert "&lt;b&gt;" in drawn


def test_a_tier_is_a_letter_with_its_meaning() -> None:
    assert draw('{% tier "A" %}') == '<span class="tier a" title="A 级客户">A</span>'


def test_an_icon_with_a_label_is_an_image_else_decoration() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "clock" %}')
    labelled = draw('{% icon "clock" label="时限" %}')
    assert 'role="img" aria-label="时限"' in labelled
    assert "aria-hidden" not in labelled


CLOSE = Action("close", frozenset({"answered"}))


def test_an_allowed_action_is_a_link_into_a_dialog() -> None:
    drawn = draw('{% act answer "结案" "/close/" icon="check" look="primary" %}', answer=Answer(CLOSE))
    assert 'href="/close/" data-dialog' in drawn
    assert "btn-primary" in drawn


def test_a_refused_action_stays_and_says_why_beside_it() -> None:
    refused = Answer(CLOSE, Refusal("lifecycle.wrong_state"))
    drawn = draw('{% act answer "结案" "/close/" %}', answer=refused)
    assert 'aria-disabled="true"' in drawn
    assert drawn.count("当前状态下不能这样做。") == 3  # title, toast, beside
    assert "/close/" not in drawn


def test_an_action_without_the_right_is_not_drawn() -> None:
    hidden = Answer(CLOSE, Refusal("lifecycle.no_right"), visible=False)
    assert draw('{% act answer "结案" "/close/" %}', answer=hidden).strip() == ""


def test_a_field_ties_label_hint_and_error_together() -> None:
    form = SampleForm({"telephone": "", "waybill": "8620", "category": "late"})
    assert not form.is_valid()
    drawn = draw("{% field form.telephone %}", form=form)
    assert 'for="id_telephone"' in drawn
    assert 'aria-describedby="id_telephone_helptext id_telephone_error"' in drawn
    assert 'id="id_telephone_helptext"' in drawn
    assert 'id="id_telephone_error"' in drawn
    assert 'aria-invalid="true"' in drawn


def test_radios_are_a_segmented_group_with_a_name() -> None:
    drawn = draw("{% field form.founded %}", form=SampleForm())
    assert 'role="group" aria-labelledby="id_founded_label"' in drawn
    assert drawn.count('type="radio"') == 3
    assert drawn.count(" checked") == 1


def test_further_names_become_attributes_of_the_control() -> None:
    drawn = draw('{% field form.text rows=9 hx_get="/x/" data_live="" %}', form=SampleForm())
    assert 'rows="9"' in drawn
    assert 'hx-get="/x/"' in drawn
    assert "data-live" in drawn


def test_every_kind_of_control_gets_its_class() -> None:
    class Kinds(forms.Form):
        line = forms.CharField()
        choice = forms.ChoiceField(choices=[("a", "A")])
        tick = forms.BooleanField()
        many = forms.MultipleChoiceField(choices=[("a", "A")], widget=forms.CheckboxSelectMultiple)

    form = Kinds()
    assert 'class="form-control"' in draw("{% field form.line %}", form=form)
    assert 'class="form-select"' in draw("{% field form.choice %}", form=form)
    assert 'class="form-check-input"' in draw("{% field form.tick %}", form=form)
    assert 'class="form-check-input"' in draw("{% field form.many %}", form=form)


def test_dates_are_picked_by_the_browsers_own_control_in_iso_form() -> None:
    class Dates(forms.Form):
        day = forms.DateField(initial=date(2026, 11, 19))
        at = forms.DateTimeField(initial=datetime(2026, 11, 19, 10, 7))

    assert 'type="date" name="day" value="2026-11-19"' in draw("{% field form.day %}", form=Dates())
    drawn = draw("{% field form.at %}", form=Dates())
    assert 'type="datetime-local" name="at" value="2026-11-19T10:07"' in drawn
    assert Dates({"day": "2026-11-19", "at": "2026-11-19T10:07"}).is_valid()


def test_d20_every_form_that_acts_carries_its_key_once() -> None:
    form = WorkForm()
    drawn = draw("{% form_head form %}", form=form, csrf_token="secret")
    assert drawn.count('name="idempotency_key"') == 1
    assert drawn.count('name="csrfmiddlewaretoken"') == 1
    assert form.initial["idempotency_key"] in drawn


def test_errors_of_the_whole_form_stand_above_it() -> None:
    form = WorkForm({})
    form.add_error(None, "两个分公司不能相同。")
    drawn = draw("{% form_head form %}", form=form)
    assert 'role="alert"' in drawn
    assert "两个分公司不能相同。" in drawn


def test_a_zero_counter_is_grey_whatever_its_tone() -> None:
    drawn = draw(
        "{% counters items %}", items=[Counter("已超时", 0, "/o/", tone="hot"), Counter("待回访", 4, "/f/")]
    )
    assert '<a href="/o/" class="zero">' in drawn
    assert '<a href="/f/">' in drawn


def test_the_pager_keeps_the_filters_and_leaves_the_old_cursor() -> None:
    request = RequestFactory().get("/list/", {"category": "late", "cursor": "old"})
    page = Page(rows=[1, 2], next_cursor="n:1", previous_cursor="")  # type: ignore[type-var]
    drawn = draw("{% pager page total=1204 %}", page=page, request=request)
    assert 'href="?category=late&amp;cursor=n%3A1"' in drawn
    assert "old" not in drawn
    assert "2 条，共 1,000+ 条" in drawn


def test_query_changes_one_part_of_the_address() -> None:
    request = RequestFactory().get("/list/", {"category": "late", "cursor": "c"})
    assert draw("{% query order='due' cursor=None %}", request=request) == "?category=late&amp;order=due"


class NoticeFilter(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label="程度", choices=Notice.Level.choices)
    at = django_filters.DateFromToRangeFilter(label="时间")
    number = django_filters.CharFilter(label="单号")

    class Meta:
        model = Notice
        fields: list[str] = []


def drawn_filters(**query: str) -> str:
    request = RequestFactory().get("/list/", query)
    filterset = NoticeFilter(request.GET, queryset=Notice.objects.none())
    return draw("{% filters filterset %}", filterset=filterset, request=request)


def test_a_set_filter_shows_its_value_and_how_to_take_it_away() -> None:
    drawn = drawn_filters(level="grave", number="TS2611", cursor="old")
    assert '<a class="chip on" href="?number=TS2611"' in drawn
    assert "程度: " in drawn
    assert "单号: TS2611" in drawn
    assert "old" not in drawn


def test_a_range_is_one_filter() -> None:
    drawn = drawn_filters(at_after="2026-11-01", level="info")
    assert "时间: 2026-11-01" in drawn
    assert 'href="?level=info"' in drawn


def test_setting_a_filter_keeps_the_others() -> None:
    drawn = drawn_filters(level="grave")
    assert (
        drawn.count('<input type="hidden" name="level" value="grave">') == 2
    )  # in the forms of the two others


def test_every_filters_control_has_a_name_for_screen_readers() -> None:
    drawn = drawn_filters()
    assert 'aria-label="程度"' in drawn
    assert 'role="group" aria-label="时间"' in drawn
    assert 'aria-label="单号"' in drawn
    assert re.search(r'<input type="date" name="at_after"[^>]* aria-label="时间: 自"', drawn)
    assert re.search(r'<input type="date" name="at_before"[^>]* aria-label="时间: 至"', drawn)


def test_a_timeline_is_parted_by_days_and_marks_internal_notes() -> None:
    now = timezone.now()
    drawn = draw(
        "{% timeline events %}",
        events=[
            Event(now, "陈晓燕", "内部备注", say="<不给客户看>", internal=True),
            Event(now - timedelta(days=1), "孙丽", "交来书面报告", say="已办"),
        ],
    )
    assert drawn.count('class="day"') == 1
    assert 'class="say note"' in drawn
    assert "&lt;不给客户看&gt;" in drawn


def test_a_refusing_banner_speaks_up_and_the_others_politely() -> None:
    assert 'role="alert"' in draw('{% banner "red" %}x{% endbanner %}')
    assert 'role="status"' in draw('{% banner "info" %}x{% endbanner %}')


class Person:
    class _meta:
        label_lower = "complaints.contact"

    PERSONAL = {"telephone": mask_telephone}
    pk = 7
    telephone = "13900000421"
    note = "free text"


class Shell:
    def __init__(self, *rights: str) -> None:
        self.rights = rights

    def may(self, right: str) -> bool:
        return right in self.rights


def test_prv02_a_personal_value_is_masked_and_shown_on_demand_only() -> None:
    drawn = draw('{% masked person "telephone" %}', person=Person(), shell=Shell("servicecenter.reveal"))
    assert "139****0421" in drawn
    assert "13900000421" not in drawn
    assert "kind=complaints.contact&amp;id=7&amp;what=telephone" in drawn


def test_prv02_without_the_right_there_is_nothing_to_press() -> None:
    drawn = draw('{% masked person "telephone" %}', person=Person(), shell=Shell())
    assert "139****0421" in drawn
    assert "<button" not in drawn


def test_prv02_a_field_the_model_does_not_name_as_personal_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        draw('{% masked person "note" %}', person=Person(), shell=Shell("servicecenter.reveal"))
