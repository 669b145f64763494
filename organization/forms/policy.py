"""The form of one policy value, made from the fields of its type (D19)."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from organization.models import Role, User
from organization.policy_texts import (
    BYTES,
    PERMILLE,
    ROLES,
    SECONDS,
    SEVERAL,
    TEXTS,
    UNITS,
    YUAN,
    Figure,
    in_largest_unit,
    text_of,
)
from organization.services.names import texts
from servicecenter import policies
from servicecenter.forms import Moment, WorkForm

# Units that decide how a figure is typed and kept.
KINDS = {SECONDS, BYTES, ROLES, TEXTS, YUAN, PERMILLE}


def _labelled(figure: Figure) -> Any:
    """The label with the unit that is typed in; a unit that is chosen stands beside its figure."""
    if figure.unit in {"", SECONDS, BYTES, ROLES, SEVERAL, TEXTS}:
        return figure.label
    unit = {YUAN: _("yuan"), PERMILLE: "%"}.get(figure.unit, figure.unit)
    return _("%(label)s (%(unit)s)") % {"label": figure.label, "unit": unit}


class QuantityWidget(forms.MultiWidget):
    """A figure and its unit; a kept value is shown in the largest unit that divides it."""

    template_name = "organization/_quantity.html"

    def __init__(self, unit: str) -> None:
        self.unit = unit
        choices = list(UNITS[unit])
        super().__init__(
            [
                forms.NumberInput(attrs={"min": 0, "class": "form-control"}),
                forms.Select(choices=choices, attrs={"class": "form-select"}),
            ]
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Figure and unit keep their own classes: the outer one is a text field's."""
        return super().get_context(name, value, {k: v for k, v in (attrs or {}).items() if k != "class"})

    def decompress(self, value: int | None) -> list[Any]:
        """Seconds or bytes into figure and unit."""
        if value is None:
            return [None, UNITS[self.unit][1][0]]
        figure, size, _label = in_largest_unit(self.unit, value)
        return [figure, size]


class QuantityField(forms.MultiValueField):
    """Seconds or bytes, typed in a larger unit."""

    def __init__(self, unit: str, **kwargs: Any) -> None:
        sizes = list(UNITS[unit])
        super().__init__(
            fields=(
                forms.IntegerField(min_value=0, max_value=10**9),
                forms.TypedChoiceField(choices=sizes, coerce=int),
            ),
            widget=QuantityWidget(unit),
            **kwargs,
        )

    def compress(self, data_list: list[Any]) -> int | None:
        """Figure times unit."""
        return data_list[0] * data_list[1] if data_list else None


class PolicyForm(WorkForm):
    """The fields of a policy type, then since when, why, and on whose consent."""

    valid_from = Moment(label=_("Holds from"), required=False, help_text=_("Empty: at once."))
    reason = forms.CharField(label=_("Reason"), max_length=300)
    consent = forms.ModelChoiceField(
        label=_("Centre manager who consented"),
        queryset=User.objects.none(),
        required=False,
        empty_label="",
        to_field_name="work_number",
        help_text=_("Is told that the consent was named."),
    )

    def __init__(
        self,
        *args: Any,
        code: str,
        current: Any,
        key: str = "",
        new_key: bool = False,
        managers: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.code, self.fixed_key = code, key
        self.kinds: dict[str, str] = {}
        figures = text_of(code).figures
        for item in dataclasses.fields(policies.policy_type(code)):
            self._add(
                item.name,
                figures.get(item.name, Figure(item.name)),
                getattr(current, item.name),
                str(item.type),
            )
        if new_key:
            self._add_key()
        if managers is None:
            del self.fields["consent"]
        else:
            self.fields["consent"].queryset = managers  # type: ignore[attr-defined]
            self.fields["consent"].required = True
        self.order_fields([*self.kinds_in_order(), "valid_from", "reason", "consent"])

    def _add_key(self) -> None:
        """What the new row is for: the code's own kind, and the conditions it may name."""
        text = text_of(self.code)
        if text.key_choices == "*":
            self.fields["key_of"] = forms.CharField(label=text.key_label, max_length=60)
        else:
            choices = import_string(text.key_choices).choices
            self.fields["key_of"] = forms.ChoiceField(label=text.key_label, choices=choices)
        if text.conditions:
            tiers = [("", _("every tier")), *((tier, tier) for tier in "ABCD")]
            channels = [("", _("every channel")), *import_string("complaints.choices.Channel").choices]
            self.fields["key_tier"] = forms.ChoiceField(label=_("Tier"), choices=tiers, required=False)
            self.fields["key_category"] = forms.SlugField(
                label=_("Category"),
                max_length=40,
                required=False,
                help_text=_("Its code; empty: every category."),
            )
            self.fields["key_channel"] = forms.ChoiceField(
                label=_("Channel"), choices=channels, required=False
            )

    @property
    def key_fields(self) -> list[forms.BoundField]:
        """The fields of a new key; none when the row is known."""
        return [self[name] for name in self.fields if name.startswith("key_")]

    def key(self) -> str:
        """The key of the row that is changed or added."""
        if "key_of" not in self.fields:
            return self.fixed_key
        parts = [self.cleaned_data["key_of"]]
        for name in ("tier", "category", "channel"):
            if given := self.cleaned_data.get(f"key_{name}"):
                parts.append(f"{name}={given}")
        return "|".join(parts)

    def kinds_in_order(self) -> list[str]:
        """The value's form fields in the order of the type."""
        other = {"valid_from", "reason", "consent", "idempotency_key"}
        return [name for name in self.fields if name not in other and not name.startswith("key_")]

    @property
    def figures(self) -> list[forms.BoundField]:
        """The value's fields."""
        return [self[name] for name in self.kinds_in_order()]

    def _add(self, name: str, figure: Figure, value: Any, annotation: str) -> None:
        required = "None" not in annotation
        common = {"label": _labelled(figure), "required": required, "help_text": figure.help}
        self.kinds[name] = figure.unit if figure.unit in KINDS else annotation
        if figure.unit == TEXTS:
            for tag, label in (
                ("zh-Hans", _("simplified")),
                ("zh-Hant", _("traditional")),
                ("en", _("English")),
            ):
                self.fields[f"{name}_{tag}"] = forms.CharField(
                    label=f"{figure.label} ({label})",
                    max_length=400,
                    required=False,
                    initial=value.get(tag, ""),
                )
            return
        if figure.unit in {SECONDS, BYTES}:
            made: forms.Field = QuantityField(figure.unit, **common)
        elif figure.unit == ROLES:
            roles = [(role.code, str(role)) for role in Role.objects.order_by("pk")]
            made = forms.MultipleChoiceField(
                choices=roles, widget=forms.CheckboxSelectMultiple, **(common | {"required": False})
            )
            value = list(value)
        elif figure.unit == SEVERAL:
            made = forms.MultipleChoiceField(
                choices=import_string(figure.choices).choices,
                widget=forms.CheckboxSelectMultiple,
                **(common | {"required": False}),
            )
            value = list(value)
        elif figure.choices:
            made = forms.ChoiceField(
                choices=import_string(figure.choices).choices, widget=forms.RadioSelect, **common
            )
        elif figure.unit == YUAN:
            made = forms.DecimalField(
                min_value=figure.least, max_value=figure.most, decimal_places=2, **common
            )
        elif figure.unit == PERMILLE:
            made = forms.DecimalField(min_value=0, max_value=100, decimal_places=1, **common)
            value = Decimal(value) / 10
        elif annotation.startswith("bool"):
            made = forms.BooleanField(**(common | {"required": False}))
        elif annotation.startswith("float"):
            made = forms.FloatField(min_value=figure.least, max_value=figure.most, **common)
        elif annotation.startswith("int"):
            made = forms.IntegerField(min_value=figure.least, max_value=figure.most, **common)
        else:
            made = forms.CharField(max_length=300, **common)
        made.initial = value
        self.fields[name] = made

    def clean(self) -> dict[str, Any]:
        """Bounds of what is typed in units: their own fields cannot know them."""
        data = super().clean() or self.cleaned_data
        for name, figure in text_of(self.code).figures.items():
            value = data.get(name)
            if figure.unit not in {SECONDS, BYTES} or value is None:
                continue
            if not (figure.least or 0) <= value <= (figure.most or value):
                self.add_error(name, _("This is out of range."))
        return data

    def value(self) -> dict[str, Any]:
        """The value as JSON for the service."""
        data = self.cleaned_data
        found: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            if kind == TEXTS:
                found[name] = texts(data[f"{name}_zh-Hans"], data[f"{name}_zh-Hant"], data[f"{name}_en"])
            elif kind == YUAN:
                found[name] = None if data[name] is None else str(data[name])
            elif kind == PERMILLE:
                found[name] = int(data[name] * 10)
            else:
                found[name] = data[name]
        return found
