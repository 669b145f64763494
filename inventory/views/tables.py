"""The lines of a paper as its page shows them, and what a file or a paste brings (INV-15, LED-11)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from inventory import queries
from inventory.forms import FileForm, Grid
from servicecenter import spreadsheet
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import rule_text


@dataclass(frozen=True)
class ReadRow:
    """One line that is read: its figures, and the address of its card below the grid."""

    line: Any
    amount: Decimal | None
    card_url: str


@dataclass(frozen=True)
class ReadProblem:
    """What is wrong with a line of a file, in words."""

    line: int
    column: str
    message: str


@dataclass(frozen=True)
class ReadLines:
    """What a file or a paste brought: lines that can be taken, and everything that is wrong with the others."""

    lines: Any
    problems: list[ReadProblem]


def read_rows(lines: Iterable[Any], document: Any) -> list[ReadRow]:
    """The saved lines of a document or transfer with amounts and the addresses of their cards."""
    found = []
    for line in lines:
        amount = queries.amount_of(line) if hasattr(line, "price") else None
        found.append(ReadRow(line, amount, card_url(line, document)))
    return found


def card_url(line: Any, document: Any) -> str:
    """The card of a line: on hand, after the audit, in transit."""
    warehouse = getattr(document, "warehouse", None) or document.source
    query = {
        "item": line.item.code,
        "warehouse": warehouse.code,
        "line": line.ordinal,
        "quantity": f"{line.quantity:.3f}",
        "direction": getattr(document, "direction", "out"),
        "audited": "1" if document.state == "audited" else "",
    }
    return f"{reverse('stock-line-card')}?{urlencode(query)}"


def name_items(grid: Grid, user: Any) -> None:
    """Put the master's name, specification and unit beside the codes that were typed: one statement."""
    codes = {row.values.get("code", "").upper() for row in grid.rows if row.item is None}
    found = {item.code: item for item in queries.items_visible_to(user).filter(code__in=codes - {""})}
    for row in grid.rows:
        if row.item is None:
            row.item = found.get(row.values.get("code", "").upper())


def refuse(form: Any, grid: Grid, problem: RuleBroken | RulesBroken) -> None:
    """A refusal at its cells, at its fields of the head, or above the form."""
    for name, message in grid.refuse(problem):
        form.add_error(
            HEAD.get(name or "", name) if HEAD.get(name or "", name) in form.fields else None, message
        )


HEAD = {
    "warehouse_id": "warehouse",
    "supplier_id": "supplier",
    "original_id": "original",
    "source_id": "source",
    "target_id": "target",
}


def typed(post: Mapping[str, str]) -> dict[str, str]:
    """The head as it was typed, for a form that is drawn again without being judged."""
    kept = ("business_date", "warehouse", "supplier", "use", "cause", "application", "original", "requisition",
            "counted", "remarks", "version", "kind", "source", "target")  # fmt: skip
    return {name: post[name] for name in kept if name in post}


def read_source(*, file: Any = None, pasted: str = "") -> tuple[ReadLines | None, RuleBroken | None]:
    """The lines of a spreadsheet or of pasted text, with every problem in words; or why the file cannot be read."""
    try:
        read = (
            queries.read_pasted(pasted)
            if file is None
            else queries.read_lines(spreadsheet.rows(file, name=file.name))
        )
    except RuleBroken as problem:
        return None, problem
    return ReadLines(read.lines, say(read.problems)), None


def say(problems: Iterable[Any]) -> list[ReadProblem]:
    """Problems of an import in the reader's language."""
    return [ReadProblem(one.line, one.column, rule_text(one.code, **dict(one.params))) for one in problems]


def read_into(grid: Grid, request: Any) -> tuple[Grid, FileForm, ReadLines | None]:
    """What was pasted or chosen, put below the lines that were typed already."""
    file_form = FileForm(request.POST, request.FILES)
    pasted = request.POST.get("pasted", "")
    read, problem = None, None
    if pasted.strip():
        file_form = FileForm(request.POST, request.FILES, use_required_attribute=False)
        file_form.fields["file"].required = False
        file_form.is_valid()
        read, problem = read_source(pasted=pasted)
    elif file_form.is_valid():
        read, problem = read_source(file=file_form.cleaned_data["file"])
    if problem is not None:
        file_form.refuse(problem)
    if read is not None:
        grid = Grid([*(row for row in grid.rows if not row.blank), *Grid.of_lines(read.lines).rows])
    return grid, file_form, read
