"""Spreadsheets with the headings that the imports read, and one example to write over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from inventory.domain.import_rows import ITEM_HEADINGS, LINE_HEADINGS, OPENING_HEADINGS
from servicecenter import spreadsheet
from servicecenter.spreadsheet import Column

Sample = tuple[tuple[str, str], ...]

# An example of each field; the headings themselves are the imports' (domain.import_rows) and are data.
_EXAMPLES = {
    "warehouse": "BP-01",
    "code": "GJ-01042",
    "name": "开口扳手",
    "spec": "24×27 mm 铬钒钢",
    "item_class": "工具",
    "unit": "把",
    "quantity": "12",
    "price": "38.00",
    "location": "02-A-03-11",
}


def _sample(headings: Mapping[str, tuple[str, ...]]) -> Sample:
    """The first heading of each field with its example."""
    return tuple((names[0], _EXAMPLES.get(field, "")) for field, names in headings.items())


LINES = _sample(LINE_HEADINGS)
OPENING = _sample(OPENING_HEADINGS)
ITEMS = _sample(ITEM_HEADINGS)


def sheet(headings: Sample, *, by: Any) -> spreadsheet.Export:
    """The spreadsheet: headings, and the example as its one row."""
    columns = [Column(title, _cell(title), width=16) for title, _example in headings]
    return spreadsheet.export(name=_("sample"), columns=columns, rows=[dict(headings)], by=by)


def _cell(title: str) -> Any:
    return lambda row: row[title]
