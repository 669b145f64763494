"""Template tags of the workbench: a builtin library, so templates need no `load`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.http import QueryDict
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from servicecenter import components, countdown, dates, figures
from servicecenter.kernel.lifecycle import Answer
from servicecenter.shell import Shell, now_of
from servicecenter.wording import rule_text

register = template.Library()


# -- dates, times, figures ------------------------------------------------------------------------------------


def _maybe(say: Any) -> Any:
    """A filter that says nothing about nothing."""
    return lambda value: "" if value is None or value == "" else say(value)


register.filter("day", _maybe(dates.say_day))
register.filter("when", _maybe(dates.say_when))
register.filter("due", _maybe(lambda at: dates.say_when(at, name_today=True)))
register.filter("hour", _maybe(dates.say_time))
register.filter("moment", _maybe(dates.say_moment))
register.filter("isodate", _maybe(dates.say_date))
register.filter("ago", _maybe(dates.say_ago))
register.filter("money", figures.money)
register.filter("qty", figures.quantity)
register.filter("waybill", figures.spaced)


@register.filter
def count(number: int | None, limit: int | None = None) -> str:
    """`{{ hits|count:1000 }}` → 1,000+ beyond the cap."""
    return figures.count(number, limit)


@register.filter
def span(length: timedelta | float | int | None) -> str:
    """A length of time in its two largest units; takes a timedelta or seconds."""
    if length is None or length == "":
        return ""
    return countdown.span(length.total_seconds() if isinstance(length, timedelta) else float(length))


@register.simple_tag
def time(at: datetime | date | None, how: str = "when") -> str:
    """`<time>` with the exact moment in its title. `how`: when, due, day, ago, hour, moment."""
    if at is None:
        return ""
    says = {
        "when": dates.say_when,
        "due": lambda value: dates.say_when(value, name_today=True),
        "day": dates.say_day,
        "ago": dates.say_ago,
        "hour": dates.say_time,
        "moment": dates.say_moment,
    }[how]
    exact = dates.say_moment(at) if isinstance(at, datetime) else dates.say_date(at)
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), exact, says(at))


# -- icons, pills, tiers, people ------------------------------------------------------------------------------


@cache
def _sprite() -> str:
    return static("icons.svg")


@register.simple_tag
def sprite() -> str:
    """The address of the icon sprite."""
    return _sprite()


@register.simple_tag
def icon(name: str, size: str = "", label: Any = "", cls: str = "") -> SafeString:
    """`{% icon "clock" %}`; `size="lg"` is 20 px. With `label` it is an image with a name, else decoration."""
    return _icon(name, size, str(label), cls)


@lru_cache(maxsize=1024)
def _icon(name: str, size: str = "", label: str = "", cls: str = "") -> SafeString:
    """A page draws hundreds of icons out of few."""
    classes = " ".join(part for part in ("i", f"i-{size}" if size else "", cls) if part)
    meaning = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="{}" {}><use href="{}#i-{}"></use></svg>', classes, meaning, _sprite(), name
    )


def _trait(member: Any, name: str) -> str:
    """A choice's tone or icon: a property of the member, or a mapping on its class by value."""
    found = getattr(member, name, "")
    if isinstance(found, Mapping):
        found = found.get(getattr(member, "value", member), "")
    return str(found or "")


@register.simple_tag
def pill(value: Any, of: str = "", tone: str = "", icon: str = "", text: str = "") -> str:
    """A state: colour, icon and word, always all three.

    `value` is a member of a choices class with `tone` and `icon`; or a stored value with its class named:
    `{% pill row.state of="complaints.choices.State" %}`. `text` replaces the label; tone and icon can be given.
    """
    if value is None or value == "":
        return ""
    member = import_string(of)(value) if of else value
    label = text or getattr(member, "label", None) or str(member)
    return _pill(tone or _trait(member, "tone"), icon or _trait(member, "icon") or "dot", str(label))


@lru_cache(maxsize=1024)
def _pill(tone: str, icon: str, label: str) -> SafeString:
    return format_html('<span class="pill {}">{}{}</span>', tone, _icon(icon), label)


@register.simple_tag
def tag(text: Any, tone: str = "", icon: str = "dot") -> str:
    """A pill without a choices class: `{% tag _("second complaint") tone="solid" icon="siren" %}`."""
    return _pill(tone, icon, str(text)) if text else ""


@register.simple_tag
def tier(code: str | None, big: bool = False) -> str:
    """A customer's tier: a square letter, never a pill. Nothing without a tier."""
    letter = str(code or "").upper()
    if not letter:
        return ""
    title = _("%(tier)s-tier customer") % {"tier": letter}
    return format_html(
        '<span class="tier {}{}" title="{}">{}</span>', letter.lower(), " big" if big else "", title, letter
    )


@register.simple_tag
def avatar(user: Any, small: bool = False, me: bool = False) -> str:
    """The first character of a person's name in a circle; takes a user, an employee or a name."""
    name = str(getattr(user, "name", user) or "")
    if not name:
        return ""
    return format_html(
        '<span class="ava{}{}" aria-hidden="true" title="{}">{}</span>',
        " sm" if small else "",
        " me" if me else "",
        name,
        name[:1].upper(),
    )


# -- clocks ---------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def sla(context: template.Context, clock: Any, cls: str = "") -> str:
    """The chip of one deadline; the ticker keeps its words true. `clock`: countdown.ClockLike; None draws nothing."""
    if clock is None:
        return ""
    return chip(countdown.face(clock, now_of(context)), cls)


def chip(face: countdown.Face, cls: str = "") -> str:
    """The `<time class="sla">` of a face."""
    return format_html(
        '<time class="sla {}{}" datetime="{}" title="{}"{}>{}<span>{}</span></time>',
        face.look,
        f" {cls}" if cls else "",
        face.due_at.isoformat(),
        _("due %(when)s") % {"when": dates.say_when(face.due_at, name_today=True)},
        _ticker(face),
        icon(face.icon),
        face.words,
    )


def _ticker(face: countdown.Face) -> SafeString:
    if not face.ticks:
        return mark_safe("")
    return format_html(
        ' data-state="{}" data-start="{}" data-warn="{}" data-deadline="{}"{}',
        face.state,
        int(face.started_at.timestamp()),
        int(face.warn_at.timestamp()),
        int(face.due_at.timestamp()),
        format_html(' data-since="{}"', int(face.since.timestamp())) if face.since else "",
    )


@register.simple_tag(takes_context=True)
def edge(context: template.Context, clock: Any) -> str:
    """The class of a row's left edge: warn, hot, over or nothing. `<tr class="{% edge row.clock %}">`."""
    return "" if clock is None else countdown.face(clock, now_of(context)).edge


@register.inclusion_tag("components/_clock_track.html", takes_context=True)
def clock_track(
    context: template.Context, clock: Any, label: str = "", start_note: str = "", end_note: str = ""
) -> dict[str, Any]:
    """One clock of an object: name, chip, track with the warning mark, start and due; stands in `.clocks`."""
    face = countdown.face(clock, now_of(context))
    run = {"calm": "", "hot": "over", "off": "wait", "paused": "wait", "late": "over"}.get(
        face.look, face.look
    )
    return {
        "face": face,
        "chip": chip(face),
        "label": label or getattr(clock, "label", ""),
        "start_note": start_note,
        "end_note": end_note,
        "run": run,
        "width": f"{face.part * 100:.1f}",
        "mark": f"{face.warn_part * 100:.1f}",
        "head": f"{max(face.part * 100 - 0.5, 0):.1f}",
    }


# -- forms ----------------------------------------------------------------------------------------------------


def _control(bound: BoundField, extra: Mapping[str, Any]) -> tuple[str, str]:
    """(kind, HTML) of a field's control, with the workbench's classes by widget."""
    widget = bound.field.widget
    attrs = {name.rstrip("_").replace("_", "-"): value for name, value in extra.items()}
    own = str(widget.attrs.get("class", ""))
    kind, css = "input", "form-control"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        kind, css = "boxes", "form-check-input"
    elif isinstance(widget, forms.RadioSelect):
        kind, css = "seg", ""
    elif isinstance(widget, forms.CheckboxInput):
        kind, css = "check", "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    elif isinstance(widget, forms.MultiWidget):
        kind = "multi"
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", widget.attrs.get("rows_", 3))
    if kind == "seg":
        return kind, ""
    attrs["class"] = " ".join(part for part in (css, own, str(attrs.get("class", ""))) if part)
    return kind, bound.as_widget(attrs=attrs)


@register.inclusion_tag("components/_field.html")
def field(
    bound: BoundField, label: str | None = None, cls: str = "", hint: str | None = None, **attrs: Any
) -> dict[str, Any]:
    """Label, control, hint and errors of one form field, tied together for screen readers.

    Further names become attributes of the control: `placeholder=…`, `rows=4`, `hx_get=…`, `data_live=""`.
    """
    kind, control = _control(bound, attrs)
    return {
        "bound": bound,
        "kind": kind,
        "control": control,
        "label": bound.label if label is None else label,
        "hint": bound.help_text if hint is None else hint,
        "cls": cls,
        "required": bound.field.required,
        "options": list(bound.subwidgets) if kind == "seg" else (),
        "disabled": bound.field.disabled,
    }


@register.inclusion_tag("components/_form_head.html", takes_context=True)
def form_head(context: template.Context, form: Any) -> dict[str, Any]:
    """First thing in every POST form: CSRF token, hidden fields with the idempotency key, errors of the whole form."""
    return {"form": form, "csrf_token": context.get("csrf_token", "")}


@register.inclusion_tag("components/_upload.html")
def upload(
    name: str = "attachments", label: str = "", files: Sequence[Any] = (), hint: str = ""
) -> dict[str, Any]:
    """Files by choice, paste and drop; each becomes a hidden `name` with its public id."""
    return {"name": name, "label": label, "files": files, "hint": hint}


# -- actions --------------------------------------------------------------------------------------------------


@register.inclusion_tag("components/_act.html")
def act(
    answer: Answer | None,
    label: str,
    url: str,
    icon: str = "",
    look: str = "plain",
    dialog: bool = True,
    key: str = "",
    why: bool = True,
    **params: Any,
) -> dict[str, Any]:
    """The button of a lifecycle action. Not the user's right: nothing. Refused: dashed, with the reason beside it.

    `answer` None means always allowed. `look`: primary, plain, quiet, stop. `dialog=False` makes it a plain link.
    """
    refusal = answer.refusal if answer is not None else None
    return {
        "visible": answer is None or answer.visible,
        "reason": rule_text(refusal.code, **dict(refusal.params)) if refusal else "",
        "label": label,
        "url": url,
        "icon": icon,
        "look": look,
        "dialog": dialog,
        "key": key,
        "why": why,
    }


@register.inclusion_tag("components/_masked.html", takes_context=True)
def masked(context: template.Context, obj: Any, name: str, value: str | None = None) -> dict[str, Any]:
    """A personal value, masked, with the small link 显示 that reveals and records it (PRV-02).

    The model names its personal fields and their masks: `PERSONAL = {"telephone": mask_telephone}`.
    """
    plain = getattr(obj, name, "") if value is None and obj is not None else value
    shell: Shell | None = context.get("shell")
    mask = getattr(type(obj), "PERSONAL", {}).get(name) if obj is not None else None
    if mask is None:
        raise template.TemplateSyntaxError(f"{type(obj).__name__}.PERSONAL does not name {name!r}.")
    return {
        "text": mask(str(plain or "")),
        "kind": obj._meta.label_lower,
        "object_id": obj.pk,
        "name": name,
        "may_reveal": bool(plain) and shell is not None and shell.may("servicecenter.reveal"),
    }


# -- parts of pages -------------------------------------------------------------------------------------------


@register.inclusion_tag("components/_counters.html")
def counters(items: Sequence[components.Counter], label: str = "") -> dict[str, Any]:
    """The first line of a queue."""
    return {"items": items, "label": label}


@register.inclusion_tag("components/_steps.html")
def steps(items: Sequence[components.Step]) -> dict[str, Any]:
    """The life of one object."""
    return {"items": items}


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


@register.inclusion_tag("components/_pager.html", takes_context=True)
def pager(
    context: template.Context, page: Any, total: int | None = None, keys: bool = True
) -> dict[str, Any]:
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
def filters(context: template.Context, filterset: Any, more: bool = True) -> dict[str, Any]:
    """The chips of a FilterSet: each set filter with its value and a cross, the others open their control."""
    request = context["request"]
    query = request.GET.copy()
    query.pop("cursor", None)
    chips = []
    for bound in filterset.form:
        if bound.is_hidden:
            continue
        names = [name for name in query if name == bound.html_name or name.startswith(f"{bound.html_name}_")]
        value = _shown(bound) if any(query.get(name) for name in names) else ""
        without = query.copy()
        for name in names:
            without.pop(name, None)
        chips.append({"bound": bound, "value": value, "clear": "?" + without.urlencode(), "names": names})
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
    return "、".join(said[:2]) + (f" +{len(said) - 2}" if len(said) > 2 else "")


def _flat(choices: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    for code, label in choices:
        found += _flat(label) if isinstance(label, list | tuple) else [(code, label)]
    return found


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: Any) -> str:
    """This page's query string with changes: `href="{% query order='due' cursor=None %}"`. None removes."""
    values = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            values.pop(name, None)
        else:
            values[name] = value
    return "?" + values.urlencode()


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
def views(
    context: template.Context, route: str, own: Sequence[components.ViewLink] = (), title: str = ""
) -> dict[str, Any]:
    """The side of a queue: the page's own views, then the user's saved ones with counts (their own fragment)."""
    return {"route": route, "own": own, "title": title, "request": context["request"]}
