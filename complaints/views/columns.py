"""The columns of a list of tickets: what can be shown, what is shown, and what an export holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from complaints.choices import NextStep
from complaints.models import Complaint
from complaints.permissions import sees_personal
from complaints.queries import party_name
from servicecenter import figures
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.spreadsheet import Column


@dataclass(frozen=True)
class Shown:
    """A column that can be chosen (`always` ones are). Its width in pixels by language; 0 takes the rest."""

    code: str
    label: Any
    narrow: int = 0
    wide: int = 0
    always: bool = False
    usual: bool = True
    order: str = ""

    @property
    def width(self) -> int:
        """The width in the reader's language."""
        return self.narrow if get_language() in NARROW_LANGUAGES else self.wide


COLUMNS: tuple[Shown, ...] = (
    Shown("due", gettext_lazy("Deadline"), 146, 186, always=True, order="due"),
    Shown("number", gettext_lazy("Number"), 142, 142, always=True, order="newest"),
    Shown("customer", gettext_lazy("Customer"), 186, 186, order="tier"),
    Shown("matter", gettext_lazy("Matter"), always=True),
    Shown("state", gettext_lazy("State"), 146, 192, always=True),
    Shown("next", gettext_lazy("Next step"), 170, 190),
    Shown("owner", gettext_lazy("Owner"), 110, 120, usual=False),
    Shown("department", gettext_lazy("Department"), 140, 160, usual=False),
)


NARROW_LANGUAGES = {"zh-hans", "zh-hant"}


def chosen(text: str, *, others: bool = False) -> list[Shown]:
    """The columns named in the address (`customer,next,owner`), else the usual ones; `others`: not only one's own
    tickets are listed, so that it matters who has them."""
    codes = {part for part in text.split(",") if part}
    usual = {column.code for column in COLUMNS if column.usual} | ({"owner"} if others else set())
    return [column for column in COLUMNS if column.always or column.code in (codes or usual)]


def export_columns(user: Any) -> list[Column]:
    """What an export of tickets holds; telephones masked always, names where the page masks them (PRV-04)."""

    def hidden(row: Complaint) -> bool:
        return not sees_personal(user, row)

    def name(row: Complaint) -> str:
        return mask_name(row.caller_name) if hidden(row) else row.caller_name

    return [
        Column(_("Number"), lambda row: row.number),
        Column(_("Registered"), lambda row: row.registered_at, "moment"),
        Column(_("Channel"), lambda row: row.get_channel_display()),
        Column(_("State"), lambda row: row.get_state_display()),
        Column(_("Category"), lambda row: str(row.category)),
        Column(_("Subcase"), lambda row: str(row.subcase or "")),
        Column(_("Matter"), lambda row: row.summary),
        Column(_("The customer's words"), lambda row: row.text),
        Column(_("Customer"), lambda row: party_name(row, masked=hidden(row))),
        Column(_("Tier"), lambda row: row.tier),
        Column(_("Caller"), name),
        Column(_("Telephone"), lambda row: "" if hidden(row) else mask_telephone(row.caller_telephone)),
        Column(_("Waybill"), lambda row: figures.spaced(row.waybill.number) if row.waybill else ""),
        Column(_("Owner"), lambda row: row.owner.name if row.owner else ""),
        Column(_("Department"), lambda row: row.department.name if row.department else ""),
        Column(_("Complaint no. of the event"), lambda row: row.sequence, "integer"),
        Column(_("Service incident"), lambda row: _("yes") if row.is_incident else ""),
        Column(_("Round"), lambda row: row.round, "integer"),
        Column(_("Next step"), lambda row: str(NextStep(row.next_step).label) if row.next_step else ""),
        Column(_("Due"), lambda row: row.due_at if row.clock_id else None, "moment"),
        Column(_("Finding"), lambda row: row.get_founded_display()),
        Column(_("Resolved"), lambda row: row.resolved_at, "moment"),
        Column(_("Case closed"), lambda row: row.closed_at, "moment"),
        Column(_("Closed as"), lambda row: row.get_close_mark_display()),
    ]


def incident_columns() -> list[Column]:
    """What an export of service incidents holds."""
    return [
        Column(_("Number"), lambda row: row.number),
        Column(_("Kind"), lambda row: row.get_kind_display()),
        Column(_("Category"), lambda row: str(row.category)),
        Column(_("Department"), "department.name"),
        Column(_("Person"), "employee.name"),
        Column(_("Tickets"), lambda row: row.ticket_count, "integer"),
        Column(_("Counts in month"), lambda row: f"{row.month:%Y-%m}"),
        Column(_("State"), lambda row: row.get_state_display()),
        Column(_("Opened"), lambda row: row.opened_at, "moment"),
        Column(_("Confirmed"), lambda row: row.confirmed_at, "moment"),
        Column(_("Ended"), lambda row: row.ended_at, "moment"),
        Column(_("Withdrawn because"), lambda row: row.withdrawn_reason),
    ]


def follow_up_columns(user: Any) -> list[Column]:
    """What an export of the calls to make holds; telephones masked always, names where the page masks them."""

    def hidden(row: Complaint) -> bool:
        return not sees_personal(user, row)

    return [
        Column(_("Deadline"), lambda row: row.due_at, "moment"),
        Column(_("Number"), lambda row: row.number),
        Column(_("Customer"), lambda row: party_name(row, masked=hidden(row))),
        Column(_("Tier"), lambda row: row.tier),
        Column(_("Telephone"), lambda row: "" if hidden(row) else mask_telephone(row.caller_telephone)),
        Column(_("Matter"), lambda row: row.summary),
        Column(_("What was done"), lambda row: row.result),
        Column(_("Tries"), lambda row: row.tries or 0, "integer"),
        Column(_("Resolved"), lambda row: row.resolved_at, "moment"),
        Column(_("Owner"), "owner.name"),
    ]
