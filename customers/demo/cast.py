"""Who plays: customers with their people and numbers, and the waybills that the demo's complaints are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A contact person: name, position, number, whether of finance."""

    name: str
    role: str
    telephone: str
    is_finance: bool = False


@dataclass(frozen=True)
class Cast:
    """A customer. `tier` is the grade taken over from the old file, or `before` where it has risen since; `manager` a
    work number."""

    name: str
    telephone: str
    tier: str = ""
    trade: str = ""
    region: str = ""
    manager: str = ""
    people: tuple[Person, ...] = ()
    address: str = ""
    credit: str = ""
    is_person: bool = False
    before: str = ""


# The customers of the pictures; telephone numbers are of a block that is not given out.
CAST = (
    Cast(
        "杭州华茂五金有限公司", "0571-88006677", "A", "五金批发", "华东一区", "0711",
        (
            Person("刘海涛", "采购", "13900000421"),
            Person("沈月芳", "财务", "13800006205", is_finance=True),
            Person("周伟", "仓库", "15000001172"),
        ),
        "杭州市萧山区建设四路 18 号 3 号库", "月结，逾期 1 次，3 天", before="B",
    ),
    Cast(
        "新禾食品有限公司", "13900003308", "B", "食品", "华东一区", "0711",
        (Person("陆建平", "物流主管", "13900003309"), Person("钱蓉", "出纳", "13900003310", is_finance=True)),
        "杭州市余杭区仁和路 66 号", "月结",
    ),
    Cast(
        "鼎立建材有限公司", "13700009016", "B", "建材", "华东二区", "0712",
        (Person("丁国强", "总经理", "13700009017"), Person("王燕", "财务", "13700009018", is_finance=True)),
        "湖州市吴兴区织里镇长安路 9 号", "现付",
    ),
    Cast(
        "恒通机电设备有限公司", "13600005521", "A", "机电", "华东一区", "0711",
        (
            Person("魏东", "生产计划", "13600005522"),
            Person("蔡敏", "财务主管", "13600005523", is_finance=True),
        ),
        "宁波市鄞州区启航路 120 号", "月结，从未逾期",
    ),
    Cast(
        "东海家具有限公司", "13500004406", "B", "家具", "华东二区", "0712",
        (Person("林志军", "销售", "13500004407"), Person("施倩", "财务", "13500004408", is_finance=True)),
        "绍兴市柯桥区钱陶路 77 号",
    ),
    Cast(
        "瑞丰布行", "13800001189", "C", "纺织", "华东二区", "",
        (Person("陈阿发", "店主", "13800001189"),), "绍兴市柯桥区轻纺城北区 212",
    ),
    Cast("李文斌", "13700000098", "C", is_person=True, region="城东"),
    Cast("张慧", "15000002247", "D", is_person=True, region="城东"),
    Cast("周小芸", "15900006012", "C", is_person=True, region="城东"),
    Cast("何先生", "17700008850", "D", is_person=True, region="城西"),
)  # fmt: skip

COMPANY_STEMS = (
    "永盛", "金诚", "宏达", "天合", "博远", "华新", "正大", "联丰", "嘉禾", "万顺", "顺昌", "德润",
    "中泰", "百川", "凯越", "安邦", "长江", "鑫源", "海宁", "吉祥", "同创", "众信", "佳美", "远景",
    "兴业", "明珠",
)  # fmt: skip
COMPANY_TRADES = (
    ("五金批发", "五金"), ("食品", "食品"), ("建材", "建材"), ("纺织", "纺织品"), ("机电", "机电"), ("家具", "家居"),
    ("汽配", "汽配"), ("电商", "电子商务"), ("药材", "药材"),
)  # fmt: skip
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = (
    "建国", "秀英", "志强", "丽华", "晓东", "美玲", "俊杰", "雪梅", "海燕", "文涛", "小军", "春兰",
    "思远", "佳琪", "永康", "玉珍", "子豪", "欣怡", "国庆", "婷婷",
)  # fmt: skip
REGIONS = ("华东一区", "华东二区", "华东三区", "华南", "华北")
ROLES = ("采购", "仓库", "销售", "物流主管", "店长")


@dataclass(frozen=True)
class Known:
    """A waybill that the demo's complaints name. Days count back from today; `cod` is (amount, state)."""

    number: str
    consignor: str
    consignee: str
    consignee_telephone: str
    goods: str
    pieces: int
    weight: str
    origin: str
    destination: str
    shipped: int
    course: str
    cod: tuple[str, str] | None = None


HUAMAO = "杭州华茂五金有限公司"
HENGTONG = "恒通机电设备有限公司"
XINHE = "新禾食品有限公司"
DINGLI = "鼎立建材有限公司"
DONGHAI = "东海家具有限公司"
HANGZHOU = "杭州分公司"
EAST = "城东分公司"
WEST = "城西分公司"
XIAONAN = "萧南分公司"
RUIFENG = "瑞丰布行"

# course: how far the consignment came: signed, delayed (in transit), damaged (refused), waiting (arrived, not fetched)
KNOWN = (
    Known(
        "86204417309",
        HUAMAO,
        "周小芸",
        "15900006012",
        "五金件",
        30,
        "612",
        HANGZHOU,
        EAST,
        9,
        "signed",
        ("4860.00", "handed_in"),
    ),
    Known(
        "86204424340", HENGTONG, "李文斌", "13700000098", "电动工具", 2, "18.5", HANGZHOU, EAST, 7, "waiting"
    ),
    Known(
        "86204431371",
        XINHE,
        "张慧",
        "15000002247",
        "果酱",
        48,
        "530",
        HANGZHOU,
        EAST,
        4,
        "refused",
        ("3120.00", "due"),
    ),
    Known("86204438402", DINGLI, "何先生", "17700008850", "瓷砖", 60, "1440", XIAONAN, WEST, 6, "signed"),
    Known(
        "86204445433",
        DONGHAI,
        "张慧",
        "15000002247",
        "书柜",
        3,
        "96",
        XIAONAN,
        EAST,
        5,
        "signed",
        ("1899.00", "collected"),
    ),
    Known(
        "86204452464",
        HENGTONG,
        "永盛五金有限公司",
        "13100000101",
        "伺服电机",
        4,
        "122",
        HANGZHOU,
        WEST,
        4,
        "delayed",
    ),
    Known(
        "86204459495",
        RUIFENG,
        "周小芸",
        "15900006012",
        "布料",
        12,
        "210",
        XIAONAN,
        EAST,
        5,
        "misrouted",
        ("2350.00", "due"),
    ),
    Known("86204466526", RUIFENG, "张慧", "15000002247", "窗帘布", 6, "88", XIAONAN, EAST, 6, "waiting"),
    Known(
        "86204473557",
        XINHE,
        "何先生",
        "17700008850",
        "调味品",
        20,
        "260",
        HANGZHOU,
        WEST,
        3,
        "signed",
        ("2680.00", "collected"),
    ),
    Known("86204480588", DONGHAI, "何先生", "17700008850", "餐桌", 1, "64", XIAONAN, WEST, 6, "delayed"),
    Known(
        "86204487619",
        DONGHAI,
        "周小芸",
        "15900006012",
        "沙发",
        2,
        "118",
        XIAONAN,
        EAST,
        8,
        "signed",
        ("5200.00", "remitted"),
    ),
    Known(
        "86204398117",
        HUAMAO,
        "李文斌",
        "13700000098",
        "合页",
        15,
        "140",
        HANGZHOU,
        EAST,
        40,
        "signed",
        ("980.00", "remitted"),
    ),
)
GOODS = (
    ("五金件", "纸箱"), ("果酱", "托盘"), ("瓷砖", "木架"), ("布料", "编织袋"), ("电机", "木箱"), ("餐椅", "纸箱"),
    ("汽车配件", "纸箱"), ("调味品", "纸箱"), ("图书", "纸箱"), ("中药材", "编织袋"),
)  # fmt: skip
SERVICES = ("标准快运", "标准快运", "次日达", "大票专线")
