"""Requests for evidence, results, insurers, salvage, money from outside, instalments, settlements without a claim."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("claims", "0005_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "fact",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("kind", "what happened"),
                            ("position", "where the goods are"),
                            ("copy_1", "waybill copy 1"),
                            ("copy_2", "waybill copy 2"),
                            ("copy_3", "waybill copy 3"),
                            ("copy_4", "waybill copy 4"),
                            ("noter", "who wrote the private note"),
                            ("refused", "next link refused the goods"),
                            ("slip", "separate slip written"),
                            ("driver_record", "driver's loading record"),
                            ("loader_record", "loader's loading record"),
                            ("entered", "entered in the computer"),
                            ("system_up", "computer system normal"),
                            ("notice", "delivery notice"),
                            ("loader_signature", "loader's signature"),
                            ("off_post", "left the post, which caused it"),
                            ("swapped_post", "worked at another's post, which caused it"),
                            ("return_label_covered", "abnormal return, outward label covered"),
                            ("traffic_or_theft", "traffic accident or theft"),
                            ("waybill_qty", "pieces by the waybill"),
                            ("driver_qty", "pieces by the driver"),
                            ("loader_qty", "pieces by the loader"),
                            ("received_qty", "pieces received"),
                        ],
                        default="",
                        max_length=24,
                        verbose_name="fact",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="what is asked")),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("due_at", models.DateTimeField(verbose_name="due")),
                ("answer", models.CharField(blank=True, default="", max_length=2000, verbose_name="answer")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="answered at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back at")),
            ],
            options={
                "verbose_name": "request for evidence",
                "verbose_name_plural": "requests for evidence",
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("planned_at", models.DateTimeField(verbose_name="planned at")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="replaced at")),
            ],
            options={
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "ordering": ["share_id", "month"],
            },
        ),
        migrations.CreateModel(
            name="Insurance",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("insurer", models.CharField(max_length=80, verbose_name="insurer")),
                (
                    "policy_number",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="insurance policy no."
                    ),
                ),
                ("named_at", models.DateTimeField(verbose_name="named at")),
                ("told_at", models.DateTimeField(blank=True, null=True, verbose_name="insurer told at")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=60, verbose_name="insurer's reference"
                    ),
                ),
            ],
            options={
                "verbose_name": "insurance",
                "verbose_name_plural": "insurances",
            },
        ),
        migrations.CreateModel(
            name="InvestigationResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=2000, verbose_name="result")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("supervisor", "supervisor"),
                            ("centre_manager", "centre manager"),
                            ("management", "management"),
                            ("finance", "finance"),
                        ],
                        max_length=16,
                        verbose_name="confirmed by the level",
                    ),
                ),
                ("reported_at", models.DateTimeField(verbose_name="reported at")),
                ("confirmed", models.BooleanField(blank=True, null=True, verbose_name="confirmed")),
                ("remark", models.CharField(blank=True, default="", max_length=300, verbose_name="remark")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="decided at")),
            ],
            options={
                "verbose_name": "result of the investigation",
                "verbose_name_plural": "results of investigations",
                "ordering": ["claim_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="OutsideRecovery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("insurer", "insurer"), ("salvage", "salvage"), ("other", "third party")],
                        max_length=10,
                        verbose_name="from",
                    ),
                ),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="note")),
                ("received_at", models.DateTimeField(verbose_name="received at")),
            ],
            options={
                "verbose_name": "recovery from outside",
                "verbose_name_plural": "recoveries from outside",
                "ordering": ["claim_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="OwnSettlement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("settled_on", models.DateField(verbose_name="settled on")),
                (
                    "settled_by",
                    models.CharField(
                        choices=[
                            ("branch", "branch"),
                            ("market", "market"),
                            ("driver", "driver"),
                            ("loader", "loader"),
                        ],
                        max_length=10,
                        verbose_name="settled by",
                    ),
                ),
                ("person", models.CharField(blank=True, default="", max_length=60, verbose_name="person")),
                ("amount", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount")),
                ("agreed_by", models.CharField(max_length=60, verbose_name="agreed by")),
                ("note", models.CharField(blank=True, default="", max_length=300, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "settlement without a claim",
                "verbose_name_plural": "settlements without a claim",
            },
        ),
        migrations.CreateModel(
            name="Salvage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "keeper",
                    models.CharField(
                        choices=[
                            ("customer", "the claimant"),
                            ("company", "the company"),
                            ("insurer", "the insurer"),
                        ],
                        max_length=10,
                        verbose_name="who keeps the salvage",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=14, verbose_name="value")),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="note")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "salvage",
                "verbose_name_plural": "salvages",
            },
        ),
        migrations.RemoveConstraint(
            model_name="liabilityentry",
            name="entry_kinds",
        ),
        migrations.RemoveConstraint(
            model_name="liabilityentry",
            name="entry_sign",
        ),
        migrations.AlterField(
            model_name="liabilityentry",
            name="kind",
            field=models.CharField(
                choices=[
                    ("charge", "charged"),
                    ("reversal", "reversed"),
                    ("recovery", "recovered"),
                    ("write_off", "written off"),
                    ("refund", "to be paid back"),
                    ("write_back", "no longer to be written off"),
                ],
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["charge", "reversal", "recovery", "write_off", "refund", "write_back"])
                ),
                name="entry_kinds",
            ),
        ),
        migrations.AddConstraint(
            model_name="liabilityentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("amount__gte", 0), ("kind__in", ["charge", "refund", "write_back"])),
                    models.Q(
                        models.Q(("kind__in", ["charge", "refund", "write_back"]), _negated=True),
                        ("amount__lte", 0),
                    ),
                    _connector="OR",
                ),
                name="entry_sign",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="asked_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="asked by",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="requests",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.department",
                verbose_name="department asked",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="taken back by",
            ),
        ),
        migrations.AddField(
            model_name="instalment",
            name="planned_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="planned by",
            ),
        ),
        migrations.AddField(
            model_name="instalment",
            name="share",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instalments",
                to="claims.share",
                verbose_name="share",
            ),
        ),
        migrations.AddField(
            model_name="insurance",
            name="claim",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="insurance",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="insurance",
            name="named_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="named by",
            ),
        ),
        migrations.AddField(
            model_name="insurance",
            name="told_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="insurer told by",
            ),
        ),
        migrations.AddField(
            model_name="investigationresult",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="results",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="investigationresult",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="decided by",
            ),
        ),
        migrations.AddField(
            model_name="investigationresult",
            name="reported_by",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reported by",
            ),
        ),
        migrations.AddField(
            model_name="outsiderecovery",
            name="claim",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="outside",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="outsiderecovery",
            name="received_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="ownsettlement",
            name="department",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organization.department",
                verbose_name="branch or market",
            ),
        ),
        migrations.AddField(
            model_name="ownsettlement",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="ownsettlement",
            name="waybill",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="own_settlements",
                to="customers.waybill",
                verbose_name="waybill",
            ),
        ),
        migrations.AddField(
            model_name="salvage",
            name="claim",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="salvage",
                to="claims.claim",
                verbose_name="claim",
            ),
        ),
        migrations.AddField(
            model_name="salvage",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencerequest",
            index=models.Index(
                condition=models.Q(("answered_at", None), ("withdrawn_at", None)),
                fields=["department", "due_at", "id"],
                name="evidence_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("text", ""), _negated=True), ("due_at__gt", models.F("asked_at"))
                ),
                name="evidence_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("answered_by__isnull", False),
                        ("withdrawn_at", None),
                        models.Q(("answer", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="evidence_answered",
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_withdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("replaced_at", None)),
                fields=("share", "month"),
                name="instalment_once_a_month",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="instalment_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("month__day", 1)), name="instalment_of_a_month"
            ),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(("insurer", ""), _negated=True), name="insurance_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="insurance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reference", ""), ("told_at", None), ("told_by", None)),
                    models.Q(("told_at__isnull", False), ("told_by__isnull", False)),
                    _connector="OR",
                ),
                name="insurance_told",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationresult",
            constraint=models.UniqueConstraint(
                condition=models.Q(("decided_at", None)), fields=("claim",), name="result_one_open"
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["supervisor", "centre_manager", "management", "finance"])),
                name="result_levels",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed", None), ("decided_at", None), ("decided_by", None)),
                    models.Q(
                        ("confirmed__isnull", False),
                        ("decided_at__isnull", False),
                        ("decided_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="result_decided",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by", None),
                    models.Q(("decided_by", models.F("reported_by")), _negated=True),
                    _connector="OR",
                ),
                name="result_four_eyes",
            ),
        ),
        migrations.AddConstraint(
            model_name="investigationresult",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed", False), _negated=True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="result_returned_with_a_remark",
            ),
        ),
        migrations.AddConstraint(
            model_name="outsiderecovery",
            constraint=models.CheckConstraint(condition=models.Q(("amount__gt", 0)), name="outside_amount"),
        ),
        migrations.AddConstraint(
            model_name="outsiderecovery",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["insurer", "salvage", "other"])), name="outside_sources"
            ),
        ),
        migrations.AddIndex(
            model_name="ownsettlement",
            index=models.Index(fields=["-settled_on", "-id"], name="own_settlement_newest"),
        ),
        migrations.AddConstraint(
            model_name="ownsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gte", 0)), name="own_settlement_amount"
            ),
        ),
        migrations.AddConstraint(
            model_name="ownsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(("settled_by__in", ["branch", "market", "driver", "loader"])),
                name="own_settlement_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="ownsettlement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_by", ""), _negated=True),
                    models.Q(
                        models.Q(("settled_by__in", ["driver", "loader"]), _negated=True),
                        models.Q(("person", ""), _negated=True),
                        _connector="OR",
                    ),
                ),
                name="own_settlement_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="salvage",
            constraint=models.CheckConstraint(condition=models.Q(("value__gte", 0)), name="salvage_value"),
        ),
        migrations.AddConstraint(
            model_name="salvage",
            constraint=models.CheckConstraint(
                condition=models.Q(("keeper__in", ["customer", "company", "insurer"])), name="salvage_keepers"
            ),
        ),
    ]
