"""The clocks of claims (CLM-03, CLM-11, CLM-14)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0003_seeds"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="clock",
            name="clock_kind",
        ),
        migrations.AlterField(
            model_name="clock",
            name="kind",
            field=models.CharField(
                choices=[
                    ("first_response", "first response"),
                    ("report_upward", "report upward"),
                    ("supervisor_takes", "supervisor takes over"),
                    ("statement", "statement"),
                    ("resolution", "resolution"),
                    ("quotation", "quotation"),
                    ("follow_up", "follow-up"),
                    ("routing", "routing"),
                    ("answer", "department's answer"),
                    ("waiting", "waiting for customer"),
                    ("suspected", "suspected service incident"),
                    ("approval", "approval"),
                    ("outside", "outside deadline"),
                    ("corrective", "corrective action"),
                    ("claim_acknowledge", "taking the claim"),
                    ("claim_answer", "answer to the claimant"),
                    ("claim_reply", "claimant's reply"),
                    ("claim_payment", "payment"),
                    ("claim_evidence", "evidence asked for"),
                    ("claim_insurer", "notice to the insurer"),
                ],
                max_length=20,
                verbose_name="clock",
            ),
        ),
        migrations.AddConstraint(
            model_name="clock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "first_response",
                            "report_upward",
                            "supervisor_takes",
                            "statement",
                            "resolution",
                            "quotation",
                            "follow_up",
                            "routing",
                            "answer",
                            "waiting",
                            "suspected",
                            "approval",
                            "outside",
                            "corrective",
                            "claim_acknowledge",
                            "claim_answer",
                            "claim_reply",
                            "claim_payment",
                            "claim_evidence",
                            "claim_insurer",
                        ],
                    )
                ),
                name="clock_kind",
            ),
        ),
    ]
