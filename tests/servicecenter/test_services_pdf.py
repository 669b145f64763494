"""Documents: what they look like to a reader, what is refused, what is frozen, what a reprint is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from organization.models import User
from servicecenter import drawing, fonts, pdf
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import DocumentCopy, IssuedDocument, TrailEntry
from tests import people
from tests.faults.races import race, values

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)
LETTER = "tests/letter.html"


@pytest.fixture(autouse=True)
def _templates(settings: Any) -> None:
    first = settings.TEMPLATES[0]
    settings.TEMPLATES = [{**first, "DIRS": [*first["DIRS"], settings.BASE_DIR / "tests" / "templates"]}]


@pytest.fixture
def agent(db: None) -> User:
    return people.user("agent", name="陈晓燕")


def draw(body: str, language: str = "zh-hans") -> bytes:
    tag = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}[language]
    return drawing.draw(f'<html lang="{tag}"><body>{body}</body></html>', language=language)


def text_of(content: bytes) -> str:
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=content, capture_output=True, check=True)
    return done.stdout.decode()


def fonts_of(content: bytes, tmp_path: Path) -> list[list[str]]:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    done = subprocess.run(["pdffonts", path], capture_output=True, check=True, text=True)
    return [line.split() for line in done.stdout.splitlines()[2:]]


def issue(of: Any, by: User | None, **data: Any) -> IssuedDocument:
    return pdf.store_document(
        code="letter",
        template=LETTER,
        data={"text": "货物晚到", "lines": []} | data,
        of=of,
        language="zh-hans",
        by=by,
        at=AT,
    )


def test_chinese_is_drawn_with_embedded_fonts_in_two_weights_and_readable_text(tmp_path: Path) -> None:
    content = draw("<p>货物晚到，客户拒收 <b>二次投诉</b></p>")
    assert "货物晚到，客户拒收 二次投诉" in " ".join(text_of(content).split())
    found = fonts_of(content, tmp_path)
    assert sorted(font[0].split("+")[1] for font in found) == ["Noto-Sans-SC", "Noto-Sans-SC-Bold"]
    assert all("TrueType" in font and font[-5:-2] == ["yes", "yes", "yes"] for font in found)
    assert len(content) < 60_000


@pytest.mark.parametrize(
    ("language", "text", "family"),
    [
        ("zh-hans", "𠮷野", "HanaMinB"),
        ("zh-hans", "龑䶮", "Noto-Sans-SC"),
        ("zh-hant", "貨物遲到", "Noto-Sans-TC"),
        ("zh-hant", "个国", "Noto-Sans-TC"),
        ("en", "Late delivery 晚到", "Noto-Sans-SC"),
    ],
)
def test_rare_and_traditional_characters_come_from_the_font_that_holds_them(
    tmp_path: Path, language: str, text: str, family: str
) -> None:
    content = draw(f"<p>{text}</p>", language)
    assert text in text_of(content)
    assert family in {font[0].split("+")[1].removesuffix("-Medium") for font in fonts_of(content, tmp_path)}


@pytest.mark.parametrize(
    ("text", "character", "code"),
    [("好 😀", "😀", "U+1F600"), ("مرحبا", "ا", "U+0627"), ("a\ue000", "\ue000", "U+E000")],
)
def test_what_no_font_holds_is_refused_by_name_before_it_is_drawn(
    text: str, character: str, code: str
) -> None:
    with pytest.raises(RuleBroken) as caught:
        draw(f"<p>{text}</p>")
    assert caught.value.code == "document.character"
    assert caught.value.params["character"] == character
    assert caught.value.params["codepoint"] == code


def test_what_leaves_no_mark_is_no_reason_to_refuse() -> None:
    assert draw("<p>a\u200bb\u00a0c\u2028d\ufe0f\tе</p>".replace("е", "e"))


def test_the_second_guard_refuses_a_glyph_that_turns_out_to_be_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "check", lambda html, language: None)
    with pytest.raises(RuleBroken) as caught:
        draw("<p>a\U0010fffd</p>")
    assert caught.value.code == "document.character"


OPENED: list[str] = []
sys.addaudithook(
    lambda event, arguments: (
        OPENED.append(str(arguments[0] if event == "open" else arguments[1]))
        if event in {"open", "socket.connect"}
        else None
    )
)


@pytest.mark.parametrize(
    "body",
    [
        '<img src="{}">',
        '<link rel="stylesheet" href="{}">',
        '<link rel="attachment" href="{}">',
        '<a rel="attachment" href="{}">a</a>',
        "<style>@import url({})</style>",
        '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>a</p>',
        '<p style="background: url({})">a</p>',
        '<object data="{}"></object>',
        '<svg><image href="{}" width="1" height="1"/></svg>',
    ],
)
@pytest.mark.parametrize("scheme", ["file://{}", "FILE://{}", "http://127.0.0.1:9{}", "{}"])
def test_no_document_opens_a_file_or_a_host(tmp_path: Path, body: str, scheme: str) -> None:
    draw("<p>a</p>")
    probe = tmp_path / "probe.css"
    probe.write_text("secret")
    OPENED.clear()
    try:
        draw(body.format(scheme.format(probe)))
    except drawing.ClosedDoor as refused:
        assert str(probe)[:40] in str(refused)
    assert [name for name in OPENED if "probe" in name or "127.0.0.1" in name] == []


@pytest.mark.parametrize("element", ["img", "link"])
def test_an_address_in_a_template_is_a_mistake_that_is_told(element: str) -> None:
    body = {
        "img": '<img src="file:///etc/passwd">',
        "link": '<link rel="stylesheet" href="file:///etc/passwd">',
    }
    with pytest.raises(drawing.ClosedDoor, match="file:///etc/passwd"):
        draw(body[element])


def test_images_inside_the_page_are_drawn() -> None:
    import base64

    from tests.servicecenter.uploads import image

    picture = base64.b64encode(image("PNG", (8, 8))).decode()
    assert len(draw(f'<img src="data:image/png;base64,{picture}">')) > len(draw("<p></p>"))


def test_a_table_over_500_rows_goes_to_the_spreadsheet() -> None:
    row = "<tr><td>a</td></tr>"
    assert draw(f"<table>{row * 500}</table>")
    with pytest.raises(RuleBroken) as caught:
        draw(f"<table>{row * 501}</table>")
    assert (caught.value.code, caught.value.params["rows"]) == ("document.too_long", 501)
    assert draw(f"<table>{row * 300}</table><table>{row * 300}</table>")


def test_a_page_of_too_many_characters_is_refused() -> None:
    with pytest.raises(RuleBroken, match="too_large"):
        draw("a" * 2_000_000)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_drawing_that_takes_too_long_is_stopped_and_the_next_one_is_not_hit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drawing, "MOST_SECONDS", 0.3)
    heavy = f"<table>{'<tr><td>货物</td><td>晚到</td><td>拒收</td></tr>' * 500}</table>" * 8
    started = time.monotonic()
    with pytest.raises(RuleBroken, match="too_slow"):
        draw(heavy)
    assert time.monotonic() - started < 30
    monkeypatch.setattr(drawing, "MOST_SECONDS", 60.0)
    assert draw("<p>好</p>")


def test_the_memory_that_the_process_holds_is_read_from_the_system() -> None:
    before = drawing.resident()
    held = bytearray(64 * drawing.MEGABYTE)
    held[:: os.sysconf("SC_PAGE_SIZE")] = b"x" * len(held[:: os.sysconf("SC_PAGE_SIZE")])
    assert before < drawing.resident() < 4096 * drawing.MEGABYTE


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_drawing_that_fills_the_memory_is_stopped_and_the_next_one_is_not_hit(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The process serves others too: it is this drawing that ends, not the process."""
    assert draw("<p>好</p>")
    heavy = f"<table>{'<tr><td>货物</td><td>晚到</td><td>拒收</td></tr>' * 500}</table>" * 8
    # what the process holds is said here: whether it grows depends on what earlier tests have left free
    held = iter([100 * drawing.MEGABYTE])
    monkeypatch.setattr(drawing, "resident", lambda: next(held, 501 * drawing.MEGABYTE))
    with pytest.raises(RuleBroken) as caught:
        draw(heavy)
    assert (caught.value.code, caught.value.status) == ("document.too_large", 400)
    assert "a document took more than 400 MB" in caplog.text
    monkeypatch.undo()
    assert not [thread for thread in threading.enumerate() if thread.name == "drawing"]
    assert draw("<p>好</p>")


def test_the_same_page_gives_the_same_bytes_from_several_threads_at_once() -> None:
    drawn: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: drawn.append(draw("<p>同一份 <b>文书</b></p>"))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(drawn) == 4
    assert len(set(drawn)) == 1


def test_a_forked_child_draws_with_its_own_configuration() -> None:
    in_a_process(
        "drawing.draw(page, language='zh-hans')\n"
        "pid = os.fork()\n"
        "if pid == 0:\n"
        "    fresh = drawing._drawing is None\n"
        "    os._exit(0 if fresh and drawing.draw(page, language='zh-hans') else 1)\n"
        "raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))\n"
    )


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists a process's threads")
def test_no_thread_of_a_drawing_holds_anything_while_a_child_is_forked() -> None:
    in_a_process(
        "for n in range(15):\n"
        "    drawing.draw(page, language='zh-hans')\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "raise SystemExit(threads != [1] * 15)\n"
    )


def in_a_process(script: str) -> None:
    """Run a script in a Python of its own, which notes at each fork how many threads there are."""
    begin = (
        "import os, django; django.setup()\n"
        "threads = []\n"
        "os.register_at_fork(before=lambda: threads.append(len(os.listdir('/proc/self/task'))))\n"
        "from servicecenter import drawing\n"
        "page = '<html lang=\"zh-Hans\"><body><p>好</p></body></html>'\n"
    )
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "servicecenter.settings"}
    done = subprocess.run([sys.executable, "-c", begin + script], env=environment, timeout=120, check=False)
    assert done.returncode == 0


def test_a_missing_family_is_named() -> None:
    with pytest.raises(fonts.FontMissing, match="No Such Font"):
        fonts.file_of("No Such Font")


def test_a_document_is_issued_with_its_hash_its_data_and_its_trail(agent: User) -> None:
    department = people.department("branch_east")
    made = issue(department, agent, lines=["五金 2 件"])
    content = pdf.read(made)
    assert made.sha256 == hashlib.sha256(content).hexdigest()
    assert made.size == len(content)
    assert made.number.startswith("WS261118-")
    assert made.data == {
        "text": "货物晚到",
        "lines": ["五金 2 件"],
        "_centre": {"name": "远桥物流", "email": "centre@example.invalid"},
    }
    shown = " ".join(text_of(content).split())
    for word in (
        "处理结果通知",
        "客户联",
        "货物晚到",
        "五金 2 件",
        made.number,
        "2026-11-18 15:20",
        "远桥物流",
    ):
        assert word in shown
    assert "补打" not in shown
    entry = TrailEntry.objects.get(code="document.issued")
    assert (entry.by, entry.object_id, entry.params["sha256"]) == (agent, department.pk, made.sha256)
    assert made.file.name == f"documents/{made.public_id[:2]}/{made.public_id}.pdf"


def test_a_reprint_is_drawn_from_the_frozen_data_counted_and_a_file_of_its_own(
    agent: User, settings: Any
) -> None:
    department = people.department("branch_east")
    made = issue(department, agent)
    settings.CENTRE_NAME = "新名字"
    copies = [pdf.reprint(document=made, by=agent, reason="客户遗失", at=AT) for _ in range(2)]
    assert [copy.ordinal for copy in copies] == [1, 2]
    assert len({made.sha256, *(copy.sha256 for copy in copies)}) == 3
    shown = text_of(pdf.read(copies[1]))
    assert "货物晚到" in shown
    assert "远桥物流" in shown
    assert "新名字" not in shown
    assert pdf.read(made)
    assert [(row, row.reprints) for row in pdf.documents_of(department)] == [(made, 2)]  # type: ignore[attr-defined]
    told = TrailEntry.objects.filter(code="document.reprinted").order_by("id")
    assert [(entry.params["ordinal"], entry.params["reason"]) for entry in told] == [
        (1, "客户遗失"),
        (2, "客户遗失"),
    ]


@pytest.mark.parametrize(("language", "mark"), [("en", "reprint no. 1")])
def test_a_reprint_says_so_on_the_paper(agent: User, language: str, mark: str) -> None:
    made = pdf.store_document(
        code="letter", template=LETTER, data={"text": "Late"}, of=agent, language=language, by=agent, at=AT
    )
    assert mark not in text_of(pdf.read(made))
    copy = pdf.reprint(document=made, by=agent, reason="lost", at=AT)
    assert text_of(pdf.read(copy)).count(mark) == 2


def test_a_reprint_needs_a_reason(agent: User) -> None:
    made = issue(agent, agent)
    with pytest.raises(RuleBroken, match="reason_needed"):
        pdf.reprint(document=made, by=agent, reason=" ")
    assert not DocumentCopy.objects.exists()


def test_a_document_that_cannot_be_drawn_is_not_issued_at_all(agent: User) -> None:
    with pytest.raises(RuleBroken, match="character"):
        issue(agent, agent, text="谢谢 😀")
    with pytest.raises(drawing.ClosedDoor):
        issue(agent, agent, raw='<img src="file:///etc/passwd">')
    with pytest.raises(TypeError):
        issue(agent, agent, text=AT)
    assert not IssuedDocument.objects.exists()
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("damage", ["changed", "gone"])
def test_a_stored_file_that_was_changed_or_lost_is_not_handed_out(agent: User, damage: str) -> None:
    made = issue(agent, agent)
    path = Path(default_storage.path(made.file.name))
    if damage == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes() + b"\n")
    with pytest.raises(RuleBroken) as caught:
        pdf.read(made)
    assert (caught.value.code, caught.value.params["number"]) == ("document.damaged", made.number)


@pytest.mark.django_db(transaction=True)
def test_six_reprints_at_once_are_counted_one_to_six() -> None:
    agent = people.user("agent")
    made = issue(agent, agent)
    values(race(*[lambda: pdf.reprint(document=made, by=None, reason="x")] * 6))
    assert sorted(DocumentCopy.objects.values_list("ordinal", flat=True)) == [1, 2, 3, 4, 5, 6]
