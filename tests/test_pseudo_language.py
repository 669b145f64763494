"""Pages, papers and mails in a language that puts our texts between ⟦ and ⟧: what is outside was never wrapped (D16).

Outside may stand data (whatever is in the database), figures, keys, and the few words of EXEMPT with their reasons.
The pages are those of the matrix (`tests/matrix/<app>.py`), each asked for by somebody whom the door lets in; pages
that act are also sent empty, so that their complaints are read too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.utils.translation import trans_real

from reports import paper
from servicecenter import channels, drawing, pdf, wording
from servicecenter.models import IssuedDocument, OutboxMessage
from tests.matrix import walk
from tests.matrix.rows import Row, World
from tests.matrix.world import undone
from tests.reports import samples

pytestmark = pytest.mark.usefixtures("files_of_the_world")

OPEN, SHUT = "⟦", "⟧"
CONTEXT = "\x04"
PSEUDO = "zh-hans"
# Words that stand as they are in every language.
EXEMPT = {
    "A", "B", "C", "D",  # customers' tiers
    "Ctrl", "Enter", "Esc", "Tab", "Shift", "Alt", "Del", "F2",  # keys
    "XLSX", "CSV", "PDF", "API", "OpenAPI", "QR",  # names of formats
    "VIP",  # the team of the book
    "Excel", "SHA", "SHA-256",  # names of a program and a digest
    "简体中文", "繁體中文", "English",  # each language in its own words
    "kg", "m",  # symbols of units
    "if",  # of the notation in which the fines of a rule set are typed
}  # fmt: skip
# Routes that are not looked through, and why.
EXEMPT_ROUTES = {
    "gallery": "parts for those who build pages: icons by their names, and invented samples of data"
}
# Routes on which Chinese may stand, and why.
EXEMPT_CHINESE = {
    "stock-item-import": "the columns of the file by the names that it has, and a sample line",
    "stock-opening": "the same",
}
# Settings of the installation.
SETTINGS = ("远桥物流", "centre@example.invalid")
LATIN = re.compile(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]|[A-Za-z]")
# A word with a figure is a code or number: TS261118-10421, 0217, v2, 3h.
CODE = re.compile(r"[\w./:+*%-]*\d[\w./:+*%-]*", re.ASCII)
CHINESE = re.compile(r"[\u3400-\u9fff]+")
ATTRIBUTES = ("title", "placeholder", "aria-label", "alt", "data-confirm", "data-label", "label")
SILENT = {"script", "style", "kbd", "code", "template"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
INLINE = {
    "a",
    "abbr",
    "b",
    "br",
    "em",
    "i",
    "kbd",
    "mark",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "time",
    "u",
    "use",
    "svg",
}


class Pseudo:
    """A catalogue that marks instead of translating."""

    def gettext(self, message: str) -> str:
        """One text; with a context it comes as `context EOT text`."""
        return f"{OPEN}{message.rpartition(CONTEXT)[2]}{SHUT}" if message else ""

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """A text with a number."""
        return self.gettext(singular if number == 1 else plural)

    def __getattr__(self, name: str) -> Any:
        return getattr(REAL[0], name)


REAL: list[Any] = []


@pytest.fixture(autouse=True)
def pseudo() -> Iterator[None]:
    """The default language marks its texts."""
    real = trans_real.translation(PSEUDO)
    REAL[:] = [real]
    marks = Pseudo()
    kept = {name: real.__dict__.get(name) for name in ("gettext", "ngettext")}
    real.gettext, real.ngettext = marks.gettext, marks.ngettext
    yield
    for name, before in kept.items():
        if before is None:
            del real.__dict__[name]
        else:
            setattr(real, name, before)


class Reader(HTMLParser):
    """Collects what a reader sees or hears of a page that stands outside the marks."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.outside: list[str] = []
        self._silent: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Its attributes are read; a block begins outside of every mark."""
        if tag not in INLINE:
            self._depth = 0
        given = dict(attrs)
        if (tag in SILENT or given.get("translate") == "no") and tag not in VOID:
            self._silent.append(tag)
        names = [
            *ATTRIBUTES,
            *(["value"] if tag == "input" and given.get("type") in {"submit", "button"} else []),
        ]
        for name in names:
            if given.get(name):
                self._take(given[name] or "", 0)

    def handle_endtag(self, tag: str) -> None:
        """A block ends outside of every mark."""
        if self._silent and self._silent[-1] == tag:
            self._silent.pop()
        if tag not in INLINE:
            self._depth = 0

    def handle_data(self, data: str) -> None:
        """Text between tags."""
        if not self._silent:
            self._depth = self._take(data, self._depth)

    def _take(self, text: str, depth: int) -> int:
        kept: list[str] = []
        for sign in text:
            if sign == OPEN:
                depth += 1
                kept.append(" ")
            elif sign == SHUT:
                depth = max(depth - 1, 0)
            elif depth == 0:
                kept.append(sign)
        words = " ".join("".join(kept).split())
        if words:
            self.outside.append(words)
        return depth


@pytest.fixture(scope="module")
def data(world: World) -> str:
    """Everything that is in the database, as one text."""
    with connection.cursor() as cursor:
        parts = []
        for table in connection.introspection.table_names(cursor):
            if table.startswith("django_migrations"):
                continue
            cursor.execute(f'SELECT string_agg(t::text, chr(10)) FROM "{table}" t')
            parts.append(cursor.fetchone()[0] or "")
    return "\n".join(parts)


def unwrapped(page: str, data: str) -> list[str]:
    """The words outside the marks that are no data."""
    reader = Reader()
    reader.feed(page)
    found = []
    for text in reader.outside:
        for name in SETTINGS:
            text = text.replace(name, " ")
        if text in data:
            continue
        plain = CODE.sub(" ", text)
        words = [word for word in LATIN.findall(plain) if word not in EXEMPT and not is_data(word, data)]
        words += [run for run in CHINESE.findall(plain) if run not in EXEMPT and run not in data]
        if words:
            found.append(f"{' '.join(words)}  (in: {text[:80]})")
    return found


def is_data(word: str, data: str) -> bool:
    """A word of the database: a name or code, with its capital letters."""
    return re.search(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])", data) is not None


ROWS = [row for row in walk.rows() if row.page and row.route not in EXEMPT_ROUTES]


def name_of(row: Row) -> str:
    return f"{row.route}-{row.takes[0].replace(' ', '_')}".rstrip("-")


@pytest.mark.parametrize("row", ROWS, ids=name_of)
def test_no_page_says_a_word_that_is_not_translated(row: Row, world: World, data: str) -> None:
    role, thing = row.seen_by_one(world)
    browser = Client()
    browser.force_login(world.people[role])
    path = walk.address(row, world, thing, role)
    found: list[str] = []
    for method in row.methods.split():
        with undone():
            answer = browser.get(path) if method == "GET" else browser.post(path)
        if answer.streaming:
            b"".join(answer.streaming_content)
        elif "html" in answer.get("Content-Type", ""):
            found += [f"{method}: {words}" for words in unwrapped(answer.content.decode(), data)]
    if row.route in EXEMPT_CHINESE:
        found = [words for words in found if not CHINESE.search(words)]
    assert not found, "\n".join(dict.fromkeys(found))


@pytest.mark.parametrize(
    "path", ["/nowhere/", "/roles/", "/complaints/TS0/"], ids=["404", "403", "no such ticket"]
)
def test_a_refusal_is_said_in_the_reader_s_language(path: str, world: World, data: str) -> None:
    browser = Client()
    browser.force_login(world.people["agent"])
    answer = browser.get(path)
    assert answer.status_code in {403, 404}
    assert unwrapped(answer.content.decode(), data) == []


ROOT = Path(settings.BASE_DIR) / "templates"
# Every paper: the templates that hold a whole page of it.
PAPERS = sorted(
    str(path.relative_to(ROOT))
    for path in ROOT.rglob("*.html")
    if "paper" in path.parent.parts and not path.name.startswith("_") and path.name != "base.html"
)
NOW = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


class Blank(dict[str, Any]):
    """The data of a form that nobody has filled in: whatever is asked for is there, and empty."""

    def __missing__(self, key: str) -> Any:
        return Blank()

    def __str__(self) -> str:
        return ""

    def __eq__(self, other: object) -> bool:
        return other == "" or super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]


def head_of_paper(number: str = "WS-1") -> dict[str, Any]:
    """What every paper is told of itself; it is a reprint, so that the words for that are read too."""
    return {
        "document": pdf.Head("paper", number, NOW, PSEUDO),
        "centre": {"name": SETTINGS[0], "email": SETTINGS[1]},
        "copy": 1,
        "printed_at": NOW,
    }


@pytest.mark.parametrize("template", [name for name in PAPERS if not name.startswith("reports/")])
def test_no_paper_says_a_word_that_is_not_translated(template: str, world: World, data: str) -> None:
    """Each as a blank form, and each that was issued in the world with the data it was drawn from."""
    pages = [render_to_string(template, {"data": Blank(count=2), **head_of_paper()})]
    for row in IssuedDocument.objects.filter(template=template)[:2]:
        pages.append(render_to_string(template, {**head_of_paper(row.number), "data": row.data}))
    found = [words for page in pages for words in unwrapped(page, data)]
    assert not found, "\n".join(dict.fromkeys(found))


def test_no_report_says_a_word_that_is_not_translated(data: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The paper with every chapter, table, chart and remark, and what differs from the revision before."""
    drawn: list[str] = []

    def kept(html: str, **_more: Any) -> bytes:
        drawn.append(html)
        return b""

    monkeypatch.setattr(drawing, "draw", kept)
    paper.compose(samples.OCTOBER, samples.SECOND, earlier=samples.earlier(), language=PSEUDO)
    known = f"{data}\n{samples.OCTOBER}\n{samples.SECOND}"
    (page,) = drawn
    assert unwrapped(page, known) == []


def test_every_notice_mail_and_refusal_is_worded_in_the_reader_s_language(data: str) -> None:
    for table in ("TRAIL", "NOTICES", "RULES"):
        bare = [code for code, text in wording.all_codes(table).items() if not str(text).startswith(OPEN)]
        assert bare == [], table
    message = OutboxMessage(
        channel="email",
        recipient="a@example.invalid",
        code="report.ready",
        params={"report_code": "RPT-07", "period": "2026-10"},
        number="RPT-07-2026-10",
        dedup_key="1",
    )
    mail = channels.word(message)
    assert unwrapped(f"<p>{mail.subject}</p><p>{mail.body}</p>", data) == []


def test_the_reader_finds_what_is_not_wrapped() -> None:
    """The test of the test: bare words in text, title and placeholder; never data, figures, keys or nested marks."""
    page = (
        '<p title="Bare">⟦a ⟦nested⟧ text⟧ 12 <kbd>Ctrl</kbd> 杨勇</p><input placeholder="漏网">'
        "<td>⟦cut off…</td><td>Loose</td>"
    )
    assert [line.split("  ")[0] for line in unwrapped(page, "杨勇")] == ["Bare", "漏网", "Loose"]
