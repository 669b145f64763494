"""Seeded policies: dormant after 90 days (CUS-04), what each tier brings (CUS-13)."""

from datetime import UTC, datetime

from django.db import migrations

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
TIERS = {
    "A": (
        3,
        "一客一案；优先调度、保证交期；全程跟踪并及时反馈；定期巡访；售后跟进",
        "一客一案；優先調度、保證交期；全程跟蹤並及時反饋；定期巡訪；售後跟進",
        "individual service plan; dispatch first, delivery date kept; tracking with prompt feedback; regular visits; after-sales follow-up",
    ),
    "B": (
        6,
        "快速反馈；调度、交货准时；定期服务跟进",
        "快速反饋；調度、交貨準時；定期服務跟進",
        "fast feedback; dispatch and delivery on time; regular service follow-up",
    ),
    "C": (
        12,
        "标准服务；安全、及时调度；投诉及时处理",
        "標準服務；安全、及時調度；投訴及時處理",
        "standard service; safe and timely dispatch; complaints handled in time",
    ),
    "D": (
        0,
        "标准服务，必要时按需调整；准时调度；投诉及时处理",
        "標準服務，必要時按需調整；準時調度；投訴及時處理",
        "standard service, tailored where needed; dispatch on time; complaints handled in time",
    ),
}


def seed(apps, schema_editor):
    """One row of the standing policy, one per tier."""
    policy = apps.get_model("servicecenter", "Policy")
    rows = [("customers.standing", "", {"dormant_after_days": 90}, "CUS-04")]
    for tier, (months, simplified, traditional, english) in TIERS.items():
        standard = {"zh-Hans": simplified, "zh-Hant": traditional, "en": english}
        rows.append(
            (
                "customers.tier_service",
                f"tier={tier}",
                {"standard": standard, "visit_months": months},
                "CUS-13",
            )
        )
    policy.objects.bulk_create(
        policy(code=code, key=key, value=value, version=1, valid_from=SINCE, reason=reason)
        for code, key, value, reason in rows
    )


class Migration(migrations.Migration):
    dependencies = [("customers", "0002_guards"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
