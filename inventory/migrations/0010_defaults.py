"""Code of the version before writes suppliers and warehouses without what was added: the database has a default."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_search_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="supplier",
            name="search_text",
            field=models.TextField(db_default="", default="", editable=False),
        ),
        migrations.AlterField(
            model_name="warehouse",
            name="search_text",
            field=models.TextField(db_default="", default="", editable=False),
        ),
    ]
