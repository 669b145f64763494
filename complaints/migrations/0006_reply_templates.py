"""Reply templates (CMP-50), and the six that a centre begins with."""

import django.db.models.deletion
from django.db import migrations, models

import servicecenter.i18n

# code, names, texts; each as (zh-Hans, zh-Hant, en).
TEMPLATES = [
    (
        "received",
        ("已受理", "已受理", "Received"),
        (
            "{customer}，您好！您反映的“{matter}”已受理，受理单号 {number}，由{agent}负责跟进。我们将在 {due} 前给您答复。",
            "{customer}，您好！您反映的「{matter}」已受理，受理單號 {number}，由{agent}負責跟進。我們將在 {due} 前給您答覆。",
            "Dear {customer}, your complaint “{matter}” is registered under {number}; {agent} takes care of it. "
            "You will have our answer by {due}.",
        ),
    ),
    (
        "investigating",
        ("正在核实", "正在核實", "Being looked into"),
        (
            "{customer}，您好！关于运单 {waybill}，{department}正在核实情况（受理单号 {number}）。"
            "有了结果我们会第一时间与您联系，最迟 {due}。",
            "{customer}，您好！關於運單 {waybill}，{department}正在核實情況（受理單號 {number}）。"
            "有了結果我們會第一時間與您聯繫，最遲 {due}。",
            "Dear {customer}, regarding waybill {waybill}: {department} is looking into the matter (our number {number}). "
            "We shall contact you as soon as there is a result, by {due} at the latest.",
        ),
    ),
    (
        "delayed",
        ("延误，告知新时间", "延誤，告知新時間", "Delay, with a new date"),
        (
            "{customer}，您好！运单 {waybill} 的货物未能按原定时间送达，给您带来不便，我们深表歉意。"
            "现预计不晚于 {due} 处理完毕，其间由{agent}跟进，单号 {number}。",
            "{customer}，您好！運單 {waybill} 的貨物未能按原定時間送達，給您帶來不便，我們深表歉意。"
            "現預計不晚於 {due} 處理完畢，其間由{agent}跟進，單號 {number}。",
            "Dear {customer}, the goods of waybill {waybill} have not arrived when they should have, and we are sorry for "
            "the trouble. We now expect to have this settled by {due}. {agent} follows it up, number {number}.",
        ),
    ),
    (
        "resolved",
        ("已处理完毕", "已處理完畢", "Settled"),
        (
            "{customer}，您好！您反映的“{matter}”（{number}）已处理完毕。如仍有疑问，请告知上述单号，我们会继续跟进。{centre}",
            "{customer}，您好！您反映的「{matter}」（{number}）已處理完畢。如仍有疑問，請告知上述單號，我們會繼續跟進。{centre}",
            "Dear {customer}, your complaint “{matter}” ({number}) is settled. If anything is still open, please tell us and "
            "name the number above. {centre}",
        ),
    ),
    (
        "documents",
        ("请补充材料", "請補充材料", "Documents needed"),
        (
            "{customer}，您好！为尽快处理 {number}，请提供：①运单 {waybill} 的照片；②货物及包装的照片；③发票或价值证明。"
            "收到后我们立即继续办理。",
            "{customer}，您好！為盡快處理 {number}，請提供：①運單 {waybill} 的照片；②貨物及包裝的照片；③發票或價值證明。"
            "收到後我們立即繼續辦理。",
            "Dear {customer}, to go on with {number} we need: (1) a photograph of waybill {waybill}; (2) photographs of the "
            "goods and their packing; (3) the invoice or another proof of value. We go on as soon as they are here.",
        ),
    ),
    (
        "apology",
        ("致歉", "致歉", "Apology"),
        (
            "{customer}，您好！对“{matter}”给您造成的不便，我们诚恳致歉。我们已要求{department}查明原因并改进，"
            "感谢您的指正。{centre} {agent}，{today}",
            "{customer}，您好！對「{matter}」給您造成的不便，我們誠懇致歉。我們已要求{department}查明原因並改進，"
            "感謝您的指正。{centre} {agent}，{today}",
            "Dear {customer}, we sincerely apologize for the trouble caused by “{matter}”. We have asked {department} to "
            "find the cause and to do better, and thank you for telling us. {agent}, {centre}, {today}",
        ),
    ),
]
TAGS = ("zh-Hans", "zh-Hant", "en")


def seed(apps, schema_editor):
    apps.get_model("complaints", "ReplyTemplate").objects.bulk_create(
        [
            apps.get_model("complaints", "ReplyTemplate")(
                code=code, names=dict(zip(TAGS, names, strict=True)), texts=dict(zip(TAGS, texts, strict=True)),
                ordinal=place * 10,
            )
            for place, (code, names, texts) in enumerate(TEMPLATES, 1)
        ]
    )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_searched_names"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReplyTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="code")),
                ("names", servicecenter.i18n.LocalizedField(verbose_name="names")),
                ("texts", servicecenter.i18n.LocalizedField(verbose_name="texts")),
                ("ordinal", models.PositiveSmallIntegerField(verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="templates",
                        to="complaints.category",
                        verbose_name="category",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply template",
                "verbose_name_plural": "reply templates",
                "ordering": ["ordinal", "id"],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
