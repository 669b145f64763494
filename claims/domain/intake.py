"""What is said when a claim is opened, and what is put in beside it (CLM-01, CLM-03, CLM-04, CLM-09)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

MAX_TEXT = 8_000
MAX_LINES = 100
MAX_PARTS = 20


@dataclass(frozen=True)
class ClaimIntake:
    """A claim as it is reported; amounts in yuan, weight in kg. `branch_id` is the branch that pays out."""

    kind: str
    incident_on: date
    branch_id: int
    pieces_group: str = ""
    claimant: str = ""
    customer_id: int | None = None
    claimed_amount: Decimal | None = None
    incident_report: str = ""
    reporter: str = ""
    gravity: str = "simple"
    profile: str = "CN-LTL"
    noticed_at: datetime | None = None
    receipt_remarked: bool | None = None
    packing_kept: bool | None = None
    hidden_damage: bool = False
    declared_value: Decimal | None = None
    goods_value: Decimal | None = None
    freight: Decimal | None = None
    weight: Decimal | None = None
    cap_told: bool = False


@dataclass(frozen=True)
class FactInput:
    """One fact as the adjuster records it; `value` None is unknown again. `attachments` are uploads by public id."""

    name: str
    value: Any
    evidence: str = "none"
    note: str = ""
    attachments: Sequence[str] = ()


@dataclass(frozen=True)
class LineInput:
    """One goods line; amounts in yuan."""

    goods: str
    pieces: int
    claimed: Decimal
    weight: Decimal | None = None
    declared_value: Decimal | None = None
    assessed: Decimal | None = None
    reduction: str = ""
    remark: str = ""


@dataclass(frozen=True)
class ShareInput:
    """A share decided by hand."""

    party: str
    share: Fraction | str


@dataclass(frozen=True)
class PartInput:
    """One payee and sum; identity and account are kept encrypted."""

    payee: str
    amount: Decimal
    payee_kind: str = "other"
    identity: str = ""
    telephone: str = ""
    method: str = "cash"
    account: str = ""
    bank: str = ""
