"""Icons, pills, tiers, people, clocks: the small signs that carry fixed meanings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from django.template import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from servicecenter import countdown, dates
from servicecenter.shell import now_of
from servicecenter.templatetags.wb.library import register


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
def choose(value: str, name: str) -> SafeString:
    """The box by which a row is chosen for the bulk bar: `{% choose row.number row.number %}`."""
    return format_html(
        '<input class="form-check-input" type="checkbox" data-choose value="{}" aria-label="{}">',
        value,
        _("Choose %(name)s") % {"name": name},
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


@register.simple_tag(takes_context=True)
def sla(context: Context, clock: Any, cls: str = "") -> str:
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
def edge(context: Context, clock: Any) -> str:
    """The class of a row's left edge: warn, hot, over or nothing. `<tr class="{% edge row.clock %}">`."""
    return "" if clock is None else countdown.face(clock, now_of(context)).edge


@register.inclusion_tag("components/_clock_track.html", takes_context=True)
def clock_track(
    context: Context, clock: Any, label: str = "", start_note: str = "", end_note: str = ""
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
