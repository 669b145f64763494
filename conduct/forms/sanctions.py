"""Forms of sanctions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from conduct import queries
from conduct.choices import Measure
from conduct.models import Violation
from organization.forms.fields import DepartmentField, PersonField
from organization.models import Employee
from servicecenter.forms import WorkForm
from servicecenter.kernel.months import read_month


class VersionedForm(WorkForm):
    """Carries the version of the sanction as it was shown (CMP-51)."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    @property
    def seen(self) -> int | None:
        """The version that the user saw."""
        return self.cleaned_data.get("version")


class YuanField(forms.DecimalField):
    """Yuan and fen; the range is checked by the rule, not by the field."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=14, decimal_places=2, **kwargs)
        self.widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})

    def to_python(self, value: Any) -> Any:
        """Full-width digits, commas and the yuan sign are understood."""
        if isinstance(value, str):
            value = value.translate(str.maketrans("０１２３４５６７８９．，￥", "0123456789.,¥"))
            value = value.replace(",", "").replace("¥", "").replace(" ", "")
        return super().to_python(value)


DECIDED = [choice for choice in Measure.choices if choice[0] not in (Measure.UNDECIDED, Measure.POINTS)]


class AmountForm(VersionedForm):
    """What the sanction is, and how much."""

    measure = forms.ChoiceField(
        label=_("Measure"), choices=DECIDED, widget=forms.RadioSelect, initial=Measure.FINE
    )
    amount = YuanField(label=_("Amount (yuan)"), required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    range_reason = forms.CharField(
        label=_("Reason for an amount outside the range"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ConfirmForm(VersionedForm):
    """Confirming, and with it the source if it is not confirmed yet."""

    source_confirmed = forms.BooleanField(label=_("I have checked the source and confirm it"), required=False)


class ReasonForm(VersionedForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class EmptyForm(VersionedForm):
    """Nothing but the question."""


class ViolationField(forms.ModelChoiceField):
    """A violation of the catalogue, posted by its code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=queries.violations(), to_field_name="code", **kwargs)

    def label_from_instance(self, obj: Violation) -> str:
        """Rule and sentence."""
        return str(obj)


class MonthField(forms.CharField):
    """A month, cleaned to its first day."""

    widget = forms.TextInput(attrs={"type": "month"})

    def clean(self, value: Any) -> Any:
        """Raises ValidationError for what is no month."""
        text = super().clean(value)
        month = read_month(text)
        if month is None:
            raise forms.ValidationError(_("Write the month as 2026-11."), code="month")
        return month


class ProposeForm(AmountForm):
    """A proposal by hand: who, for what, how much."""

    employee = PersonField(
        label=_("Person"), required=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    department = DepartmentField(label=_("Department"), required=False, empty_label=_("the person alone"))
    violation = ViolationField(label=_("Violation"))
    month = MonthField(label=_("Counts in month"))
    measure = forms.ChoiceField(
        label=_("Measure"), choices=Measure.choices, widget=forms.RadioSelect, initial=Measure.UNDECIDED
    )
    additional_reason = forms.CharField(
        label=_("Reason for a further sanction in the same event"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["employee"]
        field.queryset = Employee.objects.all()
        field.error_messages["invalid_choice"] = _("There is no employee of this work number.")
