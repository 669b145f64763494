"""Spreadsheets with the headings that the imports read, and one example to write over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from inventory.domain.import_rows import ITEM_HEADINGS, LINE_HEADINGS, OPENING_HEADINGS
from organization.services.names import texts
from servicecenter import spreadsheet
from servicecenter.i18n import FALLBACK, current_tag
from servicecenter.spreadsheet import Column

Sample = list[tuple[str, str]]

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


OF = {"items": ITEM_HEADINGS, "opening": OPENING_HEADINGS, "lines": LINE_HEADINGS}


def heading(names: Sequence[str], tag: str) -> str:
    """Of the headings that an import takes for a field, the one in a language."""
    if tag == "en":
        return next(name for name in names if name.isascii())
    wanted = texts(names[0])[tag]
    return wanted if wanted in names else names[0]


def sample(what: str) -> Sample:
    """Each field's heading with its example, as the reader writes them: what is shown is what is taken."""
    tag = current_tag()
    # The examples are what a store's people write: an English sample keeps the Chinese words of its cells.
    written = tag if tag != "en" else FALLBACK
    return [
        (heading(names, tag), texts(_EXAMPLES.get(field, "")).get(written, ""))
        for field, names in OF[what].items()
    ]


def sheet(headings: Sample, *, by: Any) -> spreadsheet.Export:
    """The spreadsheet: headings, and the example as its one row."""
    columns = [Column(title, _cell(title), width=16) for title, _example in headings]
    return spreadsheet.export(name=_("sample"), columns=columns, rows=[dict(headings)], by=by)


def _cell(title: str) -> Any:
    return lambda row: row[title]
