"""Drawing PDFs with WeasyPrint: nothing fetched, one drawing at a time in a process, capped in every way.

The font configuration is made once per process, when first needed, after a fork anew (FACTS: shared by threads it
corrupts memory, a fresh one per document fills it).
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import logging
import os
import re
import threading
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from django.conf import settings

from servicecenter import fonts
from servicecenter.frames import with_room
from servicecenter.kernel.errors import RuleBroken

log = logging.getLogger("servicecenter.pdf")

MOST_CHARACTERS = 2_000_000
MOST_TABLE_ROWS = 500
MOST_SECONDS = 60.0
# What the process may grow by while it draws; what other threads take meanwhile counts too. The longest report takes
# a tenth of it.
MOST_MEGABYTES = 400
MOST_SECONDS_LEAVING = 5.0
LOOK_SECONDS = 0.05
MEGABYTE = 1 << 20
# Unicode's own line ends, which no font holds, as the ordinary one.
LINE_ENDS = {0x2028: "\n", 0x2029: "\n", 0x85: "\n"}
NOTDEF = re.compile(r"\.notdef glyph rendered for Unicode string unsupported by fonts: \"?(.)", re.DOTALL)


class ClosedDoor(Exception):
    """A document's template asks for an address. Documents are drawn from what they hold alone."""


class _Stop(BaseException):
    """Raised inside a drawing thread that has had its time; not an Exception, so that no library swallows it."""


class Drawing:
    """What one process draws with."""

    def __init__(self) -> None:
        fonts.prepare()
        # only here: importing it takes half a second, and starts fontconfig
        import weasyprint
        from weasyprint.text.fonts import FontConfiguration

        self._css = weasyprint.CSS
        self.font_config = FontConfiguration()
        self._sheets: dict[str, Any] = {}

    def sheet(self, name: str) -> Any:
        """A style sheet of templates/paper, read once."""
        if name not in self._sheets:
            path = settings.BASE_DIR / "templates" / "paper" / f"{name}.css"
            self._sheets[name] = self._css(filename=path, font_config=self.font_config)
        return self._sheets[name]


_lock = threading.Lock()
_drawing: Drawing | None = None
_last: int | None = None


def _before_fork() -> None:
    """Wait until the thread of the last drawing has left the system too.

    It has ended for Python a moment earlier; meanwhile it still lets go of what GLib holds for it, under GLib's locks.
    A child that is made just then would wait for these locks for ever at its first drawing.
    """
    until = time.monotonic() + MOST_SECONDS_LEAVING
    while _last and Path(f"/proc/self/task/{_last}").exists() and time.monotonic() < until:
        time.sleep(0.001)


def _after_fork() -> None:
    global _lock, _drawing, _last
    _lock, _drawing, _last = threading.Lock(), None, None


os.register_at_fork(before=_before_fork, after_in_child=_after_fork)
# let go of the fonts while the libraries that free them are still there
atexit.register(_after_fork)


def draw(html: str, *, language: str, sheet: str = "") -> bytes:
    """The PDF of an HTML page with the paper's style sheet, and `sheet` after it. The same page gives the same bytes.

    Raises RuleBroken `document.character` (a character no font holds, named), `.too_large`, `.too_long`, `.too_slow`;
    ClosedDoor for an address in the page; fonts.FontMissing.
    """
    html = html.translate(LINE_ENDS)
    check(html, language)
    global _drawing, _last
    with _lock:
        if _drawing is None:
            _drawing = Drawing()
        task = _Task(html, _drawing, sheet)
        with _missing_glyphs():
            task.start()
            _last = task.native_id
            try:
                task.watch()
            except RuleBroken:
                # what was interrupted may have left its fonts in any state
                _drawing = None
                task.stop()
                raise
    return task.result()


class _Task(threading.Thread):
    """One drawing in a thread of its own, which alone is hit when its time is over."""

    def __init__(self, html: str, drawing: Drawing, sheet: str) -> None:
        super().__init__(name="drawing", daemon=True)
        self.html, self.drawing = html, drawing
        self.sheets = [name for name in ("paper", sheet) if name]
        self.content = b""
        self.problem: BaseException | None = None

    def run(self) -> None:
        """Draw, and keep what came of it."""
        try:
            self.content = with_room(_write)(self.html, self.drawing, self.sheets)
        except BaseException as problem:
            self.problem = problem

    def watch(self) -> None:
        """Wait until it is drawn. Raises RuleBroken `document.too_slow`, `.too_large` while it is still under way."""
        until, most = time.monotonic() + MOST_SECONDS, resident() + MOST_MEGABYTES * MEGABYTE
        while self.is_alive():
            self.join(LOOK_SECONDS)
            if not self.is_alive():
                return
            if time.monotonic() > until:
                log.error("a document took longer than %s s", MOST_SECONDS)
                raise RuleBroken("document.too_slow", limit=round(MOST_SECONDS))
            if resident() > most:
                log.error("a document took more than %s MB", MOST_MEGABYTES)
                raise RuleBroken("document.too_large", status=400)

    def result(self) -> bytes:
        """The PDF. Raises what the drawing raised."""
        if self.problem is not None:
            raise self.problem
        return self.content

    def stop(self) -> None:
        """End the drawing, and wait until it has ended. Told again and again: a library may swallow it once."""
        while self.is_alive():
            ctypes.pythonapi.PyThreadState_SetAsyncExc(
                ctypes.c_ulong(self.ident or 0), ctypes.py_object(_Stop)
            )
            self.join(0.1)
        # the half-drawn document hangs together in rings, and by what stopped it
        self.problem = None
        gc.collect()


def resident() -> int:
    """The bytes of memory that the process holds; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def check(html: str, language: str) -> None:
    """Refuse before drawing what cannot or must not be drawn."""
    if len(html) > MOST_CHARACTERS:
        raise RuleBroken("document.too_large", status=400)
    page = _Page()
    page.feed(html)
    page.close()
    if page.longest > MOST_TABLE_ROWS:
        raise RuleBroken("document.too_long", status=400, rows=page.longest, limit=MOST_TABLE_ROWS)
    held = fonts.characters(language)
    for character in sorted(page.characters):
        if ord(character) not in held and _is_drawn(character):
            raise RuleBroken(
                "document.character",
                status=400,
                character=character,
                codepoint=f"U+{ord(character):04X}",
            )


class _Page(HTMLParser):
    """The characters of a page's text, and the rows of its longest table."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.characters: set[str] = set()
        self.longest = 0
        self._tables: list[int] = []
        self._skipped = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        """Count tables and rows; style sheets are not text, the foot of the page is."""
        self.characters.update(*(value or "" for name, value in attrs if name == "data-foot"))
        if tag == "table":
            self._tables.append(0)
        elif tag == "tr" and self._tables:
            self._tables[-1] += 1
            self.longest = max(self.longest, self._tables[-1])
        elif tag in {"style", "script"}:
            self._skipped += 1

    def handle_endtag(self, tag: str) -> None:
        """Leave what was entered."""
        if tag == "table" and self._tables:
            self._tables.pop()
        elif tag in {"style", "script"}:
            self._skipped = max(0, self._skipped - 1)

    def handle_data(self, data: str) -> None:
        """Text that will be drawn."""
        if not self._skipped:
            self.characters.update(data)


def _is_drawn(character: str) -> bool:
    """Whether a character leaves a mark: not spaces, controls, joiners and variation selectors."""
    return not character.isspace() and unicodedata.category(character) not in {"Cc", "Cf", "Mn", "Zs"}


def _write(html: str, drawing: Drawing, sheets: list[str]) -> bytes:
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError, URLFetcher

    class Closed(URLFetcher):
        """Lets `data:` through and nothing else: no file, no host."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if url[:5].lower() == "data:":
                return super().fetch(url, headers)
            raise FatalURLFetchingError(url[:100])

    # relative addresses become absolute ones, to be refused like any other
    page = weasyprint.HTML(string=html, base_url="https://document.invalid/", url_fetcher=Closed())
    try:
        written = page.write_pdf(
            stylesheets=[drawing.sheet(name) for name in sheets], font_config=drawing.font_config
        )
    except FatalURLFetchingError as problem:  # a BaseException
        raise ClosedDoor(str(problem)) from problem
    return bytes(written)


@contextmanager
def _missing_glyphs() -> Iterator[None]:
    """The second guard: a glyph that the fonts turn out not to have is a refusal, never a box on paper."""
    seen: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if found := NOTDEF.search(record.getMessage()):
                seen.append(found[1])

    listener = Listener(logging.WARNING)
    logger = logging.getLogger("weasyprint")
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
    if seen:
        raise RuleBroken(
            "document.character", status=400, character=seen[0], codepoint=f"U+{ord(seen[0]):04X}"
        )
