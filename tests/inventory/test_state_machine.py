"""Whatever is done to the stores in whatever order, the books agree (I4, I5, LED-01 to LED-06, INV-46).

Hypothesis draws the acts: documents saved, audited, un-audited, returned, deleted, transferred, received, lost. A model
beside it holds what should lie where; the product must refuse exactly what the model cannot do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal as D
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from inventory import services
from inventory.models import Balance, Document, DocumentLine, Transfer
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from tests.faults.counts import FULL, times
from tests.faults.sound import violations
from tests.inventory.stores import AT, Stores, issue, line, purchase, sides, stores
from tests.inventory.stores import transfer as a_transfer

QUANTITY = st.integers(1, 6)
PICK = st.integers(0, 50)
Key = tuple[int, int]


class Books(RuleBasedStateMachine):
    """The stores under random acts; `self.model` is what should lie where."""

    stores: Stores

    def __init__(self) -> None:
        super().__init__()
        self.inner = transaction.atomic()
        self.inner.__enter__()
        self.model: Counter[Key] = Counter()
        self.transfers: list[Transfer] = []

    def teardown(self) -> None:
        assert violations() == []
        transaction.set_rollback(True)
        self.inner.__exit__(None, None, None)

    def attempt(self, act: Callable[[], Any]) -> Any:
        """The act, or None when it is refused; a refusal leaves nothing behind."""
        try:
            with transaction.atomic():
                return act()
        except (RuleBroken, RulesBroken):
            return None

    def documents(self, *states: str) -> list[Document]:
        return list(Document.objects.filter(state__in=states).order_by("pk"))

    def moves(self, document: Document) -> Counter[Key]:
        """What the document moves: worked out here from its lines, a second time."""
        sign = 1 if document.direction == "in" else -1
        found: Counter[Key] = Counter()
        for item, quantity in document.lines.values_list("item_id", "quantity"):
            found[document.warehouse_id, item] += sign * quantity
            if document.transfer_id is not None and document.category != "transit_loss_out":
                found[self.stores.transit.pk, item] -= sign * quantity
        return found

    def fits(self, moves: Counter[Key]) -> bool:
        return all(self.model[key] + moves[key] >= 0 for key in moves)

    def goods(self, one: int, two: int) -> list[Any]:
        s = self.stores
        return [line(s.wrench, one), line(s.grease, two), line(s.wrench, 1)]

    @rule(one=QUANTITY, two=QUANTITY)
    def buy(self, one: int, two: int) -> None:
        purchase(self.stores, *self.goods(one, two))

    @rule(one=QUANTITY, two=QUANTITY)
    def use(self, one: int, two: int) -> None:
        issue(self.stores, *self.goods(one, two))

    @rule(quantity=QUANTITY)
    def send(self, quantity: int) -> None:
        made = a_transfer(self.stores, (self.stores.wrench, quantity))
        self.transfers.append(services.audit_transfer(transfer=made, by=None, at=AT))

    @rule(pick=PICK)
    def audit(self, pick: int) -> None:
        rows = self.documents("saved")
        if not rows:
            return
        document = rows[pick % len(rows)]
        # the inbound becomes what was issued when its outbound is audited: looked at before
        moves = self.moves(document)
        done = self.attempt(lambda: services.audit_document(document=document, by=None, at=AT))
        if done is not None:
            assert self.fits(moves), "it moved goods that were not there"
            self.model.update(moves)
        elif document.colour == "blue" and document.transfer_id is None:
            assert not self.fits(moves), "it refused goods that are there"

    @rule(pick=PICK)
    def un_audit(self, pick: int) -> None:
        rows = self.documents("audited")
        if not rows:
            return
        document = rows[pick % len(rows)]
        moves = self.moves(document)
        if self.attempt(lambda: services.unaudit_document(document=document, by=None, at=AT)) is not None:
            self.model.subtract(moves)
            assert all(quantity >= 0 for quantity in self.model.values())

    @rule(pick=PICK, quantity=QUANTITY)
    def give_back(self, pick: int, quantity: int) -> None:
        rows = [row for row in self.documents("audited") if row.colour == "blue" and row.transfer_id is None]
        if rows:
            original = rows[pick % len(rows)]
            reason = "arrived" if original.direction == "in" else "surplus"
            self.attempt(
                lambda: services.draft_red(
                    original=original, reason=reason, quantities={1: D(quantity)}, by=None, at=AT
                )
            )

    @rule(pick=PICK)
    def delete(self, pick: int) -> None:
        rows = self.documents("saved", "editing")
        if rows:
            document = rows[pick % len(rows)]
            self.attempt(lambda: services.void_document(document=document, reason="错", by=None, at=AT))

    @rule(pick=PICK, quantity=QUANTITY)
    def receive_some(self, pick: int, quantity: int) -> None:
        """Of what is under way, part arrives, part is written off."""
        if not self.transfers:
            return
        made = self.transfers[pick % len(self.transfers)]
        self.attempt(lambda: services.receive_rest(transfer=made, by=None, at=AT))
        loss = self.attempt(
            lambda: services.draft_transit_loss(
                transfer=made, remarks="丢失", quantities={1: D(quantity)}, by=None, at=AT
            )
        )
        if loss is not None:
            services.approve_document(document=loss, by=None, at=AT)

    @rule(pick=PICK)
    def take_back_a_transfer(self, pick: int) -> None:
        if self.transfers:
            made = self.transfers[pick % len(self.transfers)]
            if self.attempt(lambda: services.unaudit_transfer(transfer=made, by=None, at=AT)) is not None:
                assert not Document.objects.filter(transfer=made).exclude(state="voided").exists()
                self.transfers.remove(made)

    @invariant()
    def what_lies_there_is_what_the_model_says(self) -> None:
        held = {
            (w, i): q for w, i, q in Balance.objects.values_list("warehouse_id", "item_id", "quantity") if q
        }
        assert held == {key: quantity for key, quantity in self.model.items() if quantity}

    @invariant()
    def no_more_is_returned_than_was_there(self) -> None:
        for line_ in DocumentLine.objects.filter(returned__gt=0):
            assert line_.returned <= line_.quantity


@pytest.mark.django_db
def test_whatever_is_done_in_whatever_order_the_books_agree() -> None:
    Books.stores = stores()
    run_state_machine_as_test(
        Books,
        settings=settings(
            max_examples=times(6, 150),
            stateful_step_count=25,
            deadline=None,
            derandomize=not FULL,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_the_model_meets_transfers_too(s: Stores) -> None:
    """A walk that the machine must be able to make: sent, received short, lost, all counted."""
    Books.stores = s
    books = Books()
    try:
        books.buy(6, 6)
        books.audit(0)
        books.send(5)
        out, into = sides(books.transfers[0])
        books.audit(books.documents("saved").index(out))
        books.delete(books.documents("saved").index(into))
        books.receive_some(0, 2)
        rest, loss = books.documents("saved")
        books.audit(books.documents("saved").index(loss))
        assert books.model[s.transit.pk, s.wrench.pk] == 3
        books.audit(books.documents("saved").index(rest))
        books.what_lies_there_is_what_the_model_says()
        assert (books.model[s.transit.pk, s.wrench.pk], books.model[s.sound_b.pk, s.wrench.pk]) == (3, 0)
    finally:
        books.teardown()
