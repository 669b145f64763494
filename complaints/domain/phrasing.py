"""Reply templates: a text with named fields out of a closed list, filled by plain replacement (CMP-50).

A field is a name in braces. What is put in is text and stays text: braces in a customer's name are never read again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from servicecenter.kernel.errors import RuleBroken

# In the order in which the page that keeps the templates explains them.
FIELDS = ("customer", "number", "matter", "waybill", "agent", "department", "due", "today", "centre")
LIMIT = 2000
_FIELD = re.compile(r"\{([^{}]*)\}")
# What a Chinese keyboard writes for braces.
_WIDE = str.maketrans("｛｝", "{}")


def plain(text: str) -> str:
    """The text as it is kept: with the keyboard's full-width braces as plain ones and one kind of line end."""
    return text.translate(_WIDE).replace("\r\n", "\n").strip()


def check(text: str) -> None:
    """Raises RuleBroken `template.unknown_field` naming what is no field, `template.brace` for a lone brace."""
    unknown = [name for name in _FIELD.findall(text) if name not in FIELDS]
    if unknown:
        raise RuleBroken(
            "template.unknown_field", names=", ".join(f"{{{name}}}" for name in unknown), status=400
        )
    rest = _FIELD.sub("", text)
    if "{" in rest or "}" in rest:
        raise RuleBroken("template.brace", status=400)


def fill(text: str, values: Mapping[str, str], missing: Mapping[str, str]) -> str:
    """The text with every field replaced by its value, or where there is none by the wording for a missing one.

    Whatever is no field of the list stays as it is written.
    """

    def said(found: re.Match[str]) -> str:
        name = found[1]
        if name not in FIELDS:
            return found[0]
        return values.get(name) or missing.get(name, "")

    return _FIELD.sub(said, text)
