"""The scenes: tickets in which every queue, state and page is alive at the moment the curtain rises.

Hours count back from now, so that deadlines stand where the pictures show them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from complaints import services
from complaints.demo.stage import Stage
from complaints.domain.intake import Intake
from complaints.models import Complaint, CorrectiveAction, Handover
from organization.models import Employee, User
from servicecenter.clock import business_date


def plan(stage: Stage) -> None:
    """Plan all scenes."""
    for scene in (
        _second_complaint, _second_round, _statement_due, _price, _answered, _delayed, _misrouted, _paused, _clerical,
        _reported, _follow_up_today, _follow_up_overdue, _suspected, _refuted, _offered, _chased, _from_the_web,
        _supervisor_decides, _merged, _cancelled, _returned, _recurrence, _not_agreed, _measures, _absent_owner,
    ):  # fmt: skip
        scene(_Scene(stage))


class _Scene:
    """One ticket: `register` it so many hours ago, then `then` acts on it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.pk = 0

    @property
    def row(self) -> Complaint:
        """The ticket now."""
        return self.stage.ticket(self.pk)

    def user(self, number: str) -> User:
        """A login by work number."""
        return self.stage.users[number]

    @property
    def owner(self) -> User:
        """陈晓燕, whose desk the demo shows."""
        return self.user("0217")

    def ago(self, hours: float) -> datetime:
        """So many hours before now."""
        return self.stage.now - timedelta(seconds=round(hours * 3600))

    def register(self, hours: float, *, by: str | None = "0217", against: str = "", **given: Any) -> None:
        """A contact so many hours ago."""

        def act(at: datetime) -> None:
            department = self.stage.departments[against].pk if against else None
            intake = Intake(**{"channel": "telephone", "respondent_department_id": department, **given})
            self.pk = services.register(intake=intake, by=self.user(by) if by else None, at=at).pk

        self.stage.at(self.ago(hours), act)

    def then(self, hours: float, act: Callable[[datetime], Any]) -> None:
        """An act on the ticket so many hours ago."""
        self.stage.at(self.ago(hours), act)

    def handover(self, code: str) -> Handover:
        """The newest handover to a department."""
        found: Handover = self.row.handovers.filter(department__code=code).latest("pk")
        return found

    def hand_in(self, hours: float, code: str, text: str) -> None:
        """A department's statement or answer."""
        by = self.stage.handler(self.stage.departments[code])
        self.then(
            hours,
            lambda t: services.hand_in_statement(
                handover=self.handover(code), text=text, stage="delivery", measures="已整改", by=by, at=t
            ),
        )

    def take_up(self, hours: float, code: str) -> None:
        """A department takes it up."""
        by = self.stage.handler(self.stage.departments[code])
        self.then(hours, lambda t: services.accept_handover(handover=self.handover(code), by=by, at=t))

    def find(self, hours: float, founded: str, text: str, department: str = "", **given: Any) -> None:
        """The finding."""
        target = self.stage.departments[department] if department else None
        self.then(
            hours,
            lambda t: services.record_finding(
                complaint=self.row,
                founded=founded,
                text=text,
                department=target,
                by=self.owner,
                at=t,
                **given,
            ),
        )

    def resolve(self, hours: float, result: str, *, told: bool = True) -> None:
        """Resolved and, mostly, told in writing."""

        def act(at: datetime) -> None:
            row = services.resolve(complaint=self.row, resolution=result, by=self.owner, at=at)
            if told:
                services.notify_customer(
                    complaint=row, way="letter", text=f"您好，您的投诉已处理：{result}", by=self.owner,
                    at=at + timedelta(minutes=6),
                )  # fmt: skip

        self.then(hours, act)

    def follow_up(self, hours: float, result: str, remarks: str = "") -> None:
        """A follow-up call."""
        self.then(
            hours,
            lambda t: services.record_follow_up(
                complaint=self.row, result=result, remarks=remarks, by=self.owner, at=t
            ),
        )

    def note(self, hours: float, text: str, *mentioned: str) -> None:
        """An internal note."""
        self.then(
            hours,
            lambda t: services.add_note(
                complaint=self.row,
                text=text,
                mentions=[self.user(one) for one in mentioned],
                by=self.owner,
                at=t,
            ),
        )

    def person(self, number: str) -> int:
        """An employee's id by work number."""
        return Employee.objects.get(work_number=number).pk


HUAMAO = {
    "caller_name": "刘海涛", "caller_telephone": "13900000421", "waybill_number": "86204417309",
    "party_role": "consignor",
}  # fmt: skip


def _second_complaint(scene: _Scene) -> None:
    """华茂五金: three days without an answer, complained again; overdue for 35 minutes."""
    scene.register(
        73, category="late_remittance", text="代收货款 4,860 元三天未到账，网点说 16 日已交。", demand="告知到账时间",
        against="settlement", respondent_employee_id=scene.person("0502"), **HUAMAO,
    )  # fmt: skip
    scene.take_up(70, "settlement")
    scene.hand_in(65.9, "settlement", "分公司交款单金额与配送单大写不符，退回更正中。")
    again = _Scene(scene.stage)
    again.register(
        24 + 35 / 60, category="no_feedback",
        text="三天前来电问代收货款 4,860 元，答应当天回电，没人回。今天再打，要求给出到账时间，否则以后不再发货。",
        demand="今天 17:00 前告知到账时间", against="settlement", respondent_employee_id=scene.person("0502"), **HUAMAO,
    )  # fmt: skip
    again.then(
        24.5,
        lambda t: services.reply(
            complaint=again.row,
            channel="telephone",
            text="已向刘先生致歉，今天内由专人答复到账时间。",
            by=again.owner,
            at=t,
        ),
    )
    again.hand_in(
        17.5, "settlement",
        "收到分公司交款单，金额与配送单大写不符，退回更正；收到更正件后未及时告知客服中心。责任在我，款项今天打出。",
    )  # fmt: skip
    again.hand_in(14, "inspection", "结算部未按时答复属实，建议通报。")
    again.note(
        0.85, "@林志远 结算部说钱在复核岗，今天 15:00 打款。我先不答应客户具体时间，等打款回单。", "0102"
    )


def _second_round(scene: _Scene) -> None:
    """李文斌: not satisfied with the first round; the second is overdue for 12 minutes."""
    scene.register(
        92, category="late_delivery", text="说好上午送到，等到晚上也没人联系。", demand="当面道歉",
        against="branch_east",
        caller_name="李文斌", caller_telephone="13700000098", waybill_number="86204424340", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(90, "branch_east", "司机路线安排不当，未提前联系收货人。")
    scene.hand_in(88, "inspection", "情况属实。")
    scene.find(87, "founded", "派送环节未按约联系客户。", "branch_east")
    scene.resolve(86, "已致歉，重新约定送达时间。")
    scene.follow_up(24.2, "dissatisfied", "没有人当面道歉")
    scene.then(23.9, lambda t: services.route(complaint=scene.row, demand="登门道歉", by=scene.owner, at=t))
    scene.hand_in(21, "inspection", "请分公司经理登门。")
    scene.hand_in(19, "branch_east", "经理已致电，约定登门时间。")


def _statement_due(scene: _Scene) -> None:
    """新禾食品: the branch's statement is due in a quarter of an hour."""
    scene.register(
        4 - 15.7 / 60, category="damage_shortage", subcase="rough_handling", against="branch_east",
        text="早上送到，一打开整托是歪的，最下面两箱果酱全碎了，司机说不归他管，让找公司。拒签了这两箱，照片都有。",
        demand="今天给说法", caller_name="陆建平", caller_telephone="13900003309", waybill_number="86204431371",
        party_role="consignor",
    )  # fmt: skip
    scene.take_up(2.5, "branch_east")
    scene.note(1.2, "已催城东分公司，对方说正在找当班人员。")


def _price(scene: _Scene) -> None:
    """鼎立建材: the business department's statement is due in 37 minutes."""
    scene.register(
        4 - 37 / 60, category="price", text="同样的货，两次报价差 180 元，没有任何说明。", demand="按低价结算",
        caller_name="丁国强", caller_telephone="13700009017", waybill_number="86204438402", party_role="consignor",
    )  # fmt: skip


def _answered(scene: _Scene) -> None:
    """张慧: everything is in; the finding is to be recorded."""
    scene.register(
        23.2, category="attitude", text="派送员让我自己搬上六楼，说话很难听。", demand="道歉", against="branch_east",
        caller_name="张慧", caller_telephone="15000002247", waybill_number="86204445433", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(20, "branch_east", "当事人承认语气生硬，已写检讨。")
    scene.hand_in(15, "inspection", "监控属实，建议口头警告。")


def _delayed(scene: _Scene) -> None:
    """恒通机电 (A): resolution due in three hours; the customer waits for a time."""
    scene.register(
        20.8, category="delay", text="产线停工待料，四台伺服电机在途四天，要求给出到货时间。", demand="给到货时间",
        caller_name="魏东", caller_telephone="13600005522", waybill_number="86204452464", party_role="consignor",
    )  # fmt: skip
    scene.take_up(20, "inspection")
    scene.hand_in(18.4, "inspection", "装车记录完整，在途滞留原因待运营部查。")
    scene.then(
        3,
        lambda t: services.hand_over(
            complaint=scene.row, department=scene.stage.departments["operations"], demand="查在途位置，给到货时间",
            limit_hours=5, by=scene.owner, at=t,
        ),
    )  # fmt: skip


def _misrouted(scene: _Scene) -> None:
    """周小芸: sent the wrong way; with operations."""
    scene.register(
        3.2, category="misrouted", subcase="sorting_wrong", text="发到城西去了，配送单写的是城东。", demand="今天转回",
        caller_name="周小芸", caller_telephone="15900006012", waybill_number="86204459495", party_role="consignee",
    )  # fmt: skip
    scene.take_up(2.9, "operations")


def _paused(scene: _Scene) -> None:
    """瑞丰布行: waits for the customer's return certificate."""
    scene.register(
        40, category="branch_procedure", subcase="returned_without_consent", against="branch_xiaonan",
        text="未经我们同意，免费保管期内就把货退回来了。", demand="说明原因",
        caller_name="陈阿发", caller_telephone="13800001189", waybill_number="86204466526", party_role="consignor",
    )  # fmt: skip
    scene.hand_in(37.5, "branch_xiaonan", "收货人书面拒收，未等发货人证明。")
    scene.hand_in(33, "branch_management", "分公司操作不合规定，已通报。")
    scene.then(
        26,
        lambda t: services.pause(
            complaint=scene.row,
            reason="等客户提供返货证明",
            promised_until=scene.ago(-22),
            by=scene.owner,
            at=t,
        ),
    )


def _clerical(scene: _Scene) -> None:
    """新禾食品: label and waybill differ; routed, nobody has taken it up."""
    scene.register(
        1.6, category="clerical_error", subcase="label_number", text="标签与配送单编号不符，内容一致。",
        demand="出更正单",
        caller_name="陆建平", caller_telephone="13900003309", waybill_number="86204473557", party_role="consignor",
    )  # fmt: skip


def _reported(scene: _Scene) -> None:
    """何先生: asks for more than the agent may promise; reported upward."""
    scene.register(
        0.4, category="delay", text="路上六天了，查询只说在途，要求全额退运费并赔偿误工。", demand="赔偿 3000 元",
        caller_name="何先生", caller_telephone="17700008850", waybill_number="86204480588", party_role="consignee",
        settle="report",
    )  # fmt: skip


def _follow_up_today(scene: _Scene) -> None:
    """东海家具: handled, the follow-up is due today."""
    scene.register(
        52, category="damage_shortage", subcase="carelessness", text="书柜一个角磕掉了，已补送并减免运费 60 元。",
        demand="减免运费", against="branch_xiaonan", caller_name="林志军", caller_telephone="13500004407",
        waybill_number="86204487619", party_role="consignor",
    )  # fmt: skip
    scene.hand_in(50, "branch_xiaonan", "装车时未加护角。")
    scene.hand_in(49, "claims", "按规定减免。")
    scene.find(48.5, "founded", "装卸未按规范操作。", "branch_xiaonan")
    scene.resolve(45, "已补送并减免运费 60 元。")
    scene.follow_up(20, "not_reached")


def _follow_up_overdue(scene: _Scene) -> None:
    """A follow-up that nobody made in time."""
    scene.register(
        80, category="late_delivery", text="答应周一送，周三才到。", against="branch_west",
        caller_name="何先生", caller_telephone="17700008850", waybill_number="86204438402", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(78, "branch_west", "车辆故障，未及时告知。")
    scene.hand_in(75, "inspection", "属实。")
    scene.find(70, "partly", "车辆故障，告知不及时。", "branch_west")
    scene.resolve(50, "已致歉，减免派送费。")


def _suspected(scene: _Scene) -> None:
    """A second complaint through the online form: an agent must confirm or refute it within the hour."""
    given = {
        "caller_name": "周小芸", "caller_telephone": "15900006012", "waybill_number": "86204487619",
        "party_role": "consignee", "category": "damage_shortage",
    }  # fmt: skip
    scene.register(28, text="沙发腿少一只，脚垫也没有。", demand="补件", against="branch_east", **given)
    scene.hand_in(26, "branch_east", "已联系发货方补件。")
    scene.hand_in(20, "claims", "补件即可，不涉及赔付。")
    web = _Scene(scene.stage)
    web.register(0.5, by=None, channel="online", text="补的沙发腿到现在没收到，颜色还要一致。", **given)


def _refuted(scene: _Scene) -> None:
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
    web = _Scene(scene.stage)
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
            handover=web.handover("claims"), text="外包装轻微变形，内物完好。", by=web.user("0902"), at=t
        ),
    )
    web.hand_in(148.8, "branch_east", "未见异常。")
    web.find(148, "unfounded", "内物完好，客户只是提醒。")
    web.resolve(147, "已感谢客户提醒。")
    web.follow_up(110, "satisfied")


def _offered(scene: _Scene) -> None:
    """Passed on to 陈晓燕, who has not taken it yet."""
    scene.register(
        6, by="0218", category="late_remittance", text="代收货款 1,899 元显示已收，四天未到账。", demand="今天打款",
        caller_name="林志军", caller_telephone="13500004407", waybill_number="86204445433", party_role="consignor",
    )  # fmt: skip
    scene.then(
        0.7,
        lambda t: services.assign(
            complaint=scene.row, owner=scene.owner, reason="吴凡下午培训", by=scene.user("0102"), at=t
        ),
    )


def _chased(scene: _Scene) -> None:
    """Chased twice: its priority is raised."""
    scene.register(
        9, category="delay", text="开业要用的货，三天没有更新。", demand="今天到",
        caller_name="蔡敏", caller_telephone="13600005523", waybill_number="86204424340", party_role="consignor",
    )  # fmt: skip
    scene.hand_in(6.5, "inspection", "货在萧南中转，等车。")
    for hours, answer in ((5, "已转运营部加急，下午答复。"), (1.1, "车已发出，今晚到站。")):
        scene.then(
            hours,
            lambda t, said=answer: services.register_chase(
                complaint=scene.row, text="到哪里了？", answer=said, by=scene.user("0219"), at=t
            ),
        )


def _from_the_web(scene: _Scene) -> None:
    """Came through the form ten minutes ago; nobody has taken it."""
    scene.register(
        1 / 6, by=None, channel="online", category="late_delivery", text="昨天就说在派送，今天还没到，电话打不通。",
        caller_name="张慧", caller_telephone="15000002247", waybill_number="86204466526", party_role="consignee",
    )  # fmt: skip


def _supervisor_decides(scene: _Scene) -> None:
    """No rule says where it goes."""
    scene.register(
        0.3, category="other", text="发票抬头开错两次，每次都说下周。", demand="重开发票",
        caller_name="钱蓉", caller_telephone="13900003310", waybill_number="",
    )  # fmt: skip


def _merged(scene: _Scene) -> None:
    """The same call, registered by two agents: merged, the service incident withdrawn."""
    given = {
        "category": "late_delivery", "text": "货到两天不送。", "caller_name": "周小芸",
        "caller_telephone": "15900006012",
        "waybill_number": "86204417309", "party_role": "consignee", "against": "branch_east",
    }  # fmt: skip
    scene.register(130, **given)
    twin = _Scene(scene.stage)
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


def _cancelled(scene: _Scene) -> None:
    """Registered by mistake."""
    scene.register(
        60, category="price", text="测试登记", caller_name="何先生", caller_telephone="17700008850",
        waybill_number="86204473557", party_role="consignee",
    )  # fmt: skip
    scene.then(
        59.8,
        lambda t: services.cancel(complaint=scene.row, reason="培训时误登记", by=scene.user("0102"), at=t),
    )


def _returned(scene: _Scene) -> None:
    """The department says it is not its matter: to be routed again."""
    scene.register(
        5, category="misrouted", subcase="cause_unknown", text="收到的不是我的货，颜色尺寸都不对。", demand="换回",
        caller_name="何先生", caller_telephone="17700008850", waybill_number="86204480588", party_role="consignee",
    )  # fmt: skip
    scene.then(
        0.25,
        lambda t: services.return_handover(
            handover=scene.handover("operations"), reason="装车无误，是派送时交错，应由分公司管理部答复",
            by=scene.user("0802"), at=t,
        ),
    )  # fmt: skip


def _recurrence(scene: _Scene) -> None:
    """Three founded complaints about the same branch within a month."""
    for number, (hours, waybill) in enumerate(
        ((500, "77100000001"), (320, "77100000002"), (100, "77100000003"))
    ):
        one = _Scene(scene.stage)
        one.register(
            hours, category="attitude", text="网点接电话的人态度恶劣，问两句就挂。", against="branch_west",
            caller_name=f"散客{number + 1}", caller_telephone=f"1780000110{number}", waybill_number=waybill,
            party_role="consignee",
        )  # fmt: skip
        one.hand_in(hours - 2, "branch_west", "当班人员情绪急躁，已批评。")
        one.hand_in(hours - 4, "inspection", "录音属实。")
        one.find(hours - 5, "founded", "服务态度生硬。", "branch_west")
        one.resolve(hours - 6, "已致歉。")
        one.follow_up(hours - 40, "satisfied")


def _not_agreed(scene: _Scene) -> None:
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


def _measures(scene: _Scene) -> None:
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


def _absent_owner(scene: _Scene) -> None:
    """Its owner is on leave: it went to the duty agent."""
    scene.register(
        30, by="0223", category="delay", text="到站三天没人通知提货。", demand="马上送", against="branch_beipo",
        caller_name="散客六", caller_telephone="17800001106", waybill_number="77100000006", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(28, "branch_beipo", "系统漏发通知短信，已补发。")
    scene.hand_in(25, "inspection", "属实。")
