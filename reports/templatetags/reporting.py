"""Signs on a report's paper: drawings, because its fonts have none."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# verdict -> (path, colour); anything else is a dash
SIGNS = {
    "met": ("M3 10.6l5 5L17.5 5", "#1b6a39"),
    "missed": ("M4 4l12 12M16 4L4 16", "#ad241d"),
}
DASH = ("M3 10h14", "#4a5b61")


@register.simple_tag
def sign(verdict: str = "") -> SafeString:
    """A tick for what is met, a cross for what is missed, a dash otherwise; the word stands beside it."""
    path, colour = SIGNS.get(verdict, DASH)
    return mark_safe(
        '<svg width="11" height="11" viewBox="0 0 20 20" aria-hidden="true">'
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.6"/></svg>'
    )
