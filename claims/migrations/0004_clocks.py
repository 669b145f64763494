"""Whose terms hold for a claim, and since when its claimant has the word (CLM-14); two more profiles as policy rows."""

from datetime import UTC, datetime

from django.db import migrations, models

# Valid since before any claim, so that imported history finds its terms.
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
REASON = "default of the rules of the house"
PROFILES = {
    "CN-EXPRESS": {
        "counted": "calendar", "acknowledge_days": 1, "answer_days_simple": 7, "answer_days_serious": 7, "pay_days": 7,
    },
    "US-CARMACK": {
        "counted": "calendar", "acknowledge_days": 30, "answer_days_simple": 120, "answer_days_serious": 120,
        "pay_days": 60,
    },
}  # fmt: skip


def seed(apps, schema_editor):
    """One first version per profile; a database that has some already keeps them."""
    Policy = apps.get_model("servicecenter", "Policy")
    Policy.objects.bulk_create(
        [
            Policy(code="claims.handling", key=key, value=value, version=1, valid_from=SINCE, reason=REASON)
            for key, value in PROFILES.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0003_seeds"),
        ("deadlines", "0004_claim_clocks"),
    ]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="answered_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="answered at"),
        ),
        migrations.AddField(
            model_name="claim",
            name="profile",
            field=models.CharField(
                choices=[
                    ("CN-LTL", "road freight, part loads"),
                    ("CN-EXPRESS", "express parcels"),
                    ("US-CARMACK", "United States, Carmack"),
                ],
                default="CN-LTL",
                max_length=20,
                verbose_name="terms",
            ),
        ),
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=models.Q(("profile__in", ["CN-LTL", "CN-EXPRESS", "US-CARMACK"])),
                name="claim_profiles",
            ),
        ),
        # Policies are append-only: going back leaves the rows, which nothing reads then.
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
