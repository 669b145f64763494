"""Numbers people say aloud: a date prefix and a running figure from one sequence per kind (D22).

No lock, gaps allowed, never restarting, never reused.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.db import connection

from servicecenter.clock import centre_zone

# kind -> (sequence, prefix, date format)
KINDS = {
    "complaint": ("number_complaint", "TS", "%y%m%d"),
    "service_incident": ("number_service_incident", "SG", "%y%m"),
    "customer": ("number_customer", "KH", ""),
    "sanction": ("number_sanction", "CF", "%y%m"),
    "document": ("number_document", "WS", "%y%m%d"),
    "claim": ("number_claim", "LC", "%y%m%d"),
    "determination": ("number_determination", "DZ", "%y%m"),
}


def next_number(kind: str, *, at: datetime) -> str:
    """The next number of a kind, e.g. `TS261118-10421`; the date is the centre's."""
    return next_numbers(kind, 1, at=at)[0]


def next_numbers(kind: str, count: int, *, at: datetime) -> list[str]:
    """`count` numbers in one statement (imports)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [KINDS[kind][0], count])
        return [worded(kind, row[0], at=at) for row in cursor.fetchall()]


def worded(kind: str, figure: int, *, at: datetime) -> str:
    """The number of a running figure that was drawn from the kind's sequence together with something else."""
    _sequence, prefix, date_format = KINDS[kind]
    stamp = at.astimezone(centre_zone()).strftime(date_format) if date_format else ""
    return f"{prefix}{stamp}-{figure}"


def spelled(text: str, *, dated: int = 6) -> str:
    """A number as it is kept, however it was typed: capitals, half width, no blanks, the hyphen behind its date of so
    many figures."""
    plain = "".join(unicodedata.normalize("NFKC", text).upper().split())
    return re.sub(rf"^([A-Z]+[0-9]{{{dated}}})([0-9]+)$", r"\1-\2", plain)
