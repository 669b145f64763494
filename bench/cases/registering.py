"""Registering: the whole POST, first and second complaint, beside a view that writes the same rows."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

from django.test import Client

from bench.floors import rewriting, views
from bench.ground import Ground
from bench.harness import Case, Target, recorded

TEXT = "说好上午送到，等到晚上也没人联系，店里等着开业用。要求今天送到。"
FIRST, SECOND = "registering.first", "registering.second"


def cases(ground: Ground) -> Iterator[Case]:
    """The first complaint of a consignment, and the second with all its consequences."""
    client, floor = ground.client(ground.agent), ground.floor(ground.agent)
    fresh = _waybills(ground)
    for name, work, is_second, most in (
        (FIRST, "registering a first complaint, whole POST", False, 15),
        (SECOND, "registering a second complaint with all consequences, whole POST", True, 30),
    ):
        found, sent = _sample(client, fresh, is_second=is_second)
        yield Case(
            name,
            work,
            lambda sent: post(client, sent),
            lambda sent: post(floor, sent, "/floor/register/"),
            Target(speed=0.5),
            prepare=lambda found=found, is_second=is_second: _ready(
                client, fresh, found, is_second=is_second
            ),
            calls=1,
            rows=False,
            note=f"{sent} statements in the service, at most {most}",
        )


def filled(waybill: str, telephone: str, branch: Any, **given: Any) -> dict[str, Any]:
    """The form as an agent sends it."""
    return {
        "channel": "telephone",
        "telephone": telephone,
        "waybill": waybill,
        "caller_name": "刘海涛",
        "party_role": "consignor",
        "category": "late_delivery",
        "text": TEXT,
        "settle": "route",
        "respondent_department": branch,
        "idempotency_key": uuid.uuid4().hex,
        **given,
    }


def post(client: Client, sent: dict[str, Any], address: str = "/intake/") -> Any:
    """Register; the answer leads to the ticket."""
    answer = client.post(address, sent)
    assert answer.status_code == 302, (answer.status_code, answer.content[:400])
    return answer


def _waybills(ground: Ground) -> Iterator[tuple[str, str, Any]]:
    """Consignments without complaint: number, the consignor's telephone, the branch complained of."""
    branch = ground.one("SELECT code FROM organization_department WHERE code = 'branch_east'")
    numbers = ground.column(
        "SELECT w.number || ' ' || w.consignor_telephone FROM customers_waybill w WHERE NOT EXISTS ("
        "  SELECT FROM complaints_complaint c WHERE c.waybill_id = w.id) ORDER BY w.id LIMIT 4000"
    )
    for both in numbers:
        number, telephone = both.split()
        yield number, telephone, branch


def _sample(
    client: Client, fresh: Iterator[tuple[str, str, Any]], *, is_second: bool
) -> tuple[rewriting.Sample, int]:
    """What one such registration writes, and with how many statements of the service."""
    waybill = next(fresh)
    if is_second:
        post(client, filled(*waybill))
    before = rewriting.marks()
    with recorded() as seen:
        post(client, filled(*waybill))
    return rewriting.sample(before), _of_the_service([sql for sql, _params in seen])


def _of_the_service(statements: list[str]) -> int:
    """Those between the door's questions and the key that keeps the answer: from the waybill's row to the messages."""
    first = next(n for n, sql in enumerate(statements) if "customers_waybill" in sql and "FOR NO KEY" in sql)
    last = max(n for n, sql in enumerate(statements) if "servicecenter_outboxmessage" in sql)
    return last - first + 1


def _ready(
    client: Client, fresh: Iterator[tuple[str, str, Any]], found: rewriting.Sample, *, is_second: bool
) -> tuple[dict[str, Any]]:
    """A form to send; the statements that the floor would write for it lie ready."""
    waybill = next(fresh)
    event = first = None
    if is_second:
        before = rewriting.marks()
        post(client, filled(*waybill))
        made = rewriting.sample(before).rows
        event, first = made["complaints_event"][0]["id"], made["complaints_complaint"][0]["id"]
    views.READY[waybill[0]] = rewriting.statements_for(found, event=event, first=first)
    return (filled(*waybill),)
