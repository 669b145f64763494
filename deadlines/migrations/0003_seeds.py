"""The terms of CMP-26 and CMP-30 to CMP-35d and the ladder of CMP-37 as policy rows (D19)."""

from datetime import UTC, datetime

from django.db import migrations

MINUTE, HOUR, DAY = 60, 3600, 86400
# Valid since before any ticket, so that imported history finds its terms.
SINCE = datetime(2000, 1, 1, tzinfo=UTC)
# key -> (limit in seconds, warning in percent, basis)
CLOCKS = {
    "first_response": (5 * MINUTE, 75, "elapsed"),
    "report_upward": (HOUR, 75, "elapsed"),
    "supervisor_takes": (HOUR, 75, "elapsed"),
    "statement": (4 * HOUR, 75, "elapsed"),
    "resolution": (24 * HOUR, 75, "elapsed"),
    "quotation": (8 * HOUR, 75, "business"),
    "follow_up": (48 * HOUR, 75, "elapsed"),
    "routing": (30 * MINUTE, 75, "elapsed"),
    "answer": (12 * HOUR, 75, "elapsed"),
    "waiting": (72 * HOUR, 75, "elapsed"),
    "suspected": (HOUR, 75, "elapsed"),
    "approval": (4 * HOUR, 75, "elapsed"),
    "outside": (72 * HOUR, 75, "elapsed"),
    "corrective": (7 * DAY, 75, "elapsed"),
    "statement|tier=A": (4 * HOUR, 50, "elapsed"),
    "resolution|tier=A": (24 * HOUR, 50, "elapsed"),
    "answer|tier=A": (12 * HOUR, 50, "elapsed"),
    "follow_up|tier=A": (48 * HOUR, 50, "elapsed"),
}
LADDER = {"manager_after_seconds": 4 * HOUR, "enterprise_after_seconds": 24 * HOUR}
REASON = "default of the rules of the house"


def seed(apps, schema_editor):
    """One first version per key; a database that has some already keeps them."""
    Policy = apps.get_model("servicecenter", "Policy")
    rows = [
        ("deadlines.clock", key, {"limit_seconds": limit, "warn_percent": warn, "basis": basis})
        for key, (limit, warn, basis) in CLOCKS.items()
    ]
    rows.append(("deadlines.ladder", "", LADDER))
    Policy.objects.bulk_create(
        [
            Policy(code=code, key=key, value=value, version=1, valid_from=SINCE, reason=REASON)
            for code, key, value in rows
        ],
        ignore_conflicts=True,
    )


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_guards"), ("servicecenter", "0002_guards")]
    # Policies are append-only: going back leaves the rows, which nothing reads then.
    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
