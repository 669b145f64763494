"""Forms of waybills."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from customers.choices import CodState, EventKind, FreightTerms
from customers.domain.facts import WaybillFacts
from customers.forms.customers import VersionedForm
from customers.forms.fields import Amount, TelephoneField, WaybillNumberField
from customers.models import Waybill
from organization.forms.fields import DepartmentField
from servicecenter.forms import Day, Moment


class StubForm(VersionedForm):
    """The number of a waybill that is unknown to us."""

    waybill = WaybillNumberField(label=_("Waybill number"))


class FactsForm(VersionedForm):
    """The facts of a waybill (WBL-01)."""

    shipped_on = Day(label=_("Shipped on"))
    service = forms.CharField(label=_("Kind of service"), max_length=40, required=False)
    promised_at = Moment(label=_("Promised for"), required=False)
    consignor_name = forms.CharField(label=_("Consignor"), max_length=120)
    consignor_telephone = TelephoneField(label=_("Consignor's telephone"), required=False)
    consignee_name = forms.CharField(label=_("Consignee"), max_length=120)
    consignee_telephone = TelephoneField(label=_("Consignee's telephone"), required=False)
    origin = DepartmentField(label=_("Origin branch"), required=False, empty_label="")
    origin_text = forms.CharField(label=_("Origin"), max_length=60, required=False)
    destination = DepartmentField(label=_("Destination branch"), required=False, empty_label="")
    destination_text = forms.CharField(label=_("Destination"), max_length=60, required=False)
    goods = forms.CharField(label=_("Goods"), max_length=120)
    packing = forms.CharField(label=_("Packing"), max_length=60, required=False)
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1, max_value=2_000_000_000)
    weight = forms.DecimalField(label=_("Weight (kg)"), required=False, max_digits=12, decimal_places=3)
    volume = forms.DecimalField(label=_("Volume (m³)"), required=False, max_digits=12, decimal_places=3)
    freight_terms = forms.ChoiceField(
        label=_("Freight is owed"), required=False, choices=[("", _("unknown")), *FreightTerms.choices]
    )
    freight_amount = Amount(label=_("Freight (yuan)"), required=False)
    freight_due_on = Day(label=_("Freight due on"), required=False)
    freight_paid_on = Day(label=_("Freight paid on"), required=False)

    def facts(self, waybill: Waybill) -> WaybillFacts:
        """What was typed; the parties stay linked while name and number are the same."""
        data = self.cleaned_data
        values: dict[str, Any] = {
            name: data[name]
            for name in WaybillFacts.__dataclass_fields__
            if name in data and data[name] is not None
        }
        for place in ("origin", "destination"):
            values[f"{place}_id"] = data[place].pk if data[place] else None
        for side in ("consignor", "consignee"):
            if side not in self.changed_parties:
                values[f"{side}_id"] = getattr(waybill, f"{side}_id")
        return WaybillFacts(**values)

    @property
    def changed_parties(self) -> set[str]:
        """consignor, consignee: those whose name or number was changed."""
        return {
            name.partition("_")[0]
            for name in self.changed_data
            if name.startswith(("consignor", "consignee"))
        }


class CodForm(VersionedForm):
    """Where the COD money is."""

    cod_state = forms.ChoiceField(label=_("COD money"), choices=CodState.choices)
    cod_amount = Amount(label=_("Amount (yuan)"), required=False)


class EventForm(VersionedForm):
    """What happened to the consignment, when and where (WBL-02)."""

    kind = forms.ChoiceField(label=_("Event"), choices=EventKind.choices)
    occurred_at = Moment(label=_("When"))
    place = forms.CharField(label=_("Where"), max_length=60, required=False)
    remarks = forms.CharField(label=_("Remarks"), max_length=200, required=False)


class CorrectionForm(EventForm):
    """The right event in place of a wrong one, or that it did not happen at all."""

    is_void = forms.BooleanField(label=_("It did not happen"), required=False)
