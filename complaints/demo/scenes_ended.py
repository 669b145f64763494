"""Scenes that have ended, or whose day was yesterday: merged, refuted, recurring, not agreed, measures."""

from __future__ import annotations

from datetime import datetime, timedelta

from complaints import services
from complaints.demo.scene import Scene
from complaints.models import CorrectiveAction
from servicecenter.clock import business_date


def refuted(scene: Scene) -> None:
    """Suspected, looked at and refuted: an event of its own."""
    given = {
        "caller_name": "李文斌", "caller_telephone": "13700000098", "waybill_number": "86204398117",
        "party_role": "consignee", "category": "damage_shortage",
    }  # fmt: skip
    scene.register(
        200,
        text="少一箱合页。",
        against="branch_east",
        settle="on_spot",
        resolution="已补送",
        customer_confirmed=True,
        **given,
    )
    web = Scene(scene.stage)
    web.register(150, by=None, channel="online", text="外箱破损，里面没事，提醒你们注意。", **given)
    web.then(
        149.6,
        lambda t: services.refute(
            complaint=web.row, reason="是另一箱的外包装，与上次少件无关", by=web.owner, at=t
        ),
    )
    web.then(
        149.2,
        lambda t: services.hand_in_statement(
            handover=web.handover("claims"),
            text="外包装轻微变形，内物完好。",
            employee=web.stage.concerned(web.handover("claims"), web.user("0902")),
            by=web.user("0902"),
            at=t,
        ),
    )
    web.hand_in(148.8, "branch_east", "未见异常。")
    web.find(148, "unfounded", "内物完好，客户只是提醒。")
    web.resolve(147, "已感谢客户提醒。")
    web.follow_up(110, "satisfied")


def merged(scene: Scene) -> None:
    """The same call, registered by two agents: merged, the service incident withdrawn."""
    given = {
        "category": "late_delivery", "text": "货到两天不送。", "caller_name": "周小芸",
        "caller_telephone": "15900006012",
        "waybill_number": "86204417309", "party_role": "consignee", "against": "branch_east",
    }  # fmt: skip
    scene.register(130, **given)
    twin = Scene(scene.stage)
    twin.register(129.9, by="0218", **given)
    twin.then(
        129,
        lambda t: services.merge(
            complaint=twin.row, into=scene.row, reason="同一通电话，两人同时登记", by=twin.user("0102"), at=t
        ),
    )
    scene.hand_in(128, "branch_east", "已送达。")
    scene.hand_in(127, "inspection", "属实。")
    scene.find(126, "partly", "派送延后一天。", "branch_east")
    scene.resolve(125, "已送达并致歉。")
    scene.follow_up(90, "satisfied")


def cancelled(scene: Scene) -> None:
    """Registered by mistake."""
    scene.register(
        60, category="price", text="测试登记", caller_name="何先生", caller_telephone="17700008850",
        waybill_number="86204473557", party_role="consignee",
    )  # fmt: skip
    scene.then(
        59.8,
        lambda t: services.cancel(complaint=scene.row, reason="培训时误登记", by=scene.user("0102"), at=t),
    )


def recurrence(scene: Scene) -> None:
    """Three founded complaints about the same branch within a month."""
    calls = ((500, "77100000001", "胡女士"), (320, "77100000002", "罗先生"), (100, "77100000003", "魏女士"))
    for number, (hours, waybill, caller) in enumerate(calls):
        one = Scene(scene.stage)
        one.register(
            hours, category="attitude", text="网点接电话的人态度恶劣，问两句就挂。", against="branch_west",
            caller_name=caller, caller_telephone=f"1780000110{number}", waybill_number=waybill,
            party_role="consignee",
        )  # fmt: skip
        one.hand_in(hours - 2, "branch_west", "当班人员情绪急躁，已批评。")
        one.hand_in(hours - 4, "inspection", "录音属实。")
        one.find(hours - 5, "founded", "服务态度生硬。", "branch_west")
        one.resolve(hours - 6, "已致歉。")
        one.follow_up(hours - 40, "satisfied")


def not_agreed(scene: Scene) -> None:
    """Three rounds and no agreement: closed by the centre manager, in writing."""
    scene.register(
        600, category="damage_shortage", text="瓷砖碎三箱，要求按零售价赔。", demand="按零售价赔偿",
        against="branch_xiaonan", caller_name="王燕", caller_telephone="13700009018", waybill_number="77100000004",
        party_role="consignor",
    )  # fmt: skip
    scene.hand_in(598, "branch_xiaonan", "包装不足，途中碎裂。")
    scene.hand_in(595, "claims", "按声明价值赔付。")
    scene.find(594, "partly", "包装与运输各有责任。", "branch_xiaonan")
    scene.resolve(592, "同意按声明价值赔付。")
    scene.follow_up(560, "dissatisfied", "坚持零售价")
    scene.then(
        559.8,
        lambda t: services.settle_on_spot(
            complaint=scene.row, resolution="再加运费减免", by=scene.owner, at=t
        ),
    )
    scene.then(
        559.7,
        lambda t: services.notify_customer(
            complaint=scene.row, way="letter", text="在原方案上减免本次运费。", by=scene.owner, at=t
        ),
    )
    scene.follow_up(530, "dissatisfied", "仍坚持零售价")
    scene.then(
        520,
        lambda t: services.close_not_agreed(
            complaint=scene.row,
            text="经三轮协商未达成一致。我公司最后方案：按声明价值赔付并减免运费。您可向市场监管部门投诉或依法起诉。",
            by=scene.user("0101"), at=t,
        ),
    )  # fmt: skip


def measures(scene: Scene) -> None:
    """Measures of the branch: one overdue, one to come, one done and to be reviewed."""
    today = business_date(scene.stage.now)
    east = scene.stage.departments["branch_east"]
    scene.register(
        150, category="damage_shortage", text="两件电视机摔在地上，外箱破损，当场拍照。", against="branch_east",
        caller_name="周伟", caller_telephone="15000001172", waybill_number="86204398117", party_role="consignor",
    )  # fmt: skip
    scene.hand_in(148, "branch_east", "司机单人卸重件，操作违规。")
    scene.hand_in(146, "claims", "按件赔付。")
    scene.find(
        145, "founded", "单人卸重件。", "branch_east",
        actions=[
            services.Measure("重件卸货须两人，张贴在卸货口", east, today - timedelta(days=2)),
            services.Measure("司机班前会讲一次装卸规范", east, today + timedelta(days=3), is_preventive=True),
            services.Measure("给客户换新包装并致歉", east, today - timedelta(days=1)),
        ],
    )  # fmt: skip
    scene.resolve(144, "已按件赔付并致歉。")
    scene.follow_up(110, "satisfied")

    def done(at: datetime) -> None:
        action = CorrectiveAction.objects.get(complaint=scene.row, text__startswith="给客户换新包装")
        services.complete_action(action=action, result="已换新并登门致歉", by=scene.user("3106"), at=at)

    scene.then(40, done)


def absent_owner(scene: Scene) -> None:
    """Its owner is on leave: it went to the duty agent."""
    scene.register(
        30, by="0223", category="delay", text="到站三天没人通知提货。", demand="马上送", against="branch_beipo",
        caller_name="邵先生", caller_telephone="17800001106", waybill_number="77100000006", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(28, "branch_beipo", "系统漏发通知短信，已补发。")
    scene.hand_in(25, "inspection", "属实。")


def follow_up_overdue(scene: Scene) -> None:
    """A follow-up that nobody made in time."""
    scene.register(
        80, category="late_delivery", text="答应周一送，周三才到。", against="branch_west",
        caller_name="何先生", caller_telephone="17700008850", waybill_number="86204438402", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(78, "branch_west", "车辆故障，未及时告知。")
    scene.hand_in(75, "inspection", "属实。")
    scene.find(70, "partly", "车辆故障，告知不及时。", "branch_west")
    scene.resolve(50, "已致歉，减免派送费。")


SCENES = (
    refuted,
    merged,
    cancelled,
    recurrence,
    not_agreed,
    measures,
    absent_owner,
    follow_up_overdue,
)
