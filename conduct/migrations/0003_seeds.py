"""The catalogue of violations SAN-01 … SAN-16 with their ranges of amounts (policy `conduct.fine`, keyed by code)."""

from datetime import UTC, datetime

from django.db import migrations

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
PERSON_DIRECT = ("直接责任人", "直接責任人", "person directly responsible")
PERSON = ("责任人", "責任人", "responsible person")
PERSONS = ("各责任人", "各責任人", "responsible persons")
EMPLOYEE = ("员工", "員工", "employee")
BY_RULE = ("规则指明的人", "規則指明的人", "person named by the rule")
BY_CIRCUMSTANCE = ("视情节，须写明理由", "視情節，須寫明理由", "by circumstance, with a reason")


def _range(low, high):
    return (f"{low}–{high} 元", f"{low}–{high} 元", f"{low}–{high} yuan")


# code, (zh-Hans, zh-Hant, en), targets, amounts, (minimum, maximum) or None, reason required, to inspection
VIOLATIONS = [
    (
        "SAN-01",
        (
            "服务用语、职业仪容不规范",
            "服務用語、職業儀容不規範",
            "language or professional appearance below standard",
        ),
        PERSON_DIRECT,
        _range(10, 50),
        ("10.00", "50.00"),
        False,
        False,
    ),
    (
        "SAN-02",
        (
            "服务态度差、效率低引起投诉，经查属实",
            "服務態度差、效率低引起投訴，經查屬實",
            "complaint caused by bad attitude or low efficiency, confirmed by investigation",
        ),
        PERSON,
        _range(50, 100),
        ("50.00", "100.00"),
        False,
        False,
    ),
    (
        "SAN-03",
        (
            "操作失误引起投诉，经查属实；情节严重的交监察部",
            "操作失誤引起投訴，經查屬實；情節嚴重的交監察部",
            "complaint caused by an operating error, confirmed; serious cases go to inspection",
        ),
        PERSON_DIRECT,
        _range(50, 200),
        ("50.00", "200.00"),
        False,
        True,
    ),
    (
        "SAN-04",
        (
            "服务差或投诉处理不及时、不妥当，致客户向上级投诉，经查属实",
            "服務差或投訴處理不及時、不妥當，致客戶向上級投訴，經查屬實",
            "poor service, or a complaint not handled properly in time, so that the customer complains to management, confirmed",
        ),
        PERSONS,
        _range(50, 100),
        ("50.00", "100.00"),
        False,
        False,
    ),
    (
        "SAN-05",
        (
            "与客户发生冲突、被媒体曝光，严重损害公司声誉",
            "與客戶發生衝突、被媒體曝光，嚴重損害公司聲譽",
            "conflict with a customer, media exposure, reputation seriously harmed",
        ),
        PERSONS,
        BY_CIRCUMSTANCE,
        None,
        True,
        False,
    ),
    (
        "SAN-06",
        (
            "监察中发现违反服务规范的行为；部门未达质量目标",
            "監察中發現違反服務規範的行為；部門未達質量目標",
            "behaviour against the norms found in a service inspection; a department below the quality target",
        ),
        (
            "员工；未达质量目标的为部门",
            "員工；未達質量目標的為部門",
            "employee; the department where it missed the quality target",
        ),
        ("警告、通报批评或罚款", "警告、通報批評或罰款", "warning, notice of criticism, or fine"),
        None,
        False,
        False,
    ),
    (
        "SAN-07",
        ("责任划分规则附带的罚款", "責任劃分規則附帶的罰款", "fines attached to liability rules"),
        BY_RULE,
        (
            "按规则，每次 100、50 或 5–10 元",
            "按規則，每次 100、50 或 5–10 元",
            "as the rule says: 100, 50 or 5–10 yuan per occurrence",
        ),
        ("5.00", "100.00"),
        False,
        False,
    ),
    (
        "SAN-08",
        (
            "电话响铃三声以上无人接听，或同一员工被投诉三次，经查属实",
            "電話響鈴三聲以上無人接聽，或同一員工被投訴三次，經查屬實",
            "telephone rang more than three times unanswered, or three complaints received by one employee, confirmed",
        ),
        EMPLOYEE,
        ("按中心规定", "按中心規定", "by rule of the centre"),
        None,
        False,
        False,
    ),
    (
        "SAN-09",
        (
            "二次投诉或同一类问题重复，已确定责任",
            "二次投訴或同一類問題重複，已確定責任",
            "second complaint or recurrence, attributed",
        ),
        ("部门和个人，分别处罚", "部門和個人，分別處罰", "department and person, separately"),
        BY_CIRCUMSTANCE,
        None,
        True,
        False,
    ),
    (
        "SAN-14",
        (
            "收受客户礼品或好处",
            "收受客戶禮品或好處",
            "gift or advantage taken from a customer",
        ),
        EMPLOYEE,
        BY_CIRCUMSTANCE,
        None,
        True,
        True,
    ),
    (
        "SAN-15",
        (
            "泄露客户资料或商业秘密；暴露或骚扰投诉人",
            "洩露客戶資料或商業秘密；暴露或騷擾投訴人",
            "customer data or business secrets disclosed; a complainant exposed or harassed",
        ),
        EMPLOYEE,
        BY_CIRCUMSTANCE,
        None,
        True,
        True,
    ),
    (
        "SAN-16",
        (
            "违反库存物资管理规定",
            "違反庫存物資管理規定",
            "breach of the stock and material rules",
        ),
        BY_RULE,
        (
            "视情节，由部门提出",
            "視情節，由部門提出",
            "by circumstance, proposed by the department",
        ),
        None,
        True,
        False,
    ),
]


def _texts(three):
    return dict(zip(("zh-Hans", "zh-Hant", "en"), three, strict=True))


def seed(apps, schema_editor):
    """The catalogue and one policy row per violation."""
    violation = apps.get_model("conduct", "Violation")
    policy = apps.get_model("servicecenter", "Policy")
    violation.objects.bulk_create(
        violation(
            code=code,
            ordinal=ordinal,
            sentences=_texts(sentences),
            targets=_texts(targets),
            amounts=_texts(amounts),
            reason_required=reason_required,
            to_inspection=to_inspection,
        )
        for ordinal, (
            code,
            sentences,
            targets,
            amounts,
            _range_,
            reason_required,
            to_inspection,
        ) in enumerate(VIOLATIONS, 1)
    )
    policy.objects.bulk_create(
        policy(
            code="conduct.fine",
            key=code,
            value={"minimum": row[0], "maximum": row[1]} if row else {"minimum": None, "maximum": None},
            version=1,
            valid_from=SINCE,
            reason=code,
        )
        for code, _s, _t, _a, row, _r, _i in VIOLATIONS
    )


class Migration(migrations.Migration):
    dependencies = [("conduct", "0002_guards"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
