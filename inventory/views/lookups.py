"""What the grid asks while it is typed into: items by code, the picker, the card of a line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from inventory import queries
from inventory.choices import Direction
from inventory.forms.parts import figure
from inventory.permissions import can_draft
from inventory.views.door import READ
from organization.permissions import me
from organization.views.door import needs

MOST_CODES = 200


@needs(*READ)
@require_GET
def known(request: HttpRequest) -> JsonResponse:
    """The items behind what was typed as codes: by code, else by the one item whose name or pinyin it fits."""
    typed = list(dict.fromkeys(code.strip() for code in request.GET.getlist("code") if code.strip()))[
        :MOST_CODES
    ]
    rows = queries.items_visible_to(me(request)).filter(
        code__in=[code.upper() for code in typed], closed_on=None
    )
    by_code = {item.code: item for item in rows}
    found: dict[str, Any] = {}
    for code in typed:
        item = by_code.get(code.upper())
        if item is None and len(typed) == 1:
            hits = queries.pick_items(code, limit=2)
            item = hits[0] if len(hits) == 1 else None
        if item is not None:
            found[code] = {
                "code": item.code,
                "name": item.name,
                "spec": item.spec,
                "unit": item.unit,
                "aux_unit": item.aux_unit,
                "aux_factor": f"{item.aux_factor:.3f}" if item.aux_factor is not None else "",
            }
    return JsonResponse({"items": found})


@needs(*READ)
@require_GET
def pick(request: HttpRequest) -> HttpResponse:
    """F2: find an item by code, name or pinyin, with what there is of it in the warehouse."""
    text = request.GET.get("q", "").strip()[:60]
    items = queries.pick_items(text, limit=30)
    warehouse = _warehouse(request)
    facts = queries.stock_facts(me(request), warehouse, [item.code for item in items]) if warehouse else {}
    hits = [{"item": item, "facts": facts.get(item.code)} for item in items]
    context = {"q": text, "hits": hits, "warehouse": warehouse, "may_ask": can_draft(me(request))}
    live = request.headers.get("HX-Target") == "pick-hits"
    return render(request, "inventory/_pick_hits.html" if live else "inventory/pick.html", context)


@needs(*READ)
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The card of one line: on hand in this warehouse, after the audit, in transit, the reserve."""
    code = request.GET.get("item", "").strip().upper()
    warehouse = _warehouse(request)
    item = queries.items_visible_to(me(request)).filter(code=code).first()
    if item is None:
        return HttpResponse("")
    facts = queries.stock_facts(me(request), warehouse, [item.code]).get(item.code) if warehouse else None
    try:
        quantity = figure(request.GET.get("quantity", "") or "0", places=3)
    except ValidationError:
        quantity = Decimal(0)
    sign = 1 if request.GET.get("direction") == Direction.IN else -1
    on_hand = facts.on_hand if facts is not None else Decimal(0)
    after = on_hand if request.GET.get("audited") else on_hand + sign * quantity
    context = {
        "item": item,
        "line": request.GET.get("line", "")[:5],
        "warehouse": warehouse,
        "facts": facts,
        "on_hand": on_hand,
        "after": after,
        "is_audited": bool(request.GET.get("audited")),
        "aux": _("1 %(aux)s = %(factor)s %(unit)s")
        % {"aux": item.aux_unit, "factor": f"{item.aux_factor.normalize():f}", "unit": item.unit}
        if item.aux_unit and item.aux_factor is not None
        else "",
        "is_low": item.reserve_least is not None and after < item.reserve_least,
        "is_high": item.reserve_most is not None and after > item.reserve_most,
    }
    return render(request, "inventory/_line_card.html", context)


def _warehouse(request: HttpRequest) -> Any:
    code = request.GET.get("warehouse", "").strip()
    return queries.warehouses_visible_to(me(request)).filter(code=code).first() if code else None
