"""Codes into sentences, in the reader's language, when read (D16).

Each app's `wording.py` holds three tables of msgids with `%(name)s` places: `TRAIL` (what was done), `NOTICES`
(what to know: title) and `RULES` (why not). A code without a sentence is a defect that a test finds. A fourth,
`PARAMS`, names the functions that say a parameter which is itself a code (`{"clock": clock_label}`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from servicecenter.dates import local, say_day, say_when
from servicecenter.i18n import LANGUAGE_TAGS, say
from servicecenter.kernel.errors import RuleBroken, RulesBroken

TRAIL = {
    "policy.set": _("changed the policy %(policy)s"),
    "attachment.added": _("attached %(name)s"),
    "attachment.removed": _("removed the attachment %(name)s"),
    "reveal": _("revealed %(what)s: %(reason)s"),
    "document.issued": _("issued the document %(document)s"),
    "document.reprinted": _("reprinted the document %(document)s, reprint no. %(ordinal)s: %(reason)s"),
    "outbox.retried": _("had undelivered messages sent again"),
    "export": _("exported %(rows)s rows"),
    "token.made": _("made an API token"),
    "token.revoked": _("revoked an API token"),
    "login": _("logged in"),
    "logout": _("logged out"),
    "password.changed": _("changed the password"),
    "session.revoked": _("ended another session"),
    "second_factor.on": _("set up one-time codes for the login"),
    "second_factor.off": _("removed the one-time codes from the login"),
}
NOTICES = {
    "outbox.parked": _("Messages that could not be delivered: %(count)s. First recipient: %(recipient)s"),
    "reveal.many": _("%(name)s revealed %(count)s personal values within an hour"),
    "verify.violations": _("The nightly check found %(count)s violations: %(codes)s"),
}
RULES = {
    "attachment.policy_caps": _("Every limit on attachments is greater than zero."),
    "reveal.policy": _(
        "At least one value an hour may be shown, and it is reported no later than it is refused."
    ),
    "lifecycle.no_right": _("You do not have the right to do this."),
    "lifecycle.wrong_state": _("This is not possible in the present state."),
    "lifecycle.reason_needed": _("Give a reason."),
    "lifecycle.stale": _(
        "%(number)s was changed by somebody else meanwhile. Nothing was saved; look at the changes and decide."
    ),
    "keyset.cursor": _("This page link is no longer valid. Start again from the first page."),
    "policy.invalid": _("The value does not fit: %(problem)s"),
    "policy.unknown": _("There is no policy %(policy)s."),
    "policy.unknown_field": _("Unknown: %(names)s"),
    "idempotency.other_body": _("This form was already sent with other content."),
    "idempotency.in_flight": _("This is being saved already. Wait a moment."),
    "attachment.type": _(
        "%(name)s: this kind of file is not accepted. Accepted are images, PDF, audio, Word, Excel and text."
    ),
    "attachment.too_large": _("%(name)s is too large: %(size)s. At most %(limit)s."),
    "attachment.too_many": _("At most %(limit)s files."),
    "attachment.empty": _("%(name)s is empty."),
    "attachment.pixels": _("%(name)s has too many pixels."),
    "attachment.broken": _("%(name)s cannot be read; it may be damaged."),
    "attachment.unknown": _("A file of this form is no longer there. Attach it again."),
    "reveal.too_many": _("You have revealed %(limit)s values within the hour. Ask the administrator."),
    "reveal.reason_needed": _("Say why you need to see it."),
    "attachment.too_many_waiting": _(
        "You have uploaded %(limit)s files that no form has used yet. Save or remove some of them first."
    ),
    "attachment.unpacked": _(
        "%(name)s unpacks to too much. Save it again in Word or Excel, or send it as PDF."
    ),
    "attachment.macros": _("%(name)s holds macros, which are not accepted. Save it without macros."),
    "attachment.locked": _("%(name)s is protected by a password. Remove the password first."),
    "reveal.unknown": _("There is nothing to reveal here."),
    "token.days": _("A token is valid for 1 to %(limit)s days."),
    "token.name_needed": _("Give the token a name that says what it is for."),
    "document.too_long": _(
        "The document is too long: %(rows)s rows, at most %(limit)s. Export it as a spreadsheet."
    ),
    "document.too_large": _(
        "The document holds too much text to be drawn. Shorten it or export a spreadsheet."
    ),
    "document.too_slow": _("Drawing the document took longer than %(limit)s seconds and was stopped."),
    "document.damaged": _("The stored file of %(number)s is missing or was changed. Tell the administrator."),
    "document.reason_needed": _("Say why it is printed again."),
    "export.too_many": _("The list has more than %(limit)s rows. Narrow the filter, then export again."),
    "import.empty": _("The file has no rows."),
    "import.type": _("This is neither a CSV nor an XLSX file."),
    "import.too_large": _("The file is too large: at most %(limit)s."),
    "import.too_many_rows": _("The file has more than %(limit)s rows. Split it."),
    "import.too_many_columns": _("The file has more than %(limit)s columns."),
    "import.encoding": _("The file is neither UTF-8 nor GB18030. Save it as CSV UTF-8."),
    "import.broken": _("The file cannot be read; it may be damaged or protected by a password."),
    "import.header_twice": _("The column “%(column)s” stands twice in the first row."),
    "import.cell_too_long": _("Line %(line)s: the column “%(column)s” holds more than %(limit)s characters."),
    "import.line_too_wide": _("Line %(line)s has more cells than the first row has columns."),
    "import.digits_lost": _(
        "Line %(line)s: the spreadsheet keeps only 15 digits of the number in “%(column)s”. Format the column as text and fill it in again."
    ),
    "login.wrong": _("Work number or password is not right. %(left)s more tries."),
    "login.too_many": _("Too many failed logins. Wait %(minutes)s minutes, or have a new password set."),
    "login.code": _("This code is not right. Codes change every 30 seconds; take the one shown now."),
    "login.demo": _("There is no such demo account."),
    "second_factor.needed": _("Your role needs one-time codes; they cannot be removed."),
    "token.unknown": _("There is no such token."),
    "session.unknown": _("This session has ended already."),
    "view.name": _("Give the view a name."),
    "view.route": _("There is no such list."),
    "view.team": _("A view is shared with a team that one belongs to."),
    "view.too_long": _("This view has too many filters to be kept."),
    "view.too_many": _("At most %(limit)s views for one list. Delete one you no longer need."),
    "view.unknown": _("This view is no longer there."),
    "draft.too_large": _("The draft is too long to be kept on the server; it stays in this browser."),
    "document.character": _(
        "The document cannot be drawn: there is no font for “%(character)s” (%(codepoint)s)."
    ),
}

# A place of a sentence that a colon follows, with the space before it.
BEFORE_COLON = re.compile(r" %\((\w+)\)s(?=[:：])")


@cache
def _tables() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {"TRAIL": {}, "NOTICES": {}, "RULES": {}, "PARAMS": {}}
    for app in reversed(settings.LOCAL_APPS):
        module = import_module(f"{app}.wording")
        for name, table in found.items():
            own = getattr(module, name, {})
            if twice := table.keys() & own.keys():
                raise ValueError(f"{app}.wording.{name}: {sorted(twice)} stand twice")
            table.update(own)
    return found


class _Known(dict[str, Any]):
    """Parameters for a sentence; a missing one shows as an ellipsis rather than breaking the page."""

    def __missing__(self, key: str) -> str:
        return "…"


def _worded(table: str, code: str, params: Mapping[str, Any]) -> str:
    text = _tables()[table].get(code)
    return code if text is None else sentence(text, params, seconds=table == "TRAIL")


def sentence(text: Any, params: Mapping[str, Any], *, seconds: bool = False) -> str:
    """A sentence with its parameters; one that says nothing leaves no gap before a colon.

    What a parameter says is never touched: it may be somebody's own words.
    """
    said = _Known(spoken(params, seconds=seconds))
    spaced = BEFORE_COLON.sub(lambda place: place[0] if str(said[place[1]]) else "", str(text))
    return spaced % said


def spoken(params: Mapping[str, Any], *, seconds: bool = False) -> dict[str, Any]:
    """Parameters as read: a dictionary of languages becomes its text in the reader's language; `…_at` becomes
    a time on the centre's clock (with seconds in records); a name in some app's `PARAMS` is said by its function."""
    return {key: _said(key, value, seconds) for key, value in params.items()}


def _said(name: str, value: Any, seconds: bool) -> Any:
    if isinstance(value, dict) and value and set(value) <= set(LANGUAGE_TAGS.values()):
        return say(value)
    if (speaker := _tables()["PARAMS"].get(name)) is not None:
        return speaker(value)
    if name.endswith("_at") and (at := _instant(value)) is not None:
        return f"{say_day(at, name_today=False)} {local(at):%H:%M:%S}".strip() if seconds else say_when(at)
    return value


def _instant(value: Any) -> datetime | None:
    """The instant a parameter holds, as it is or in ISO form; None when it is none."""
    if not isinstance(value, str):
        return value if isinstance(value, datetime) else None
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        return None
    return at if at.tzinfo else None


def trail_text(code: str, params: Mapping[str, Any]) -> str:
    """What was done."""
    return _worded("TRAIL", code, params)


def notice_text(code: str, params: Mapping[str, Any]) -> str:
    """What there is to know."""
    return _worded("NOTICES", code, params)


def rule_text(problem: RuleBroken | str, **params: Any) -> str:
    """Why not: of a broken rule, or of a code with parameters."""
    if isinstance(problem, RuleBroken):
        return _worded("RULES", problem.code, problem.params)
    return _worded("RULES", problem, params)


def messages_of(problem: RuleBroken | RulesBroken) -> list[tuple[str | None, str]]:
    """(field, message) of every broken rule."""
    rules = problem.broken if isinstance(problem, RulesBroken) else [problem]
    return [(rule.field, rule_text(rule)) for rule in rules]


def all_codes(table: str) -> dict[str, Any]:
    """The whole table, for tests."""
    return dict(_tables()[table])
