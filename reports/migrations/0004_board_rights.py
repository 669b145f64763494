"""Heads of departments see the board of their own departments (RPT-20)."""

from typing import Any

from django.db import migrations

ROLES = ("department_manager", "department_supervisor", "business_manager")
BOARD = "reports.view_board"


def give(apps: Any, schema_editor: Any) -> None:
    """Add the right where it is missing."""
    for role in apps.get_model("organization", "Role").objects.filter(code__in=ROLES):
        if BOARD not in role.rights:
            role.rights = [*role.rights, BOARD]
            role.save(update_fields=["rights"])


def take(apps: Any, schema_editor: Any) -> None:
    """Take it away again."""
    for role in apps.get_model("organization", "Role").objects.filter(code__in=ROLES):
        role.rights = [right for right in role.rights if right != BOARD]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("reports", "0003_seeds")]
    operations = [migrations.RunPython(give, take)]
