"""The buttons of a document in the order their users know; a button never moves, a refused one says why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from servicecenter.kernel.lifecycle import Answer
from servicecenter.wording import rule_text

SEPARATOR = None


@dataclass(frozen=True)
class Tool:
    """One button. `how`: link, dialog, post, submit (of the page's form), grid (script), menu (several links).

    `why`: why it cannot be pressed now; '' when it can. `go`: the one that is next.
    """

    code: str
    label: str
    icon: str
    how: str = "link"
    url: str = ""
    why: str = ""
    go: bool = False
    square: bool = False
    count: int | None = None
    links: Sequence[Any] = field(default_factory=tuple)
    blank: bool = False


def why_not(answer: Answer | None, otherwise: str = "") -> str:
    """The sentence of a refusal; '' when the action is allowed."""
    if answer is None:
        return otherwise or _("Not possible here.")
    if answer.refusal is None:
        return ""
    return rule_text(answer.refusal.code, **dict(answer.refusal.params))


def document_bar(
    *,
    document: Any,
    answers: Mapping[str, Answer],
    names: Mapping[str, str],
    add_url: str,
    abandon_url: str,
    is_form: bool,
    fixed: bool,
    upstream: Sequence[Any] = (),
    downstream: Sequence[Any] = (),
    neighbours: Any = None,
    files: int = 0,
    may_print: bool = True,
    abandon_posts: bool = True,
) -> list[Tool | None]:
    """增加 修改 删除 | 保存 放弃 | 审核 弃审 | 增行 删行 复制行 | 上查 下查 | 首张 上张 下张 末张 | 打印 附件.

    `names` are the URL names of the acts; `document` is None while it has not been saved.
    """
    number = document.number if document is not None else ""
    unsaved = _("Save it first.")

    def url(code: str) -> str:
        return reverse(names[code], args=[number]) if number else ""

    def may(code: str) -> str:
        return why_not(answers.get(code)) if number else unsaved

    editing = is_form and bool(number)
    reading = _("Press Change first.")
    fixed_lines = _("The lines come from the original.") if fixed else ""
    lines_why = fixed_lines if is_form else reading
    next_act = "" if is_form else "audit"
    bar: list[Tool | None] = [
        Tool("add", _("Add"), "plus", url=add_url, why="" if add_url else _("You may not make documents here.")),
        Tool(
            "edit", _("Change"), "pencil", "post", url("edit"),
            why=(_("It is being edited.") if is_form else may("edit")) if number else _("It is being edited."),
        ),
        Tool("void", _("Delete"), "trash", "dialog", url("void"), why=may("void")),
        SEPARATOR,
        Tool("save", _("Save"), "save", "submit", why="" if is_form else reading, go=is_form),
        Tool(
            "abandon", _("Discard"), "x", "post" if editing and abandon_posts else "link", abandon_url,
            why="" if is_form else reading,
        ),
        SEPARATOR,
        Tool(
            "audit", _("Audit"), "stamp", "post", url("audit"),
            why=_("Save first, then audit.") if is_form else may("audit"),
            go=next_act == "audit" and bool(number) and not may("audit"),
        ),
        Tool(
            "unaudit", _("Un-audit"), "unstamp", "dialog", url("unaudit"),
            why=_("Not audited yet.") if is_form else may("unaudit"),
        ),
        SEPARATOR,
        Tool("line-add", _("Add line"), "plus", "grid", "add", why=lines_why),
        Tool("line-remove", _("Delete line"), "minus", "grid", "remove", why="" if is_form else reading),
        Tool("line-copy", _("Copy line"), "copy", "grid", "copy", why=lines_why),
        SEPARATOR,
        _drill("up", _("Look up"), "up", upstream, _("There is no document before it.")),
        _drill("down", _("Look down"), "dn", downstream, _("No document follows from it yet.")),
        SEPARATOR,
        *_neighbours(names["page"], number, neighbours),
        SEPARATOR,
        Tool(
            "print", _("Print"), "print", "post", url("print"), blank=True,
            why=(unsaved if not number else "" if may_print else _("Not possible here."))
            if not is_form else _("Save first, then print."),
        ),
        Tool(
            "files", _("Files"), "clip", "link", "#files", why="" if number else unsaved, count=files or None,
        ),
    ]  # fmt: skip
    return bar


def _drill(code: str, label: str, icon: str, links: Sequence[Any], none: str) -> Tool:
    if not links:
        return Tool(code, label, icon, why=none)
    if len(links) == 1:
        return Tool(code, label, icon, url=links[0].url)
    return Tool(code, label, icon, "menu", links=links)


def _neighbours(page: str, number: str, found: Any) -> list[Tool | None]:
    names = (
        ("first", _("First"), "first"), ("previous", _("Previous"), "left"),
        ("next", _("Next"), "right"), ("last", _("Last"), "last"),
    )  # fmt: skip
    tools: list[Tool | None] = []
    for code, label, icon in names:
        other = getattr(found, code, "") if found is not None else ""
        there = reverse(page, args=[other]) if other and other != number else ""
        tools.append(
            Tool(code, label, icon, url=there, why="" if there else _("There is none."), square=True)
        )
    return tools
