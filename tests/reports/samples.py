"""A month's report written out literally: what the paper and the page show of it can be read here."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from reports.domain.snapshot import Chapter, Column, Figure, Snapshot, Table, Unit
from reports.paper import Head
from tests.reports.sample_indicators import INDICATORS, REGISTERED

START, END = date(2026, 10, 1), date(2026, 10, 31)
DRAWN_AT = datetime(2026, 10, 31, 18, 0, tzinfo=UTC)  # 02:00 of 1 November in the centre
DIGEST = "9f2c41aa07de5b3390c1e8f4a6d2b7750cfa118e93d46b20f7785a1bc3e94d02"
HEAD = Head("RPT-07-2026-10", 1, DRAWN_AT, None, "a71c09d3e5f2" + "0" * 52, DIGEST)
SECOND = Head("RPT-07-2026-10", 2, DRAWN_AT, "周明", "b82d10e4f603" + "0" * 52, DIGEST)


def names(hans: str, hant: str, english: str) -> dict[str, str]:
    return {"zh-Hans": hans, "zh-Hant": hant, "en": english}


LATE = names("晚送", "晚送", "Late delivery")
DAMAGE = names("货损货差", "貨損貨差", "Damage and shortage")
DELAY = names("货物延误", "貨物延誤", "Cargo delay")
MISROUTED = names("错发", "錯發", "Misrouted")
REMITTANCE = names("迟转货款", "遲轉貨款", "COD money late")
ERRORS = names("差错", "差錯", "Errors")
ATTITUDE = names("态度", "態度", "Attitude")
PRICE = names("价格", "價格", "Price")
EAST = names("城东分公司", "城東分公司", "East branch")
WEST = names("城西分公司", "城西分公司", "West branch")
SETTLEMENT = names("结算部", "結算部", "Settlement")
OPERATIONS = names("运营部", "運營部", "Operations")
CENTRE = names("客服中心", "客服中心", "Customer service centre")
COUNT = Column("count", Unit.COUNT)
TICKETS = tuple(
    Column(code, Unit.COUNT) for code in ("registered", "before", "resolved", "founded", "second")
)
BY_CATEGORY = Table(
    "complaints.category",
    (Column("category"), *TICKETS),
    (
        (LATE, 402, 431, 398, 301, 2),
        (DAMAGE, 281, 302, 270, 188, 0),
        (DELAY, 166, 171, 164, 120, 1),
        (MISROUTED, 121, 118, 119, 96, 0),
        (REMITTANCE, 98, 90, 97, 71, 6),
        (ERRORS, 87, 101, 87, 70, 0),
        (ATTITUDE, 54, 70, 54, 31, 0),
        (PRICE, 38, 41, 37, 9, 0),
        (names("其他", "其他", "Other"), 37, 45, 34, 6, 0),
    ),
    total=(None, 1284, 1369, 1260, 892, 9),
    chart="bars",
    detail="complaints",
)
BY_CHANNEL = Table(
    "complaints.channel",
    (Column("channel", Unit.CHOICE, "complaints.choices.Channel"), *TICKETS),
    (
        ("telephone", 902, 981, 889, 640, 7),
        ("online", 311, 300, 304, 201, 2),
        ("in_person", 71, 88, 67, 51, 0),
    ),
    total=(None, 1284, 1369, 1260, 892, 9),
    chart="bars",
    detail="complaints",
)
HEAT = Table(
    "complaints.category_department",
    (Column("category"), Column("department"), Column("registered", Unit.COUNT)),
    tuple(
        (category, department, count)
        for category, counts in (
            (LATE, (120, 96, 4, 182)),
            (DAMAGE, (88, 71, 0, 122)),
            (DELAY, (31, 40, 0, 95)),
            (MISROUTED, (22, 18, 0, 81)),
            (REMITTANCE, (0, 1, 97, 0)),
            (ERRORS, (20, 31, 12, 24)),
            (ATTITUDE, (21, 17, 5, 11)),
            (PRICE, (9, 11, 16, 2)),
        )
        for department, count in zip((EAST, WEST, SETTLEMENT, OPERATIONS), counts, strict=True)
    ),
    chart="heat",
    detail="complaints",
)
SANCTIONS = Table(
    "conduct.sheet",
    (
        Column("department"),
        Column("person"),
        Column("rule"),
        Column("violation"),
        Column("measure", Unit.CHOICE, "conduct.choices.Measure"),
        COUNT,
        Column("amount", Unit.MONEY),
    ),
    (
        (
            EAST,
            "高峰 3106",
            "V-04",
            names(
                "未在时限内交出书面报告",
                "未在時限內交出書面報告",
                "Written report not handed in within its limit",
            ),
            "fine",
            1,
            10000,
        ),
        (
            SETTLEMENT,
            "林志文 0504",
            "V-11",
            names("更正后未告知客服", "更正後未告知客服", "Customer service not told of a correction"),
            "fine",
            2,
            5000,
        ),
        (
            WEST,
            "王小青 3207",
            "V-02",
            names("对客户使用服务禁语", "對客戶使用服務禁語", "Forbidden phrase used towards a customer"),
            "warning",
            1,
            0,
        ),
    ),
    total=(None, None, None, None, None, 4, 15000),
    detail="sanctions",
)
CLAIMS = Table(
    "claims.cause",
    (
        Column("cause", Unit.CHOICE, "reports.choices.Cause"),
        Column("sentence"),
        COUNT,
        Column("losses", Unit.COUNT),
        *(Column(code, Unit.MONEY) for code in ("claimed", "approved", "paid")),
    ),
    (
        (
            "LR-03b",
            names(
                "司机单上由司机注明短少",
                "司機單上由司機註明短少",
                "The driver's record notes the shortage in the driver's hand",
            ),
            31,
            0,
            4210000,
            3821050,
            3821050,
        ),
        (
            "LR-07",
            names(
                "雨淋货物，车辆未盖篷布",
                "雨淋貨物，車輛未蓋篷布",
                "Goods wet from rain, the vehicle not covered",
            ),
            12,
            0,
            2400000,
            2240000,
            2240000,
        ),
        ("LR-12", names("在途灭失", "在途滅失", "Lost on the way"), 3, 3, 1900000, 1680200, 1680200),
        ("none", None, 25, 1, 1100000, 0, 0),
    ),
    total=(None, None, 71, 4, 9610000, 7741250, 7741250),
    chart="bars",
    detail="claims",
)
PARTIES = Table(
    "claims.party",
    (
        Column("party", Unit.CHOICE, "claims.choices.PartyRole"),
        Column("claims", Unit.COUNT),
        *(Column(code, Unit.MONEY) for code in ("charged", "recovered", "written_off")),
    ),
    (
        ("driver", 31, 2310000, 1980000, 0),
        ("loader", 14, 910000, 402500, 12000),
        ("branch", 12, 640000, 170000, 0),
    ),
    total=(None, None, 3860000, 2552500, 12000),
    detail="entries",
)
CLAIM_FIGURES = (
    Figure("claims.reported", Unit.COUNT, 71, 80, at_most=True, rows="claims"),
    Figure("claims.approved", Unit.MONEY, 7741250, 8100000, at_most=True, rows="claims"),
    Figure("claims.payments", Unit.COUNT, 66, 71, at_most=True, rows="payments"),
    Figure(
        "claims.paid",
        Unit.MONEY,
        8641250,
        9120480,
        at_most=True,
        rows="payments",
        history=(
            10240000,
            9980000,
            10400000,
            9800000,
            9650000,
            9410000,
            9500000,
            9102000,
            9230000,
            9120000,
            9120480,
            8641250,
        ),
    ),
    Figure("claims.charged", Unit.MONEY, 3860000, 4100000, rows="entries"),
    Figure("claims.recovered", Unit.MONEY, 2552500, 1900000, rows="entries"),
    Figure("claims.reserve", Unit.MONEY, 1200000, 1350000, at_most=True, rows="reserves"),
    Figure("claims.insurance", Unit.MONEY, None),
)
OCTOBER = Snapshot(
    code="RPT-07",
    start=START,
    end=END,
    scope=None,
    drawn_at=DRAWN_AT,
    policies={"reports.targets": 3, "reports.schedule": 0},
    chapters=(
        Chapter(
            "indicators",
            INDICATORS,
            remarks=(
                ("basis.closing", {"as_of": "2026-10-31T18:00:00+00:00"}),
                ("cost_logistics", {}),
            ),
        ),
        Chapter("RPT-01", (REGISTERED,), (BY_CATEGORY, BY_CHANNEL, HEAT), (("not_recorded.outside", {}),)),
        Chapter("RPT-02", tables=(SANCTIONS,)),
        Chapter("RPT-03", CLAIM_FIGURES, (CLAIMS, PARTIES), (("not_recorded.goodwill", {}),)),
    ),
    as_of=DRAWN_AT,
    basis="closing",
)


def nothing_happened() -> Snapshot:
    """A month without a single record."""
    chapters = tuple(
        replace(
            chapter,
            figures=tuple(
                replace(
                    figure,
                    value=0 if figure.unit in {Unit.COUNT, Unit.MONEY} else None,
                    before=None,
                    parts=None,
                    history=(),
                )
                for figure in chapter.figures
            ),
            tables=(),
        )
        for chapter in OCTOBER.chapters
    )
    return replace(OCTOBER, chapters=chapters, policies={})


def earlier() -> Snapshot:
    """October as it was first drawn: one second complaint fewer, and one late delivery."""
    first = OCTOBER.chapters[0]
    figures = tuple(
        replace(figure, value=62, parts=(8, 1284)) if figure.code == "KPI-04.second" else figure
        for figure in first.figures
    )
    second = OCTOBER.chapters[1]
    late = replace(
        BY_CATEGORY,
        rows=((LATE, 401, 431, 398, 301, 2), *BY_CATEGORY.rows[1:]),
        total=(None, 1283, 1369, 1260, 892, 9),
    )
    chapters = (
        replace(first, figures=figures),
        replace(second, tables=(late, *second.tables[1:])),
        *OCTOBER.chapters[2:],
    )
    return replace(OCTOBER, chapters=chapters)


def long_names() -> Snapshot:
    """Names as long as the fields allow, and a table that is too long for paper."""
    long = names(
        "第一业务部北坡现场备品备件与危险品联合配送服务中心分部",
        "第一業務部北坡現場備品備件與危險品聯合配送服務中心分部",
        "Joint distribution service centre for spare parts and hazardous goods, north slope site",
    )
    many = replace(BY_CATEGORY, rows=tuple((long, 600 - n, n, 0, 0, 0) for n in range(501)))
    heat = replace(
        HEAT, rows=tuple((long, one, n) for n, one in enumerate((long, EAST, WEST, SETTLEMENT), 1))
    )
    claims = replace(
        CLAIMS, rows=(("DAMAGE_NO_RULE", long, 3, 1, *(99_999_999_99,) * 3), *CLAIMS.rows), total=None
    )
    people = replace(SANCTIONS, rows=((long, "司空" * 10 + " 3106", "V-04", long, "fine", 1, 10000),) * 3)
    first, second, third, fourth = OCTOBER.chapters
    return replace(
        OCTOBER,
        scope=long,
        chapters=(
            first,
            replace(second, tables=(many, heat)),
            replace(third, tables=(people,)),
            replace(fourth, tables=(claims,)),
        ),
    )
