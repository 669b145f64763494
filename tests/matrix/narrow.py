"""How the complaints' lists are narrowed: every filter once."""

from __future__ import annotations

NARROW = (
    "",
    "?q=13711110002",
    "?q=86201111002",
    "?q=送到",
    "?queue=all",
    "?queue=mine",
    "?state=open",
    "?category=late_delivery",
    "?department=branch_west",
    "?tier=none",
    "?registered_after=2020-01-01",
    "?registered_min=2020-01-01",
    "?channel=telephone",
    "?owner={agent}",
    "?age=under_8h",
    "?concerned=branch_east",
    "?repeat=true",
    "?undriven=true",
    "?customer={customer}",
    "?waybill=86201111002",
    "?about=86201111002,13711110002",
    "?second=true",
    "?order=due",
    "?order=tier",
)
NARROW_INCIDENTS = (
    "",
    "?kind=second_complaint",
    "?state=confirmed",
    "?category=late_delivery",
    "?department=branch_west",
    "?month={month}",
    "?opened_after=2020-01-01",
)
