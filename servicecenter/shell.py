"""What every page's frame shows: workspaces by right, unread notices, theme, density, language, state of the machine.

The context is lazy: a page that shows no frame (an error without the database) asks nothing.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from importlib import import_module, util
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from servicecenter import answers, countdown, health
from servicecenter.i18n import current_tag, in_script
from servicecenter.models import Notice
from servicecenter.prepared import Prepared, given
from servicecenter.workspaces import COMMANDS, WORKSPACES

COOKIE_THEME, COOKIE_DENSITY = "theme", "density"
THEMES, DENSITIES = ("auto", "light", "dark"), ("cosy", "compact")
HEALTH_KEPT_SECONDS = 15
ON_PHONE = 4
MOST_SHOWN = 99
UNREAD = Prepared(
    lambda: Notice.objects.filter(user_id=given("user"), read_at=None).values_list("pk", flat=True)[:100]
)


@dataclass(frozen=True)
class Place:
    """A workspace as this user sees it."""

    code: str
    label: str
    icon: str
    url: str
    current: bool
    foot: bool


class Shell:
    """The frame of one request; everything is worked out when first asked for."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.now: datetime = timezone.now()

    @cached_property
    def user(self) -> Any | None:
        """The logged-in user, or None."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    def may(self, right: str) -> bool:
        """Whether the user holds the right anywhere."""
        return self.user is not None and self.user.has_right(right)

    @cached_property
    def places(self) -> list[Place]:
        """The workspaces this user may enter: those of the day's work first, then in the rail's order."""
        if self.user is None:
            return []
        here = self._here()
        found = []
        for space in sorted(WORKSPACES, key=lambda space: not any(map(self.may, space.work))):
            if space.rights and not any(self.user.has_right(right) for right in space.rights):
                continue
            url = address_of(space.url_name)
            if url:
                found.append(
                    Place(space.code, str(space.label), space.icon, url, space.code == here, space.foot)
                )
        return found

    @cached_property
    def commands(self) -> list[Place]:
        """What this user may begin from anywhere: the acts of the palette."""
        if self.user is None:
            return []
        return [
            Place(command.url_name, str(command.label), command.icon, url, False, False)
            for command in COMMANDS
            if any(map(self.may, command.rights)) and (url := address_of(command.url_name))
        ]

    @property
    def upper(self) -> list[Place]:
        """Workspaces of the rail's upper part."""
        return [place for place in self.places if not place.foot]

    @property
    def lower(self) -> list[Place]:
        """Those at its foot."""
        return [place for place in self.places if place.foot]

    @property
    def on_phone(self) -> list[Place]:
        """The first four, for the bottom bar; the rest stands under "more"."""
        return self.upper[:ON_PHONE]

    def _here(self) -> str:
        match = getattr(self.request, "resolver_match", None)
        name = (match.url_name or "") if match else ""
        best, length = "", -1
        for space in WORKSPACES:
            for prefix in (space.url_name, *space.pages):
                if (name == prefix or name.startswith(prefix + "-")) and len(prefix) > length:
                    best, length = space.code, len(prefix)
        return best

    @cached_property
    def home_url(self) -> str:
        """The page a login leads to: the first workspace of the role, else the notices."""
        codes = {space.code for space in WORKSPACES if space.home}
        return next((place.url for place in self.places if place.code in codes), reverse("notices"))

    @property
    def unread_shown(self) -> str:
        """The same as the bell shows it."""
        return str(self.unread) if self.unread <= MOST_SHOWN else f"{MOST_SHOWN}+"

    @cached_property
    def unread(self) -> int:
        """Unread notices, counted to 100."""
        if self.user is None:
            return 0
        return len(UNREAD.rows(user=self.user.pk))

    @cached_property
    def theme(self) -> str:
        """auto, light or dark: the user's, before login the cookie's."""
        return self._taste("theme", COOKIE_THEME, THEMES)

    @cached_property
    def density(self) -> str:
        """cosy or compact."""
        return self._taste("density", COOKIE_DENSITY, DENSITIES)

    def _taste(self, field: str, cookie: str, known: tuple[str, ...]) -> str:
        chosen = getattr(self.user, field, None) or self.request.COOKIES.get(cookie, "")
        return chosen if chosen in known else known[0]

    @property
    def language(self) -> str:
        """The language tag of the page: zh-Hans, zh-Hant or en."""
        return current_tag()

    @property
    def languages(self) -> list[dict[str, Any]]:
        """The languages to choose from, each in its own name."""
        here = get_language()
        return [{"code": code, "name": name, "current": code == here} for code, name in settings.LANGUAGES]

    @property
    def centre(self) -> str:
        """The company's name."""
        return in_script(settings.CENTRE_NAME)

    @property
    def interruption_url(self) -> str:
        """The fragment that announces a service interruption (ORG-07), when the organization serves one."""
        return address_of("interruption-banner")

    @property
    def back_url(self) -> str:
        """The page before this one, within this site; else home."""
        return answers.inside(self.request, self.request.headers.get("Referer", "")) or "/"

    @property
    def dialog_base(self) -> str:
        """What components/dialog.html extends: the box in the modal, or a page where there is no script."""
        asked_by_htmx = self.request.headers.get("HX-Request")
        return "components/_dialog_box.html" if asked_by_htmx else "components/_dialog_page.html"

    @property
    def script(self) -> str:
        """What the scripts need, as JSON for a meta tag: the time, words in the page's language, addresses."""
        return json.dumps(
            {
                "now": self.now.timestamp(),
                "user": self.user.pk if self.user else None,
                "clock": countdown.words_for_script(),
                "words": {name: str(say()) for name, say in SCRIPT_WORDS.items()},
                "urls": {name: address_of(name) for name in SCRIPT_URLS},
                "new": address_of("intake") if self.may("complaints.register_contact") else "",
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


SCRIPT_URLS = (
    "drafts",
    "presence",
    "shell-counts",
    "knock",
    "attachments",
    "palette",
    "taste",
)
SCRIPT_WORDS: dict[str, Callable[[], str]] = {
    "undo": lambda: _("Undo"),
    "again": lambda: _("Try again"),
    "close": lambda: _("Close"),
    "offline": lambda: _("Not saved: no connection. What you typed is still here."),
    "away": lambda: _("The server is away for a moment. What you typed is still here; trying again."),
    "back": lambda: _("Connected again."),
    "failed": lambda: _("Something went wrong on our side. Nothing was half saved."),
    "draft": lambda: _("Draft of %(when)s restored.") % {"when": "{}"},
    "discard": lambda: _("Discard it"),
    "kept": lambda: _("Draft kept %(when)s") % {"when": "{}"},
    "chosen": lambda: _("%(n)s chosen") % {"n": "{}"},
    "viewing": lambda: _("%(names)s is looking at this too") % {"names": "{}"},
    "uploading": lambda: _("Uploading %(name)s") % {"name": "{}"},
    "remove": lambda: _("Remove %(name)s") % {"name": "{}"},
    "copied": lambda: _("Copied."),
}


def address_of(url_name: str) -> str:
    """The address behind a URL name without arguments; '' while no app serves it."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def counts_for(user: Any) -> dict[str, dict[str, Any]]:
    """Figures at the rail: `{workspace: {"n": 14, "hot": False}}`; from `<app>/shell.py: counts(user)`."""
    found: dict[str, dict[str, Any]] = {}
    for counts in _offered("counts"):
        found.update(counts(user))
    return found


def view_counts(user: Any, route: str, queries: list[str]) -> dict[str, int]:
    """Rows behind saved views by query string; from `<app>/shell.py: view_counts(user, route, queries)`."""
    found: dict[str, int] = {}
    for counts in _offered("view_counts"):
        found.update(counts(user, route, queries))
    return found


def _offered(name: str) -> Iterable[Callable[..., Any]]:
    for app in settings.LOCAL_APPS:
        if app != "servicecenter" and util.find_spec(f"{app}.shell"):
            function = getattr(import_module(f"{app}.shell"), name, None)
            if function is not None:
                yield function


_kept: tuple[float, list[str]] = (0.0, [])
_lock = threading.Lock()


def machine_warnings() -> list[str]:
    """Codes of what is wrong: `redis`, `clock`. Asked of the machine at most every 15 seconds per process."""
    global _kept
    asked, codes = _kept
    if time.monotonic() - asked < HEALTH_KEPT_SECONDS and asked:
        return codes
    if not _lock.acquire(blocking=False):
        return codes
    try:
        state = health.readiness()
        codes = [
            code
            for code, ill in (("redis", state["redis"] != "ok"), ("clock", state["sweep"] != "ok"))
            if ill
        ]
        _kept = (time.monotonic(), codes)
    finally:
        _lock.release()
    return codes


def now_of(context: Any) -> datetime:
    """The one "now" of a page, so that all its clocks agree."""
    shell = context.get("shell")
    return shell.now if shell is not None else timezone.now()


def context(request: HttpRequest) -> dict[str, Any]:
    """Template context: `shell`, worked out only if a template asks."""
    return {"shell": SimpleLazyObject(lambda: Shell(request))}
