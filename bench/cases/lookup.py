"""Who is it, and which consignment: the look-up while the agent types, and the screen's side as a whole."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from bench.floors import fetch
from bench.ground import Ground
from bench.harness import Case, Target
from customers.queries import look_up

TARGET = Target(ratio=2, statements=4)
SEVERAL = 50


def cases(ground: Ground) -> Iterator[Case]:
    """By telephone number, by waybill number, and the whole fragment."""
    telephones = itertools.cycle(
        ground.column("SELECT number FROM customers_telephone ORDER BY md5(id::text) LIMIT %s", [SEVERAL])
    )
    waybills = itertools.cycle(
        ground.column("SELECT number FROM customers_waybill ORDER BY md5(id::text) LIMIT %s", [SEVERAL])
    )
    agent = ground.agent
    yield Case(
        "lookup.telephone",
        "look-up by telephone at intake",
        lambda text: look_up(text, agent),
        by_telephone,
        TARGET,
        prepare=lambda: (next(telephones),),
    )
    yield Case(
        "lookup.waybill",
        "look-up by waybill at intake",
        lambda text: look_up(text, agent),
        by_waybill,
        TARGET,
        prepare=lambda: (next(waybills),),
    )
    client = ground.client(agent)

    def side(text: str) -> None:
        sent = {
            "channel": "telephone",
            "waybill": text,
            "party_role": "consignor",
            "category": "late_delivery",
        }
        answer = client.post("/intake/preview/", sent, headers={"HX-Request": "true"})
        assert answer.status_code == 200

    yield Case(
        "lookup.side",
        "side of the intake screen, whole request: who, earlier tickets, what saving will do",
        side,
        prepare=lambda: (next(waybills),),
    )


def by_telephone(text: str) -> Any:
    """The floor: two statements."""
    return fetch("lookup", {"text": text}, part=0), fetch("lookup", {"text": text}, part=1)


def by_waybill(text: str) -> Any:
    """The floor: two statements."""
    [row] = fetch("lookup", {"text": text}, part=2)
    return row, fetch("lookup", {"parties": [row[3], row[6]]}, part=3)
