"""Claims as they stand today: every queue and state of both tracks is alive."""

from __future__ import annotations

from decimal import Decimal

from claims import services
from claims.demo.stage import P23, TERM, Stage
from claims.services import ShareInput
from customers.models import Waybill
from organization.models import Employee
from servicecenter.clock import business_date


def reported(stage: Stage, bill: Waybill) -> None:
    """Nobody has taken it yet."""
    stage.open(bill, 3, "1200.00", kind="damage", hidden_damage=True)


def investigating(stage: Stage, bill: Waybill) -> None:
    """Some facts are still open: the verdict is provisional; the driver's department is asked for the notice."""
    claim = stage.open(bill, 30, "860.00")
    stage.investigate(claim, 26, off_post=None, notice=None)
    services.ask_evidence(
        claim=claim,
        department=Employee.objects.get(work_number="0803").department,
        text="请交 11 月装车当日的送货通知单，并说明司机有无离岗。",
        fact="notice",
        by=stage.adjuster,
        at=stage.ago(20),
    )


def to_determine(stage: Stage, bill: Waybill) -> None:
    """P23 on arrival, all facts known, the price agreed: the picture of the determination screen."""
    claim = stage.open(bill, 52, "1680.32")
    stage.investigate(claim, 46, **P23)
    stage.price(claim, 20, "1680.32", 2)
    services.report_result(
        claim=claim,
        text="二、三联私自加注，一联未注；到站清点短少 2 件。",
        by=stage.adjuster,
        at=stage.ago(44),
    )


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
    services.insure(
        claim=claim,
        insurer="平安财产保险公司",
        policy_number="P-2026-0013",
        by=stage.adjuster,
        at=stage.ago(79),
    )
    services.tell_insurer(claim=claim, reference="PA-88213", by=stage.adjuster, at=stage.ago(70))
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
    services.finalise_due(at=stage.ago(470 - TERM))
    share = claim.determinations.get().shares.order_by("ordinal").first()
    if share is not None:
        services.record_recovery(
            share=share, amount=Decimal("490.00"), note="工资抵扣", by=stage.adjuster, at=stage.ago(60)
        )
    rest = claim.determinations.get().shares.order_by("ordinal").last()
    if rest is not None:
        services.plan_recovery(
            share=rest, monthly=Decimal("200.00"), first=stage.now.date(), wage=Decimal("4200.00"),
            by=stage.adjuster, at=stage.ago(59),
        )  # fmt: skip
    services.record_settlement(
        settled_on=business_date(stage.ago(50)), settled_by="driver", person="雷军亮", department=claim.branch,
        waybill=bill, amount=Decimal("60.00"), agreed_by="分公司经理", note="外箱破损，当场补偿",
        by=stage.users["0102"], at=stage.ago(48),
    )  # fmt: skip


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
    services.finalise_due(at=stage.ago(680 - TERM))
    stage.close(claim, 260)


def rejected(stage: Stage, bill: Waybill) -> None:
    """Refused with its reason."""
    claim = stage.open(bill, 260, "5000.00", kind="damage")
    services.take_claim(claim=claim, by=stage.users["0902"], at=stage.ago(255))
    services.reject_claim(
        claim=claim, reason="货物自然损耗，不在赔付范围。", by=stage.users["0102"], at=stage.ago(230)
    )


def withdrawn(stage: Stage, bill: Waybill) -> None:
    """The goods turned up at the consignee's own gate: the claim is taken back."""
    claim = stage.open(bill, 210, "760.00")
    services.take_claim(claim=claim, by=stage.users["0902"], at=stage.ago(205))
    services.withdraw_claim(
        claim=claim,
        reason="收货人在自家仓库找到短少的货物，撤回索赔。",
        by=stage.users["0902"],
        at=stage.ago(180),
    )


def in_court(stage: Stage, bill: Waybill) -> None:
    """No price was agreed and the customer sued; two facts are still open, so the liability is provisional."""
    claim = stage.open(bill, 330, "8800.00", kind="damage", declared_value=Decimal("9000.00"))
    stage.investigate(claim, 320, off_post=None, notice=None)
    stage.determine(claim, 310)
    stage.price(claim, 290, "3600.00", 2, agreed=False)
    services.negotiate(
        claim=claim,
        move="refuse",
        text="只接受按购买价全额赔偿。",
        by=stage.adjuster,
        at=stage.ago(260),
    )
    services.go_to_court(
        claim=claim, reason="客户已向法院起诉，案号已登记。", by=stage.users["0102"], at=stage.ago(200)
    )


def written_off(stage: Stage, bill: Waybill) -> None:
    """Paid; of what the driver and the loader owe nothing can be had any more: the company bears it."""
    claim = stage.open(bill, 560, "530.00")
    stage.investigate(claim, 550, driver_record="none", copy_4="missing")
    stage.determine(claim, 540)
    stage.price(claim, 520, "530.00", 1)
    stage.approve(claim, 500)
    (voucher,) = stage.voucher(claim, 490)
    stage.pay(voucher, 470)
    services.make_final(claim=claim, by=stage.adjuster, at=stage.ago(540 - TERM))
    share = claim.determinations.get().shares.order_by("ordinal").first()
    if share is not None:
        services.record_recovery(
            share=share, amount=Decimal("100.00"), note="工资抵扣", by=stage.adjuster, at=stage.ago(130)
        )
    services.write_off(
        claim=claim, reason="责任人已离职，多次追讨无果。", by=stage.users["0101"], at=stage.ago(120)
    )


def to_issue(stage: Stage, bill: Waybill) -> None:
    """Approved, the payee is named, the voucher is to be issued; nobody objected: the liability is final."""
    claim = stage.open(bill, 460, "1120.00")
    stage.investigate(claim, 450, **P23)
    stage.determine(claim, 440)
    stage.price(claim, 200, "1120.00", 3)
    services.make_final(claim=claim, by=stage.adjuster, at=stage.ago(440 - TERM))
    stage.approve(claim, 20)
    stage.name_payees(claim, 18)


SCENES = (
    to_determine, to_pay, paid_today, waiting_for_approval, reported, investigating, negotiating, recovering, closed,
    rejected, withdrawn, in_court, written_off, to_issue,
)  # fmt: skip
