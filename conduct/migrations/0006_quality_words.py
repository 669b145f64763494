"""SAN-06 in traditional characters: quality is 品質 in Taiwan's trade, as everywhere else in the program."""

from django.db import migrations

CHANGE = """
UPDATE conduct_violation
SET sentences = replace(sentences::text, '{old}', '{new}')::jsonb, targets = replace(targets::text, '{old}', '{new}')::jsonb
WHERE code = 'SAN-06';
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0005_points_guard")]

    operations = [
        migrations.RunSQL(
            CHANGE.format(old="質量", new="品質"),
            CHANGE.format(old="品質", new="質量"),
        )
    ]
