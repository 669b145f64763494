"""One English word for each Chinese one: docs/glossary.md names every record and label, and no text says it otherwise.

A new word of the trade gets a row by hand; the tables of records and labels are written by `make messages`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from servicecenter import catalogues
from servicecenter.glossary import own_choices, own_models

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "docs/glossary.md").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = TEXT.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in part.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


@pytest.mark.parametrize("model", list(own_models()), ids=lambda model: model._meta.label)
def test_a_record_is_in_the_glossary_in_three_languages(model: type) -> None:
    found = next((row for row in rows("Records") if row[0] == f"`{model._meta.label}`"), None)  # type: ignore[attr-defined]
    assert found is not None, "run `make messages`"
    for place, language in enumerate(("en", "zh-hans", "zh-hant"), start=1):
        with translation.override(language):
            assert found[place] == str(model._meta.verbose_name)  # type: ignore[attr-defined]


def test_every_label_is_in_the_glossary() -> None:
    """With the English it has now; `make messages` writes the table."""
    with translation.override("en"):
        wanted = {(f"`{value}`", str(label)) for kind in own_choices() for value, label in kind.choices}
    assert wanted - {(row[1], row[2]) for row in rows("Labels of states and choices")} == set()


def test_a_word_of_the_trade_stands_in_three_languages_and_once() -> None:
    trade = rows("Words of the trade")
    assert len(trade) > 120
    for row in trade:
        assert len(row) == 5, row
        assert all(row[:3]), row
    assert [term for term, times in Counter(row[0] for row in trade).items() if times > 1] == []


PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
# What no text says, and what it says instead.
FORBIDDEN_ENGLISH = {
    r"audit (log|trail)": "trail",
    r"(?<!service )(?<!cargo )\bincidents?\b(?! reports?\b)": "service incident, cargo incident",
    r"^receipts?$|\b(a|an|the|no|this|each|every) receipts?\b": "signed receipt, goods received",
    r"\bcomplainants?\b": "complaining party",
    r"\binquir(y|ies)\b": "enquiry; investigation",
    r"\bclients?\b": "customer",
    r"\bSLAs?\b|\btimers?\b": "deadline, clock",
    r"\bescalat": "report upward",
    r"\b(call|service) center\b|\bcolors?\b|\bcanceled\b|\bcatalogs?\b": "British spelling: centre, colour, cancelled",
    r"\buser ?names?\b": "work number",
    r"\bauditors?\b": "controller (稽核)",
}
FORBIDDEN_CHINESE = {
    "审计": "审核 (of a document), 操作记录 (trail)",
    "用户名": "工号",
    "工单": "投诉受理单",
    "客诉": "投诉",
    "日志": "操作记录",
}
# Texts that say such a word rightly, and why.
EXEMPT = {
    "for incidents from": "a field of liability rules, which are about cargo incidents alone",
    "for incidents until": "the same",
}


def texts() -> list[catalogues.Entry]:
    path = Path(settings.LOCALE_PATHS[0]) / "zh_Hans/LC_MESSAGES/django.po"
    return list(catalogues.parse(path.read_text(encoding="utf-8"), "zh_Hans").entries.values())


@pytest.mark.parametrize("pattern", FORBIDDEN_ENGLISH)
def test_no_english_text_uses_a_word_to_avoid(pattern: str) -> None:
    found = [
        f"{entry.places[0]}: {entry.msgid}"
        for entry in texts()
        if re.search(pattern, PLACE.sub(" ", f"{entry.msgid}\n{entry.plural}"), re.IGNORECASE)
        and entry.msgid not in EXEMPT
    ]
    assert not found, f"say: {FORBIDDEN_ENGLISH[pattern]}\n" + "\n".join(found)


@pytest.mark.parametrize("word", FORBIDDEN_CHINESE)
def test_no_chinese_text_uses_a_word_to_avoid(word: str) -> None:
    found = [f"{entry.places[0]}: {entry.text}" for entry in texts() if word in entry.text]
    assert not found, f"say: {FORBIDDEN_CHINESE[word]}\n" + "\n".join(found)


def test_an_audit_is_the_same_word_in_both_chinese_scripts() -> None:
    """OpenCC makes 稽核, which is the controller, of 审核; `locale/zh_Hant_words.tsv` keeps them apart."""
    path = Path(settings.LOCALE_PATHS[0]) / "zh_Hant/LC_MESSAGES/django.po"
    traditional = catalogues.parse(path.read_text(encoding="utf-8"), "zh_Hant").entries
    for entry in texts():
        if "审核" in entry.text and "稽核" not in entry.text:
            assert "稽核" not in traditional[entry.key].text, entry.msgid
