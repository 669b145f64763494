"""What suppliers and warehouses are found by, for those that were there before (D11)."""

from django.db import migrations

from servicecenter.search import fold, searchable


def rebuild(apps, schema_editor):
    suppliers, warehouses = apps.get_model("inventory", "Supplier"), apps.get_model("inventory", "Warehouse")
    for row in suppliers.objects.only("name"):
        suppliers.objects.filter(pk=row.pk).update(search_text=searchable(row.name))
    for row in warehouses.objects.only("names"):
        text = fold(" ".join([*row.names.values(), searchable(row.names.get("zh-Hans", ""))]))
        warehouses.objects.filter(pk=row.pk).update(search_text=text)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0008_search")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
