"""A complaint's place among the complaints of its event (CMP-40, CMP-44): the event's row is made and locked first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

# The number in the sequence, the instant, the ticket's id and its running figure, all taken under the event's lock.
_TAKEN = """RETURNING id, last_sequence, clock_timestamp(),
  nextval(pg_get_serial_sequence('complaints_complaint', 'id')), nextval('number_complaint')"""
_BY_KEY = f"""
INSERT INTO complaints_event (key, party, waybill_id, category_id, last_sequence)
VALUES (%(key)s, %(party)s, %(waybill)s, %(category)s, 1)
ON CONFLICT (key) DO UPDATE SET last_sequence = complaints_event.last_sequence + 1
{_TAKEN}
"""
_IN_EVENT = f"UPDATE complaints_event SET last_sequence = last_sequence + 1 WHERE id = %(event)s {_TAKEN}"


@dataclass(frozen=True)
class Place:
    """Where a new complaint stands: event and number in it, the database's instant, its id and running figure."""

    event_id: int
    sequence: int
    at: datetime
    complaint_id: int
    figure: int


def take_place(
    *, event_id: int | None, key: str | None, party: str, waybill_id: int | None, category_id: int
) -> Place:
    """The next number of an event: of that event, else of the one with that key, made if it is not there yet.

    Without key the event is new and found by no key. One statement; the event stays locked until the transaction
    ends, so that n at once get 1…n without gaps.
    """
    values = {
        "event": event_id,
        "key": key,
        "party": party,
        "waybill": waybill_id,
        "category": category_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEY if event_id is None else _IN_EVENT, values)
        return Place(*cursor.fetchone())
