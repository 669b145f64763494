"""The one exception for a broken rule. Doors catch it once: a form error on a page, a 409 in the API."""

from __future__ import annotations


class RuleBroken(Exception):
    """A business rule refuses the act.

    `code` is worded in the app's `wording.py`; `params` fill the sentence; `field` names the form field
    the message belongs to, if any. `status` is the HTTP status of the API (409 unless the input itself is
    wrong: 400, or not the user's right: 403).
    """

    def __init__(self, code: str, *, field: str | None = None, status: int = 409, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.status = status
        self.params = params

    def __repr__(self) -> str:
        return f"RuleBroken({self.code!r}, {self.params!r})"


class RulesBroken(Exception):
    """Several rules refuse at once: every reason is told, never only the first."""

    def __init__(self, broken: list[RuleBroken]) -> None:
        super().__init__(", ".join(rule.code for rule in broken))
        self.broken = broken
