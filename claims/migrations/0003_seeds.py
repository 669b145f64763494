"""The liability rules of 2026 as version 2026-1, and the rights of claims in the roles of ORG-03."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

from django.db import migrations

SEED = Path(__file__).resolve().parent.parent / "seeds" / "ruleset.json"
# The rules are older than this system: they hold for every cargo incident that may still come up.
SINCE = date(2020, 1, 1)
AT = datetime(2020, 1, 1, tzinfo=UTC)
# LR-32: the situations without a rule were known when the rules were written down.
GAPS = [
    "U1",
    "U2",
    "U3",
    "U4",
    "U5",
    "U6",
    "DAMAGE_NO_RULE",
    "NOTE_AUTHOR_UNKNOWN",
    "MULTIPLE_SOLE_LIABILITY",
]

VIEW = ["claims.view_claim"]
INSIDE = [*VIEW, "claims.view_liability", "claims.view_voucher", "claims.view_ruleset"]
RIGHTS = {
    "agent": [*VIEW, "claims.open_claim"],
    "adjuster": [
        *INSIDE, "claims.open_claim", "claims.work_claim", "claims.determine_liability", "claims.issue_voucher",
        "claims.reprint_voucher", "claims.edit_ruleset",
    ],
    "supervisor": [
        *INSIDE, "claims.open_claim", "claims.approve_supervisor", "claims.approve_opinion", "claims.reject_claim",
        "claims.void_voucher", "claims.reprint_voucher",
    ],
    "centre_manager": [
        *INSIDE, "claims.open_claim", "claims.approve_supervisor", "claims.approve_centre_manager",
        "claims.approve_opinion", "claims.reject_claim", "claims.void_voucher", "claims.reprint_voucher",
        "claims.override_liability", "claims.decide_objection", "claims.write_off", "claims.publish_ruleset",
    ],
    "management": [
        *INSIDE, "claims.approve_supervisor", "claims.approve_centre_manager", "claims.approve_management",
        "claims.approve_opinion", "claims.override_liability", "claims.decide_objection", "claims.write_off",
    ],
    "finance": [*INSIDE, "claims.approve_finance"],
    "cashier": [*VIEW, "claims.view_voucher", "claims.pay_voucher"],
    "department_manager": VIEW,
    "inspector": [*VIEW, "claims.view_liability", "claims.view_ruleset"],
    "enterprise_management": INSIDE,
    "controller": INSIDE,
    "administrator": INSIDE,
}  # fmt: skip


def forward(apps, schema_editor):
    apps.get_model("claims", "RuleSetVersion").objects.create(
        code="2026-1",
        state="published",
        valid_from=SINCE,
        data=json.loads(SEED.read_text(encoding="utf-8")),
        note="货物交接的相关责任划分",
        gaps=GAPS,
        created_at=AT,
        published_at=AT,
    )
    roles = apps.get_model("organization", "Role").objects
    for code, rights in RIGHTS.items():
        role = roles.filter(code=code).first()
        if role is not None:
            role.rights = [*role.rights, *(right for right in rights if right not in role.rights)]
            role.save(update_fields=["rights"])


def backward(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        # a published version is not deleted: the table goes with the migration before
        cursor.execute("ALTER TABLE claims_rulesetversion DISABLE TRIGGER ruleset_guard")
        cursor.execute("DELETE FROM claims_rulesetversion WHERE code = '2026-1'")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_rulesetversion ENABLE TRIGGER ruleset_guard")
    for role in apps.get_model("organization", "Role").objects.all():
        role.rights = [right for right in role.rights if not right.startswith("claims.")]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0002_guards"), ("organization", "0003_seeds")]
    operations = [migrations.RunPython(forward, backward)]
