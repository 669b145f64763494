import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models

import servicecenter.models
import servicecenter.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("servicecenter", "0002_guards"),
        ("organization", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Customer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="customer number")),
                (
                    "kind",
                    models.CharField(
                        choices=[("company", "company"), ("person", "person")],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="customer's name")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                (
                    "tier",
                    models.CharField(
                        blank=True,
                        choices=[("A", "A"), ("B", "B"), ("C", "C"), ("D", "D")],
                        default="",
                        max_length=1,
                        verbose_name="tier",
                    ),
                ),
                ("tier_since", models.DateField(blank=True, null=True, verbose_name="tier since")),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("prospect", "prospect"),
                            ("active", "active"),
                            ("dormant", "dormant"),
                            ("closed", "file closed"),
                        ],
                        default="prospect",
                        max_length=10,
                        verbose_name="standing",
                    ),
                ),
                ("last_shipped_on", models.DateField(blank=True, null=True, verbose_name="last shipped on")),
                ("region", models.CharField(blank=True, default="", max_length=60, verbose_name="region")),
                ("trade", models.CharField(blank=True, default="", max_length=60, verbose_name="trade")),
                (
                    "difficult_mark",
                    models.CharField(
                        choices=[
                            ("none", "none"),
                            ("marked", "marked, not yet confirmed"),
                            ("confirmed", "difficult customer"),
                        ],
                        default="none",
                        max_length=10,
                        verbose_name="difficult customer",
                    ),
                ),
                (
                    "difficult_reason",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="reason of the mark"
                    ),
                ),
                ("marked_at", models.DateTimeField(blank=True, null=True, verbose_name="marked at")),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="mark confirmed at"),
                ),
                (
                    "credit_note",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="credit"),
                ),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=servicecenter.search.Bigrams("search_text"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(verbose_name="registered at")),
                (
                    "account_manager",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="customers",
                        to="organization.employee",
                        verbose_name="account manager",
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
                        verbose_name="mark confirmed by",
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
                        verbose_name="registered by",
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="marked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
            },
        ),
        migrations.CreateModel(
            name="ContactPerson",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "role_title",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="position"),
                ),
                (
                    "is_finance",
                    models.BooleanField(default=False, verbose_name="finance: may be told about money"),
                ),
                ("note", models.CharField(blank=True, default="", max_length=200, verbose_name="note")),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contact_people",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact person",
                "verbose_name_plural": "contact people",
            },
        ),
        migrations.CreateModel(
            name="Consent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "handling of waybills and complaints"),
                            ("notices", "service notices"),
                            ("surveys", "surveys and visits"),
                            ("marketing", "offers"),
                        ],
                        max_length=12,
                        verbose_name="purpose",
                    ),
                ),
                ("given_on", models.DateField(verbose_name="given on")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "means",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="how it was given"),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="consents",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
            },
        ),
        migrations.CreateModel(
            name="Address",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(blank=True, default="", max_length=30, verbose_name="label")),
                ("text", models.CharField(max_length=200, verbose_name="address")),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="addresses",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
            },
        ),
        migrations.CreateModel(
            name="Telephone",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, verbose_name="telephone number")),
                (
                    "extension",
                    models.CharField(blank=True, default="", max_length=8, verbose_name="extension"),
                ),
                ("label", models.CharField(blank=True, default="", max_length=30, verbose_name="label")),
                (
                    "contact_person",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="telephones",
                        to="customers.contactperson",
                        verbose_name="contact person",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="telephones",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "telephone number",
                "verbose_name_plural": "telephone numbers",
            },
        ),
        migrations.CreateModel(
            name="Waybill",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="waybill number")),
                ("is_stub", models.BooleanField(default=False, verbose_name="stub")),
                ("shipped_on", models.DateField(blank=True, null=True, verbose_name="shipped on")),
                (
                    "consignor_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="consignor's name"),
                ),
                (
                    "consignor_telephone",
                    models.CharField(
                        blank=True, default="", max_length=20, verbose_name="consignor's telephone"
                    ),
                ),
                (
                    "consignee_name",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="consignee's name"),
                ),
                (
                    "consignee_telephone",
                    models.CharField(
                        blank=True, default="", max_length=20, verbose_name="consignee's telephone"
                    ),
                ),
                (
                    "origin_text",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="origin"),
                ),
                (
                    "destination_text",
                    models.CharField(blank=True, default="", max_length=60, verbose_name="destination"),
                ),
                ("goods", models.CharField(blank=True, default="", max_length=120, verbose_name="goods")),
                ("packing", models.CharField(blank=True, default="", max_length=60, verbose_name="packing")),
                ("pieces", models.PositiveIntegerField(blank=True, null=True, verbose_name="pieces")),
                (
                    "weight",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=12, null=True, verbose_name="weight (kg)"
                    ),
                ),
                (
                    "volume",
                    models.DecimalField(
                        blank=True, decimal_places=3, max_digits=12, null=True, verbose_name="volume (m³)"
                    ),
                ),
                (
                    "service",
                    models.CharField(blank=True, default="", max_length=40, verbose_name="kind of service"),
                ),
                ("promised_at", models.DateTimeField(blank=True, null=True, verbose_name="promised for")),
                (
                    "cod_state",
                    models.CharField(
                        choices=[
                            ("unknown", "unknown"),
                            ("none", "no COD money"),
                            ("due", "to be collected"),
                            ("collected", "with the branch"),
                            ("handed_in", "handed in to settlement"),
                            ("remitted", "remitted"),
                            ("cancelled", "COD cancelled"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="COD money",
                    ),
                ),
                (
                    "cod_amount",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=14, null=True, verbose_name="COD amount"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "typed in"), ("import", "import"), ("api", "interface")],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("source_at", models.DateTimeField(verbose_name="facts as of")),
                ("search_text", models.TextField(default="", editable=False)),
                (
                    "search",
                    models.GeneratedField(
                        db_persist=True,
                        expression=servicecenter.search.Bigrams("search_text"),
                        output_field=django.contrib.postgres.search.SearchVectorField(),
                    ),
                ),
                ("version", models.PositiveIntegerField(default=1, editable=False)),
                ("created_at", models.DateTimeField(verbose_name="registered at")),
                (
                    "consignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received_waybills",
                        to="customers.customer",
                        verbose_name="consignee",
                    ),
                ),
                (
                    "consignor",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sent_waybills",
                        to="customers.customer",
                        verbose_name="consignor",
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
                        verbose_name="registered by",
                    ),
                ),
                (
                    "destination",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.department",
                        verbose_name="destination branch",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organization.department",
                        verbose_name="origin branch",
                    ),
                ),
            ],
            options={
                "verbose_name": "waybill",
                "verbose_name_plural": "waybills",
            },
        ),
        migrations.CreateModel(
            name="WaybillEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("collected", "picked up"),
                            ("loaded", "loaded"),
                            ("departed", "departed"),
                            ("arrived", "arrived"),
                            ("notified", "consignee notified"),
                            ("out_for_delivery", "out for delivery"),
                            ("delivered", "delivered"),
                            ("signed", "signed for"),
                            ("refused", "refused by the consignee"),
                            ("returned", "returned"),
                        ],
                        max_length=20,
                        verbose_name="event",
                    ),
                ),
                ("occurred_at", models.DateTimeField(verbose_name="when")),
                ("place", models.CharField(blank=True, default="", max_length=60, verbose_name="where")),
                ("remarks", models.CharField(blank=True, default="", max_length=200, verbose_name="remarks")),
                (
                    "source",
                    models.CharField(
                        choices=[("hand", "typed in"), ("import", "import"), ("api", "interface")],
                        max_length=10,
                        verbose_name="source",
                    ),
                ),
                ("is_void", models.BooleanField(default=False, verbose_name="did not happen")),
                (
                    "recorded_at",
                    models.DateTimeField(
                        db_default=servicecenter.models.ClockTimestamp(), verbose_name="recorded at"
                    ),
                ),
                (
                    "corrects",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="customers.waybillevent",
                        verbose_name="corrects",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
                (
                    "waybill",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="events",
                        to="customers.waybill",
                        verbose_name="waybill",
                    ),
                ),
            ],
            options={
                "verbose_name": "waybill event",
                "verbose_name_plural": "waybill events",
            },
        ),
        migrations.AddIndex(
            model_name="customer",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="customer_search"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["name_key", "id"], name="customer_name"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["-created_at", "-id"], name="customer_newest"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(fields=["standing", "last_shipped_on"], name="customer_standing"),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^KH-[0-9]{4,12}$")), name="customer_number_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="customer_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["company", "person"])), name="customer_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("tier__in", ["", "A", "B", "C", "D"])), name="customer_tier"
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("tier", ""), ("tier_since", None)),
                    models.Q(models.Q(("tier", ""), _negated=True), ("tier_since__isnull", False)),
                    _connector="OR",
                ),
                name="customer_tier_dated",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("standing__in", ["prospect", "active", "dormant", "closed"])),
                name="customer_standing_values",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("standing", "closed"),
                    models.Q(("last_shipped_on", None), ("standing", "prospect")),
                    models.Q(("last_shipped_on__isnull", False), ("standing__in", ["active", "dormant"])),
                    _connector="OR",
                ),
                name="customer_prospect_never_shipped",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("confirmed_at", None),
                        ("difficult_mark", "none"),
                        ("difficult_reason", ""),
                        ("marked_at", None),
                        ("marked_by", None),
                    ),
                    models.Q(
                        ("confirmed_at", None),
                        ("difficult_mark", "marked"),
                        ("marked_at__isnull", False),
                        models.Q(("difficult_reason", ""), _negated=True),
                    ),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("difficult_mark", "confirmed"),
                        ("marked_at__isnull", False),
                        models.Q(("difficult_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="customer_mark",
            ),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=models.Q(("confirmed_by", None), ("confirmed_at__isnull", False), _connector="OR"),
                name="customer_mark_confirmed_by",
            ),
        ),
        migrations.AddConstraint(
            model_name="contactperson",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="contact_person_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactperson",
            constraint=models.UniqueConstraint(fields=("id", "customer"), name="contact_person_of_customer"),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("purpose__in", ["service", "notices", "surveys", "marketing"])),
                name="consent_purpose",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.CheckConstraint(
                condition=models.Q(("until", None), ("until__gte", models.F("given_on")), _connector="OR"),
                name="consent_dates",
            ),
        ),
        migrations.AddConstraint(
            model_name="consent",
            constraint=models.UniqueConstraint(
                fields=("customer", "purpose", "given_on"), name="consent_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True), name="address_text"
            ),
        ),
        migrations.AddConstraint(
            model_name="address",
            constraint=models.UniqueConstraint(fields=("customer", "text"), name="address_once"),
        ),
        migrations.AddIndex(
            model_name="telephone",
            index=models.Index(fields=["number"], name="telephone_prefix", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="telephone",
            index=models.Index(
                django.db.models.functions.text.Right("number", 4), name="telephone_last_four"
            ),
        ),
        migrations.AddConstraint(
            model_name="telephone",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[0-9]{5,20}$")), name="telephone_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="telephone",
            constraint=models.CheckConstraint(
                condition=models.Q(("extension__regex", "^[0-9]{0,8}$")), name="telephone_extension"
            ),
        ),
        migrations.AddConstraint(
            model_name="telephone",
            constraint=models.UniqueConstraint(
                fields=("customer", "number", "extension"), name="telephone_once"
            ),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="waybill_search"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(fields=["-created_at", "-id"], name="waybill_newest"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(
                condition=models.Q(("is_stub", True)), fields=["-created_at", "-id"], name="waybill_stubs"
            ),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(fields=["consignor", "-created_at", "-id"], name="waybill_of_consignor"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(fields=["consignee", "-created_at", "-id"], name="waybill_of_consignee"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(fields=["consignor_telephone"], name="waybill_consignor_tel"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(fields=["consignee_telephone"], name="waybill_consignee_tel"),
        ),
        migrations.AddIndex(
            model_name="waybill",
            index=models.Index(django.db.models.functions.text.Right("number", 4), name="waybill_last_four"),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__regex", "^[0-9A-Z]{6,20}$")), name="waybill_number_form"
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(("consignor_telephone__regex", "^([0-9]{5,20})?$")),
                name="waybill_consignor_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(("consignee_telephone__regex", "^([0-9]{5,20})?$")),
                name="waybill_consignee_digits",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_stub", True),
                    models.Q(
                        ("pieces__isnull", False),
                        ("shipped_on__isnull", False),
                        models.Q(("consignor_name", ""), _negated=True),
                        models.Q(("consignee_name", ""), _negated=True),
                        models.Q(("goods", ""), _negated=True),
                        models.Q(("origin", None), ("origin_text", ""), _negated=True),
                        models.Q(("destination", None), ("destination_text", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="waybill_complete",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("pieces", None), ("pieces__gt", 0), _connector="OR"),
                    models.Q(("weight", None), ("weight__gt", 0), _connector="OR"),
                    models.Q(("volume", None), ("volume__gt", 0), _connector="OR"),
                ),
                name="waybill_measures",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "cod_state__in",
                        ["unknown", "none", "due", "collected", "handed_in", "remitted", "cancelled"],
                    )
                ),
                name="waybill_cod_values",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cod_amount", None), ("cod_amount__gt", 0), _connector="OR"),
                    models.Q(
                        models.Q(
                            ("cod_state__in", ("due", "collected", "handed_in", "remitted", "cancelled")),
                            _negated=True,
                        ),
                        ("cod_amount__isnull", False),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("cod_state", "none"), _negated=True), ("cod_amount", None), _connector="OR"
                    ),
                ),
                name="waybill_cod_amount",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybill",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["hand", "import", "api"])), name="waybill_source"
            ),
        ),
        migrations.AddIndex(
            model_name="waybillevent",
            index=models.Index(fields=["waybill", "occurred_at", "id"], name="waybill_event_line"),
        ),
        migrations.AddConstraint(
            model_name="waybillevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "collected",
                            "loaded",
                            "departed",
                            "arrived",
                            "notified",
                            "out_for_delivery",
                            "delivered",
                            "signed",
                            "refused",
                            "returned",
                        ],
                    )
                ),
                name="waybill_event_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybillevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["hand", "import", "api"])), name="waybill_event_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="waybillevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_void", False), ("corrects__isnull", False), _connector="OR"),
                name="waybill_event_void",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybillevent",
            constraint=models.UniqueConstraint(
                condition=models.Q(("corrects", None)),
                fields=("waybill", "kind", "occurred_at", "place"),
                name="waybill_event_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="waybillevent",
            constraint=models.UniqueConstraint(fields=("id", "waybill"), name="waybill_event_of_waybill"),
        ),
    ]
