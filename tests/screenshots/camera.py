"""Takes the pictures and notices what is wrong on a page."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

from organization.models import User
from tests.browser import ANSWERED, DESKTOP, PHONE, browser_path, login, unreachable
from tests.conftest import ROOT
from tests.screenshots.pages import Shot
from tests.screenshots.tour import Place

TOUR = ROOT / "docs" / "images"
# Words that no page shows: a value that is not there, a text that was not worded, a tag that was not drawn.
NO_WORD = re.compile(r"(?m)^\s*None\s*$|\bundefined\b|\bNaN\b|\[object |%\(\w+\)s|\{\{|\{%")
# What is wider than its box and neither scrolls nor ends in dots.
CUT = """() => [...document.querySelectorAll(
  'button, .btn, .pill, .sla, th, .counters a, .tabs a, h1, h2, h3, .label, label, .wb-rail a, dt')]
  .filter(e => e.offsetParent && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 1
    && !['ellipsis'].includes(getComputedStyle(e).textOverflow)
    && getComputedStyle(e).display !== 'inline' && !e.closest('.visually-hidden'))
  .map(e => `${e.tagName.toLowerCase()}.${e.className} “${e.textContent.trim().slice(0, 30)}”`)"""
QUIET = "() => document.readyState === 'complete' && !document.querySelector('.htmx-request')"


class Camera:
    """A browser that goes from page to page; `problems` are lines of text, `count` the pictures taken."""

    def __init__(self, address: str, out: Path) -> None:
        """Pictures of the server at `address` go to the folder `out`."""
        self.address, self.out = address, out
        self.problems: list[str] = []
        self.taken: dict[str, list[str]] = {}
        self._stack = ExitStack()
        self._here = ""

    def __enter__(self) -> Camera:
        playwright = self._stack.enter_context(sync_playwright())
        arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
        self._browser = playwright.chromium.launch(executable_path=browser_path(), args=arguments)
        self._stack.callback(self._browser.close)
        self.out.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, *problem: Any) -> None:
        self._stack.close()

    @property
    def count(self) -> int:
        """How many pictures were taken."""
        return sum(len(names) for names in self.taken.values())

    def take(self, shots: Sequence[Shot], *, size: str, lang: str, themes: Iterable[str]) -> None:
        """All these pages in one size and language; each theme of a page without loading it again."""
        for who in dict.fromkeys(shot.who for shot in shots):
            page = self._page(who, size, lang)
            for shot in [one for one in shots if one.who == who]:
                self._here = f"{shot.name} {size} {lang}"
                self._open(page, shot)
                self._look(page)
                # As high as the page: what is fixed to the window's foot then stands at the page's foot.
                box = PHONE if size == "phone" else DESKTOP
                high = page.evaluate("document.documentElement.scrollHeight")
                page.set_viewport_size({**box, "height": max(box["height"], high)})
                for theme in themes:
                    page.emulate_media(color_scheme=theme)
                    if lang == "en":
                        self._reach(page, theme)
                    name = f"{shot.name}--{size}-{lang}-{theme}.png"
                    page.screenshot(path=self.out / name)
                    self.taken.setdefault(shot.name, []).append(name)
                page.set_viewport_size(box)
            page.context.close()

    def tour(self, shots: Sequence[Shot], places: Iterable[Place]) -> None:
        """The pictures of README and tour, docs/images: few colours, so that the files stay small."""
        known = {shot.name: shot for shot in shots}
        TOUR.mkdir(parents=True, exist_ok=True)
        for place in places:
            shot = known.get(place.shot)
            if shot is None:
                self._wrong(f"tour: there is no page {place.shot}")
                continue
            page = self._page(place.who or shot.who, place.size, "zh-hans")
            self._here = f"tour {place.name}"
            self._open(page, shot)
            page.emulate_media(color_scheme=place.theme)
            raw = self.out / "tour.png"
            page.screenshot(path=raw)
            page.context.close()
            with Image.open(raw) as picture:
                few = picture.convert("RGB").quantize(
                    256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
                )
                few.save(TOUR / f"{place.name}.png", optimize=True)

    def index(self) -> None:
        """A page to look through all pictures."""
        rows = "".join(
            f"<h2>{html.escape(name)}</h2><p>"
            + "".join(
                f'<a href="{one}"><img src="{one}" loading="lazy" height="420" alt="{one}"></a> '
                for one in names
            )
            + "</p>"
            for name, names in self.taken.items()
        )
        (self.out / "index.html").write_text(
            f'<!doctype html><meta charset="utf-8"><title>Pages</title>{rows}'
        )

    def _page(self, who: str, size: str, lang: str) -> Any:
        phone = size == "phone"
        context = self._browser.new_context(
            viewport=PHONE if phone else DESKTOP,
            has_touch=phone,
            is_mobile=phone,
            locale={"zh-hans": "zh-CN", "zh-hant": "zh-TW", "en": "en-GB"}[lang],
            timezone_id="Asia/Shanghai",
            base_url=self.address,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.on("pageerror", lambda problem: self._wrong(f"page error: {problem}"))
        page.on("console", self._heard)
        page.on(
            "response", lambda answer: answer.status >= 500 and self._wrong(f"{answer.status} {answer.url}")
        )
        if who:
            user = User.objects.get(work_number=who)
            user.language, user.theme = lang, ""
            user.save(update_fields=["language", "theme"])
            login(page, user)
        return page

    def _open(self, page: Any, shot: Shot) -> None:
        page.goto(shot.path)
        page.wait_for_function(QUIET)
        if shot.click.startswith("key:"):
            page.keyboard.press(shot.click.removeprefix("key:"))
        elif shot.click:
            page.locator(shot.click).first.click()
        if shot.click:
            page.wait_for_timeout(400)
            page.wait_for_function(QUIET)

    def _look(self, page: Any) -> None:
        root = "document.documentElement"
        wider = page.evaluate(f"{root}.scrollWidth - {root}.clientWidth")
        if wider > 0:
            self._wrong(f"{wider} px wider than its window")
        if found := NO_WORD.search(page.inner_text("body")):
            self._wrong(f"shows {found[0]!r}")
        for cut in dict.fromkeys(page.evaluate(CUT)):
            self._wrong(f"cut off: {cut}")

    def _reach(self, page: Any, theme: str) -> None:
        """The accessibility rules; they do not differ by language."""
        for broken in unreachable(page):
            self._wrong(f"{theme}: {broken.partition(' ')[2]}")

    def _heard(self, message: Any) -> None:
        if message.type == "error" and not ANSWERED.search(message.text):
            self._wrong(f"console: {message.text}")

    def _wrong(self, what: str) -> None:
        self.problems.append(f"{self._here}: {what}")
