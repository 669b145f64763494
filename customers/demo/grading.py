"""Two months of grading: proposals confirmed, one not followed, one grade by hand, visits; the newest month waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from customers import services
from customers.models import Customer, TierProposal
from organization.models import Employee, User
from servicecenter.clock import business_date, centre_zone
from servicecenter.kernel.months import add_months

WAIT = 5
VISITS = (
    ("杭州华茂五金有限公司", "0711", 31, "双十一前加车，希望周六发货；代收货款改为次日返"),
    ("杭州华茂五金有限公司", "0711", 118, "新仓库启用，装卸口在北门"),
    ("恒通机电设备有限公司", "0711", 124, "设备件要求专车，木箱由我方加固"),
    ("新禾食品有限公司", "0711", 66, "旺季每日一车，冷链报价待复"),
    ("鼎立建材有限公司", "0712", 150, "对账单希望每月 3 日前给"),
    ("东海家具有限公司", "0712", 20, "送货上楼费用再确认"),
)


def grade_customers(customers: Mapping[str, Customer], at: datetime) -> None:
    """Play the rounds of last month and of this one."""
    manager = User.objects.filter(work_number="0701").first()
    this = min(_first_morning(at), at)
    last = _first_morning(this - timedelta(days=2))
    for name, work_number, days, summary in VISITS:
        visitor = Employee.objects.filter(work_number=work_number).first()
        if visitor is not None and name in customers:
            services.record_visit(
                customer=customers[name],
                held_on=business_date(at - timedelta(days=days)),
                visitor=visitor,
                summary=summary,
                by=User.objects.filter(work_number=work_number).first(),
                at=at - timedelta(days=days, hours=-3),
            )
    services.propose_tiers(at=last)
    _decide(manager, last + timedelta(days=2), keep_waiting=WAIT)
    by_hand = customers.get("瑞丰布行")
    if by_hand is not None:
        services.grade_by_hand(
            customer=by_hand,
            tier="B",
            valid_until=add_months(business_date(at), 5).replace(day=1),
            reason="轻纺城市场开拓，按 B 级服务半年后复评",
            by=manager,
            at=last + timedelta(days=9),
        )
    services.propose_tiers(at=this)
    # in the first hours of a month the manager is early
    _decide(manager, min(this + timedelta(hours=30), at), keep_waiting=WAIT)
    services.apply_grades(at=at)


def _decide(manager: Any, moment: datetime, *, keep_waiting: int) -> None:
    """Confirm what is proposed, leave what falls from A as it is; some companies keep waiting."""
    rows = list(TierProposal.objects.filter(state="waiting").select_related("customer").order_by("id"))
    kept_open = [row for row in rows if row.customer.kind == "company" and row.tier != "A"][-keep_waiting:]
    rows = [row for row in rows if row not in kept_open]
    falling = [row for row in rows if row.tier_before and row.tier > row.tier_before]
    kept = [row for row in falling if row.tier_before == "A"] or falling[:1]
    if kept:
        services.reject_proposals(
            proposals=kept, reason="新年度框架合同在谈，本季维持原等级", by=manager, at=moment
        )
    others = [row for row in rows if row not in kept]
    if others:
        services.confirm_proposals(proposals=others, by=manager, at=moment)


def _first_morning(at: datetime) -> datetime:
    """The first of the month, two o'clock in the morning, when the round is made."""
    return at.astimezone(centre_zone()).replace(day=1, hour=2, minute=0, second=0, microsecond=0)
