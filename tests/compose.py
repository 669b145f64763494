"""docker-compose.yml as `docker compose` reads it, without Docker: anchors merged, variables filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "docker-compose.yml"
# ${A}, ${A:-usual}, ${A:?why}; the usual value may itself be a variable
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])((?:[^{}]|\$\{\w+\})*))?\}")


class Refused(Exception):
    """A variable that must be given is not; the message is what `docker compose` prints."""


def variables() -> dict[str, bool]:
    """Every variable of the file, and whether it must be given."""
    found: dict[str, bool] = {}
    for name, kind, _text in VARIABLE.findall(FILE.read_text()):
        if name:
            found[name] = found.get(name, False) or kind == "?"
    return found


def resolved(environment: Mapping[str, str]) -> dict[str, Any]:
    """The file with these variables. Raises Refused."""
    return dict(_filled(yaml.safe_load(FILE.read_text()), environment))


def _filled(part: Any, environment: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, environment) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, environment) for value in part]
    return _text(part, environment) if isinstance(part, str) else part


def _text(text: str, environment: Mapping[str, str]) -> str:
    def value(found: re.Match[str]) -> str:
        name, kind, other = found.groups()
        if name is None:
            return "$"
        given = environment.get(name, "")
        if given or kind is None:
            return given
        if kind == "?":
            raise Refused(f"required variable {name} is missing a value: {other}")
        return _text(other, environment)

    return VARIABLE.sub(value, text)
