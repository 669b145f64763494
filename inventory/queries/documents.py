"""Documents and transfers as lists and pages show them: with lines, what may be done, up and down (INV-42)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import (
    Count,
    DecimalField,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.urls import NoReverseMatch, reverse

from inventory.choices import Colour, DocumentState
from inventory.domain.categories import rule_of
from inventory.domain.shortage import ShortLine
from inventory.models import Balance, Document, DocumentLine, Transfer, TransferLine, Warehouse
from inventory.permissions import Right
from inventory.queries.counts import stocktake_title
from inventory.queries.facts import JOINED, TRANSFER_JOINED, answers_of, transfer_answers
from inventory.queries.named import is_figures, numbered, of_suppliers, of_warehouses
from inventory.queries.scope import documents_visible_to, transfers_visible_to
from inventory.queries.shortages import shortages_of
from organization.queries import within
from servicecenter.i18n import say
from servicecenter.kernel.lifecycle import Answer
from servicecenter.keyset import Order
from servicecenter.ports import Hit
from servicecenter.subjects import Subject, kind_of

DOCUMENT_ORDERS = {"newest": Order("newest", ("business_date",), descending=True)}
TRANSFER_ORDERS = {"newest": Order("newest", ("business_date",), descending=True)}
PEOPLE = ("created_by__employee", "counted_by__employee", "approved_by__employee", "audited_by__employee")
QUANTITY: DecimalField[Any, Any] = DecimalField(max_digits=20, decimal_places=3)


def document_rows(rows: QuerySet[Document]) -> QuerySet[Document]:
    """The rows of a list with all that it shows: warehouse, supplier, maker, auditor, count and sum of the lines.

    Counted row by row, so that a page costs its rows and not the whole list.
    """
    lines = DocumentLine.objects.filter(document=OuterRef("pk")).order_by().values("document")
    return rows.select_related(
        "warehouse__department", "supplier", "created_by__employee", "audited_by__employee", "transfer"
    ).annotate(
        line_count=_of_lines(lines, Count("pk"), IntegerField()),
        total=_of_lines(lines, Sum("quantity"), QUANTITY),
    )


def transfer_rows(rows: QuerySet[Transfer]) -> QuerySet[Transfer]:
    """The rows of a list of transfers; `open` is what is still under way."""
    lines = TransferLine.objects.filter(transfer=OuterRef("pk")).order_by().values("transfer")
    return rows.select_related(
        "source__department", "target__department", "created_by__employee", "audited_by__employee"
    ).annotate(
        line_count=_of_lines(lines, Count("pk"), IntegerField()),
        open=_of_lines(lines, Sum(F("issued") - F("received") - F("lost")), QUANTITY),
    )


def _of_lines(lines: QuerySet[Any, Any], amount: Any, kind: Any) -> Coalesce:
    counted = lines.annotate(of_lines=amount).values("of_lines")
    return Coalesce(Subquery(counted, output_field=kind), Value(0), output_field=kind)


def search_documents(rows: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Documents of a number (or its beginning, figure, last four), of a supplier's or warehouse's name, of a
    requisition, a transfer, an item's code."""
    word = text.strip().upper()
    if not word:
        return rows
    return rows.filter(
        _document_found(text)
        | Q(requisition__istartswith=word)
        | Q(transfer__number__startswith=word)
        | Q(pk__in=DocumentLine.objects.filter(item__code=word).values("document"))
    )


def _document_found(text: str) -> Q:
    """By number, by the name of its supplier or warehouse."""
    found = numbered(text)
    return found if is_figures(text) else found | of_suppliers(text) | of_warehouses(text, "warehouse")


def search_transfers(rows: QuerySet[Transfer], text: str) -> QuerySet[Transfer]:
    """Transfers of a number (or its beginning, figure, last four), from or to a warehouse of a name, of a requisition,
    an item's code."""
    word = text.strip().upper()
    if not word:
        return rows
    return rows.filter(
        _transfer_found(text)
        | Q(requisition__istartswith=word)
        | Q(pk__in=TransferLine.objects.filter(item__code=word).values("transfer"))
    )


def _transfer_found(text: str) -> Q:
    """By number, by the name of a warehouse at either end."""
    found = numbered(text)
    return found if is_figures(text) else found | of_warehouses(text, "source", "target")


def documents_to_audit(user: Any) -> QuerySet[Document]:
    """Saved documents whose audit is this user's: of the own departments and below (INV-01, INV-04)."""
    stores = Warehouse.objects.filter(within(user.rights.paths(Right.AUDIT_DOCUMENT)))
    return Document.objects.filter(state=DocumentState.SAVED, warehouse__in=stores)


@dataclass(frozen=True)
class Link:
    """Another record up or down the way (上查, 下查)."""

    kind: str
    number: str
    label: str
    url: str
    state: str


@dataclass(frozen=True)
class Totals:
    """The foot of a document: number of lines, sum of quantities, sum of amounts where all prices are known."""

    lines: int
    quantity: Decimal
    amount: Decimal | None


@dataclass(frozen=True)
class ComparisonRow:
    """A line of a red letter beside its original: taken back before, now, on hand, on hand after."""

    line: DocumentLine
    original: Decimal
    returned: Decimal
    this: Decimal
    on_hand: Decimal
    after: Decimal


@dataclass(frozen=True)
class DocumentPage:
    """Everything the page of a document shows."""

    document: Document
    lines: tuple[DocumentLine, ...]
    answers: dict[str, Answer]
    upstream: tuple[Link, ...]
    downstream: tuple[Link, ...]
    totals: Totals
    comparison: tuple[ComparisonRow, ...]
    shortages: tuple[ShortLine, ...]


@dataclass(frozen=True)
class TransferPage:
    """Everything the page of a transfer shows: its lines with issued, received, lost; its documents, oldest first."""

    transfer: Transfer
    lines: tuple[TransferLine, ...]
    answers: dict[str, Answer]
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class Neighbours:
    """首张 上张 下张 末张: numbers of documents of the same category; '' where there is none."""

    first: str
    previous: str
    next: str
    last: str


def document_page(user: Any, number: str) -> DocumentPage | None:
    """The document of that number as this user may see it; None if unseen. A constant number of statements."""
    row = (
        documents_visible_to(user)
        .select_related(*JOINED, *PEOPLE, "voided_by__employee")
        .filter(number=number)
        .first()
    )
    if row is None:
        return None
    lines = tuple(lines_of(row))
    waiting = row.state in {DocumentState.SAVED, DocumentState.EDITING}
    return DocumentPage(
        document=row,
        lines=lines,
        answers=answers_of(row, user),
        upstream=tuple(upstream(row)),
        downstream=tuple(downstream(row)),
        totals=totals_of(lines),
        comparison=comparison(row, lines) if row.colour == Colour.RED else (),
        shortages=shortages_of(row) if waiting else (),
    )


def lines_of(document: Document) -> QuerySet[DocumentLine]:
    """The lines with their items and what they follow."""
    return (
        DocumentLine.objects.filter(document=document)
        .select_related("item", "original_line", "transfer_line")
        .order_by("ordinal")
    )


def totals_of(lines: Iterable[DocumentLine]) -> Totals:
    """The sums of a document; the amount is unknown while a price is."""
    rows = list(lines)
    amounts = [amount_of(line) for line in rows]
    known = [amount for amount in amounts if amount is not None]
    return Totals(
        lines=len(rows),
        quantity=sum((line.quantity for line in rows), Decimal("0.000")),
        amount=sum(known, Decimal("0.00")) if rows and len(known) == len(rows) else None,
    )


def amount_of(line: DocumentLine) -> Decimal | None:
    """Quantity times price in yuan and fen; None without a price."""
    return (line.quantity * line.price).quantize(Decimal("0.01")) if line.price is not None else None


def comparison(document: Document, lines: Iterable[DocumentLine]) -> tuple[ComparisonRow, ...]:
    """The lines of a red letter beside their original; one statement for what is on hand."""
    sign = rule_of(document.category).sign
    rows = list(lines)
    held = dict(
        Balance.objects.filter(
            warehouse_id=document.warehouse_id, item_id__in=[line.item_id for line in rows]
        ).values_list("item_id", "quantity")
    )
    moved = document.state == DocumentState.AUDITED
    found = []
    for line in rows:
        original = line.original_line
        on_hand = held.get(line.item_id, Decimal(0))
        returned = original.returned if original is not None else Decimal(0)
        found.append(
            ComparisonRow(
                line=line,
                original=original.quantity if original is not None else Decimal(0),
                returned=returned + line.quantity if moved else returned,
                this=line.quantity,
                on_hand=on_hand - sign * line.quantity if moved else on_hand,
                after=on_hand if moved else on_hand + sign * line.quantity,
            )
        )
    return tuple(found)


def url_of(name: str, number: str) -> str:
    """The address of a page by its name; '' while no page of that name exists."""
    try:
        return reverse(name, args=[number])
    except NoReverseMatch:
        return ""


def document_link(row: Document) -> Link:
    """A link to a document."""
    return Link(
        kind_of(row),
        row.number,
        str(row.get_category_display()),
        url_of("stock-document", row.number),
        row.state,
    )


def transfer_link(row: Transfer) -> Link:
    """A link to a transfer."""
    return Link(
        kind_of(row), row.number, str(row.get_kind_display()), url_of("stock-transfer", row.number), row.state
    )


def upstream(document: Document) -> list[Link]:
    """上查: the transfer or the count it came from, the original it follows."""
    found = [transfer_link(document.transfer)] if document.transfer is not None else []
    if (count := document.stocktake) is not None:
        page = reverse("stock-count", args=[count.number])
        # What a count made was posted with it.
        state = DocumentState.AUDITED.value
        found.append(Link(kind_of(count), count.number, stocktake_title(count), page, state))
    return [*found, document_link(document.original)] if document.original is not None else found


def downstream(document: Document) -> list[Link]:
    """下查: what stands on it: red letters, what names it as its original, the inbound of an outbound."""
    rows = Q(original=document)
    if document.transfer_id is not None and document.direction == "out":
        rows |= Q(transfer_id=document.transfer_id, direction="in", original=None)
    return [document_link(row) for row in Document.objects.filter(rows).order_by("pk")]


def neighbours(user: Any, document: Document) -> Neighbours:
    """The documents around it in the user's list of the same category, oldest first; one statement each way."""
    return _around(documents_visible_to(user).filter(category=document.category), document)


def transfer_neighbours(user: Any, transfer: Transfer) -> Neighbours:
    """The transfers around it in the user's list, oldest first; one statement each way."""
    return _around(transfers_visible_to(user), transfer)


def _around(rows: QuerySet[Any], here: Any) -> Neighbours:
    rows = rows.order_by("business_date", "pk")
    same_day = Q(business_date=here.business_date)
    before = rows.filter(Q(business_date__lt=here.business_date) | same_day & Q(pk__lt=here.pk))
    after = rows.filter(Q(business_date__gt=here.business_date) | same_day & Q(pk__gt=here.pk))

    def number(chosen: QuerySet[Any]) -> str:
        return chosen.values_list("number", flat=True).first() or ""

    return Neighbours(
        first=number(before),
        previous=number(before.reverse()),
        next=number(after),
        last=number(after.reverse()),
    )


def transfer_page(user: Any, number: str) -> TransferPage | None:
    """The transfer of that number as this user may see it; None if unseen. A constant number of statements."""
    row = (
        transfers_visible_to(user)
        .select_related(
            *TRANSFER_JOINED, "created_by__employee", "audited_by__employee", "voided_by__employee"
        )
        .filter(number=number)
        .first()
    )
    if row is None:
        return None
    documents = (
        Document.objects.filter(transfer=row)
        .select_related("warehouse__department", "audited_by__employee", "created_by__employee")
        .annotate(total=Cast(Sum("lines__quantity"), QUANTITY))
        .order_by("pk")
    )
    lines = TransferLine.objects.filter(transfer=row).select_related("item").order_by("ordinal")
    return TransferPage(row, tuple(lines), transfer_answers(row, user), tuple(documents))


def subject_document(*, object_id: int, user: Any | None) -> Subject | None:
    """The document for notices and files (port servicecenter.subject)."""
    rows = Document.objects.all() if user is None else documents_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    link = document_link(row)
    return Subject(link.kind, row.pk, row.number, link.label, link.url)


def subject_transfer(*, object_id: int, user: Any | None) -> Subject | None:
    """The transfer for notices and files (port servicecenter.subject)."""
    rows = Transfer.objects.all() if user is None else transfers_visible_to(user)
    row = rows.filter(pk=object_id).first()
    if row is None:
        return None
    link = transfer_link(row)
    return Subject(link.kind, row.pk, row.number, link.label, link.url)


def document_hits(*, user: Any, text: str, limit: int) -> list[Hit]:
    """Documents and transfers for the global search box, as their lists find them; at most `limit` of each."""
    if len("".join(text.split())) < 2:
        return []
    documents = documents_visible_to(user).filter(_document_found(text)).select_related("warehouse")
    transfers = transfers_visible_to(user).filter(_transfer_found(text)).select_related("source", "target")
    found = [(document_link(row), say(row.warehouse.names)) for row in documents.order_by("-pk")[:limit]]
    found += [
        (transfer_link(row), f"{say(row.source.names)} → {say(row.target.names)}")
        for row in transfers.order_by("-pk")[:limit]
    ]
    return [
        Hit(link.kind, link.number, f"{link.number} {link.label}", detail, link.url) for link, detail in found
    ]
