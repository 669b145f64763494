"""What forms share: broken rules at their fields, the hidden idempotency key (D20), whole text, times, names."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from servicecenter.dates import in_reach
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

TEXT_LIMIT = 5000
TOO_LONG = gettext_lazy(
    "%(show_value)s characters, at most %(limit_value)s. Shorten it; what you typed is still here."
)
NAMES = (("zh-Hans", "name_hans"), ("zh-Hant", "name_hant"), ("en", "name_en"))


class WorkForm(forms.Form):
    """A form that creates or acts. Carries an idempotency key; the same key twice is done once."""

    idempotency_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=80)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("idempotency_key", uuid.uuid4().hex)

    def refuse(self, problem: RuleBroken | RulesBroken) -> None:
        """Show a broken rule at its field, or above the form."""
        for field, message in messages_of(problem):
            self.add_error(field if field in self.fields else None, message)


class WorkModelForm(forms.ModelForm):  # type: ignore[type-arg]
    """The same for a model's fields; it never saves: a service does."""

    refuse = WorkForm.refuse


class Text(forms.CharField):
    """Text with a limit that is told and never enforced by cutting: the browser gets no `maxlength`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_LIMIT)
        kwargs.setdefault("widget", forms.Textarea)
        super().__init__(*args, **kwargs)
        for validator in self.validators:
            if getattr(validator, "code", "") == "max_length":
                validator.message = TOO_LONG  # type: ignore[attr-defined,union-attr]

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Without `maxlength`: a pasted text would lose its end without a word."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        attrs.pop("maxlength", None)
        return attrs


class Line(Text):
    """The same on one line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        kwargs.setdefault("widget", forms.TextInput)
        super().__init__(*args, **kwargs)


class Moment(forms.DateTimeField):
    """Date and time on the centre's clock (`TIME_ZONE`)."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    input_formats = ("%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S")


class Day(forms.DateField):
    """A date, not beyond all times."""

    default_validators = [in_reach]
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    input_formats = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")


class NamesMixin(forms.Form):
    """A name in the three languages; simplified Chinese is needed."""

    name_hans = Line(label=gettext_lazy("Name, simplified Chinese"), max_length=60)
    name_hant = Line(label=gettext_lazy("Name, traditional Chinese"), max_length=60, required=False)
    name_en = Line(label=gettext_lazy("Name, English"), max_length=60, required=False)

    @property
    def names(self) -> dict[str, str]:
        """As a LocalizedField holds them."""
        return {tag: self.cleaned_data[field] for tag, field in NAMES if self.cleaned_data.get(field)}

    @staticmethod
    def initial_of(names: dict[str, str]) -> dict[str, str]:
        """The form's fields from a LocalizedField."""
        return {field: names.get(tag, "") for tag, field in NAMES}
