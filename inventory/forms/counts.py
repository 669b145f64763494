"""Counts as they are begun, typed, explained and handed in (INV-50 to INV-56)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory import queries
from inventory.choices import CountKind, CountMode, ItemClass
from inventory.domain.categories import COUNTED_KINDS
from inventory.domain.counting import Counted, CountHead
from inventory.forms.parts import ActForm, WarehouseField, figure
from inventory.models import Stocktake, Warehouse
from servicecenter.forms import Day, Line
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

NAME = re.compile(r"^line-(\d{1,5})-(counted|cause|reason|location|was)$")
BROKEN = re.compile(r"^lines\.(\d+)\.(\w+)$")
LONGEST = {"reason": 200, "location": 40}


class CountForm(ActForm):
    """A count is begun: where, of which plan, until when, how (INV-50 to INV-53, INV-58)."""

    warehouse = WarehouseField(label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.none())
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of count"), choices=CountKind.choices, widget=forms.RadioSelect
    )
    due_on = Day(label=gettext_lazy("To be counted by"), initial=timezone.localdate)
    mode = forms.ChoiceField(
        label=gettext_lazy("How it is counted"), choices=CountMode.choices, widget=forms.RadioSelect
    )
    witness = Line(
        label=gettext_lazy("Watched by"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Site and name of whoever watches."),
    )
    item_class = forms.ChoiceField(
        label=gettext_lazy("Only one class"),
        choices=[("", gettext_lazy("the whole warehouse")), *ItemClass.choices],
        required=False,
        help_text=gettext_lazy("Only a spot count is of one class."),
    )
    is_blind = forms.BooleanField(
        label=gettext_lazy("Blind: whoever counts does not see what the books say"), required=False
    )
    with_empty = forms.BooleanField(
        label=gettext_lazy("With items of which nothing should be left"), required=False
    )
    remarks = Line(label=gettext_lazy("Remarks"), required=False)

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stores = queries.warehouses_to_count(user).filter(kind__in=COUNTED_KINDS)
        self.fields["warehouse"].queryset = stores  # type: ignore[attr-defined]
        self.initial.setdefault("kind", CountKind.MONTHLY.value)
        self.initial.setdefault("mode", CountMode.SELF.value)
        if "warehouse" not in self.initial and len(found := list(stores[:2])) == 1:
            self.initial["warehouse"] = found[0].code

    def head(self) -> CountHead:
        """As the service takes it."""
        said = self.cleaned_data
        return CountHead(
            warehouse_id=said["warehouse"].pk,
            **{name: said[name] for name in (
                "kind", "due_on", "mode", "is_blind", "item_class", "witness", "with_empty", "remarks",
            )},
        )  # fmt: skip


class HandInForm(ActForm):
    """The written report of a count (INV-53, INV-55)."""

    witness = Line(label=gettext_lazy("Watched by"), max_length=60, required=False)
    liability = Line(
        label=gettext_lazy("Who answers for it"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    proposal = Line(label=gettext_lazy("Proposal"), required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, of: Stocktake, differing: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, of=of, **kwargs)
        self.initial = {
            "witness": of.witness, "liability": of.liability, "proposal": of.proposal, **self.initial
        }  # fmt: skip
        if of.mode == CountMode.SELF:
            del self.fields["witness"]
        else:
            self.fields["witness"].required = True
        for name in ("liability", "proposal"):
            if differing:
                self.fields[name].required = True
            else:
                del self.fields[name]


class RecountForm(ActForm):
    """Which lines are counted again, and why."""

    which = forms.ChoiceField(
        label=gettext_lazy("Which lines"),
        choices=[("differs", gettext_lazy("all that differ")), ("moved", gettext_lazy("those that moved since")),
                 ("all", gettext_lazy("all lines"))],
        widget=forms.RadioSelect,
        initial="differs",
    )  # fmt: skip
    reason = Line(label=gettext_lazy("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


@dataclass
class CountRow:
    """One line of the sheet on the page: what was typed, and what is wrong with it."""

    line: Any
    values: dict[str, str]
    errors: list[str] = field(default_factory=list)

    @property
    def differs(self) -> bool:
        """Counted otherwise than the books say."""
        return bool(self.line.difference)


class CountSheet:
    """The lines of one page of a count: only what was changed is written, so that several people count at once."""

    def __init__(self, lines: Iterable[Any], post: Mapping[str, str] | None = None) -> None:
        self.rows = [CountRow(line, _said(line)) for line in lines]
        self.by_ordinal = {row.line.ordinal: row for row in self.rows}
        self.entries: list[Counted] = []
        self.problems: list[str] = []
        self.added: dict[str, str] = {"code": "", "counted": ""}
        if post is not None:
            self._take(post)

    def _take(self, post: Mapping[str, str]) -> None:
        typed: dict[int, dict[str, str]] = {}
        for name in post:
            if match := NAME.match(name):
                typed.setdefault(int(match[1]), {})[match[2]] = post[name].strip()
        for ordinal, values in sorted(typed.items()):
            row = self.by_ordinal.get(ordinal)
            if row is None:
                continue
            saved, was = dict(row.values), values.pop("was", None)
            row.values |= values
            counted_as_before = was is not None and values.get("counted", was) == was
            if counted_as_before:
                row.values["counted"] = saved["counted"]
            if all(row.values[name] == saved[name] for name in saved):
                continue
            self._entry(row.line.item.code, row.values, ordinal, row)
        self.added = {name: post.get(f"new-{name}", "").strip() for name in ("code", "counted")}
        if self.added["code"]:
            self._entry(self.added["code"].upper(), {"counted": self.added["counted"]}, 0, None)

    def _entry(self, code: str, values: Mapping[str, str], at: int, row: CountRow | None) -> None:
        wrong: list[str] = []
        quantity: Decimal | None = None
        if text := values.get("counted", ""):
            try:
                quantity = figure(text, places=3)
            except ValidationError as problem:
                wrong += problem.messages
        elif row is None:
            wrong.append(_("Say how much of it lies there."))
        for name, most in LONGEST.items():
            if len(values.get(name, "")) > most:
                wrong.append(_("At most %(most)s characters.") % {"most": most})
        if wrong:
            (row.errors if row is not None else self.problems).extend(wrong)
            return
        texts = {name: values.get(name) for name in ("cause", "reason", "location")}
        self.entries.append(Counted(code, quantity, at=at, **texts))

    @property
    def is_wrong(self) -> bool:
        """Something must be corrected."""
        return bool(self.problems) or any(row.errors for row in self.rows)

    @property
    def wrong_rows(self) -> list[CountRow]:
        """Every line that must be corrected."""
        return [row for row in self.rows if row.errors]

    def refuse(self, problem: RuleBroken | RulesBroken) -> None:
        """Mark the lines that a refusal names."""
        for name, message in messages_of(problem):
            match = BROKEN.match(name or "")
            row = self.by_ordinal.get(int(match[1])) if match else None
            (row.errors if row is not None else self.problems).append(message)


def bare(quantity: Decimal | None) -> str:
    """A quantity as one types it: without zeros at its end."""
    return "" if quantity is None else f"{quantity.normalize():f}"


def _said(line: Any) -> dict[str, str]:
    """A saved line as its fields show it."""
    return {
        "counted": bare(line.counted),
        "location": line.location,
        "cause": line.cause,
        "reason": line.reason,
    }
