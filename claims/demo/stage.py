"""The stage of the demo's claims: its people and waybills, and the acts in short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from claims import services
from claims.models import Claim, Part, Voucher
from claims.services import ClaimIntake, FactInput, LineInput, PartInput
from complaints.models import Complaint
from customers.models import Waybill
from organization.models import Department, Employee, User
from servicecenter.clock import business_date

# What an ordinary day looks like; a scene says what was different.
ORDINARY: Mapping[str, Any] = {
    "kind": "loss", "position": "arrived", "copy_1": "clean", "copy_2": "clean", "copy_3": "clean", "copy_4": "clean",
    "noter": "unknown", "refused": "no", "slip": "no", "driver_record": "recorded", "loader_record": "recorded",
    "entered": "yes", "system_up": "yes", "notice": "clean", "loader_signature": "provable", "off_post": [],
    "swapped_post": [], "return_label_covered": "no", "traffic_or_theft": "no",
}  # fmt: skip
P23: Mapping[str, Any] = {"copy_2": "noted", "copy_3": "noted", "noter": "driver", "notice": "noted"}
EVIDENCE = {
    "driver_record": ("loading_record", "运营部保管的司机上车记录"),
    "loader_record": ("loading_record", "装卸班记录本"),
    "notice": ("delivery_notice", "到站送货通知单"),
    "copy_2": ("waybill", "第二联原件"),
    "copy_3": ("waybill", "第三联原件"),
}

# Hours after which the term for objections is over, whatever holiday lies in it: three working days (CLM-15), the
# longest holiday, and the weekends beside it.
TERM = 400


class Stage:
    """People and waybills of the demo, and the acts in short."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    @cached_property
    def users(self) -> dict[str, User]:
        """Logins by work number."""
        return {user.work_number: user for user in User.objects.all()}

    @property
    def adjuster(self) -> User:
        """何静, whose desk the demo shows."""
        return self.users["0901"]

    @cached_property
    def waybills(self) -> list[Waybill]:
        """Whole waybills: those of damage complaints first."""
        whole = Waybill.objects.filter(is_stub=False, pieces__gte=2)
        damaged = whole.filter(complaints__category__code="damage_shortage").distinct().order_by("number")
        return [*damaged, *whole.exclude(pk__in=damaged).order_by("number")]

    def ago(self, hours: float) -> datetime:
        """So many hours before now."""
        return self.now - timedelta(hours=hours)

    def branch_of(self, bill: Waybill) -> Department:
        """Where the waybill went, else the east branch."""
        place = bill.destination
        if place is not None and place.kind == "branch":
            return place
        return Department.objects.get(code="branch_east")

    def open(self, bill: Waybill, hours: float, amount: str, *, kind: str = "loss", **given: Any) -> Claim:
        """A claim so many hours ago, from the waybill's complaint where there is one."""
        time = self.ago(hours)
        complaint = (
            Complaint.objects.filter(waybill=bill, category__code="damage_shortage", registered_at__lt=time)
            .order_by("pk")
            .first()
        )
        intake = ClaimIntake(
            **{
                "kind": kind,
                "incident_on": business_date(time - timedelta(days=1)),
                "branch_id": self.branch_of(bill).pk,
                "claimant": bill.consignee_name,
                "claimed_amount": Decimal(amount),
                "incident_report": "到站清点发现货物与配送单不符，当场拍照，收货人已在回单上注明。",
                "reporter": "雷军亮",
                "noticed_at": time,
                "receipt_remarked": True,
                "packing_kept": True,
                **given,
            }
        )
        return services.open_claim(
            intake=intake, waybill=bill, complaint=complaint, by=self.users["0217"], at=time
        )

    def investigate(self, claim: Claim, hours: float, **changed: Any) -> None:
        """Facts with evidence, and who was the driver, the loader, the branch."""
        time, by = self.ago(hours), self.adjuster
        facts = []
        for name, value in {**ORDINARY, **changed}.items():
            if value is not None:
                kind, note = EVIDENCE.get(name, ("account", ""))
                facts.append(FactInput(name, value, kind, note))
        services.record_facts(claim=claim, facts=facts, by=by, at=time)
        for role, number in (("driver", "0803"), ("loader", "4301")):
            person = Employee.objects.get(work_number=number)
            services.bind_party(claim=claim, role=role, employee=person, by=by, at=time)
        services.bind_party(claim=claim, role="branch", department=claim.branch, by=by, at=time)

    def price(self, claim: Claim, hours: float, amount: str, pieces: int, *, agreed: bool = True) -> None:
        """Goods, assessment, an offer, and mostly the customer's agreement."""
        time, by, sum_ = self.ago(hours), self.adjuster, Decimal(amount)
        line = LineInput(claim.waybill.goods or "货物", pieces, sum_)
        services.set_lines(claim=claim, lines=[line], by=by, at=time)
        papers = ["waybill_copy", "claim_letter", "value_proof"]
        if claim.kind == "damage":
            papers.append("photographs")
        services.receive_papers(claim=claim, papers=papers, note="收货人送来", by=by, at=time)
        services.assess(claim=claim, by=by, at=time)
        services.negotiate(
            claim=claim,
            move="offer",
            amount=sum_,
            text="按实际价值赔付。",
            by=by,
            at=time + timedelta(minutes=8),
        )
        if agreed:
            services.negotiate(
                claim=claim, move="agree", amount=sum_, way="call", by=by, at=time + timedelta(minutes=40)
            )

    def approve(self, claim: Claim, hours: float) -> None:
        """Asked for and signed by whoever the sum needs."""
        signers = {"supervisor": "0102", "centre_manager": "0101", "management": "0001", "finance": "0601"}
        time = self.ago(hours)
        request = services.request_approval(claim=claim, by=self.adjuster, at=time)
        for step in request.steps.order_by("ordinal"):
            time += timedelta(minutes=25)
            services.sign(step=step, approved=True, by=self.users[signers[step.level]], at=time)

    def name_payees(self, claim: Claim, hours: float, *amounts: str) -> list[Part]:
        """The parts: who is paid how much, the whole to one where nothing else is said."""
        time, row = self.ago(hours), Claim.objects.get(pk=claim.pk)
        sums = amounts or (str(row.approved_amount),)
        parts = [
            PartInput(
                claim.claimant, Decimal(sum_), "consignee", f"33010619850315{2416 + n}", f"139000004{21 + n}"
            )
            for n, sum_ in enumerate(sums)
        ]
        made: list[Part] = services.set_parts(claim=claim, parts=parts, by=self.adjuster, at=time)
        return made

    def voucher(self, claim: Claim, hours: float, *amounts: str) -> list[Voucher]:
        """Parts and their vouchers."""
        made = self.name_payees(claim, hours, *amounts)
        return [services.issue_voucher(part=part, by=self.adjuster, at=self.ago(hours)) for part in made]

    def pay(self, voucher: Voucher, hours: float, number: str = "0503") -> None:
        """Paid at the counter."""
        services.pay_voucher(
            voucher=voucher,
            receiver=voucher.payee,
            identity_last_four=voucher.identity_last_four,
            window="1 号窗口" if number == "0503" else "2 号窗口",
            by=self.users[number],
            at=self.ago(hours),
        )

    def determine(self, claim: Claim, hours: float, **given: Any) -> None:
        """Determined by the rules, or by hand."""
        services.determine(claim=claim, by=self.adjuster, at=self.ago(hours), **given)

    def close(self, claim: Claim, hours: float) -> None:
        """The release is signed and kept, the claim closed."""
        time, by = self.ago(hours), self.adjuster
        services.print_paper(claim=claim, paper="release", by=by, at=time)
        services.receive_papers(claim=claim, papers=["release"], note="双方签字", by=by, at=time)
        services.close_claim(claim=Claim.objects.get(pk=claim.pk), by=by, at=time)
