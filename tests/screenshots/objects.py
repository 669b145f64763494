"""An object fit for each route: what stands in its address, by the beginning of the route's name."""

from __future__ import annotations

from typing import Any

from claims.models import ApprovalRequest, Claim, Part, RuleSetVersion, Voucher
from complaints.models import (
    Category,
    Complaint,
    CorrectiveAction,
    Handover,
    Keyword,
    ServiceIncident,
    WrittenNotice,
)
from conduct.models import Sanction
from customers.models import Consent, ContactPerson, Customer, Telephone, WaybillEvent
from inventory.models import Document, Item, ItemRequest, Place, Stocktake, Supplier, Transfer, Warehouse
from organization.models import (
    Absence,
    Assignment,
    CalendarDay,
    Department,
    Duty,
    Role,
    ServiceInterruption,
    Team,
)
from reports.models import Report
from servicecenter.clock import now_db
from servicecenter.models import Policy

Args = list[list[Any]]
TRIED = 12


def one_of_each(rows: Any) -> Args:
    """The number of the newest row of every state."""
    return [list(found) for found in rows.order_by("state", "-pk").distinct("state").values_list("number")]


def fitting_objects() -> dict[str, Args]:
    """What stands in the address of a route, by the beginning of its name; the first beginning that fits counts."""

    def one(rows: Any, *names: str) -> Args:
        return [list(row) for row in rows.values_list(*names)[:TRIED]]

    numbers = [
        number
        for state in ("investigating", "answered", "resolved", "routed", "registered", "closed", "reopened")
        for number in Complaint.objects.filter(state=state)
        .order_by("-pk")
        .values_list("number", flat=True)[:1]
    ]
    special = (
        Complaint.objects.filter(is_suspected=True),
        Complaint.objects.filter(offered_to__isnull=False),
        Complaint.objects.filter(round__gte=3),
        Complaint.objects.filter(next_step="await_customer"),
        Complaint.objects.filter(next_step="await_supervisor"),
    )
    numbers += [row.number for rows in special if (row := rows.order_by("-pk").first()) is not None]
    lanes = ["supervisor", "centre_manager", "telephone"]
    month = now_db()
    return {
        "claim-sign": one(ApprovalRequest.objects.filter(state="waiting").order_by("-pk"), "pk"),
        "claim-ruleset": one(RuleSetVersion.objects.order_by("-pk"), "code"),
        "claim-issue": one(Part.objects.filter(vouchers=None).order_by("-pk"), "claim__number", "pk"),
        "claim-": one(Claim.objects.order_by("-pk"), "number"),
        "voucher-": one_of_each(Voucher.objects.all()),
        "counter-": one(Voucher.objects.filter(state="issued").order_by("-pk"), "number"),
        "report-": one(Report.objects.order_by("-pk"), "number"),
        "stock-count": one_of_each(Stocktake.objects.all()),
        "stock-document": one_of_each(Document.objects.all()),
        "stock-transfer": one_of_each(Transfer.objects.all()),
        "stock-place": one(Place.objects.order_by("pk"), "warehouse__code", "item__code"),
        "stock-item-request": one_of_each(ItemRequest.objects.all()),
        "stock-item": one(Item.objects.order_by("pk"), "code"),
        "stock-supplier": one(Supplier.objects.order_by("pk"), "code"),
        "stock-warehouse": one(Warehouse.objects.order_by("pk"), "code"),
        "complaint-waive": one(Handover.objects.filter(state="waiting").order_by("-pk"), "pk"),
        "complaint-measure": one(CorrectiveAction.objects.order_by("-pk"), "pk"),
        "complaint-notice": one(WrittenNotice.objects.order_by("-pk"), "document_number"),
        "complaint-": [[number] for number in numbers],
        "inbox-": one(
            Handover.objects.filter(state="waiting", department__code="branch_east").order_by("-pk"), "pk"
        ),
        "incident-": one(ServiceIncident.objects.filter(state="confirmed").order_by("-pk"), "number"),
        "category-keyword": one(Keyword.objects.order_by("pk"), "pk"),
        "category-subcase-change": one(
            Category.objects.filter(subcases__isnull=False).order_by("pk"), "code", "subcases__code"
        ),
        "category-": [["misrouted"]],
        "customer-person-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-telephone-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-person": one(ContactPerson.objects.order_by("pk"), "customer__number", "pk"),
        "customer-telephone": one(Telephone.objects.order_by("pk"), "customer__number", "pk"),
        "customer-address-new": one(Customer.objects.order_by("pk"), "number"),
        "customer-consent-end": one(
            Consent.objects.filter(until=None).order_by("pk"), "customer__number", "pk"
        ),
        "customer-call": [["13900000421"]],
        "customer": one(Customer.objects.exclude(tier="").order_by("pk"), "number"),
        "waybill-event-correct": one(WaybillEvent.objects.order_by("pk"), "waybill__number", "pk"),
        "waybill": [["86204417309"]],
        "sanction": one(Sanction.objects.order_by("-state", "-pk"), "number"),
        "merit-issue": [[month.year, month.month - 1]] if month.month > 1 else [[month.year - 1, 12]],
        "department-": one(Department.objects.filter(code__in=["branch_east", "service_centre"]), "code"),
        "person-role-end": one(Assignment.objects.order_by("pk"), "employee__work_number", "pk"),
        "person-": [["0217"], ["4112"], ["0225"]],
        "role-": one(Role.objects.filter(code="agent"), "code"),
        "team-": one(Team.objects.order_by("pk"), "code"),
        "calendar-day-clear": one(CalendarDay.objects.order_by("pk"), "pk"),
        "calendar-load": [[month.year + 1]],
        "calendar-hours-set": [["service_centre"], ["branch_east"]],
        "policy-": one(Policy.objects.order_by("code").distinct("code"), "code"),
        "duty-plan": [[lane] for lane in lanes],
        "duty-turns": [[lane] for lane in lanes],
        "duty-interruption": one(ServiceInterruption.objects.order_by("-pk"), "pk"),
        "duty-": one(Duty.objects.filter(ends_at__gt=month).order_by("starts_at"), "pk"),
        "absence-": one(Absence.objects.order_by("-pk"), "pk"),
    }
