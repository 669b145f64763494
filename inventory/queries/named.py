"""By what papers are found: their numbers, the names of suppliers and warehouses (D11)."""

from __future__ import annotations

from django.db.models import Q

from inventory.models import Supplier, Warehouse
from servicecenter.numbering import spelled
from servicecenter.search import fold, is_last_four, last_four


def numbered(text: str) -> Q:
    """Papers of a number: whole or its beginning, with or without its hyphen; its running figure; its last four."""
    number = spelled(text, dated=4)
    if is_last_four(number):
        return last_four("number", number)
    found = Q(number__startswith=number)
    return found | Q(number__endswith=f"-{number}") if is_figures(text) else found


def is_figures(text: str) -> bool:
    """Whether nothing but figures was typed: no name is meant."""
    return spelled(text).isdecimal()


def supplier_found(text: str) -> Q:
    """Suppliers by code, name, pinyin or initials."""
    return _named(text)


def of_suppliers(text: str) -> Q:
    """Papers of a supplier that is found so."""
    return Q(supplier__in=Supplier.objects.filter(_named(text)).values("pk"))


def of_warehouses(text: str, *columns: str) -> Q:
    """Papers of a warehouse, in one of the columns, found by code, name, pinyin or initials."""
    stores = Warehouse.objects.filter(_named(text)).values("pk")
    return Q(*(Q((f"{column}__in", stores)) for column in columns), _connector=Q.OR)


def _named(text: str) -> Q:
    words = Q(*(Q(search_text__contains=word) for word in fold(text).split()))
    return Q(code__startswith=text.strip().upper()) | words
