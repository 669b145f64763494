"""Fields that read numbers as people type them and say in words what is wrong."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from customers.domain import telephones, waybills
from customers.services.rows import read_telephone
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


class TelephoneField(forms.CharField):
    """A telephone number in any spelling; cleans to how people read it, so that the service reads it again."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"inputmode": "tel", "autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """The number, with `转` before an extension. Raises ValidationError in words."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            read = read_telephone(text)
        except RuleBroken as problem:
            raise ValidationError(rule_text(problem), code=problem.code) from problem
        return telephones.spaced(read.number) + (f" 转 {read.extension}" if read.extension else "")


class WaybillNumberField(forms.CharField):
    """A waybill number in any spelling; cleans to its kept form."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.widget.attrs |= {"autocomplete": "off"}

    def clean(self, value: Any) -> str:
        """The number. Raises ValidationError in words."""
        text: str = super().clean(value)
        if not text:
            return ""
        try:
            return waybills.normalise(text)
        except RuleBroken as problem:
            raise ValidationError(rule_text(problem), code=problem.code) from problem


class Amount(forms.DecimalField):
    """Yuan and fen above zero; thousands may be parted by commas, as people copy them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, min_value=0, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Without the yuan sign, commas and blanks, full width or half."""
        if isinstance(value, str):
            value = value.strip().translate(str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥"))
            value = value.replace(",", "").replace("¥", "").replace(" ", "")
        return super().to_python(value)
