"""Vouchers: which one may see, which one is meant, whether it may be paid; the day of the counter (CLM-09, CLM-10)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import Left
from django.db.models.functions import Right as RightOf
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils.translation import get_language

from claims.domain.money import capitals
from claims.domain.voucher import plain_number
from claims.models import Voucher
from claims.models.voucher import token_hash
from claims.permissions import Right
from claims.queries.papers import approvers_of
from customers.models import Waybill
from organization.choices import DepartmentKind
from organization.models import Department
from organization.queries import within
from servicecenter.clock import business_date, centre_zone, now_db
from servicecenter.models import IssuedDocument
from servicecenter.numbering import spelled
from servicecenter.ports import Hit
from servicecenter.search import fold, is_last_four, last_four
from servicecenter.subjects import kind_of

EXPIRES_SOON = 7
SHOWN = 20
# So many figures are the last of a number.
SHORTEST = 4
# What carries 128 random bits in a scanned text.
TOKEN = re.compile(r"[A-Za-z0-9_-]{20,64}")
STUB = "claims.stub"


def vouchers_visible_to(user: Any) -> QuerySet[Voucher]:
    """All vouchers for those who hold the right for settlement, claims or the centre; a branch sees its own."""
    paths = _voucher_paths(user)
    if not paths:
        return Voucher.objects.none()
    return (
        Voucher.objects.all()
        if sees_all_vouchers(user)
        else Voucher.objects.filter(within(paths, "branch__path"))
    )


def sees_all_vouchers(user: Any) -> bool:
    """Whether the right is held for settlement, claims or the centre, who work on every branch's vouchers."""
    paths = _voucher_paths(user)
    homes = Department.objects.filter(
        kind__in=[DepartmentKind.SETTLEMENT, DepartmentKind.CLAIMS, DepartmentKind.SERVICE_CENTRE],
        closed_on=None,
    ).values_list("path", flat=True)
    return bool(paths) and any(home.startswith(path) for home in homes for path in paths)


def _voucher_paths(user: Any) -> frozenset[str]:
    found: frozenset[str] = user.rights.paths(Right.VIEW_VOUCHER) | user.rights.paths(Right.PAY_VOUCHER)
    return found


def expiring_within(rows: QuerySet[Voucher], *, days: int) -> QuerySet[Voucher]:
    """Vouchers still to be paid whose last day lies within so many days, or is over."""
    return rows.filter(state="issued", valid_until__lte=business_date(now_db()) + timedelta(days=days))


def find_voucher(text: str, user: Any) -> Voucher | None:
    """The voucher meant by a number in any spelling, or by the text of its QR code; None if there is none to see."""
    rows = vouchers_visible_to(user)
    if found := rows.filter(number__in=_spellings(plain_number(text))).first():
        return found
    hashes = [token_hash(part) for part in TOKEN.findall(text.strip())]
    return rows.filter(code_hash__in=hashes).first() if hashes else None


def _spellings(plain: str) -> list[str]:
    """The number as typed, and the numbers it can mean without its hyphens: the branch's code has no fixed length."""
    bare = plain.replace("-", "")
    found = [plain]
    if bare.startswith("LP"):
        rest = bare[2:]
        found += [
            f"LP-{rest[:end]}-{rest[end : end + 6]}-{rest[end + 6 :]}" for end in range(1, len(rest) - 10)
        ]
    return found


def search_vouchers(rows: QuerySet[Voucher], text: str) -> QuerySet[Voucher]:
    """Vouchers of a number in any spelling, of its running figures, of a claim or waybill, of the last four of each; or
    by the payee's name in signs, pinyin or initials."""
    words = " ".join(text.split())
    if not words:
        return rows
    plain = plain_number(words)
    is_number = any(sign.isdigit() for sign in plain)
    if is_number and plain.startswith("LP"):
        return rows.filter(Q(number__in=_spellings(plain)) | Q(number__startswith=plain))
    if is_number and plain.startswith("LC"):
        return rows.filter(claim__number__startswith=spelled(plain))
    figures = "".join(plain.replace("-", "").split())
    if figures.isdecimal() and len(figures) >= SHORTEST:
        if is_last_four(figures):
            return rows.filter(_ends_in(figures))
        of = Waybill.objects.filter(number=figures)
        return rows.filter(
            Q(claim__waybill__in=of.values("pk"))
            | Q(claim__number__endswith=f"-{figures}")
            | Q(number__contains=f"-{plain}-")
        )
    if len(words) < 2:
        return rows.none()
    for word in fold(words).split():
        rows = rows.filter(search_text__contains=word)
    return rows


def _ends_in(figures: str) -> Q:
    """Of these last four figures: of the voucher, whose check character may be left out, its claim or waybill."""
    waybills = Waybill.objects.filter(last_four("number", figures))
    return (
        Q(claim__waybill__in=waybills.values("pk"))
        | last_four("claim__number", figures)
        | last_four("number", figures)
        | Q(Exact(Left(RightOf("number", 5), 4), figures))
    )


def voucher_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Vouchers for the global search box, newest first."""
    rows = (
        search_vouchers(vouchers_visible_to(user), text).select_related("claim").order_by("-issued_at", "-pk")
    )
    return [
        Hit(
            kind=kind_of(row),
            number=row.number,
            title=f"{row.payee}·{row.get_state_display()}",
            detail=row.claim.number,
            url=reverse("voucher-detail", args=[row.number]),
        )
        for row in rows[:limit]
    ]


@dataclass(frozen=True)
class VoucherCard:
    """A voucher as the counter sees it. `standing`: ready, paid, void, expired. `may_pay`: this user may, now."""

    voucher: Voucher
    standing: str
    capitals: str
    reprints: int
    replaced_by: Voucher | None
    approvers: Sequence[str]
    checked_at: datetime
    may_pay: bool


def standing_of(voucher: Voucher, at: datetime) -> str:
    """Whether it may be paid at that instant, and if not why."""
    if voucher.state != "issued":
        return str(voucher.state)
    return "expired" if voucher.is_expired(at) else "ready"


def voucher_card(voucher: Voucher, user: Any, at: datetime | None = None) -> VoucherCard:
    """The voucher with what the counter must know. Who made a payout or approved it never pays it (CLM-08)."""
    moment = at or now_db()
    row = (
        Voucher.objects.select_related(
            "claim__waybill", "claim__branch", "part", "branch", "document", "replaces", "issued_by__employee",
            "paid_by__employee", "voided_by__employee",
        )
        .get(pk=voucher.pk)
    )  # fmt: skip
    approved = row.claim.approvals.filter(steps__approved=True)
    makers = {row.issued_by_id, *approved.values_list("steps__decided_by", flat=True)}
    script = "zh-Hant" if (get_language() or "").lower() == "zh-hant" else "zh-Hans"
    standing = standing_of(row, moment)
    return VoucherCard(
        voucher=row,
        standing=standing,
        capitals=capitals(row.amount, script, prefix=False),
        reprints=row.document.copies.count() if row.document else 0,
        replaced_by=Voucher.objects.filter(replaces=row).first(),
        approvers=approvers_of(row.claim),
        checked_at=moment,
        may_pay=standing == "ready" and user.pk not in makers and bool(user.has_right(Right.PAY_VOUCHER)),
    )


def stubs_of(voucher: Voucher) -> QuerySet[IssuedDocument]:
    """The inside stubs that were drawn of a voucher, the newest first."""
    return IssuedDocument.objects.filter(code=STUB, data__number=voucher.number).order_by("-issued_at", "-pk")


@dataclass(frozen=True)
class CounterDay:
    """Today's payments, the newest first, and what waits to be fetched."""

    paid: Sequence[Voucher]
    paid_count: int
    paid_sum: Decimal
    waiting_count: int
    waiting_sum: Decimal
    expiring_count: int


def counter_day(user: Any, at: datetime | None = None) -> CounterDay:
    """The day of the counter, in two statements."""
    now = at or now_db()
    today = business_date(now)
    begun = datetime.combine(today, time.min, tzinfo=centre_zone())
    rows = vouchers_visible_to(user)
    paid = Q(state="paid", paid_at__gte=begun)
    found = rows.aggregate(
        paid_count=Count("pk", filter=paid),
        paid_sum=Sum("amount", filter=paid),
        waiting_count=Count("pk", filter=Q(state="issued")),
        waiting_sum=Sum("amount", filter=Q(state="issued")),
        expiring_count=Count(
            "pk", filter=Q(state="issued", valid_until__lte=today + timedelta(days=EXPIRES_SOON))
        ),
    )
    return CounterDay(
        paid=list(rows.filter(paid).order_by("-paid_at", "-pk")[:SHOWN]),
        paid_count=found["paid_count"],
        paid_sum=found["paid_sum"] or Decimal("0.00"),
        waiting_count=found["waiting_count"],
        waiting_sum=found["waiting_sum"] or Decimal("0.00"),
        expiring_count=found["expiring_count"],
    )
