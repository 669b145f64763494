"""What the forms of this app are made of: amounts as people type them, people behind parties, a claim's version."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.forms import BaseFormSet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.forms.parts import ActForm, DepartmentField
from servicecenter.forms import Day, Line, Moment, Text
from servicecenter.i18n import LANGUAGE_TAGS

__all__ = [
    "LANGUAGES",
    "UNKNOWN_YES_NO",
    "ClaimForm",
    "ConfirmForm",
    "Day",
    "DepartmentField",
    "Kilograms",
    "LanguageForm",
    "Line",
    "Moment",
    "ReasonForm",
    "Text",
    "Tristate",
    "Yuan",
    "rows_of",
]

LANGUAGES = [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]
assert [code for code, _name in LANGUAGES] == list(LANGUAGE_TAGS)
UNKNOWN_YES_NO = [
    ("", _("not known")),
    ("yes", pgettext_lazy("fact", "yes")),
    ("no", pgettext_lazy("fact", "no")),
]


class Figure(forms.DecimalField):
    """A figure as people type it: full width, with separators of thousands, with the sign of the yuan before it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Any:
        """The plain figure, a Decimal or None."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).replace(",", "").replace(" ", "").strip("¥元")
        return super().to_python(value)


class Yuan(Figure):
    """An amount in yuan with two places, not negative (MON-01)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 14, "decimal_places": 2, "min_value": 0, **kwargs})


class Kilograms(Figure):
    """A weight with three places."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_digits": 12, "decimal_places": 3, "min_value": 0, **kwargs})


class Tristate(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=UNKNOWN_YES_NO,
            coerce=lambda text: text == "yes",
            empty_value=None,
            required=False,
            widget=forms.RadioSelect,
            **kwargs,
        )


class ClaimForm(ActForm):
    """Every act on a claim: carries the version that the writer saw (D20)."""

    def __init__(self, *args: Any, user: Any, claim: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.claim = claim
        if claim is not None:
            self.initial.setdefault("version", claim.version)


def rows_of(formset: BaseFormSet[Any]) -> list[dict[str, Any]]:
    """What the filled-in lines of a formset say, in their order; those to be taken away are left out."""
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in formset.forms
        if form.cleaned_data and not form.cleaned_data.get("DELETE")
    ]


class ReasonForm(ClaimForm):
    """An act that only asks why."""

    reason = Line(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class ConfirmForm(ClaimForm):
    """An act that asks nothing but the confirmation itself."""


class LanguageForm(ClaimForm):
    """A document comes in the language that is chosen (D16)."""

    language = forms.ChoiceField(
        label=_("Language of the document"), choices=LANGUAGES, initial="zh-hans", widget=forms.RadioSelect
    )
