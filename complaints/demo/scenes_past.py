"""Second complaints of the months before: answered, founded, sanctioned, closed; and the months' merit lists."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from complaints import services
from complaints.demo.scene import Scene
from complaints.demo.stage import Stage
from complaints.models import Complaint
from conduct import services as conduct
from conduct.models import Sanction
from organization.models import User
from servicecenter.clock import business_date

INSPECTOR, HEAD_OF_INSPECTION = "0302", "0301"


@dataclass(frozen=True)
class Twice:
    """A customer who had to call twice: days ago of the second call, what was said, and about whom."""

    days: int
    waybill: str
    caller: str
    telephone: str
    category: str
    first: str
    second: str
    against: str
    statement: str
    finding: str
    fine: str


TWICE = (
    Twice(
        83, "77100000011", "彭建军", "17800002201", "late_delivery", "说好 2 日送到，到今天没动静。",
        "上周投诉过一次，答应第二天送，还是没送，仓库里也查不到人。", "branch_xiaonan",
        "提货单压在夜班，白班没有交接。责任在我部。", "交接班漏单，致客户再次投诉。", "30.00",
    ),
    Twice(
        66, "77100000012", "夏丽娟", "17800002202", "attitude", "取件员电话里说“爱寄不寄”。",
        "投诉以后同一个人打电话来质问我为什么投诉。", "branch_west",
        "当事人受批评后私自联系客户，已停岗学习。", "投诉后当事人骚扰客户，性质恶劣。", "50.00",
    ),
    Twice(
        48, "77100000013", "宁波启程贸易", "17800002203", "late_remittance", "代收货款 6,300 元逾期五天。",
        "答复说昨天到账，今天查还是没有。", "settlement",
        "收款账号尾号录错一位，退票后未及时重打。", "复核未核对账号，退票后无人跟进。", "20.00",
    ),
    Twice(
        31, "77100000014", "汪大伟", "17800002204", "misrouted", "货发到城东去了，我在北坡。",
        "转了一次又转到杭州，来回第三天了。", "branch_beipo",
        "中转标签没有撤掉旧的，分拣按旧标签走。", "旧标签未清除，二次错发。", "30.00",
    ),
)  # fmt: skip


def twice(one: Twice) -> Callable[[Scene], None]:
    """The scene of one of them."""

    def play(scene: Scene) -> None:
        hours = one.days * 24.0
        given = {
            "category": one.category, "against": one.against, "caller_name": one.caller,
            "caller_telephone": one.telephone, "waybill_number": one.waybill, "party_role": "consignee",
        }  # fmt: skip
        scene.register(hours + 76, text=one.first, **given)
        _answers(scene, hours + 74, "已核实，当天处理。")
        scene.find(hours + 73, "founded", "情况属实。", one.against)
        scene.resolve(hours + 72, "已致歉，并承诺次日解决。")
        again = Scene(scene.stage)
        again.register(hours, text=one.second, **given)
        _answers(again, hours - 2.5, one.statement)
        again.find(hours - 4, "founded", one.finding, one.against)
        again.resolve(hours - 5, "分公司经理登门致歉，减免本票运费。")
        again.follow_up(hours - 30, "satisfied")
        scene.follow_up(hours - 30.2, "satisfied")
        again.then(hours - 50, lambda t: _sanction(again, Decimal(one.fine), t))

    return play


def _answers(scene: Scene, hours: float, text: str) -> None:
    """Every department that is asked hands in what it has to say."""

    def act(at: datetime) -> None:
        for minute, handed in enumerate(scene.row.handovers.filter(state="waiting").order_by("pk")):
            by = scene.stage.handler(handed.department)
            services.hand_in_statement(
                handover=handed, text=text, employee=scene.stage.concerned(handed, by), stage="delivery",
                measures="已整改", by=by, at=at + timedelta(minutes=minute),
            )  # fmt: skip

    scene.then(hours, act)


def _sanction(scene: Scene, fine: Decimal, at: datetime) -> None:
    """Inspection sets the fine, its head confirms and enters the payment."""
    complaint: Complaint = scene.row
    user: Callable[[str], User] = scene.user
    numbers = complaint.incidents.values_list("number", flat=True)
    proposed = Sanction.objects.filter(source_number__in=numbers, state="proposed")
    for row in proposed.order_by("pk"):
        row = conduct.set_amount(sanction=row, amount=fine, reason="当事人认可", by=user(INSPECTOR), at=at)
        row = conduct.confirm(sanction=row, by=user(HEAD_OF_INSPECTION), at=at + timedelta(hours=20))
        conduct.settle(sanction=row, by=user(HEAD_OF_INSPECTION), at=at + timedelta(days=3))


def merit_lists(stage: Stage) -> None:
    """The list of each whole month is issued on the second of the next, by the head of inspection."""
    today = business_date(stage.now)
    for back in (1, 2):
        month = _month(today, back)
        issued = _month(today, back - 1) + timedelta(days=1)
        if issued <= today:
            stage.at(
                stage.hour((today - issued).days, 9.3),
                lambda t, month=month: conduct.issue_merit_list(  # type: ignore[misc]
                    month=month, by=stage.users[HEAD_OF_INSPECTION], at=t
                ),
            )


def _month(day: date, back: int) -> date:
    """The first of the month so many months before a day's."""
    first = day.replace(day=1)
    for _each in range(back):
        first = (first - timedelta(days=1)).replace(day=1)
    return first


SCENES = tuple(twice(one) for one in TWICE)
