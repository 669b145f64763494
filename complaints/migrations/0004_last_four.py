"""The last four of the caller's telephone are found by an index of their own (D11)."""

from django.db import migrations, models
from django.db.models.functions import Right


class Migration(migrations.Migration):
    dependencies = [("complaints", "0003_seeds")]
    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(Right("caller_telephone", 4), name="complaint_last_four"),
        ),
    ]
