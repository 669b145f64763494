"""The demo's claims: every queue and state of both tracks is alive, played through the real services."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from claims import services
from claims.models import Claim, Part, Voucher
from claims.services import ClaimIntake, FactInput, LineInput, PartInput, ShareInput
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


def play(*, at: datetime) -> None:
    """The claims as they stand at `at`; the same every time. Nothing when there are claims already, or no waybills."""
    if Claim.objects.exists():
        return
    stage = Stage(at)
    if len(stage.waybills) >= len(SCENES):
        for number, scene in enumerate(SCENES):
            scene(stage, stage.waybills[number])


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

    def voucher(self, claim: Claim, hours: float, *amounts: str) -> list[Voucher]:
        """Parts and their vouchers."""
        time, row = self.ago(hours), Claim.objects.get(pk=claim.pk)
        sums = amounts or (str(row.approved_amount),)
        parts = [
            PartInput(
                claim.claimant, Decimal(sum_), "consignee", f"33010619850315{2416 + n}", f"139000004{21 + n}"
            )
            for n, sum_ in enumerate(sums)
        ]
        made: list[Part] = services.set_parts(claim=claim, parts=parts, by=self.adjuster, at=time)
        return [services.issue_voucher(part=part, by=self.adjuster, at=time) for part in made]

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


def reported(stage: Stage, bill: Waybill) -> None:
    """Nobody has taken it yet."""
    stage.open(bill, 3, "1200.00", kind="damage", hidden_damage=True)


def investigating(stage: Stage, bill: Waybill) -> None:
    """Some facts are still open: the verdict is provisional."""
    claim = stage.open(bill, 30, "860.00")
    stage.investigate(claim, 26, off_post=None, notice=None)


def to_determine(stage: Stage, bill: Waybill) -> None:
    """P23 on arrival, all facts known, the price agreed: the picture of the determination screen."""
    claim = stage.open(bill, 52, "1680.32")
    stage.investigate(claim, 46, **P23)
    stage.price(claim, 20, "1680.32", 2)


def negotiating(stage: Stage, bill: Waybill) -> None:
    """Plain damage that no rule covers; the customer asks for more."""
    claim = stage.open(bill, 74, "2400.00", kind="damage", declared_value=Decimal("3000.00"))
    stage.investigate(claim, 60, kind="damage")
    stage.price(claim, 28, "1900.00", 3, agreed=False)
    services.negotiate(
        claim=claim, move="counter", amount=Decimal("2200.00"), text="新货刚到，要求按发票赔。", by=stage.adjuster,
        at=stage.ago(24),
    )  # fmt: skip


def waiting_for_approval(stage: Stage, bill: Waybill) -> None:
    """Above what the supervisor may sign."""
    claim = stage.open(bill, 96, "3260.00")
    stage.investigate(claim, 90, notice="noted")
    stage.determine(claim, 80)
    stage.price(claim, 30, "3260.00", 4)
    services.request_approval(claim=claim, by=stage.adjuster, at=stage.ago(5))


def to_pay(stage: Stage, bill: Waybill) -> None:
    """Approved, the voucher is at the counter; the driver objects to the determination."""
    claim = stage.open(bill, 120, "420.00")
    stage.investigate(claim, 110, driver_record="copied", position="transit")
    stage.determine(claim, 60)
    stage.price(claim, 50, "420.00", 1)
    stage.approve(claim, 30)
    stage.voucher(claim, 26)
    share = claim.determinations.get().shares.get()
    services.file_objection(
        share=share, text="记录是我现场点的，请核对。", by=stage.adjuster, at=stage.ago(40)
    )


def paid_today(stage: Stage, bill: Waybill) -> None:
    """Two payees, the first was paid today; the shares are determined."""
    claim = stage.open(bill, 150, "1500.00")
    stage.investigate(claim, 140, driver_record="none", loader_record="none")
    stage.determine(claim, 120)
    stage.price(claim, 100, "1500.00", 5)
    stage.approve(claim, 70)
    first, _second = stage.voucher(claim, 60, "1000.00", "500.00")
    stage.pay(first, 0.4)


def recovering(stage: Stage, bill: Waybill) -> None:
    """Paid, final, half recovered; one voucher was lost and issued anew."""
    claim = stage.open(bill, 500, "980.00")
    stage.investigate(claim, 490, driver_record="none", copy_4="missing")
    stage.determine(claim, 470)
    stage.price(claim, 450, "980.00", 2)
    stage.approve(claim, 430)
    (lost,) = stage.voucher(claim, 420)
    again = services.reissue_voucher(
        voucher=lost, reason="客户遗失凭证", by=stage.users["0102"], at=stage.ago(400)
    )
    stage.pay(again, 390, "0504")
    services.finalise_due(at=stage.ago(300))
    share = claim.determinations.get().shares.order_by("ordinal").first()
    if share is not None:
        services.record_recovery(
            share=share, amount=Decimal("490.00"), note="工资抵扣", by=stage.adjuster, at=stage.ago(200)
        )


def closed(stage: Stage, bill: Waybill) -> None:
    """Damage by hand: the company bears it; paid and closed, with its handling opinion."""
    claim = stage.open(bill, 700, "302.50", kind="damage")
    stage.investigate(claim, 690, kind="damage")
    stage.determine(
        claim, 680, outcome="DAMAGE_NO_RULE", shares=[ShareInput("company", "1")], reason="外包装完好，无法认定环节。"
    )  # fmt: skip
    stage.price(claim, 660, "302.50", 1)
    stage.approve(claim, 640)
    (voucher,) = stage.voucher(claim, 630)
    stage.pay(voucher, 600)
    opinion = services.draw_up_opinion(
        claim=claim,
        cause="运输途中受压，内件破损。",
        measures="加固包装提示。",
        by=stage.adjuster,
        at=stage.ago(590),
    )
    services.approve_opinion(opinion=opinion, by=stage.users["0102"], at=stage.ago(585))
    services.finalise_due(at=stage.ago(500))
    services.print_paper(claim=claim, paper="release", by=stage.adjuster, at=stage.ago(655))
    services.receive_papers(
        claim=claim, papers=["release"], note="双方签字", by=stage.adjuster, at=stage.ago(600)
    )
    services.close_claim(claim=claim, by=stage.adjuster, at=stage.ago(480))


def rejected(stage: Stage, bill: Waybill) -> None:
    """Refused with its reason."""
    claim = stage.open(bill, 260, "5000.00", kind="damage")
    services.take_claim(claim=claim, by=stage.users["0902"], at=stage.ago(255))
    services.reject_claim(
        claim=claim, reason="货物自然损耗，不在赔付范围。", by=stage.users["0102"], at=stage.ago(230)
    )


SCENES = (
    to_determine, to_pay, paid_today, waiting_for_approval, reported, investigating, negotiating, recovering, closed,
    rejected,
)  # fmt: skip
