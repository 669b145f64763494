"""Reading a file of contacts before anything is loaded: every row error at once, what is known already left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.functional import lazy
from django.utils.timezone import is_naive, make_aware

from complaints.domain.importing import (
    OWN_KEY,
    TARGETS,
    RowProblem,
    Word,
    choose_category,
    problems_of,
    row_keys,
)
from complaints.models import Category, Contact, Keyword
from customers.domain import telephones
from customers.domain import waybills as waybill_numbers
from servicecenter import search, tables
from servicecenter.clock import centre_zone
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


@dataclass(frozen=True)
class Plan:
    """A file that was read and found good or not; `rows` are those not known yet, in the file's order."""

    rows: list[PlannedRow]
    problems: list[RowProblem]
    known: int
    total: int


@dataclass(frozen=True)
class PlannedRow:
    """One row about to be loaded."""

    line: int
    key: str
    values: dict[str, str]
    category: str
    subcase: str
    at: datetime | None
    telephone: str
    waybill: str

    def said(self, name: str) -> str:
        """What the file says there."""
        return self.values.get(name, "").strip()

    @property
    def params(self) -> dict[str, Any]:
        """Where the row stood and what it says beside the ticket's own fields, for the history."""
        told = {"dated": self.said("at"), "source": self.said("source"), "product": self.said("product")}
        return {"line": self.line, **{name: value for name, value in told.items() if value}}


def plan(path: Path, *, mapping: dict[str, str] | None = None, as_intake: bool = False) -> Plan:
    """Read and check the whole file. `mapping` is target → column; by default columns of the target's own name.

    What begins `as_intake` needs a category that is in use; history may name one of an older time.
    Raises RuleBroken `import.columns` when a needed column is missing, naming what the file has.
    """
    raw: list[tuple[int, dict[str, str]]] = []
    problems: list[RowProblem] = []
    with tables.table(path) as table:
        columns = _columns(table.header, mapping or {})
        for row in table.rows:
            raw.append((row.line, {target: row.values.get(column, "") for target, column in columns.items()}))
            problems += [RowProblem(row.line, wrong.code, wrong.params) for wrong in row.problems]
    in_use = Category.objects.filter(closed_on=None) if as_intake else Category.objects.all()
    categories = frozenset(in_use.values_list("code", flat=True))
    dates: dict[int, datetime | None] = {}
    numbers: dict[int, tuple[str, str]] = {}
    for line, values in raw:
        problems += problems_of(line, values, categories=categories)
        dates[line] = _moment(values.get("at", ""), line, problems)
        numbers[line] = (
            _kept(_telephone, values, "telephone", line, problems),
            _kept(waybill_numbers.normalise, values, "waybill", line, problems),
        )
    keys = row_keys([values for _line, values in raw])
    for key, count in Counter(keys).items():
        if count > 1:
            lines = [line for (line, _values), other in zip(raw, keys, strict=True) if other == key]
            problems.append(
                RowProblem(
                    lines[1], "import.key_twice", {"key": key.removeprefix(OWN_KEY), "first": lines[0]}
                )
            )
    known = _known(keys)
    words = keyword_table()
    rows = []
    for (line, values), key in zip(raw, keys, strict=True):
        if key not in known:
            category, subcase = (
                (values["category"].strip(), "")
                if values.get("category", "").strip()
                else choose_category(
                    search.fold(f"{values.get('product', '')} {values.get('text', '')}"), words
                )
            )
            rows.append(PlannedRow(line, key, values, category, subcase, dates[line], *numbers[line]))
    return Plan(rows, sorted(problems, key=lambda problem: problem.line), len(known), len(raw))


def keyword_table() -> list[Word]:
    """The editable keywords of what is in use, folded, heaviest and longest first."""
    rows = Keyword.objects.filter(category__closed_on=None).values_list(
        "word", "category__code", "subcase__code", "subcase__closed_on", "weight"
    )
    words = [
        Word(search.fold(word), category, subcase if subcase and closed_on is None else "", weight)
        for word, category, subcase, closed_on, weight in rows
    ]
    return sorted(words, key=lambda word: (-word.weight, -len(word.text), word.text))


def _columns(header: Sequence[str], mapping: dict[str, str]) -> dict[str, str]:
    if unknown := set(mapping) - set(TARGETS):
        raise RuleBroken(
            "import.target", status=400, names=", ".join(sorted(unknown)), targets=", ".join(TARGETS)
        )
    columns = {target: mapping.get(target, target) for target in TARGETS}
    absent = [column for target, column in columns.items() if column not in header]
    needed = [
        columns[target]
        for target in TARGETS
        if (TARGETS[target] or target in mapping) and columns[target] in absent
    ]
    if needed:
        raise RuleBroken("import.columns", status=400, names=", ".join(needed), header=", ".join(header))
    return {target: column for target, column in columns.items() if column in header}


def _moment(text: str, line: int, problems: list[RowProblem]) -> datetime | None:
    if not text.strip():
        return None
    try:
        found = parse_datetime(text.strip()) or parse_datetime(f"{text.strip()}T00:00")
    except ValueError:
        found = None
    if found is None:
        problems.append(RowProblem(line, "import.at", {"value": text[:40]}))
        return None
    return make_aware(found, centre_zone()) if is_naive(found) else found


_said = lazy(rule_text, str)


def _telephone(text: str) -> str:
    return telephones.normalise(text).number


def _kept(
    normalise: Callable[[str], str],
    values: Mapping[str, str],
    name: str,
    line: int,
    problems: list[RowProblem],
) -> str:
    """A number as it is kept; '' where there is none. What is wrong with it is told with the column and the value."""
    given = values.get(name, "").strip()
    if not given:
        return ""
    try:
        return normalise(given)
    except RuleBroken as problem:
        problems.append(RowProblem(line, "import.cell", {"column": name, "why": _said(problem)}))
        return ""


def _known(keys: Sequence[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(keys), 5_000):
        rows = Contact.objects.filter(external_key__in=keys[start : start + 5_000])
        found |= {key for key in rows.values_list("external_key", flat=True) if key is not None}
    return found
