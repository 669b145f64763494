"""Scenes that are open when the curtain rises: what the desk, the inbox and the queues show."""

from __future__ import annotations

from complaints import services
from complaints.demo.scene import Scene

HUAMAO = {
    "caller_name": "刘海涛", "caller_telephone": "13900000421", "waybill_number": "86204417309",
    "party_role": "consignor",
}  # fmt: skip


def second_complaint(scene: Scene) -> None:
    """华茂五金: three days without an answer, complained again; overdue for 35 minutes."""
    scene.register(
        73, category="late_remittance", text="代收货款 4,860 元三天未到账，网点说 16 日已交。", demand="告知到账时间",
        against="settlement", respondent_employee_id=scene.person("0502"), **HUAMAO,
    )  # fmt: skip
    scene.take_up(70, "settlement")
    scene.hand_in(65.9, "settlement", "分公司交款单金额与配送单大写不符，退回更正中。")
    again = Scene(scene.stage)
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


def second_round(scene: Scene) -> None:
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


def statement_due(scene: Scene) -> None:
    """新禾食品: the branch's statement is due in a quarter of an hour."""
    scene.register(
        4 - 15.7 / 60, category="damage_shortage", subcase="rough_handling", against="branch_east",
        text="早上送到，一打开整托是歪的，最下面两箱果酱全碎了，司机说不归他管，让找公司。拒签了这两箱，照片都有。",
        demand="今天给说法", caller_name="陆建平", caller_telephone="13900003309", waybill_number="86204431371",
        party_role="consignor",
    )  # fmt: skip
    scene.take_up(2.5, "branch_east")
    scene.note(1.2, "已催城东分公司，对方说正在找当班人员。")


def price(scene: Scene) -> None:
    """鼎立建材: the business department's statement is due in 37 minutes."""
    scene.register(
        4 - 37 / 60, category="price", text="同样的货，两次报价差 180 元，没有任何说明。", demand="按低价结算",
        caller_name="丁国强", caller_telephone="13700009017", waybill_number="86204438402", party_role="consignor",
    )  # fmt: skip


def answered(scene: Scene) -> None:
    """张慧: everything is in; the finding is to be recorded."""
    scene.register(
        23.2, category="attitude", text="派送员让我自己搬上六楼，说话很难听。", demand="道歉", against="branch_east",
        caller_name="张慧", caller_telephone="15000002247", waybill_number="86204445433", party_role="consignee",
    )  # fmt: skip
    scene.hand_in(20, "branch_east", "当事人承认语气生硬，已写检讨。")
    scene.hand_in(15, "inspection", "监控属实，建议口头警告。")


def delayed(scene: Scene) -> None:
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


def misrouted(scene: Scene) -> None:
    """周小芸: sent the wrong way; with operations."""
    scene.register(
        3.2, category="misrouted", subcase="sorting_wrong", text="发到城西去了，配送单写的是城东。", demand="今天转回",
        caller_name="周小芸", caller_telephone="15900006012", waybill_number="86204459495", party_role="consignee",
    )  # fmt: skip
    scene.take_up(2.9, "operations")


def paused(scene: Scene) -> None:
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


def clerical(scene: Scene) -> None:
    """新禾食品: label and waybill differ; routed, nobody has taken it up."""
    scene.register(
        1.6, category="clerical_error", subcase="label_number", text="标签与配送单编号不符，内容一致。",
        demand="出更正单",
        caller_name="陆建平", caller_telephone="13900003309", waybill_number="86204473557", party_role="consignor",
    )  # fmt: skip


def reported(scene: Scene) -> None:
    """何先生: asks for more than the agent may promise; reported upward."""
    scene.register(
        0.4, category="delay", text="路上六天了，查询只说在途，要求全额退运费并赔偿误工。", demand="赔偿 3000 元",
        caller_name="何先生", caller_telephone="17700008850", waybill_number="86204480588", party_role="consignee",
        settle="report",
    )  # fmt: skip


def follow_up_today(scene: Scene) -> None:
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


def suspected(scene: Scene) -> None:
    """A second complaint through the online form: an agent must confirm or refute it within the hour."""
    given = {
        "caller_name": "周小芸", "caller_telephone": "15900006012", "waybill_number": "86204487619",
        "party_role": "consignee", "category": "damage_shortage",
    }  # fmt: skip
    scene.register(28, text="沙发腿少一只，脚垫也没有。", demand="补件", against="branch_east", **given)
    scene.hand_in(26, "branch_east", "已联系发货方补件。")
    scene.hand_in(20, "claims", "补件即可，不涉及赔付。")
    web = Scene(scene.stage)
    web.register(0.5, by=None, channel="online", text="补的沙发腿到现在没收到，颜色还要一致。", **given)


def offered(scene: Scene) -> None:
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


def chased(scene: Scene) -> None:
    """Chased twice: its priority is raised."""
    scene.register(
        9, category="delay", text="开业要用的货，三天没有更新。", demand="今天到",
        caller_name="蔡敏", caller_telephone="13600005523", waybill_number="86204424340", party_role="consignor",
    )  # fmt: skip
    scene.hand_in(6.5, "inspection", "货在萧南中转，等车。")
    scene.chase(5, "已转运营部加急，下午答复。")
    scene.chase(1.1, "车已发出，今晚到站。")


def from_the_web(scene: Scene) -> None:
    """Came through the form ten minutes ago; nobody has taken it."""
    scene.register(
        1 / 6, by=None, channel="online", category="late_delivery", text="昨天就说在派送，今天还没到，电话打不通。",
        caller_name="张慧", caller_telephone="15000002247", waybill_number="86204466526", party_role="consignee",
    )  # fmt: skip


def supervisor_decides(scene: Scene) -> None:
    """No rule says where it goes."""
    scene.register(
        0.3, category="other", text="发票抬头开错两次，每次都说下周。", demand="重开发票",
        caller_name="钱蓉", caller_telephone="13900003310", waybill_number="",
    )  # fmt: skip


def returned(scene: Scene) -> None:
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


SCENES = (
    second_complaint,
    second_round,
    statement_due,
    price,
    answered,
    delayed,
    misrouted,
    paused,
    clerical,
    reported,
    follow_up_today,
    suspected,
    offered,
    chased,
    from_the_web,
    supervisor_decides,
    returned,
)
