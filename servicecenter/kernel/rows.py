"""What reading a file's rows shares: a problem that names its line and column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """What is wrong in a line: the column as the file names it, a code for wording and its parameters."""

    line: int
    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)
