"""The larger parts of pages, drawn from the data classes of `servicecenter.components`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.template.base import Node
from django.template.context import Context
from django.template.loader_tags import BLOCK_CONTEXT_KEY, BlockContext
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe

from servicecenter import components, dates
from servicecenter.templatetags.wb.library import register
from servicecenter.templatetags.wb.signs import icon as _icon


@register.simple_tag(takes_context=True)
def said(context: Context, block: str) -> SafeString:
    """What a block of the page says, without its markup: a dialog that is a page is titled by its question."""
    blocks: BlockContext = context.render_context[BLOCK_CONTEXT_KEY]
    node: Node = blocks.get_block(block)
    # rendered and escaped already; only tags are taken away
    return mark_safe(" ".join(strip_tags(node.render(context)).split()))


@register.inclusion_tag("components/_counters.html")
def counters(items: Sequence[components.Counter], label: str = "") -> dict[str, Any]:
    """The first line of a queue."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/_steps.html")
def steps(items: Sequence[components.Step]) -> dict[str, Any]:
    """The life of one object; of one that is over, the station it came to is marked."""
    over = not any(item.state == "now" for item in items)
    reached = [item for item in items if item.state == "done"] if over else []
    return {"items": items, "reached": reached[-1] if reached else None}


@register.inclusion_tag("components/_tabs.html")
def tabs(items: Sequence[components.Tab]) -> dict[str, Any]:
    """Tabs that are links."""
    return {"items": items}


@register.inclusion_tag("components/_where.html")
def where(items: Sequence[components.Crumb]) -> dict[str, Any]:
    """The path in the top bar."""
    return {"items": items}


@register.inclusion_tag("components/_effects.html")
def effects(items: Sequence[components.Effect]) -> dict[str, Any]:
    """What saving will do."""
    return {"items": items}


@register.inclusion_tag("components/_timeline.html")
def timeline(events: Sequence[components.Event]) -> dict[str, Any]:
    """What happened, newest first, parted by days."""
    rows: list[dict[str, Any]] = []
    last: date | None = None
    for event in events:
        day = dates.local(event.at).date()
        if day != last and (last is not None or day != dates.today()):
            rows.append({"day": day})
        last = day
        rows.append({"event": event})
    return {"rows": rows}


@register.inclusion_tag("components/_empty.html")
def empty(title: str, text: str = "", icon: str = "inbox", url: str = "", label: str = "") -> dict[str, Any]:
    """An empty place: what it is for, and the next step."""
    return {"title": title, "text": text, "icon": icon, "url": url, "label": label}


@register.simple_block_tag
def banner(content: str, tone: str = "", icon: str = "alert", title: str = "", slim: bool = False) -> str:
    """`{% banner "red" icon="siren" title=… %} text {% endbanner %}`; red speaks up, the others politely."""
    return format_html(
        '<div class="banner {}{}" role="{}">{}<div>{}{}</div></div>',
        tone,
        " slim" if slim else "",
        "alert" if tone == "red" else "status",
        _icon(icon),
        format_html('<span class="tt">{}</span> ', title) if title else "",
        content,
    )
