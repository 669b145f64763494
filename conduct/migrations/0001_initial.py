import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import servicecenter.i18n
import servicecenter.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("servicecenter", "0002_guards"),
        ("organization", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Violation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="rule")),
                ("ordinal", models.PositiveSmallIntegerField(unique=True, verbose_name="order")),
                ("sentences", servicecenter.i18n.LocalizedField(verbose_name="violation")),
                ("targets", servicecenter.i18n.LocalizedField(verbose_name="who is sanctioned")),
                ("amounts", servicecenter.i18n.LocalizedField(verbose_name="amount")),
                ("reason_required", models.BooleanField(default=False, verbose_name="reason required")),
                ("to_inspection", models.BooleanField(default=False, verbose_name="goes to inspection")),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="no longer used from")),
            ],
            options={
                "verbose_name": "violation",
                "verbose_name_plural": "violations",
            },
        ),
        migrations.CreateModel(
            name="MeritDisqualification",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(verbose_name="month")),
                ("source_kind", models.CharField(max_length=60, verbose_name="kind of source")),
                ("source_id", models.BigIntegerField(verbose_name="source")),
                ("source_number", models.CharField(max_length=40, verbose_name="source number")),
                ("created_at", models.DateTimeField(verbose_name="since")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="reason of the withdrawal"
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "target_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disqualifications",
                        to="organization.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "target_employee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disqualifications",
                        to="organization.employee",
                        verbose_name="person",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
            ],
            options={
                "verbose_name": "merit disqualification",
                "verbose_name_plural": "merit disqualifications",
                "indexes": [
                    models.Index(fields=["month", "id"], name="disqualification_month"),
                    models.Index(fields=["source_kind", "source_id"], name="disqualification_source"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("target_department", None), ("target_employee__isnull", False)),
                            models.Q(("target_department__isnull", False), ("target_employee", None)),
                            _connector="OR",
                        ),
                        name="disqualification_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="disqualification_month_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("withdrawn_at", None), ("withdrawn_by", None), ("withdrawn_reason", "")
                            ),
                            models.Q(
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="disqualification_withdrawn",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("target_employee", "target_department", "month", "source_kind", "source_id"),
                        name="disqualification_once",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MeritIssue",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField(unique=True, verbose_name="month")),
                (
                    "issued_at",
                    models.DateTimeField(
                        db_default=servicecenter.models.ClockTimestamp(), verbose_name="issued at"
                    ),
                ),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="issued by",
                    ),
                ),
            ],
            options={
                "verbose_name": "issued merit list",
                "verbose_name_plural": "issued merit lists",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="merit_issue_month_first"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Sanction",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="sanction number")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "proposed"),
                            ("confirmed", "confirmed"),
                            ("settled", "carried out"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("source_kind", models.CharField(max_length=60, verbose_name="kind of source")),
                ("source_id", models.BigIntegerField(verbose_name="source")),
                ("source_number", models.CharField(max_length=40, verbose_name="source number")),
                ("source_confirmed", models.BooleanField(default=False, verbose_name="source confirmed")),
                (
                    "measure",
                    models.CharField(
                        choices=[
                            ("undecided", "not decided yet"),
                            ("fine", "fine"),
                            ("warning", "formal warning"),
                            ("criticism", "notice of criticism"),
                        ],
                        default="undecided",
                        max_length=10,
                        verbose_name="measure",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="amount"
                    ),
                ),
                ("month", models.DateField(verbose_name="counts in month")),
                ("reason", models.CharField(blank=True, default="", max_length=300, verbose_name="reason")),
                (
                    "range_reason",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=300,
                        verbose_name="reason for an amount outside the range",
                    ),
                ),
                (
                    "additional_reason",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=300,
                        verbose_name="reason for a further sanction in the same event",
                    ),
                ),
                ("proposed_at", models.DateTimeField(verbose_name="proposed at")),
                ("amount_set_at", models.DateTimeField(blank=True, null=True, verbose_name="amount set at")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="confirmed at")),
                ("settled_at", models.DateTimeField(blank=True, null=True, verbose_name="carried out at")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at")),
                (
                    "withdrawn_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="reason of the withdrawal"
                    ),
                ),
                (
                    "amount_set_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="amount set by",
                    ),
                ),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="confirmed by",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="proposed by",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="carried out by",
                    ),
                ),
                (
                    "target_department",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="organization.department",
                        verbose_name="department",
                    ),
                ),
                (
                    "target_employee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="organization.employee",
                        verbose_name="person",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="withdrawn by",
                    ),
                ),
                (
                    "violation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sanctions",
                        to="conduct.violation",
                        verbose_name="violation",
                    ),
                ),
            ],
            options={
                "verbose_name": "sanction",
                "verbose_name_plural": "sanctions",
                "indexes": [
                    models.Index(fields=["-proposed_at", "-id"], name="sanction_newest"),
                    models.Index(
                        condition=models.Q(("state", "proposed")),
                        fields=["-proposed_at", "-id"],
                        name="sanction_waiting",
                    ),
                    models.Index(fields=["source_kind", "source_id"], name="sanction_source"),
                    models.Index(fields=["month", "target_department"], name="sanction_month"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("target_employee__isnull", False),
                            ("target_department__isnull", False),
                            _connector="OR",
                        ),
                        name="sanction_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("month__day", 1)), name="sanction_month_first"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed", "settled", "withdrawn"])),
                        name="sanction_states",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("measure__in", ["undecided", "fine", "warning", "criticism"])),
                        name="sanction_measures",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("amount__gt", 0), ("amount__isnull", False), ("measure", "fine")),
                            models.Q(models.Q(("measure", "fine"), _negated=True), ("amount", None)),
                            _connector="OR",
                        ),
                        name="sanction_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("amount_set_at", None), ("amount_set_by", None), ("measure", "undecided")
                            ),
                            models.Q(
                                models.Q(("measure", "undecided"), _negated=True),
                                ("amount_set_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="sanction_amount_setter",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at", None), ("confirmed_by", None), ("state", "proposed")),
                            ("state", "withdrawn"),
                            models.Q(
                                ("confirmed_at__isnull", False),
                                ("confirmed_by__isnull", False),
                                ("source_confirmed", True),
                                ("state__in", ["confirmed", "settled"]),
                                models.Q(("measure", "undecided"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="sanction_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmed_by", None),
                            models.Q(
                                models.Q(
                                    ("proposed_by", None),
                                    models.Q(("confirmed_by", models.F("proposed_by")), _negated=True),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("amount_set_by", None),
                                    models.Q(("confirmed_by", models.F("amount_set_by")), _negated=True),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="sanction_four_eyes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("settled_at__isnull", False), ("state", "settled")),
                            models.Q(
                                models.Q(("state", "settled"), _negated=True),
                                ("settled_at", None),
                                ("settled_by", None),
                            ),
                            _connector="OR",
                        ),
                        name="sanction_settled",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"),
                                ("withdrawn_at__isnull", False),
                                models.Q(("withdrawn_reason", ""), _negated=True),
                            ),
                            models.Q(
                                models.Q(("state", "withdrawn"), _negated=True),
                                ("withdrawn_at", None),
                                ("withdrawn_by", None),
                                ("withdrawn_reason", ""),
                            ),
                            _connector="OR",
                        ),
                        name="sanction_withdrawn",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(
                            models.Q(("state", "withdrawn"), _negated=True), ("additional_reason", "")
                        ),
                        fields=("source_kind", "source_id", "target_employee", "target_department"),
                        name="sanction_one_per_event",
                        nulls_distinct=False,
                    ),
                ],
            },
        ),
    ]
