"""The rights of reports and boards in the roles of ORG-03 (chapter 06, for whom each report is)."""

from django.db import migrations

COMPLAINTS, CONDUCT = "reports.view_complaint_report", "reports.view_conduct_report"
CLAIMS, QUALITY = "reports.view_claims_report", "reports.view_quality_report"
ALL = [COMPLAINTS, CONDUCT, CLAIMS, QUALITY]
MAKE = "reports.make_report"
BOARD, MANAGEMENT_BOARD = "reports.view_board", "reports.view_management_board"
CLAIMS_BOARD, STOCK_BOARD = "reports.view_claims_board", "reports.view_stock_board"
BOARDS = [BOARD, MANAGEMENT_BOARD, CLAIMS_BOARD, STOCK_BOARD]
RIGHTS = {
    "supervisor": [*ALL, MAKE, BOARD, CLAIMS_BOARD],
    "centre_manager": [*ALL, MAKE, BOARD, MANAGEMENT_BOARD, CLAIMS_BOARD],
    "inspector": [COMPLAINTS, CONDUCT, MAKE, BOARD],
    "adjuster": [CLAIMS, MAKE, CLAIMS_BOARD],
    "finance": [CLAIMS, CLAIMS_BOARD],
    "department_manager": [COMPLAINTS, CONDUCT],
    "management": [*ALL, MAKE, *BOARDS],
    "enterprise_management": [*ALL, BOARD, MANAGEMENT_BOARD, CLAIMS_BOARD],
    "controller": [*ALL, *BOARDS],
    "administrator": [*ALL, MAKE, *BOARDS],
    "storekeeper": [STOCK_BOARD],
    "site_representative": [STOCK_BOARD],
    "stock_accountant": [STOCK_BOARD],
    "stock_planner": [STOCK_BOARD],
    "business_management_accountant": [STOCK_BOARD],
    "business_management_planner": [STOCK_BOARD],
}


def forward(apps, schema_editor):
    roles = apps.get_model("organization", "Role").objects
    for code, rights in RIGHTS.items():
        role = roles.filter(code=code).first()
        if role is not None:
            role.rights = [*role.rights, *(right for right in rights if right not in role.rights)]
            role.save(update_fields=["rights"])


def backward(apps, schema_editor):
    for role in apps.get_model("organization", "Role").objects.all():
        role.rights = [right for right in role.rights if not right.startswith("reports.")]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_guards"), ("organization", "0003_seeds")]
    operations = [migrations.RunPython(forward, backward)]
