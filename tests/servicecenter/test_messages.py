"""Catalogues of translations: collected from the code, filled from tables, drafted in traditional, checked (D16)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from servicecenter import catalogues
from servicecenter.catalogues import BrokenCatalogue, Catalogue, Entry, mismatch, parse

PYTHON = """
from django.utils.translation import gettext as _, ngettext, pgettext
A = _("Desk")
B = _("%(name)s waits since %(when)s")
C = ngettext("%(count)s row", "%(count)s rows", 2)
D = pgettext("of a ticket", "open")
E = _("% of the term")
"""
TEMPLATE = """{% load i18n %}{% comment %}Context: number.{% endcomment %}
{% translate "Desk" %} {% blocktranslate trimmed %}
  Ticket {{ number }}
{% endblocktranslate %}"""
CHINESE = """Desk	工作台
%(name)s waits since %(when)s	%(name)s 自 %(when)s 起等待
%(count)s row	%(count)s 行
open	在办
% of the term	% 期限
Ticket %(number)s	投诉单 %(number)s
"""


@pytest.fixture
def project(tmp_path: Path, settings: Any) -> Path:
    """A small project: one app, one template, an empty locale."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "views.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "chinese.tsv").write_text(CHINESE)
    settings.BASE_DIR, settings.LOCAL_APPS = tmp_path, ["shop"]
    settings.LOCALE_PATHS = [tmp_path / "locale"]
    return tmp_path


def run(*arguments: Any) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("messages", *map(str, arguments), stdout=out, stderr=err, no_color=True)
    return out.getvalue(), err.getvalue()


def texts(project: Path, language: str) -> dict[str, str]:
    path = project / "locale" / language / "LC_MESSAGES" / "django.po"
    return {entry.msgid: entry.text for entry in parse(path.read_text(), language).entries.values()}


def test_every_text_of_code_and_templates_is_collected_once_with_its_places(project: Path) -> None:
    found = catalogues.texts_of(project, ["shop", "templates"])
    assert set(found) == {
        ("", "Desk"),
        ("", "%(name)s waits since %(when)s"),
        ("", "%(count)s row"),
        ("of a ticket", "open"),
        ("", "% of the term"),
        ("", "Ticket %(number)s"),
    }
    assert found["", "Desk"].places == ("shop/views.py", "templates/page.html")
    assert found["", "%(count)s row"].plural == "%(count)s rows"
    assert found["", "% of the term"].flags == ()
    assert found["", "Ticket %(number)s"].flags == ("python-format",)


def test_a_table_fills_simplified_and_traditional_follows(project: Path) -> None:
    out, err = run("--merge", project / "chinese.tsv")
    assert "6 texts, 0 problems" in out
    assert err == ""
    assert texts(project, "zh_Hans")["Ticket %(number)s"] == "投诉单 %(number)s"
    assert texts(project, "zh_Hant")["Ticket %(number)s"] == "投訴單 %(number)s"
    assert run("--check")[0].startswith("6 texts, all translated")
    for language in ("zh_Hans", "zh_Hant"):
        assert (project / "locale" / language / "LC_MESSAGES" / "django.mo").exists()


def test_a_reviewed_sentence_replaces_the_draft_and_an_unused_one_is_a_problem(project: Path) -> None:
    (project / "locale").mkdir()
    (project / "locale" / "zh_Hant_overrides.tsv").write_text("# reviewed\nDesk\t工作檯\nGone\t沒了\n")
    _out, err = run("--merge", project / "chinese.tsv")
    assert texts(project, "zh_Hant")["Desk"] == "工作檯"
    assert "no such text: 'Gone'" in err


def test_running_again_changes_nothing_and_keeps_translations(project: Path) -> None:
    run("--merge", project / "chinese.tsv")
    path = project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    before = path.read_text()
    run()
    assert path.read_text() == before


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda text: text.replace('msgstr "工作台"', 'msgstr ""'), "not translated: 'Desk'"),
        (lambda text: text.replace("%(name)s 自", "%(nmae)s 自"), "places differ %(name)s, %(nmae)s"),
        (lambda text: text + '\nmsgid "Old"\nmsgstr "旧"\n', "django.po is not what the code needs"),
        (lambda text: text.replace('msgid "Desk"', '#, fuzzy\nmsgid "Desk"'), "fuzzy: 'Desk'"),
        (lambda text: text + '\nmsgid "Desk"\nmsgstr "旧"\n', "twice: 'Desk'"),
        (lambda text: text + "\nnonsense\n", "nonsense"),
    ],
    ids=["missing", "place", "unused", "fuzzy", "twice", "broken"],
)
def test_check_fails_on_anything_missing_unused_or_wrong(project: Path, damage: Any, problem: str) -> None:
    run("--merge", project / "chinese.tsv")
    path = project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
    damaged = damage(path.read_text())
    path.write_text(damaged)
    err = io.StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("messages", "--check", stderr=err, no_color=True)
    assert problem in err.getvalue() + str(caught.value)
    assert path.read_text() == damaged


def test_a_new_text_fails_the_check_until_it_is_translated(project: Path) -> None:
    run("--merge", project / "chinese.tsv")
    (project / "shop" / "new.py").write_text('from x import gettext_lazy as _\nA = _("New\\nline")\n')
    with pytest.raises(CommandError):
        run("--check")
    (project / "more.tsv").write_text("New\\nline\t新的\\n一行\n")
    run("--merge", project / "more.tsv")
    run("--check")
    assert texts(project, "zh_Hans")["New\nline"] == "新的\n一行"


def test_a_table_that_contradicts_does_not_overwrite_unless_told_to(project: Path) -> None:
    run("--merge", project / "chinese.tsv")
    other = project / "other.tsv"
    other.write_text("Desk\t桌面\nNowhere\t无\n")
    _out, err = run("--merge", other)
    assert "'Desk' stays '工作台', not '桌面'" in err
    assert "the code does not say 'Nowhere'" in err
    assert texts(project, "zh_Hans")["Desk"] == "工作台"
    run("--merge", other, "--overwrite")
    assert texts(project, "zh_Hans")["Desk"] == "桌面"


def test_a_context_in_front_fills_that_meaning_alone(project: Path) -> None:
    (project / "shop" / "meanings.py").write_text(
        "from x import gettext as _, pgettext\nA = _('Points')\nB = pgettext('unit', 'Points')\n"
    )
    (project / "more.tsv").write_text("Points\t扣分\nunit\tPoints\t分\n")
    run("--merge", project / "chinese.tsv", project / "more.tsv", "--overwrite")
    po = (project / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po").read_text()
    assert 'msgctxt "unit"\nmsgid "Points"\nmsgstr "分"' in po
    assert po.count('msgstr "扣分"') == 1


def test_a_table_line_without_a_translation_is_named(project: Path) -> None:
    (project / "bad.tsv").write_text("Desk\t工作台\nno tab here\n")
    with pytest.raises(CommandError, match=r"bad\.tsv line 2"):
        run("--merge", project / "bad.tsv")


@pytest.mark.parametrize(
    ("english", "chinese", "wrong"),
    [
        ("%(a)s and %(b)s", "%(b)s 和 %(a)s", ""),
        ("%(a)s", "好", "places differ %(a)s"),
        ("50%%", "百分之五十", "places differ %%"),
        ("{count} rows", "{count} 行", ""),
        ("{count} rows", "{counts} 行", "places differ {counts}, {count}"),
        ("a\n", "一", "line breaks at the ends differ"),
        ("%(a).1f%%", "%(a).1f%%", ""),
        ("%(a).1f%%", "%(a)s%%", "places differ %(a).1f, %(a)s"),
    ],
)
def test_places_and_line_ends_of_a_translation_are_those_of_its_english(
    english: str, chinese: str, wrong: str
) -> None:
    assert mismatch(Entry(english, text=chinese)) == wrong


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.text(max_size=3), st.text(min_size=1)),
        st.tuples(st.text(), st.text(max_size=5)),
        max_size=5,
    )
)
def test_what_is_written_is_read_again_whatever_the_texts_hold(
    values: dict[tuple[str, str], tuple[str, str]],
) -> None:
    entries = {
        key: Entry(key[1], key[0], plural, text, places=("a.py",)) for key, (text, plural) in values.items()
    }
    before = Catalogue("zh_Hans", entries)
    assert parse(before.written(), "zh_Hans").entries == entries


def test_a_file_that_is_no_catalogue_is_refused() -> None:
    for text in ("msgid unquoted", 'msgxyz "a"', '"orphan"'):
        with pytest.raises(BrokenCatalogue):
            parse(text, "zh_Hans")


def test_a_word_of_the_trade_is_kept_from_the_converter() -> None:
    """审核 is an audit, 稽核 the controller: OpenCC makes one word of both."""
    shouted = catalogues.keeping(
        {"审核": "審核", "未审核": "未審核"}, lambda text: text.replace("审核", "?").upper()
    )
    assert shouted("a 未审核 b 审核") == "A 未審核 B 審核"
    assert catalogues.keeping({}, str.upper)("a 审核") == "A 审核"
