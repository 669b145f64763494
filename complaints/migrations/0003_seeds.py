"""Categories, subcases and routings of CMP-10 and CMP-11, keywords for imports, policies of handling and recurrence."""

from datetime import UTC, date, datetime

from django.db import migrations

SINCE = date(2020, 1, 1)
# Valid since before any ticket, so that imported history finds its policy.
POLICY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)

# code, rule, (zh-Hans, zh-Hant, en), kind of department it goes to ('' = the supervisor decides),
# subcases: (code, names, kind of department where it differs)
CATEGORIES = [
    ("attitude", "CMP-10a", ("服务态度", "服務態度", "Unfriendly attitude"), "inspection", []),
    (
        "branch_procedure",
        "CMP-10b",
        ("分公司违规操作", "分公司違規操作", "Branch violates procedure"),
        "branch_management",
        [
            (
                "cod_not_returned",
                ("代收货款未及时返回", "代收貨款未及時返回", "COD money not returned in time"),
                "",
            ),
            (
                "opened_before_pickup",
                (
                    "未办提货手续先开箱验货",
                    "未辦提貨手續先開箱驗貨",
                    "Goods opened before pick-up formalities",
                ),
                "",
            ),
            (
                "released_before_cod",
                ("未收代收款先放货", "未收代收款先放貨", "Goods released before the COD money was paid"),
                "",
            ),
            (
                "returned_without_consent",
                (
                    "免费保管期内未经发货人同意退货",
                    "免費保管期內未經發貨人同意退貨",
                    "Goods sent back without the consignor's consent",
                ),
                "",
            ),
        ],
    ),
    ("late_delivery", "CMP-10c", ("送货晚点", "送貨晚點", "Late delivery"), "inspection", []),
    ("late_remittance", "CMP-10d", ("转账不及时", "轉賬不及時", "Late remittance"), "settlement", []),
    ("delay", "CMP-10e", ("货物延误", "貨物延誤", "Goods delayed"), "inspection", []),
    (
        "misrouted",
        "CMP-10f",
        ("错收错发", "錯收錯發", "Goods wrongly received or dispatched"),
        "operations",
        [
            (
                "label_wrong",
                ("开单员写错或贴错标签", "開單員寫錯或貼錯標籤", "Label written or stuck wrongly"),
                "business",
            ),
            (
                "sorting_wrong",
                ("分拣或装车发错方向", "分揀或裝車發錯方向", "Sorted or loaded the wrong way"),
                "operations",
            ),
            ("cause_unknown", ("原因不明", "原因不明", "Cause unknown"), "operations"),
            (
                "wrong_person",
                ("送货时交错人", "送貨時交錯人", "Handed to the wrong person"),
                "branch_management",
            ),
        ],
    ),
    (
        "damage_shortage",
        "CMP-10g",
        ("货损货差", "貨損貨差", "Damage or shortage"),
        "claims",
        [
            ("carelessness", ("疏忽大意", "疏忽大意", "Carelessness"), ""),
            ("rough_handling", ("野蛮装卸", "野蠻裝卸", "Rough handling"), ""),
            ("in_transit", ("运输途中", "運輸途中", "In transit"), ""),
        ],
    ),
    (
        "clerical_error",
        "CMP-10h",
        ("单据差错", "單據差錯", "Clerical error"),
        "business",
        [
            ("badly_written", ("配送单书写不清", "配送單書寫不清", "Waybill badly written"), ""),
            (
                "cod_figures",
                ("代收款大小写不符", "代收款大小寫不符", "COD amount: words and figures differ"),
                "",
            ),
            (
                "freight_figures",
                ("运费大小写不符", "運費大小寫不符", "Freight: words and figures differ"),
                "",
            ),
            (
                "label_number",
                ("配送单与标签编号不符", "配送單與標籤編號不符", "Waybill and label numbers differ"),
                "",
            ),
            ("freight_altered", ("运费涂改", "運費塗改", "Freight altered"), ""),
        ],
    ),
    ("price", "CMP-10i", ("价格不稳定", "價格不穩定", "Unstable price"), "business", []),
    ("no_feedback", "CMP-10j", ("无反馈", "無反饋", "No feedback"), "inspection", []),
    ("other", "CMP-10k", ("其他", "其他", "Other"), "", []),
]

# category -> (subcase, weight, words). Heavier words name the matter more surely; a text's weights are summed up.
KEYWORDS = {
    "attitude": [
        ("", 6, "态度差 态度恶劣 态度极差 态度不好 服务态度 骂人 辱骂 不耐烦 没礼貌 出言不逊"),
        ("", 4, "态度 恶劣 脾气 吼 骂 凶 服务差 素质"),
    ],
    "late_delivery": [
        ("", 5, "超时 迟到 送晚 送迟 晚送 送得慢 送的慢 送货慢 送餐慢 配送慢 速度慢 太慢 很慢 真慢 不准时 不及时 没按时"),
        ("", 3, "慢 晚 迟 等了 还没到 没送到 还没送 才送 才到 催 太久 墨迹 磨蹭 凉了 冷了"),
        ("", 1, "小时 分钟"),
    ],
    "delay": [
        ("", 5, "延误 滞留 一直没到 几天没到 物流不动 没有物流 不更新"),
        ("", 3, "好几天 一个星期 一周 等了几天 天才到 天才收到 没发货 不发货"),
    ],
    "misrouted": [
        ("", 6, "送错 发错 拿错 给错 装错 寄错 配错"),
        ("wrong_person", 6, "交错人 别人签收 代签 被签收 没签收"),
        ("", 4, "错了 不是我要的 不是我点的 不是我订的 型号不对 颜色不对 款式不对"),
    ],
    "damage_shortage": [
        ("", 5, "破损 损坏 破碎 摔坏 压坏 压扁 变形 碎了 裂了 划痕 磕碰 漏液 进水"),
        ("rough_handling", 6, "暴力快递 野蛮 乱扔 乱摔"),
        ("", 5, "少了 少送 漏送 漏发 少发 少一 缺少 没给 没送 忘记送 忘了送 少件 丢件 丢了 丢失 不见了"),
        ("", 3, "坏 破 烂 洒 撒 漏 压 碎 缺 摔 散架 磕 散了"),
    ],
    "clerical_error": [
        ("freight_figures", 6, "大小写不符"),
        ("badly_written", 5, "字迹 写错 地址写错 单子写 单号不符 单号错"),
        ("freight_altered", 6, "涂改"),
    ],
    "price": [
        ("", 5, "降价 差价 涨价 价格不 乱收费 多收 价格高 价保 保价 加价"),
        ("", 3, "价格 贵 运费 配送费"),
    ],
    "late_remittance": [("", 6, "代收款 代收货款 货款没到 没打款 未打款 返款 转账 没到账 未到账 退款")],
    "no_feedback": [
        ("", 6, "没人理 无人理 没人管 没有回复 不回复 没回复 不处理 没处理 没人回 推卸 踢皮球 敷衍"),
        ("", 4, "没人接 无人接听 打不通 不接电话 联系不上 不回 不理"),
        ("", 1, "客服"),
    ],
    "branch_procedure": [
        ("returned_without_consent", 6, "擅自退 私自退 直接退回 就退回 发回去"),
        ("", 5, "不送上楼 不肯上楼 拒绝送货 不给送 让我自提 要求自提 自取 私自 不送货上门 不上门 自提"),
    ],
}  # fmt: skip

POLICIES = {
    "complaints.handling": {
        "follow_up_tries": 3,
        "follow_up_days": 2,
        "pause_seconds": 72 * 3600,
        "not_agreed_from_round": 3,
        "chases_raise_at": 2,
        "incident_roles": ["enterprise_management", "centre_manager"],
        "leader_roles": ["management"],
        "similar_percent": 50,
        "similar_days": 90,
        "duty_after_seconds": 1800,
    },
    "complaints.recurrence": {"count": 3, "days": 30, "per_thousand": None, "quiet_days": 30},
}
REASON = "default of the rules of the house"


def _names(texts):
    return dict(zip(("zh-Hans", "zh-Hant", "en"), texts, strict=True))


def seed(apps, schema_editor):
    """Insert everything once; a database that has some already keeps them."""
    model = {
        name: apps.get_model("complaints", name) for name in ("Category", "Subcase", "Routing", "Keyword")
    }
    categories, subcases = {}, {}
    for ordinal, (code, rule, names, kind, cases) in enumerate(CATEGORIES, start=1):
        category = model["Category"].objects.create(
            code=code, rule=rule, names=_names(names), ordinal=ordinal * 10
        )
        categories[code] = category
        model["Routing"].objects.create(category=category, department_kind=kind, valid_from=SINCE)
        for number, (case, case_names, case_kind) in enumerate(cases, start=1):
            subcases[case] = model["Subcase"].objects.create(
                category=category, code=case, names=_names(case_names), ordinal=number * 10
            )
            if case_kind:
                model["Routing"].objects.create(
                    category=category, subcase=subcases[case], department_kind=case_kind, valid_from=SINCE
                )
    rows = {}
    for code, groups in KEYWORDS.items():
        for case, weight, words in groups:
            for word in words.split():
                rows.setdefault(
                    word,
                    model["Keyword"](
                        word=word, category=categories[code], subcase=subcases.get(case), weight=weight
                    ),
                )
    model["Keyword"].objects.bulk_create(rows.values())
    policy = apps.get_model("servicecenter", "Policy")
    policy.objects.bulk_create(
        [
            policy(code=code, key="", value=value, version=1, valid_from=POLICY_SINCE, reason=REASON)
            for code, value in POLICIES.items()
        ],
        ignore_conflicts=True,
    )


def unseed(apps, schema_editor):
    """Remove the catalogue; refused by the database when a ticket uses it. Policies are append-only and stay."""
    for name in ("Keyword", "Routing", "Subcase", "Category"):
        apps.get_model("complaints", name).objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0002_guards"),
        ("servicecenter", "0002_guards"),
        ("organization", "0003_seeds"),
    ]
    operations = [migrations.RunPython(seed, unseed)]
