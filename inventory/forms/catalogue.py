"""Items, suppliers, warehouses and places, and the files they are loaded from (INV-06, INV-08, INV-16)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory.choices import ItemClass, RepairClass, WarehouseKind
from inventory.forms.parts import ActForm, ByCode, Figure
from organization import queries as organization
from organization.models import Department
from organization.services.names import texts
from servicecenter.forms import Day, Line, NamesMixin

LARGEST_FILE = 10 * 1024 * 1024


class ItemForm(NamesMixin, ActForm):
    """One item of the master (INV-08, INV-16, LED-12)."""

    code = Line(
        label=gettext_lazy("Item code"),
        max_length=30,
        help_text=gettext_lazy("Capital letters, digits, dot and dash; it never changes."),
    )
    item_class = forms.ChoiceField(label=gettext_lazy("Item class"), choices=ItemClass.choices)
    spec = Line(label=gettext_lazy("Specification and model"), max_length=120, required=False)
    unit = Line(label=gettext_lazy("Unit"), max_length=10)
    aux_unit = Line(label=gettext_lazy("Auxiliary unit"), max_length=10, required=False)
    aux_factor = Figure(
        label=gettext_lazy("Units in one auxiliary unit"), required=False, least=Decimal("0.001")
    )
    repair_class = forms.ChoiceField(label=gettext_lazy("Repair class"), choices=RepairClass.choices)
    reserve_least = Figure(label=gettext_lazy("Least reserve"), required=False, least=Decimal(0))
    reserve_most = Figure(label=gettext_lazy("Greatest reserve"), required=False, least=Decimal(0))
    closed_on = Day(label=gettext_lazy("No longer used from"), required=False)
    field_order = (
        "code", "name_hans", "name_hant", "name_en", "item_class", "spec", "unit", "aux_unit", "aux_factor",
        "repair_class", "reserve_least", "reserve_most", "closed_on",
    )  # fmt: skip

    def __init__(self, *args: Any, item: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, of=item, **kwargs)
        if item is None:
            del self.fields["closed_on"]
            return
        self.fields["code"].disabled = True
        initial = {name: getattr(item, name) for name in self.fields if hasattr(item, name)}
        self.initial = {**initial, **self.initial_of(item.names), **self.initial}

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).upper()

    def clean(self) -> dict[str, Any]:
        """The auxiliary unit and its factor stand together; the reserve has its ends in order."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if bool(cleaned.get("aux_unit")) != bool(cleaned.get("aux_factor")):
            self.add_error("aux_factor", _("The auxiliary unit and its factor stand together."))
        least, most = cleaned.get("reserve_least"), cleaned.get("reserve_most")
        if least is not None and most is not None and most < least:
            self.add_error("reserve_most", _("Not below the least reserve."))
        return cleaned


class SupplierForm(ActForm):
    """One supplier (INV-20)."""

    code = Line(label=gettext_lazy("Supplier code"), max_length=30)
    name = Line(label=gettext_lazy("Supplier"), max_length=120)
    contact = Line(label=gettext_lazy("Contact person"), max_length=60, required=False)
    telephone = Line(label=gettext_lazy("Telephone"), max_length=30, required=False)
    remarks = Line(label=gettext_lazy("Remarks"), max_length=200, required=False)
    closed_on = Day(label=gettext_lazy("No longer used from"), required=False)

    def __init__(self, *args: Any, supplier: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, of=supplier, **kwargs)
        if supplier is None:
            del self.fields["closed_on"]
            return
        self.fields["code"].disabled = True
        self.initial = {
            **{name: getattr(supplier, name) for name in self.fields if hasattr(supplier, name)},
            **self.initial,
        }

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).upper()


class DepartmentField(ByCode):
    """A department that is open, posted by its code; drawn as the tree."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, moved in by its depth in the tree."""
        return "\u3000" * max(obj.path.count("/") - 2, 0) + obj.name


class WarehouseForm(NamesMixin, ActForm):
    """One warehouse: its kind never changes (LED-13)."""

    code = Line(label=gettext_lazy("Warehouse code"), max_length=30)
    department = DepartmentField(label=gettext_lazy("Department"), queryset=Department.objects.none())
    kind = forms.ChoiceField(label=gettext_lazy("Kind of warehouse"), choices=WarehouseKind.choices)
    closed_on = Day(label=gettext_lazy("No longer used from"), required=False)
    field_order = ("code", "name_hans", "name_hant", "name_en", "department", "kind", "closed_on")

    def __init__(self, *args: Any, warehouse: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, of=warehouse, **kwargs)
        self.fields["name_hant"].help_text = _("Left empty: converted automatically.")
        self.fields["department"].queryset = organization.open_departments()  # type: ignore[attr-defined]
        if warehouse is None:
            del self.fields["closed_on"]
            return
        for name in ("code", "kind"):
            self.fields[name].disabled = True
        initial = {
            "code": warehouse.code,
            "department": warehouse.department.code,
            "kind": warehouse.kind,
            "closed_on": warehouse.closed_on,
        }
        self.initial = {**initial, **self.initial_of(warehouse.names), **self.initial}

    @property
    def names(self) -> dict[str, str]:
        """Traditional characters are drafted when they are left empty, as those of departments are (D16)."""
        said = self.cleaned_data
        return texts(said["name_hans"], said["name_hant"], said["name_en"])

    def clean_code(self) -> str:
        """Codes are written in capitals."""
        return str(self.cleaned_data["code"]).upper()


class PlaceForm(ActForm):
    """Where in the warehouse an item lies (INV-09)."""

    location = Line(
        label=gettext_lazy("Location"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Store, shelf, level and place, such as 02-A-03-11."),
    )


class FileForm(ActForm):
    """A spreadsheet to load: first tried, then loaded."""

    file = forms.FileField(
        label=gettext_lazy("File (XLSX or CSV)"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt"})
    )

    def clean_file(self) -> Any:
        """Small enough to be read at once."""
        found = self.cleaned_data["file"]
        if found is not None and found.size > LARGEST_FILE:
            raise forms.ValidationError(_("The file is larger than 10 MB. Split it."))
        return found


class OpeningForm(FileForm):
    """The opening stock: the day it holds from, and whether it is audited at once."""

    business_date = Day(label=gettext_lazy("Stock of the day"), initial=timezone.localdate)
    audit = forms.BooleanField(label=gettext_lazy("Audit the documents at once"), required=False)
