"""What each party owes over all claims, its account sheet, settlements without a claim (CLM-11, CLM-12, CLM-21)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from claims.domain.money import to_fen
from claims.models import Instalment, LiabilityEntry, OwnSettlement, Share
from claims.permissions import Right, sees_all
from conduct.models import Sanction
from organization.queries import within
from servicecenter.clock import business_date
from servicecenter.figures import whole
from servicecenter.keyset import Order

SETTLEMENT_ORDER = Order("newest", ("settled_on",), descending=True)
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class Account:
    """One party over all claims: who, what was charged and paid, what is still open, on how many claims."""

    key: str
    who: str
    is_outside: bool
    charged: Decimal
    paid: Decimal
    open: Decimal
    claims: int


@dataclass(frozen=True)
class Posting:
    """One line of an account sheet, and the balance after it."""

    posted_at: datetime
    claim: str
    waybill: str
    kind: str
    words: str
    note: str
    amount: Decimal
    balance: Decimal


@dataclass(frozen=True)
class Sheet:
    """An account sheet (对账单): postings in order, the open instalments."""

    account: Account
    postings: Sequence[Posting]
    instalments: Sequence[Instalment]


def accounts(*, outside_only: bool = False) -> list[Account]:
    """The parties that owe something, the greatest sum first; the company owes itself nothing."""
    rows = _shares().annotate(
        charged=Sum("entries__amount", filter=Q(entries__kind__in=["charge", "reversal"])),
        left=Sum("entries__amount"),
    )
    found = _by_key(rows.filter(left__gt=0))
    return [row for row in found if row.is_outside or not outside_only]


def _shares() -> QuerySet[Share]:
    return (
        Share.objects.exclude(party="company")
        .select_related("employee", "department", "determination__claim")
        .order_by("pk")
    )


def _by_key(rows: Any) -> list[Account]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        if row.key:
            grouped.setdefault(row.key, []).append(row)
    found = [
        Account(
            key=key,
            who=shares[0].who,
            is_outside=bool(shares[0].outside),
            charged=sum((row.charged or ZERO for row in shares), start=ZERO),
            paid=sum(((row.charged or ZERO) - (row.left or ZERO) for row in shares), start=ZERO),
            open=sum((row.left or ZERO for row in shares), start=ZERO),
            claims=len({row.determination.claim_id for row in shares}),
        )
        for key, shares in grouped.items()
    ]
    return sorted(found, key=lambda account: (-account.open, account.who))


def of_key(key: str) -> Q | None:
    """The shares of a party by its key (`employee:12`, `department:3`, `outside:name`); None for a key that is none."""
    kind, _sign, value = key.partition(":")
    if kind == "outside" and value:
        return Q(outside=value)
    if kind in ("employee", "department") and (pk := whole(value)) is not None:
        return Q(**{f"{kind}_id": pk})
    return None


def sheet(key: str) -> Sheet | None:
    """The account sheet of one party; None when nothing was ever charged to it."""
    condition = of_key(key)
    if condition is None:
        return None
    shares = (
        _shares()
        .filter(condition, entries__isnull=False)
        .annotate(
            charged=Sum("entries__amount", filter=Q(entries__kind__in=["charge", "reversal"])),
            left=Sum("entries__amount"),
        )
    )
    found = _by_key(shares)
    if not found:
        return None
    entries = (
        LiabilityEntry.objects.filter(share__in=[row.pk for row in shares])
        .select_related("claim__waybill")
        .order_by("posted_at", "pk")
    )
    balance, postings = ZERO, []
    for row in entries:
        balance += row.amount
        postings.append(
            Posting(
                row.posted_at, row.claim.number, row.claim.waybill.number, row.kind,
                str(row.get_kind_display()), row.note, row.amount, balance,
            )
        )  # fmt: skip
    plan = Instalment.objects.filter(share__in=[row.pk for row in shares], replaced_at=None).select_related(
        "share__determination__claim"
    )
    return Sheet(found[0], postings, list(plan.order_by("month", "pk")))


def sheet_data(found: Sheet, *, on: date) -> dict[str, Any]:
    """The account sheet as it is printed (CLM-21)."""
    return {
        "who": found.account.who,
        "on": on.isoformat(),
        "charged": f"{found.account.charged:.2f}",
        "paid": f"{found.account.paid:.2f}",
        "open": f"{found.account.open:.2f}",
        "postings": [
            {
                "on": business_date(row.posted_at).isoformat(), "claim": row.claim, "waybill": row.waybill,
                "words": row.words, "note": row.note, "amount": f"{row.amount:.2f}", "balance": f"{row.balance:.2f}",
            }
            for row in found.postings
        ],
        "instalments": [
            {"month": f"{row.month:%Y-%m}", "amount": f"{row.amount:.2f}"} for row in found.instalments
        ],
    }  # fmt: skip


def taken_in_months(share: Share) -> dict[date, int]:
    """What is kept back from the person's wage already, by month in fen: other instalments and fines (CLM-21)."""
    found: dict[date, int] = {}
    others = Instalment.objects.filter(share__employee=share.employee_id, replaced_at=None).exclude(
        share=share
    )
    fines = Sanction.objects.filter(target_employee=share.employee_id, measure="fine").exclude(
        state="withdrawn"
    )
    for month, amount in [*others.values_list("month", "amount"), *fines.values_list("month", "amount")]:
        found[month] = found.get(month, 0) + to_fen(amount or ZERO)
    return found


def settlements_visible_to(user: Any) -> QuerySet[OwnSettlement]:
    """All for those who see every claim, else those of the own departments."""
    rows = OwnSettlement.objects.select_related("department", "waybill", "recorded_by__employee")
    if user is None or sees_all(user):
        return rows
    return rows.filter(within(user.rights.paths(Right.RECORD_SETTLEMENT), "department__path"))
