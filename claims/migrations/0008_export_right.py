"""Who may take lists of claims and vouchers away as files (PRV-04)."""

from django.db import migrations

RIGHT = "claims.export_claims"
ROLES = ["adjuster", "supervisor", "centre_manager", "finance"]


def grant(apps, schema_editor):
    for role in apps.get_model("organization", "Role").objects.filter(code__in=ROLES):
        if RIGHT not in role.rights:
            role.rights = [*role.rights, RIGHT]
            role.save(update_fields=["rights"])


def revoke(apps, schema_editor):
    for role in apps.get_model("organization", "Role").objects.filter(rights__contains=[RIGHT]):
        role.rights = [right for right in role.rights if right != RIGHT]
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0007_recovery_guards"), ("organization", "0003_seeds")]
    operations = [migrations.RunPython(grant, revoke)]
