"""What the stock's forms are made of: lines of text, days, figures, references by their codes."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from inventory import titles
from servicecenter.forms import Line, WorkForm

# What a Chinese keyboard and a spreadsheet make of a figure.
FIGURE = str.maketrans(
    {
        "，": "", ",": "", " ": "", "\u3000": "", "\u00a0": "", "−": "-", "－": "-", "。": ".", "．": ".",
        **{chr(0xFF10 + n): str(n) for n in range(10)},
    }
)  # fmt: skip


def figure(text: str, *, places: int) -> Decimal:
    """A typed figure with at most so many decimals. Raises ValidationError in words."""
    try:
        value = Decimal(text.strip().translate(FIGURE))
    except InvalidOperation as problem:
        raise ValidationError(
            _("“%(text)s” is no figure."), code="figure", params={"text": text.strip()}
        ) from problem
    if not value.is_finite():
        raise ValidationError(_("“%(text)s” is no figure."), code="figure", params={"text": text.strip()})
    exact = value.quantize(Decimal(1).scaleb(-places)) if abs(value) < Decimal("1e11") else None
    if exact is None:
        raise ValidationError(_("This figure is too large."), code="large")
    if exact != value:
        raise ValidationError(_("At most %(places)s decimals."), code="places", params={"places": places})
    return exact


class Figure(forms.CharField):
    """A quantity or an amount, typed in any of the ways people write figures."""

    def __init__(self, *, places: int = 3, least: Decimal | None = None, **kwargs: Any) -> None:
        self.places, self.least = places, least
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The Decimal, or None for nothing."""
        text = super().clean(value)
        if text in self.empty_values:
            return None
        found = figure(str(text), places=self.places)
        if self.least is not None and found < self.least:
            raise ValidationError(_("At least %(least)s."), code="least", params={"least": self.least})
        return found

    def prepare_value(self, value: Any) -> Any:
        """Three (or two) decimals in full."""
        return f"{value:.{self.places}f}" if isinstance(value, Decimal) else value


class ByCode(forms.ModelChoiceField):
    """A record posted by its code, drawn as code and name."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("empty_label", "")
        kwargs.setdefault("to_field_name", "code")
        super().__init__(**kwargs)


class WarehouseField(ByCode):
    """A warehouse: the site before the name, as its users call it."""

    def label_from_instance(self, obj: Any) -> str:
        """`北坡现场·完好品库`; the name alone where it says the site already."""
        return titles.of_warehouse(obj)


class ActForm(WorkForm):
    """An act on a record: carries the version that the writer saw."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, of: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if of is not None:
            self.initial.setdefault("version", of.version)


class ReasonForm(ActForm):
    """An act that only asks why."""

    reason = Line(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(ActForm):
    """An act that asks nothing but the confirmation itself."""


class ClaimForm(ActForm):
    """With which waybill the lost goods travelled (INV-82)."""

    waybill = Line(label=_("Waybill"), max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}))
