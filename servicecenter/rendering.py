"""How form controls become HTML: the simple ones in Python, all others by their templates.

A page of filters holds two hundred options. Drawn by templates they take longer than the fifty rows below them; the
HTML is the same, byte for byte but for white space (a test compares).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.utils.safestring import SafeString, mark_safe

FOLDER = "django/forms/widgets/"
INPUTS = (
    "text",
    "number",
    "email",
    "url",
    "password",
    "hidden",
    "date",
    "datetime",
    "time",
    "checkbox",
    "input",
)


def _safe(value: Any) -> str:
    """Escaped, unless it says of itself that it is HTML."""
    if hasattr(value, "__html__"):
        return str(value.__html__())
    return escape(str(value))


def _attributes(attrs: Mapping[str, Any]) -> str:
    """Each with a space before it; True stands without a value, False and nothing do not stand."""
    return "".join(
        f" {_safe(name)}" if value is True else f' {_safe(name)}="{_safe(value)}"'
        for name, value in attrs.items()
        if value is not False
    )


def _input(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{_safe(value)}"'
    return f'<input type="{_safe(widget["type"])}" name="{_safe(widget["name"])}"{said}{_attributes(widget["attrs"])}>'


def _textarea(widget: Mapping[str, Any]) -> str:
    value = widget["value"]
    return (
        f'<textarea name="{_safe(widget["name"])}"{_attributes(widget["attrs"])}>\n'
        f"{_safe(value) if value else ''}</textarea>"
    )


def _select(widget: Mapping[str, Any]) -> str:
    parts = [f'<select name="{_safe(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        if group:
            parts.append(f'<optgroup label="{_safe(group)}">')
        parts += _options(options)
        if group:
            parts.append("</optgroup>")
    parts.append("</select>")
    return "\n".join(parts)


def _options(options: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for option in options:
        attrs = _attributes(option["attrs"]) if option["attrs"] else ""
        yield f'<option value="{_safe(option["value"])}"{attrs}>{_safe(option["label"])}</option>'


DRAWN: dict[str, Callable[[Mapping[str, Any]], str]] = {
    **{f"{FOLDER}{name}.html": _input for name in INPUTS},
    f"{FOLDER}textarea.html": _textarea,
    f"{FOLDER}select.html": _select,
}


class Renderer(TemplatesSetting):
    """The project's form renderer (`FORM_RENDERER`)."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The HTML of one control."""
        draw = DRAWN.get(template_name)
        if draw is None or context["widget"].get("wrap_label"):
            return mark_safe(super().render(template_name, context, request))
        return mark_safe(draw(context["widget"]))  # every part is escaped above
