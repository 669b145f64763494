"""The head of a stock document, of its red letter, and of a transfer (INV-10 to INV-47)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inventory import queries
from inventory.choices import DamageCause, RedReason, TransferKind, UseKind
from inventory.domain import categories
from inventory.domain.documents import Head
from inventory.domain.transfers import TransferHead
from inventory.forms.parts import ActForm, ByCode, WarehouseField, figure
from inventory.models import Document, Supplier, Warehouse
from servicecenter.forms import Day, Line


class DocumentForm(ActForm):
    """The head. Which fields stand is said by the category's row of the one table (LED-13).

    `category` is fixed when the document is begun; `document` is the saved one that is changed, or None.
    """

    business_date = Day(label=gettext_lazy("Date"))
    warehouse = WarehouseField(label=gettext_lazy("Warehouse"), queryset=Warehouse.objects.none())
    supplier = ByCode(label=gettext_lazy("Supplier"), queryset=Supplier.objects.none())
    use = forms.ChoiceField(label=gettext_lazy("Kind of use"))
    cause = forms.ChoiceField(label=gettext_lazy("Cause of damage"))
    application = Line(label=gettext_lazy("Petty-purchase application"), max_length=40)
    original = Line(label=gettext_lazy("Original document"), max_length=24)
    requisition = Line(label=gettext_lazy("Requisition"), max_length=40, required=False)
    counted = forms.BooleanField(label=gettext_lazy("Counted on arrival"), required=False)
    remarks = Line(label=gettext_lazy("Remarks"), required=False)

    def __init__(
        self, *args: Any, user: Any, category: str, document: Document | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, of=document, **kwargs)
        self.category, self.document, self.user = category, document, user
        self.rule = categories.rule_of(category)
        is_red = document is not None and document.colour == "red"
        of_transfer = document is not None and document.transfer_id is not None
        self._shape(is_red=is_red, of_transfer=of_transfer)
        self._fill(is_red=is_red)

    def _shape(self, *, is_red: bool, of_transfer: bool) -> None:
        rule, dropped = self.rule, []
        if not rule.needs_supplier:
            dropped.append("supplier")
        if not rule.needs_use:
            dropped.append("use")
        if not rule.needs_cause:
            dropped.append("cause")
        if not rule.needs_application:
            dropped.append("application")
        if not rule.needs_count or is_red:
            dropped.append("counted")
        if of_transfer or is_red or rule.origin is None:
            # A red letter's original and a transfer's pair are fixed: the page shows them.
            dropped.append("original")
        for name in dropped:
            del self.fields[name]
        if "original" in self.fields:
            self.fields["original"].required = rule.origin_needed
        if is_red:
            for name in ("supplier", "use", "cause", "application"):
                if name in self.fields:
                    self.fields[name].required = False

    def _fill(self, *, is_red: bool) -> None:
        document = self.document
        kinds = categories.allowed_kinds(self.category)
        rows = queries.warehouses_to_draft(self.user).filter(kind__in=kinds)
        warehouse: Any = self.fields["warehouse"]
        warehouse.queryset = rows
        if "supplier" in self.fields:
            open_ones = (
                queries.suppliers_visible_to(self.user).filter(closed_on=None).order_by("name_key", "pk")
            )
            self.fields["supplier"].queryset = open_ones  # type: ignore[attr-defined]
        if "use" in self.fields:
            self.fields["use"].choices = [("", ""), *UseKind.choices]  # type: ignore[attr-defined]
        if "cause" in self.fields:
            self.fields["cause"].choices = [("", ""), *DamageCause.choices]  # type: ignore[attr-defined]
        if document is None:
            self.initial.setdefault("business_date", timezone.localdate())
            return
        initial = {
            "business_date": document.business_date,
            "warehouse": document.warehouse.code,
            "supplier": document.supplier.code if document.supplier else "",
            "use": document.use,
            "cause": document.cause,
            "application": document.application,
            "original": document.original.number if document.original else "",
            "requisition": document.requisition,
            "counted": document.counted_at is not None,
            "remarks": document.remarks,
        }
        self.initial = {**initial, **self.initial}
        if document.first_audited_at is not None or is_red or document.transfer_id is not None:
            # INV-13: after the first audit the warehouse stays; a return and a transfer's side stay where they are.
            warehouse.queryset = Warehouse.objects.filter(pk=document.warehouse_id).select_related(
                "department"
            )
            warehouse.disabled = True

    def clean_original(self) -> Document | None:
        """The document of that number, if the user may see it."""
        number = str(self.cleaned_data.get("original") or "").strip().upper()
        if not number:
            return None
        found = queries.documents_visible_to(self.user).filter(number=number).first()
        if found is None:
            raise forms.ValidationError(
                _("There is no document %(number)s that you may see."), params={"number": number}
            )
        return found

    def head(self) -> Head:
        """As the service takes it."""
        said, document = self.cleaned_data, self.document
        supplier, original = said.get("supplier"), said.get("original")
        kept = document.original_id if document is not None and "original" not in self.fields else None
        return Head(
            category=self.category,
            warehouse_id=said["warehouse"].pk,
            business_date=said["business_date"],
            supplier_id=supplier.pk if supplier else None,
            requisition=said.get("requisition", ""),
            application=said.get("application", ""),
            cause=said.get("cause", ""),
            use=said.get("use", ""),
            original_id=original.pk if original else kept,
            counted=bool(said.get("counted")),
            remarks=said.get("remarks", ""),
        )


class RedForm(ActForm):
    """A red letter from an original: why, and how much of each line goes back (INV-26, INV-27)."""

    reason = forms.ChoiceField(label=gettext_lazy("Reason of the red letter"), widget=forms.RadioSelect)
    business_date = Day(label=gettext_lazy("Date"))
    remarks = Line(label=gettext_lazy("Remarks"), required=False)

    def __init__(self, *args: Any, original: Document, lines: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.original = original
        self.rows = [(line, line.quantity - line.returned) for line in lines]
        reasons = [
            reason for reason, found in categories.RETURNABLE.items() if original.category in found
        ] + [RedReason.CORRECTION]
        self.fields["reason"].choices = [(one.value, one.label) for one in reasons]  # type: ignore[attr-defined]
        self.initial.setdefault("reason", reasons[0].value)
        self.initial.setdefault("business_date", timezone.localdate())
        self.quantities: dict[int, Decimal] = {}
        self.line_errors: dict[int, str] = {}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Every line of the original with what is left, what was typed and what is wrong with it."""
        return [
            {
                "line": line,
                "left": left,
                "name": f"back-{line.ordinal}",
                "value": self.data.get(f"back-{line.ordinal}", f"{left:.3f}" if left else "")
                if self.is_bound
                else (f"{left:.3f}" if left else ""),
                "error": self.line_errors.get(line.ordinal, ""),
            }
            for line, left in self.rows
        ]

    def clean(self) -> dict[str, Any]:
        """Positive figures, none beyond what is left, at least one."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for line, left in self.rows:
            text = str(self.data.get(f"back-{line.ordinal}", "")).strip()
            if not text:
                continue
            try:
                value = figure(text, places=3)
            except forms.ValidationError as problem:
                self.line_errors[line.ordinal] = " ".join(problem.messages)
                continue
            if value < 0:
                self.line_errors[line.ordinal] = _("Without a minus: the red letter sets it.")
            elif value > left:
                self.line_errors[line.ordinal] = _("At most %(left)s is left of this line.") % {"left": left}
            elif value:
                self.quantities[line.ordinal] = value
        if self.line_errors:
            self.add_error(None, _("Correct the quantities marked in red."))
        elif not self.quantities:
            self.add_error(None, _("Nothing goes back yet: give a quantity to at least one line."))
        return cleaned


class TransferForm(ActForm):
    """The head of a transfer: from where, to where, on whose word (INV-40, INV-41, INV-44)."""

    business_date = Day(label=gettext_lazy("Date"))
    kind = forms.ChoiceField(label=gettext_lazy("Source of the transfer"))
    source = WarehouseField(label=gettext_lazy("From warehouse"), queryset=Warehouse.objects.none())
    target = WarehouseField(label=gettext_lazy("To warehouse"), queryset=Warehouse.objects.none())
    requisition = Line(
        label=gettext_lazy("Requisition"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("A directive names it."),
    )
    remarks = Line(
        label=gettext_lazy("Remarks"),
        required=False,
        help_text=gettext_lazy("A negotiated transfer says here that both department managers agree."),
    )

    def __init__(self, *args: Any, user: Any, transfer: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, of=transfer, **kwargs)
        self.transfer = transfer
        rows = queries.warehouses_visible_to(user).filter(
            closed_on=None, kind__in=[str(kind) for kind in categories.TRANSFER_PAIRS]
        )
        for name in ("source", "target"):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["kind"].choices = TransferKind.choices  # type: ignore[attr-defined]
        if transfer is None:
            self.initial.setdefault("business_date", timezone.localdate())
            return
        initial = {
            "business_date": transfer.business_date,
            "kind": transfer.kind,
            "source": transfer.source.code,
            "target": transfer.target.code,
            "requisition": transfer.requisition,
            "remarks": transfer.remarks,
        }
        self.initial = {**initial, **self.initial}
        if transfer.first_audited_at is not None:
            for name in ("source", "target"):
                self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Two different warehouses, both sound or both damaged (INV-24, INV-25)."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        source, target = cleaned.get("source"), cleaned.get("target")
        if source and target and source.pk == target.pk:
            self.add_error("target", _("Choose another warehouse: goods do not move to where they are."))
        elif source and target and source.kind != target.kind:
            self.add_error("target", _("Sound stock goes to sound stock and damaged stock to damaged stock."))
        return cleaned

    def head(self) -> TransferHead:
        """As the service takes it."""
        said = self.cleaned_data
        return TransferHead(
            kind=said["kind"],
            source_id=said["source"].pk,
            target_id=said["target"].pk,
            business_date=said["business_date"],
            requisition=said.get("requisition", ""),
            remarks=said.get("remarks", ""),
        )
