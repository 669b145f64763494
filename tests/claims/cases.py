"""Claims for tests: `crew()` the people, `opened()` a claim, and the short ways to where a test begins."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from claims import services
from claims.models import Claim, Determination, Part, Voucher
from claims.services import ClaimIntake, FactInput, LineInput, PartInput
from customers.models import Waybill
from organization.models import Employee, User
from tests import people
from tests.claims.incidents import ORDINARY, P23

# A Wednesday, ten o'clock at the centre (Asia/Shanghai).
AT = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
WAYBILL = "86204398117"
IDENTITY = "330106198503152416"
PAYEE = "黄立新"
# What a claim needs before it is approved.
NEEDED = ("waybill_copy", "claim_letter", "value_proof", "photographs")


def after(**time: float) -> datetime:
    """An instant so much later than AT."""
    return AT + timedelta(**time)


@dataclass
class Crew:
    """Who takes part; each is made when a test first names it."""

    @cached_property
    def adjuster(self) -> User:
        """Investigates, determines, issues."""
        return people.user("adjuster")

    @cached_property
    def other(self) -> User:
        """Another adjuster."""
        return people.user("adjuster", name="姚兰")

    @cached_property
    def agent(self) -> User:
        """Opens claims from complaints."""
        return people.user("agent")

    @cached_property
    def supervisor(self) -> User:
        """Approves up to 500."""
        return people.user("supervisor")

    @cached_property
    def manager(self) -> User:
        """Approves up to 5 000."""
        return people.user("centre_manager")

    @cached_property
    def leader(self) -> User:
        """Approves up to 20 000."""
        return people.user("management")

    @cached_property
    def finance(self) -> User:
        """The second signature above that."""
        return people.user("finance")

    @cached_property
    def cashier(self) -> User:
        """Pays."""
        return people.user("cashier")

    @cached_property
    def second_cashier(self) -> User:
        """Pays at the next window."""
        return people.user("cashier", name="李红")

    @cached_property
    def driver(self) -> Employee:
        """周建国."""
        return people.employee("operations", name="周建国")

    @cached_property
    def loader(self) -> Employee:
        """马强."""
        return people.employee("operations", name="马强")


def waybill(number: str = WAYBILL, **more: Any) -> Waybill:
    """A waybill of thirty pieces of jam."""
    found = Waybill.objects.filter(number=number).first()
    return found or Waybill.objects.create(
        **{
            "number": number,
            "consignor_name": "新禾食品",
            "consignee_name": "黄立新",
            "goods": "果酱",
            "pieces": 30,
            "shipped_on": date(2026, 11, 14),
            "origin_text": "杭州",
            "destination_text": "城东",
            "source": "hand",
            "source_at": AT,
            "created_at": AT,
            **more,
        }
    )


def intake(**given: Any) -> ClaimIntake:
    """Two pieces lost on the way to the east branch."""
    return ClaimIntake(
        **{
            "kind": "loss",
            "incident_on": date(2026, 11, 16),
            "branch_id": people.department("branch_east").pk,
            "claimant": PAYEE,
            "incident_report": "到站清点少 2 件。",
            "reporter": "周建国",
            **given,
        }
    )


def opened(crew: Crew, *, at: datetime = AT, bill: Waybill | None = None, **given: Any) -> Claim:
    """A claim, reported."""
    return services.open_claim(intake=intake(**given), waybill=bill or waybill(), by=crew.adjuster, at=at)


def known(claim: Claim, crew: Crew, *, at: datetime = AT, **changed: Any) -> Claim:
    """The facts of an ordinary incident, changed; None leaves one unknown."""
    values = {**ORDINARY, **changed}
    facts = [FactInput(name, value) for name, value in values.items() if value is not None]
    return services.record_facts(claim=claim, facts=facts, by=crew.adjuster, at=at)


def bound(claim: Claim, crew: Crew, *, at: datetime = AT) -> None:
    """Driver, loader and branch of the incident."""
    services.bind_party(claim=claim, role="driver", employee=crew.driver, by=crew.adjuster, at=at)
    services.bind_party(claim=claim, role="loader", employee=crew.loader, by=crew.adjuster, at=at)
    services.bind_party(
        claim=claim, role="branch", department=people.department("branch_east"), by=crew.adjuster, at=at
    )


def investigated(crew: Crew, *, at: datetime = AT, **changed: Any) -> Claim:
    """A claim whose facts are P23 on arrival, with the people behind the parties."""
    row = opened(crew, at=at)
    known(row, crew, at=at, **{**P23, "noter": "driver", **changed})
    bound(row, crew, at=at)
    return fresh(row)


def determined(crew: Crew, *, at: datetime = AT, **changed: Any) -> Determination:
    """The same, determined."""
    return services.determine(claim=investigated(crew, at=at, **changed), by=crew.adjuster, at=at)


def agreed(
    crew: Crew, amount: str = "1680.32", *, claim: Claim | None = None, at: datetime = AT, **given: Any
) -> Claim:
    """A claim whose price is agreed with the customer."""
    row = claim or opened(crew, at=at, **given)
    sum_ = Decimal(amount)
    services.set_lines(claim=row, lines=[LineInput("果酱", 2, sum_)], by=crew.adjuster, at=at)
    services.assess(claim=row, by=crew.adjuster, at=at)
    services.negotiate(claim=row, move="agree", amount=sum_, way="signed", by=crew.adjuster, at=at)
    services.receive_papers(claim=row, papers=NEEDED, by=crew.adjuster, at=at)
    return fresh(row)


def approved(
    crew: Crew, amount: str = "1680.32", *, claim: Claim | None = None, at: datetime = AT, **given: Any
) -> Claim:
    """The same, approved by whoever its sum needs."""
    row = agreed(crew, amount, claim=claim, at=at, **given)
    request = services.request_approval(claim=row, by=crew.adjuster, at=at)
    signers = {
        "supervisor": crew.supervisor, "centre_manager": crew.manager, "management": crew.leader,
        "finance": crew.finance,
    }  # fmt: skip
    for step in request.steps.order_by("ordinal"):
        services.sign(step=step, approved=True, by=signers[step.level], at=at)
    return fresh(row)


def parted(
    crew: Crew, *amounts: str, claim: Claim | None = None, at: datetime = AT, **given: Any
) -> list[Part]:
    """An approved claim divided into parts (one, unless amounts are named)."""
    sums = amounts or ("1680.32",)
    total = str(sum((Decimal(amount) for amount in sums), start=Decimal(0)))
    row = approved(crew, total, claim=claim, at=at, **given)
    parts = [PartInput(PAYEE, Decimal(amount), identity=IDENTITY, telephone="13900000421") for amount in sums]
    return services.set_parts(claim=row, parts=parts, by=crew.adjuster, at=at)


def issued(crew: Crew, *, at: datetime = AT, claim: Claim | None = None, **given: Any) -> Voucher:
    """A claim with its voucher issued."""
    (part,) = parted(crew, claim=claim, at=at, **given)
    return services.issue_voucher(part=part, by=crew.adjuster, at=at)


def pay(voucher: Voucher, by: User, *, at: datetime | None = AT, **more: Any) -> Voucher:
    """Pay it to its payee."""
    return services.pay_voucher(
        **{
            "voucher": voucher,
            "receiver": PAYEE,
            "identity_last_four": "2416",
            "window": "1 号窗口",
            "by": by,
            "at": at,
            **more,
        }
    )


def fresh(claim: Claim) -> Claim:
    """The claim as it is now."""
    return Claim.objects.select_related("waybill", "branch", "adjuster__employee").get(pk=claim.pk)


def photo(name: str = "照片.jpg") -> SimpleUploadedFile:
    """A small real image."""
    content = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")
