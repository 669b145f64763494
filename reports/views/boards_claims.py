"""The claims board (RPT-22): how old open claims are, amounts reserved and paid, vouchers, shares to recover."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from claims import queries as claims
from claims.choices import OPEN_STATES, PartyRole, PayoutState
from claims.permissions import READ_VOUCHERS, may_see_liability
from organization.permissions import me
from organization.views.door import needs
from reports.permissions import Right
from reports.queries.boards_claims import EXPIRING_DAYS, ClaimsBoard, claims_board
from reports.views.boards_management import cost_rows, cost_trend, paid_address
from reports.views.boards_parts import Tile, address, shown
from servicecenter import charts, figures
from servicecenter.clock import business_date
from servicecenter.i18n import listed, say

LIST, VOUCHERS = "claim-list", "voucher-list"
# Old is not late: red is kept for what is overdue.
AGE_TONES = ("age1", "age2", "age3", "age4")


@needs(Right.VIEW_CLAIMS_BOARD)
@require_GET
def claims_desk(request: HttpRequest) -> HttpResponse:
    """All claims for who sees them all, otherwise those of the own departments."""
    user = me(request)
    found = claims_board(user)
    rows = state_rows(found)
    context = {
        "states": state_chart(rows),
        "ages": list(claims.AGES.values()),
        "age_legend": charts.legend(
            [(tone, str(age.label)) for tone, age in zip(AGE_TONES, claims.AGES.values(), strict=True)]
        ),
        "state_rows": rows,
        "costs": cost_trend(found.costs) if found.costs is not None else None,
        "cost_rows": cost_rows(found.costs, pays=True) if found.costs is not None else [],
        "debtors": debtors(found) if may_see_liability(user) else None,
        "more_debtors": found.owed["debtors"] - len(found.owed["largest"]),
    }
    return shown(request, "claims", reading=found.reading, tiles=tiles(found, user), context=context)


def tiles(found: ClaimsBoard, user: Any) -> list[Tile]:
    """The figures of the desk; shares only for who sees liability (CLM-07)."""
    vouchers, (count, reserved) = found.vouchers, found.reserved
    month = business_date(found.reading.now).replace(day=1)
    reads = user.rights.has_any(READ_VOUCHERS)
    told = [
        Tile(
            "open",
            _("Open claims"),
            found.total("n"),
            _("%(n)s not taken") % {"n": found.total("untaken")},
            address(LIST, queue="all"),
        ),
        Tile("late", _("Overdue"), found.total("late"), "", address(LIST, queue="late"), "hot"),
        Tile(
            "reserved",
            _("Reserved"),
            figures.money(reserved),
            _("for %(n)s claims not yet paid") % {"n": count},
            address(LIST, state="unpaid"),
        ),
        Tile(
            "vouchers",
            _("Vouchers unpaid"),
            vouchers["n"],
            figures.money(vouchers["amount"]),
            address(VOUCHERS, state="issued") if reads else "",
        ),
        Tile(
            "expiring",
            _("Expire within %(n)s days") % {"n": EXPIRING_DAYS},
            vouchers["expiring"],
            _("%(n)s have expired") % {"n": vouchers["expired"]},
            address(VOUCHERS, expiring=str(EXPIRING_DAYS)) if reads else "",
            "warn",
        ),
        Tile(
            "paid",
            _("Paid this month"),
            figures.money(Decimal(vouchers["paid"])),
            _("%(n)s vouchers") % {"n": figures.count(vouchers["paid_n"])},
            paid_address([month]) if reads else "",
        ),
    ]
    if may_see_liability(user):
        told.append(
            Tile(
                "owed",
                _("Shares to recover"),
                figures.money(found.owed["owed"]),
                _("of %(n)s claims") % {"n": found.owed["claims"]},
                address(LIST, queue="all", to_recover="true"),
            )
        )
    return told


def state_rows(found: ClaimsBoard) -> list[dict[str, Any]]:
    """State by age, each figure with the way to its rows; what is reserved for it."""
    by_state = {row["state"]: row for row in found.open}
    return [
        {
            "label": str(PayoutState(state).label),
            "url": address(LIST, queue="all", state=state),
            "total": by_state[state]["n"],
            "cells": [
                (
                    by_state[state][f"age_{code}"],
                    address(LIST, queue="all", state=state, age=code),
                )
                for code in claims.AGES
            ],
            # What is paid needs no reserve any more.
            "reserved": figures.money(by_state[state]["reserved"]) if state != PayoutState.PAID else "",
        }
        for state in OPEN_STATES
        if state in by_state
    ]


def state_chart(rows: list[dict[str, Any]]) -> charts.Chart:
    """Open claims: a bar a state, its parts by age."""
    return charts.age_bar(
        [charts.Stack(row["label"], [count for count, _url in row["cells"]], row["url"]) for row in rows],
        tones=AGE_TONES,
        names=[str(age.label) for age in claims.AGES.values()],
        title=_("Open claims by state and age"),
        width=640,
    )


def debtors(found: ClaimsBoard) -> list[dict[str, Any]]:
    """Who owes most, in the reader's language."""
    return [
        {
            "role": listed(str(PartyRole(party).label) for party in debt["parties"]),
            "who": (say(debt["names"]) if debt["names"] else "") or debt["who"],
            "url": address("claim-account", party=debt["key"]) if debt["key"] else "",
            "claims": debt["claims"],
            "claims_url": address(LIST, queue="all", owed_by=debt["key"]) if debt["key"] else "",
            "owed": figures.money(Decimal(debt["owed"])),
        }
        for debt in found.owed["largest"]
    ]
