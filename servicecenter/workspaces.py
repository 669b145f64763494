"""The places on the rail, as data: where each leads, who sees it, which pages belong to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy


@dataclass(frozen=True)
class Workspace:
    """A place on the rail. Shown when its address exists and the user holds one of `rights` (none: everybody).

    `pages` are the prefixes of URL names that belong to it; the longest match is where the user is. Whoever holds one
    of `work` does the day's work here: for him it stands above the others, and a login leads to it.
    """

    code: str
    url_name: str
    label: Any
    icon: str
    rights: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    foot: bool = False
    home: bool = True
    work: tuple[str, ...] = ()


WORKSPACES: tuple[Workspace, ...] = (
    Workspace("desk", "desk", gettext_lazy("Desk"), "desk", ("complaints.work_complaint",), ("desk",)),
    Workspace(
        "inbox", "inbox", gettext_lazy("Inbox"), "inbox", ("complaints.hand_in_statement",), ("inbox",)
    ),
    Workspace(
        "asked",
        "claim-asked",
        gettext_lazy("Asked of us"),
        "scale",
        ("claims.answer_request",),
        ("claim-asked",),
        home=False,
    ),
    Workspace(
        "intake",
        "intake",
        gettext_lazy("Register"),
        "intake",
        ("complaints.register_contact",),
        ("intake", "contact"),
        home=False,
    ),
    Workspace(
        "complaints",
        "complaint-list",
        gettext_lazy("Complaints"),
        "ticket",
        ("complaints.view_complaint", "complaints.view_all"),
        ("complaint",),
    ),
    Workspace(
        "follow_ups",
        "follow-up-list",
        gettext_lazy("Follow-ups"),
        "phone",
        ("complaints.work_complaint",),
        ("follow-up",),
        home=False,
    ),
    Workspace(
        "incidents",
        "incident-list",
        gettext_lazy("Service incidents"),
        "siren",
        ("complaints.view_incident", "complaints.view_all"),
        ("incident",),
    ),
    Workspace(
        "claims",
        "claim-list",
        gettext_lazy("Claims"),
        "claim",
        ("claims.work_claim", "claims.view_liability"),
        ("claim",),
        work=("claims.work_claim",),
    ),
    Workspace(
        "counter",
        "counter",
        gettext_lazy("Counter"),
        "coin",
        ("claims.pay_voucher",),
        ("counter",),
        work=("claims.pay_voucher",),
    ),
    Workspace(
        "vouchers",
        "voucher-list",
        gettext_lazy("Vouchers"),
        "note",
        ("claims.view_voucher",),
        ("voucher",),
        home=False,
    ),
    Workspace(
        "claim_accounts",
        "claim-accounts",
        gettext_lazy("What parties owe"),
        "users",
        ("claims.view_liability",),
        ("claim-account",),
        home=False,
    ),
    Workspace(
        "settlements",
        "claim-settlements",
        gettext_lazy("Settled without a claim"),
        "hand",
        ("claims.record_settlement",),
        ("claim-settlement",),
        home=False,
    ),
    Workspace(
        "liability_rules",
        "claim-rules",
        gettext_lazy("Liability rules"),
        "scale",
        ("claims.view_ruleset",),
        ("claim-rules", "claim-ruleset"),
        home=False,
    ),
    Workspace(
        "conduct",
        "conduct-home",
        gettext_lazy("Inspection"),
        "shield",
        ("conduct.view_sanction", "conduct.view_merit"),
        ("sanction", "merit", "conduct"),
    ),
    Workspace(
        "customers",
        "customer-list",
        gettext_lazy("Customers"),
        "user",
        ("customers.view_customer",),
        ("customer",),
    ),
    Workspace(
        "waybills",
        "waybill-list",
        gettext_lazy("Waybills"),
        "truck",
        ("customers.view_waybill",),
        ("waybill",),
    ),
    Workspace(
        "stock",
        "stock-document-list",
        gettext_lazy("Stock papers"),
        "box",
        ("inventory.view_stock",),
        ("stock", "stock-document"),
        work=("inventory.draft_document", "inventory.draft_for_site", "inventory.plan_transfer"),
    ),
    Workspace(
        "stock_on_hand",
        "stock-on-hand",
        gettext_lazy("Stock"),
        "columns",
        ("inventory.view_stock",),
        (
            "stock-on-hand",
            "stock-in-out",
            "stock-day-book",
            "stock-in-transit",
            "stock-place",
            "stock-month",
            "stock-months",
        ),
        home=False,
    ),
    Workspace(
        "stock_counts",
        "stock-count-list",
        gettext_lazy("Stocktaking"),
        "check",
        ("inventory.view_stock",),
        ("stock-count",),
        home=False,
    ),
    Workspace(
        "stock_transfers",
        "stock-transfer-list",
        gettext_lazy("Transfers"),
        "truck",
        ("inventory.view_stock",),
        ("stock-transfer",),
        home=False,
    ),
    Workspace(
        "stock_items",
        "stock-item-list",
        gettext_lazy("Items"),
        "rows",
        ("inventory.view_stock",),
        ("stock-item", "stock-supplier", "stock-warehouse"),
        home=False,
    ),
    Workspace(
        "board",
        "board",
        gettext_lazy("Board"),
        "board",
        (
            "reports.view_board",
            "reports.view_management_board",
            "reports.view_claims_board",
            "reports.view_stock_board",
        ),
        ("board",),
        work=("complaints.supervise_complaint", "complaints.view_all"),
    ),
    Workspace(
        "reports",
        "report-list",
        gettext_lazy("Reports"),
        "chart",
        (
            "reports.view_complaint_report",
            "reports.view_conduct_report",
            "reports.view_claims_report",
            "reports.view_quality_report",
        ),
        ("report",),
    ),
    Workspace(
        "rota",
        "duty-rota",
        gettext_lazy("Rota"),
        "calendar",
        ("organization.plan_duty",),
        ("duty", "absence"),
        home=False,
    ),
    Workspace(
        "administration",
        "administration",
        gettext_lazy("Settings"),
        "gear",
        ("organization.administer", "organization.manage_people", "deadlines.edit_policies"),
        (
            "administration",
            "department",
            "person",
            "people",
            "role",
            "team",
            "calendar",
            "policy",
            "clock",
            "category",
            "reply-template",
        ),
        foot=True,
    ),
)


@dataclass(frozen=True)
class Command:
    """An act that the palette offers from anywhere, when its address exists and the user holds one of `rights`."""

    url_name: str
    label: Any
    icon: str
    rights: tuple[str, ...]


COMMANDS: tuple[Command, ...] = (
    Command("intake", gettext_lazy("Register a contact"), "plus", ("complaints.register_contact",)),
    Command("customer-new", gettext_lazy("New customer"), "plus", ("customers.edit_customer",)),
    Command("waybill-new", gettext_lazy("New waybill"), "plus", ("customers.edit_waybill",)),
    Command("customer-tiers", gettext_lazy("Tier proposals"), "star", ("customers.confirm_tiers",)),
    Command("claim-new", gettext_lazy("Open a claim"), "plus", ("claims.open_claim",)),
    Command(
        "stock-document-new",
        gettext_lazy("New stock document"),
        "plus",
        ("inventory.draft_document", "inventory.draft_for_site"),
    ),
    Command("sanction-new", gettext_lazy("Propose a sanction"), "plus", ("conduct.propose_sanction",)),
)
