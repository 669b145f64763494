"""A guard taken away: what it holds, where it stands, and which test turns red."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mutation:
    """One guard taken away.

    `holds` says what it guards. In the code: `path`, and its words `old` become `new`. In the database: `sql`, run on
    the test's own copy. `test` is the one that must turn red. Where either of two locks does, `also` takes the second
    away with it.
    """

    name: str
    kind: str
    holds: str
    test: str
    path: str = ""
    old: str = ""
    new: str = ""
    sql: str = ""
    also: tuple[str, str, str] | None = None

    @property
    def edits(self) -> list[tuple[str, str, str]]:
        """File, words and what they become, for every place in the code."""
        own = [(self.path, self.old, self.new)] if self.path else []
        return own + ([self.also] if self.also else [])

    @property
    def where(self) -> str:
        """Where the guard stands, for the table."""
        return ", ".join(path for path, _old, _new in self.edits) or self.sql.removeprefix(
            "ALTER TABLE "
        ).removeprefix("DROP TRIGGER ").rstrip(";")
