"""What belongs to lists: pager, filter chips, addresses with changes, bulk bar, saved views."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.translation import gettext as _

from servicecenter.i18n import listed
from servicecenter.templatetags.wb.library import register


@register.inclusion_tag("components/_pager.html", takes_context=True)
def pager(context: Context, page: Any, total: int | None = None, keys: bool = True) -> dict[str, Any]:
    """Foot of a keyset list: newer and older by cursor, keeping the rest of the address."""
    request = context.get("request")
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("cursor", None)

    def address(cursor: str) -> str:
        there = query.copy()
        there["cursor"] = cursor
        return "?" + there.urlencode()

    return {
        "rows": len(page.rows),
        "total": total,
        "next_url": address(page.next_cursor) if page.next_cursor else "",
        "previous_url": address(page.previous_cursor) if page.previous_cursor else "",
        "keys": keys,
    }


@register.inclusion_tag("components/_filters.html", takes_context=True)
def filters(context: Context, filterset: Any, more: bool = True) -> dict[str, Any]:
    """The chips of a FilterSet: each set filter with its value and a cross, the others open their control.

    A value that is not valid finds nothing (`ListFilter`): its chip says so, that of a hidden filter too.
    """
    request = context["request"]
    query = request.GET.copy()
    query.pop("cursor", None)
    chips = []
    for bound in filterset.form:
        if bound.is_hidden and not bound.errors:
            continue
        names = [name for name in query if name == bound.html_name or name.startswith(f"{bound.html_name}_")]
        value = _shown(bound) if any(query.get(name) for name in names) else ""
        without = query.copy()
        for name in names:
            without.pop(name, None)
        chips.append(
            {
                "bound": bound,
                "value": value,
                "clear": "?" + without.urlencode(),
                "names": names,
                "wrong": " ".join(bound.errors),
            }
        )
    kept = [(name, value) for name, values in query.lists() for value in values]
    return {"chips": chips, "kept": kept, "any": any(chip["value"] for chip in chips), "path": request.path}


def _shown(bound: BoundField) -> str:
    """The chosen value of a filter in words."""
    value = bound.value()
    values = value if isinstance(value, list | tuple) else [value]
    labels = {str(code): str(label) for code, label in _flat(getattr(bound.field, "choices", ()))}
    said = [labels.get(str(part), str(part)) for part in values if part not in (None, "")]
    if isinstance(bound.field.widget, forms.CheckboxInput):
        return _("yes")
    return listed(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for code, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(code, label)]
    return found


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """This page's query string with changes: `href="{% query order='due' cursor=None %}"`. None removes."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = value
    return "?" + values.urlencode()


@register.simple_block_tag
def bulk(content: str) -> str:
    """The bar that appears when rows of a `data-list` are chosen; its buttons post the chosen ids as `row`."""
    return format_html(
        '<div class="cap bulk" data-bulk hidden><b aria-live="polite" data-bulk-count></b>{}'
        '<button class="btn btn-sm btn-quiet push" type="button" data-bulk-clear>{}</button></div>',
        content,
        _("Choose none"),
    )


@register.inclusion_tag("components/_views.html", takes_context=True)
def views(context: Context, route: str) -> dict[str, Any]:
    """The saved views of a list, one's own and those shared, behind a button; asked for when it is opened."""
    return {"route": route, "request": context["request"]}
