"""An act on a record that asks something first, as data: apps list theirs in tables; views and buttons come of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class DialogAct:
    """One dialog. `code` is the action of a lifecycle table; `done(form, record, by)` returns what the toast says.

    `subject` begins the names of its routes; `keep` is the button that changes nothing; `stop` colours the other red.
    """

    subject: ClassVar[str] = ""

    code: str
    label: Any
    form: type[Any]
    icon: str
    question: Any
    verb: Any
    done: Callable[[Any, Any, Any], str]
    says: Any = ""
    keep: Any = ""
    stop: bool = False
    rights: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """Its place in the address: `request-approval`."""
        return self.code.replace("_", "-")

    @property
    def url_name(self) -> str:
        """`claim-request-approval`."""
        return f"{self.subject}-{self.slug}"
