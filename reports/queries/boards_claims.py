"""The claims board: how old open claims are, what is reserved and paid, unpaid vouchers, shares to recover (RPT-22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Min, Q, Sum

from claims import queries as claims
from claims.choices import UNTIMED_STATES, PartyRole
from claims.models import LiabilityEntry, Voucher
from claims.models.investigation import party_key
from claims.permissions import sees_all
from claims.queries import sees_all_vouchers
from reports.queries.boards import Figure, Reading, read
from reports.queries.boards_management import COSTS, costs
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.trail import plain

OPEN, VOUCHERS, OWED = "board.claims", "board.vouchers", "board.debts"
# The vouchers that end within so many days are told.
EXPIRING_DAYS = 7
# The parties with the largest debts are named.
LARGEST = 10
ZERO = Decimal("0.00")


def open_claims(user: Any = None) -> list[dict[str, Any]]:
    """The open claims by state of the payout, by age, with what is reserved: one statement over open rows."""
    at = now_db()
    ages = {code: age.condition("reported_at", at) for code, age in claims.AGES.items()}
    late = Q(due_at__lt=at) & ~Q(state__in=UNTIMED_STATES)
    return list(
        claims.claims_visible_to(user)
        .open()  # type: ignore[attr-defined]
        .values("state")
        .annotate(
            n=Count("pk"),
            late=Count("pk", filter=late),
            untaken=Count("pk", filter=Q(adjuster=None)),
            reserved=Sum("reserve"),
            first_due=Min("due_at", filter=late),
            **{f"age_{code}": Count("pk", filter=condition) for code, condition in ages.items()},
        )
        .order_by("state")
    )


def vouchers(user: Any = None) -> dict[str, Any]:
    """The vouchers to be paid, their sum, how many have expired or will within a week; and what this month paid."""
    today = business_date(now_db())
    rows = Voucher.objects.all() if user is None else claims.vouchers_visible_to(user)
    waiting = rows.filter(state="issued").aggregate(
        n=Count("pk"),
        amount=Sum("amount"),
        expired=Count("pk", filter=Q(valid_until__lt=today)),
        expiring=Count("pk", filter=Q(valid_until__lte=today + timedelta(days=EXPIRING_DAYS))),
    )
    month = datetime.combine(today.replace(day=1), time.min, tzinfo=centre_zone())
    paid = rows.filter(state="paid", paid_at__gte=month).aggregate(n=Count("pk"), amount=Sum("amount"))
    return {
        **waiting,
        "amount": waiting["amount"] or ZERO,
        "paid": paid["amount"] or ZERO,
        "paid_n": paid["n"],
    }


def shares_owed(user: Any = None) -> dict[str, Any]:
    """What liable parties still owe of their shares (CLM-11), the company apart: sum, claims, the largest debtors.

    A party is one debtor in whatever role it is liable, as on its account sheet.
    """
    entries = LiabilityEntry.objects.exclude(share__party=PartyRole.COMPANY)
    if user is not None:
        entries = entries.filter(claim__in=claims.claims_visible_to(user))
    rows = (
        entries.order_by()
        .values(
            "share",
            "claim",
            "share__party",
            "share__employee_id",
            "share__department_id",
            "share__outside",
            "share__employee__name",
            "share__department__names",
        )
        .annotate(owed=Sum("amount"))
        .filter(owed__gt=0)
    )
    debts: dict[Any, dict[str, Any]] = {}
    found: set[int] = set()
    for row in rows:
        found.add(row["claim"])
        key = party_key(row["share__employee_id"], row["share__department_id"], row["share__outside"])
        debt = debts.setdefault(
            key or row["share__party"],
            {
                "key": key,
                "parties": set(),
                "who": row["share__employee__name"] or row["share__outside"] or "",
                "names": row["share__department__names"],
                "claims": set(),
                "owed": ZERO,
            },
        )
        debt["parties"].add(row["share__party"])
        debt["claims"].add(row["claim"])
        debt["owed"] += row["owed"]
    largest = sorted(debts.values(), key=lambda debt: (-debt["owed"], debt["who"], debt["key"]))
    return {
        "owed": sum((debt["owed"] for debt in largest), start=ZERO),
        "claims": len(found),
        "debtors": len(largest),
        "largest": [
            {**debt, "parties": sorted(debt["parties"]), "claims": len(debt["claims"])}
            for debt in largest[:LARGEST]
        ],
    }


# The claims department's whole; of vouchers there are few to be paid, and not everybody who sees all claims sees them.
FIGURES: dict[str, Figure] = {OPEN: open_claims, OWED: shares_owed}
LIVE: dict[str, Figure] = {VOUCHERS: vouchers}


@dataclass(frozen=True)
class ClaimsBoard:
    """The figures of the board; amounts are text with two decimals, as they were kept."""

    reading: Reading
    # Month → (vouchers, sum); None for who does not see all vouchers.
    costs: Mapping[str, Any] | None

    @property
    def open(self) -> Sequence[Mapping[str, Any]]:
        """Open claims by state."""
        found: Sequence[Mapping[str, Any]] = self.reading.values[OPEN]
        return found

    @property
    def vouchers(self) -> Mapping[str, Any]:
        """Vouchers to be paid and paid this month."""
        found: Mapping[str, Any] = self.reading.values[VOUCHERS]
        return found

    @property
    def owed(self) -> Mapping[str, Any]:
        """Shares to recover."""
        found: Mapping[str, Any] = self.reading.values[OWED]
        return found

    @property
    def reserved(self) -> tuple[int, Decimal]:
        """The claims of which nothing has been paid yet, and what is reserved for them (CLM-17)."""
        rows = [row for row in self.open if row["state"] != "paid"]
        return sum(row["n"] for row in rows), sum((Decimal(row["reserved"]) for row in rows), start=ZERO)

    def total(self, name: str) -> int:
        """A count over all states."""
        return sum(row[name] for row in self.open)


def claims_board(user: Any) -> ClaimsBoard:
    """The board for a user: kept for who sees all claims, live for a department."""
    whole = sees_all(user)
    shown = sees_all_vouchers(user)
    reading = read(user, FIGURES, whole=whole, live=LIVE, more=[COSTS] if shown else [])
    return ClaimsBoard(reading, (reading.values.get(COSTS) or plain(costs())) if shown else None)
