"""Every kind of record is found in four ways: two Chinese characters, initials, number, last four figures (D11).

And by nobody who may not see it, whatever is typed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction

from complaints.models import Complaint
from inventory import services as stock
from inventory.domain.counting import CountHead
from organization.models import User
from servicecenter import finding
from tests import people
from tests.claims import cases as paying
from tests.complaints import cases as calling
from tests.customers import samples
from tests.inventory import stores

WAYS = ("chinese", "initials", "number", "last four")
KINDS = (
    "complaints.complaint",
    "customers.customer",
    "customers.waybill",
    "claims.claim",
    "claims.voucher",
    "inventory.document",
    "inventory.transfer",
    "inventory.stocktake",
    "inventory.item",
    "organization.employee",
)


@dataclass(frozen=True)
class Sought:
    """A record: its number, what is typed in each way, who sees it."""

    number: str
    typed: dict[str, str]
    seen_by: User


@dataclass(frozen=True)
class Scene:
    """One record of each kind, somebody without any right, and the handler of the ticket's branch."""

    sought: dict[str, Sought]
    stranger: User
    handler: User


@pytest.fixture(scope="module")
def scene(django_db_setup: None, django_db_blocker: Any) -> Iterator[Scene]:
    """Made once for all tests here, and rolled back."""
    with django_db_blocker.unblock():
        with transaction.atomic():
            yield _scene()
            transaction.set_rollback(True)
        connection.close()


def _scene() -> Scene:
    people.centre()
    agent = people.user("agent", name="陈晓燕")
    found: dict[str, Sought] = {}

    def put(kind: str, number: str, chinese: str, initials: str, by: User, last: str = "") -> None:
        typed = dict(zip(WAYS, (chinese, initials, number, last or number[-4:]), strict=True))
        found[kind] = Sought(number, typed, by)

    ticket = calling.against_east(agent, caller_telephone="15011728866")
    # The caller's number alone finds it, not a customer's.
    Complaint.objects.filter(pk=ticket.pk).update(customer=None)
    put("complaints.complaint", ticket.number, "海濤", "LHT", agent, "8866")
    bought = samples.customer(telephone="13900000421")
    put("customers.customer", bought.number, "华茂", "hmwj", agent, "0421")
    bill = samples.waybill("86204417731")
    put("customers.waybill", bill.number, "五金", "zxy", agent)
    crew = paying.Crew()
    voucher = paying.issued(crew)
    put("claims.claim", voucher.claim.number, "黃立新", "hlx", crew.adjuster)
    put("claims.voucher", voucher.number, "黃立", "hlx", crew.cashier, voucher.number[-5:-1])
    s = stores.stores()
    document = stores.stocked(s, stores.line(s.wrench, 5))
    put("inventory.document", document.number, "江北", "jbgj", s.accountant)
    transfer = stores.transfer(s, (s.wrench, 1))
    put("inventory.transfer", transfer.number, "南坡", "npxc", s.accountant)
    count = stock.begin_count(head=CountHead(s.sound.pk, "monthly", stores.TODAY), by=s.keeper, at=stores.AT)
    put("inventory.stocktake", count.number, "完好", "whpk", s.accountant)
    put("inventory.item", s.wrench.code, "扳手", "kkbs", s.accountant)
    put("organization.employee", agent.work_number, "晓燕", "cxy", agent)
    return Scene(found, people.user(name="路人"), people.user("handler", department="branch_east"))


def hits(user: User, text: str, kind: str) -> list[str]:
    return [hit.number for hit in finding.search(user, text).hits if hit.kind == kind]


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "PATIENCE", 30_000)
    monkeypatch.setattr(finding, "PATIENCE_IN_ALL", 60_000)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_is_found_in_every_way_by_those_who_may_see_it(scene: Scene, kind: str, way: str) -> None:
    one = scene.sought[kind]
    assert one.number in hits(one.seen_by, one.typed[way], kind)
    assert hits(scene.stranger, one.typed[way], kind) == []


@pytest.mark.parametrize("way", ["chinese", "initials", "last four"])
def test_the_respondent_finds_the_ticket_but_not_by_who_complained(scene: Scene, way: str) -> None:
    """PRV-10: neither in signs nor by initials nor by the caller's telephone."""
    one = scene.sought["complaints.complaint"]
    assert hits(scene.handler, one.number, "complaints.complaint") == [one.number]
    assert hits(scene.handler, one.typed[way], "complaints.complaint") == []


@pytest.mark.parametrize("kind", ["complaints.complaint", "claims.claim", "inventory.document"])
def test_a_number_is_found_without_its_hyphen_and_in_full_width(scene: Scene, kind: str) -> None:
    one = scene.sought[kind]
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in one.number.replace("-", "").lower())
    assert hits(one.seen_by, wide, kind) == [one.number]
