"""A version of the liability rules as a table that is typed into (LR-30 to LR-32)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.forms import formset_factory
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from claims.domain import ruletext
from claims.domain.ruleset import TIERS
from claims.domain.switches import SWITCHES
from claims.forms.parts import ClaimForm
from claims.reasons import SWITCH_WORDS
from servicecenter.forms import Day, Line, Text

MOST_ROWS = 60
BLANK_ROWS = 1


class DraftForm(ClaimForm):
    """What the version is called, from when it holds, why it was drawn up."""

    code = Line(label=_("Version"), max_length=20)
    valid_from = Day(label=_("For cargo incidents from"))
    note = Line(label=_("Why it was drawn up"), required=False, max_length=300)


class SwitchesForm(DraftForm):
    """The same with the readings taken where the text is ambiguous (LR-22)."""

    switches = forms.MultipleChoiceField(
        label=_("Readings of the book that hold"),
        choices=[(name, SWITCH_WORDS[name]) for name in SWITCHES],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


class RuleForm(forms.Form):
    """One row of the decision table."""

    id = forms.CharField(label=_("Rule"), max_length=10, widget=forms.TextInput(attrs={"size": 7}))
    tier = forms.ChoiceField(label=_("Tier"), choices=[(tier, tier) for tier in TIERS])
    priority = forms.IntegerField(
        label=_("Priority"), min_value=0, max_value=99, initial=1, widget=forms.TextInput(attrs={"size": 2})
    )
    condition = Text(label=_("Condition"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}))
    shares = Text(
        label=_("Who bears it"), required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 4})
    )
    fines = Text(label=_("Fines"), required=False, max_length=600, widget=forms.Textarea(attrs={"rows": 4}))
    sentence_hans = Text(
        label=_("Sentence, simplified"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    sentence_hant = Text(
        label=_("Sentence, traditional"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    sentence_en = Text(
        label=_("Sentence, English"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    source = forms.CharField(widget=forms.HiddenInput, required=False, max_length=120)

    def _read(self, name: str, read: Callable[[str], Any]) -> Any:
        try:
            return read(self.cleaned_data[name])
        except ruletext.BadText as problem:
            message = _("“%(line)s” cannot be read. Write it as the other rows do.") % {"line": str(problem)}
            raise forms.ValidationError(message) from problem

    def clean_condition(self) -> Any:
        """`fact: value, value`, a fact a line."""
        return self._read("condition", ruletext.condition_from)

    def clean_shares(self) -> Any:
        """`party 1/3`, a party a line."""
        return self._read("shares", ruletext.shares_from)

    def clean_fines(self) -> Any:
        """`party 50-100 if fact: value`, a fine a line."""
        return self._read("fines", ruletext.fines_from)

    def row(self) -> dict[str, Any]:
        """The row as a rule set has it."""
        said = self.cleaned_data
        found: dict[str, Any] = {
            "id": said["id"], "tier": said["tier"], "priority": said["priority"], "condition": said["condition"],
        }  # fmt: skip
        if said["shares"]:
            found["shares"] = said["shares"]
        if said["fines"]:
            found["fines"] = said["fines"]
        texts = {
            "zh-Hans": said["sentence_hans"],
            "zh-Hant": said["sentence_hant"],
            "en": said["sentence_en"],
        }
        found["sentence"] = {language: text for language, text in texts.items() if text}
        if said["source"]:
            found["source"] = said["source"]
        return found


RuleFormSet = formset_factory(
    RuleForm, extra=BLANK_ROWS, max_num=MOST_ROWS, validate_max=True, can_delete=True
)


def typed(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a rule set as the form shows it."""
    sentence = row.get("sentence", {})
    return {
        "id": row["id"],
        "tier": row["tier"],
        "priority": row.get("priority", 1),
        "condition": ruletext.condition_text(row["condition"]),
        "shares": ruletext.shares_text(row.get("shares", {})),
        "fines": ruletext.fines_text(row.get("fines", [])),
        "sentence_hans": sentence.get("zh-Hans", ""),
        "sentence_hant": sentence.get("zh-Hant", ""),
        "sentence_en": sentence.get("en", ""),
        "source": row.get("source", ""),
    }


class PublishForm(ClaimForm):
    """The second person has seen every situation without a rule (LR-32)."""

    acknowledged = forms.MultipleChoiceField(
        label=_("Seen: what no row covers"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, gaps: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["acknowledged"].choices = [  # type: ignore[attr-defined]
            (gap.code, f"{capfirst(gap.sentence)} ({gap.code}, {gap.count})") for gap in gaps
        ]
