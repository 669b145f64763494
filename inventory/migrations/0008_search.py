"""Papers of the stock are found by the last four of their number, suppliers and warehouses by pinyin (D11)."""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("inventory", "0007_item_request_guards")]
    operations = [
        migrations.AddIndex(
            model_name="document", index=models.Index(Right("number", 4), name="stockdoc_last_four")
        ),
        migrations.AddIndex(
            model_name="transfer", index=models.Index(Right("number", 4), name="transfer_last_four")
        ),
        migrations.AddField(
            model_name="supplier",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
        migrations.AddField(
            model_name="warehouse",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
    ]
