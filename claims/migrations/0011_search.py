"""Claims are found by their last four figures, vouchers by the payee's name however it is written (D11)."""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("claims", "0010_found_guards")]
    operations = [
        migrations.AddIndex(
            model_name="claim", index=models.Index(Right("number", 4), name="claim_last_four")
        ),
        migrations.AddField(
            model_name="voucher",
            name="search_text",
            field=models.TextField(default="", editable=False),
        ),
    ]
