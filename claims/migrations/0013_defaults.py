"""Code of the version before writes claims and vouchers without what was added: the database has defaults (fault 27)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0012_search_texts"),
    ]

    operations = [
        migrations.AlterField(
            model_name="claim",
            name="profile",
            field=models.CharField(
                choices=[
                    ("CN-LTL", "road freight, part loads"),
                    ("CN-EXPRESS", "express parcels"),
                    ("US-CARMACK", "United States, Carmack"),
                ],
                db_default="CN-LTL",
                default="CN-LTL",
                max_length=20,
                verbose_name="terms",
            ),
        ),
        migrations.AlterField(
            model_name="voucher",
            name="search_text",
            field=models.TextField(db_default="", default="", editable=False),
        ),
    ]
