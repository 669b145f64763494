"""What exports of claims and vouchers hold (PRV-04)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from claims.permissions import may_see_liability
from servicecenter import figures
from servicecenter.spreadsheet import Column


def claim_columns(user: Any) -> list[Column]:
    """A claim in a line; the liability for those who may see it (CLM-07)."""
    found = [
        Column(_("Number"), lambda row: row.number),
        Column(_("Reported"), lambda row: row.reported_at, "moment"),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Gravity"), lambda row: row.get_gravity_display()),
        Column(_("Terms"), lambda row: row.profile),
        Column(_("Payout"), lambda row: row.get_state_display()),
        Column(_("Waybill"), lambda row: figures.spaced(row.waybill.number)),
        Column(_("Goods"), lambda row: row.waybill.goods),
        Column(_("Claimant"), lambda row: row.claimant),
        Column(_("Complaint"), lambda row: row.complaint.number if row.complaint else ""),
        Column(_("Branch"), lambda row: row.branch.name),
        Column(_("Adjuster"), lambda row: row.adjuster.name if row.adjuster else ""),
        Column(_("Day of the cargo incident"), lambda row: row.incident_on, "date"),
        Column(_("Claimed"), lambda row: row.claimed_amount, "money"),
        Column(_("Assessed"), lambda row: row.assessed_amount, "money"),
        Column(_("Agreed"), lambda row: row.agreed_amount, "money"),
        Column(_("Approved"), lambda row: row.approved_amount, "money"),
        Column(_("Reserve"), lambda row: row.reserve, "money"),
        Column(_("Due"), lambda row: row.due_at if row.is_timed else None, "moment"),
        Column(_("Closed"), lambda row: row.closed_at, "moment"),
    ]
    if may_see_liability(user):
        found.insert(6, Column(_("Liability"), lambda row: row.get_liability_state_display()))
    return found


def voucher_columns() -> list[Column]:
    """A voucher in a line; the identity number stays on the voucher."""
    return [
        Column(_("Number"), lambda row: row.number),
        Column(_("Claim"), lambda row: row.claim.number),
        Column(_("Branch"), lambda row: row.branch.name),
        Column(_("Payee"), lambda row: row.payee),
        Column(_("Amount"), lambda row: row.amount, "money"),
        Column(_("State"), lambda row: row.get_state_display()),
        Column(_("Issued"), lambda row: row.issued_at, "moment"),
        Column(_("Valid until"), lambda row: row.valid_until, "date"),
        Column(_("Paid"), lambda row: row.paid_at, "moment"),
        Column(_("Paid by"), lambda row: row.paid_by.name if row.paid_by else ""),
        Column(_("Window"), lambda row: row.window),
        Column(_("Reason"), lambda row: row.void_reason),
    ]
