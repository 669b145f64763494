"""The papers of a claim as they come in; what each kind of claim needs, as policy rows (CLM-01, CLM-02)."""

from datetime import UTC, datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# Valid since before any claim, so that imported history finds its list.
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
REASON = "default of the rules of the house"
APPROVAL = ["waybill_copy", "claim_letter", "value_proof"]
KINDS = {"damage": [*APPROVAL, "photographs"], "shortage": APPROVAL, "loss": APPROVAL}


def seed(apps, schema_editor):
    """One first version per kind; a database that has some already keeps them."""
    Policy = apps.get_model("servicecenter", "Policy")
    Policy.objects.bulk_create(
        [
            Policy(
                code="claims.papers",
                key=kind,
                value={"assess": ["incident_report"], "request_approval": papers, "close": ["release"]},
                version=1,
                valid_from=SINCE,
                reason=REASON,
            )
            for kind, papers in KINDS.items()
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0004_clocks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ClaimPaper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "paper",
                    models.CharField(
                        choices=[
                            ("incident_report", "incident report"),
                            ("waybill_copy", "copy of the waybill"),
                            ("claim_letter", "claimant's letter"),
                            ("value_proof", "proof of the value"),
                            ("photographs", "photographs of the damage"),
                            ("inspection", "inspection report"),
                            ("identity", "copy of the identity card"),
                            ("release", "release agreement, signed"),
                            ("assignment", "assignment of rights, signed"),
                            ("salvage", "salvage receipt, signed"),
                        ],
                        max_length=16,
                        verbose_name="paper",
                    ),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="note")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="claims.claim",
                        verbose_name="claim",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="received by",
                    ),
                ),
            ],
            options={
                "verbose_name": "paper of a claim",
                "verbose_name_plural": "papers of a claim",
                "constraints": [
                    models.UniqueConstraint(fields=("claim", "paper"), name="claim_paper_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "paper__in",
                                [
                                    "incident_report",
                                    "waybill_copy",
                                    "claim_letter",
                                    "value_proof",
                                    "photographs",
                                    "inspection",
                                    "identity",
                                    "release",
                                    "assignment",
                                    "salvage",
                                ],
                            )
                        ),
                        name="claim_paper_kinds",
                    ),
                ],
            },
        ),
        # Policies are append-only: going back leaves the rows, which nothing reads then.
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
