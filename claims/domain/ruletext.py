"""Rows of a rule set as people type them: `fact: value, value`, `party 1/3`, `party 50-100 if fact: value` (LR-30).

Reading and writing are each other's inverse; what a text means is checked by `ruleset.load`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

_FINE = re.compile(
    r"^(?P<party>\w+)\s+(?P<min>\d+)(?:\s*[-–]\s*(?P<max>\d+))?(?:\s+if\s+(?P<condition>.+))?$"
)


class BadText(ValueError):
    """A line that cannot be read."""


def condition_text(condition: Mapping[str, Sequence[str]]) -> str:
    """`{"kind": ["loss"]}` → `kind: loss`, a fact a line."""
    return "\n".join(f"{fact}: {', '.join(values)}" for fact, values in condition.items())


def condition_from(text: str) -> dict[str, list[str]]:
    """What `condition_text` wrote; facts are apart by lines or semicolons. Raises BadText with the line."""
    found: dict[str, list[str]] = {}
    for line in re.split(r"[\n;；]", text):
        if not line.strip():
            continue
        fact, sign, values = line.replace("：", ":").partition(":")
        wanted = [value.strip() for value in re.split(r"[,，]", values) if value.strip()]
        if not sign or not wanted or fact.strip() in found:
            raise BadText(line.strip())
        found[fact.strip()] = wanted
    return found


def shares_text(shares: Mapping[str, str]) -> str:
    """`{"loader": "1/2"}` → `loader 1/2`, a party a line."""
    return "\n".join(f"{party} {share}" for party, share in shares.items())


def shares_from(text: str) -> dict[str, str]:
    """What `shares_text` wrote. Raises BadText with the line."""
    found: dict[str, str] = {}
    for line in re.split(r"[\n,，;；]", text):
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 2 or parts[0] in found:
            raise BadText(line.strip())
        found[parts[0]] = parts[1]
    return found


def fines_text(fines: Sequence[Mapping[str, Any]]) -> str:
    """`noter 100` or `driver 5-10`, with ` if fact: value; fact: value` where it has a condition of its own."""
    lines = []
    for fine in fines:
        amount = f"{fine['min']}" if fine["min"] == fine["max"] else f"{fine['min']}-{fine['max']}"
        own = condition_text(fine["condition"]).replace("\n", "; ") if "condition" in fine else ""
        lines.append(f"{fine['party']} {amount}" + (f" if {own}" if own else ""))
    return "\n".join(lines)


def fines_from(text: str) -> list[dict[str, Any]]:
    """What `fines_text` wrote. Raises BadText with the line."""
    found: list[dict[str, Any]] = []
    for line in text.split("\n"):
        if not line.strip():
            continue
        read = _FINE.match(line.strip())
        if read is None:
            raise BadText(line.strip())
        least = int(read["min"])
        fine: dict[str, Any] = {
            "party": read["party"], "min": least, "max": int(read["max"]) if read["max"] else least,
        }  # fmt: skip
        if read["condition"]:
            fine["condition"] = condition_from(read["condition"])
        found.append(fine)
    return found
