"""The table of categories for the database's guard (LED-13), and the roles' rights in the stock (INV-01 to INV-05)."""

from django.db import migrations

from inventory.domain import categories

VIEW = ["inventory.view_stock"]
VIEW_ALL = [*VIEW, "inventory.view_all_stock"]
RIGHTS = {
    "storekeeper": [*VIEW, "inventory.draft_for_site"],
    "site_representative": VIEW,
    "stock_accountant": [
        *VIEW_ALL,
        "inventory.draft_document",
        "inventory.audit_document",
        "inventory.draft_transfer",
        "inventory.audit_transfer",
        "inventory.backdate",
        "inventory.edit_suppliers",
        "inventory.import_opening",
        "servicecenter.export",
    ],
    "stock_planner": [*VIEW_ALL, "servicecenter.export"],
    "department_supervisor": VIEW,
    "department_manager": [*VIEW, "inventory.approve_document"],
    "business_management_accountant": [
        *VIEW_ALL,
        "inventory.draft_document",
        "inventory.audit_document",
        "inventory.draft_transfer",
        "inventory.audit_transfer",
        "inventory.plan_transfer",
        "inventory.backdate",
        "inventory.edit_items",
        "inventory.edit_suppliers",
        "inventory.edit_warehouses",
        "inventory.import_opening",
        "inventory.close_period",
        "inventory.reopen_period",
        "servicecenter.export",
        "servicecenter.view_trail",
    ],
    "business_management_planner": [*VIEW_ALL, "inventory.plan_transfer", "servicecenter.export"],
    "production_planner": VIEW_ALL,
    "purchaser": VIEW_ALL,
    "management": VIEW_ALL,
    "controller": VIEW_ALL,
    "administrator": [*VIEW_ALL, "inventory.edit_warehouses"],
}


def seed(apps, schema_editor):
    """Fill the guard's table from the one declarative table, and give the roles their rights."""
    rule = apps.get_model("inventory", "CategoryRule")
    names = ("category", "warehouse_kind", "direction", "colour", "is_transfer")
    rule.objects.bulk_create(rule(**dict(zip(names, row, strict=True))) for row in categories.rows())
    for role in apps.get_model("organization", "Role").objects.filter(code__in=RIGHTS):
        role.rights = sorted({*role.rights, *RIGHTS[role.code]})
        role.save(update_fields=["rights"])


def unseed(apps, schema_editor):
    """Take the rights away again."""
    for role in apps.get_model("organization", "Role").objects.all():
        role.rights = [right for right in role.rights if not right.startswith("inventory.")]
        role.save(update_fields=["rights"])
    apps.get_model("inventory", "CategoryRule").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_guards"), ("organization", "0003_seeds")]
    operations = [migrations.RunPython(seed, unseed)]
