"""Controls drawn in Python are those that the templates draw."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from servicecenter.rendering import DRAWN, FOLDER, Renderer

NASTY = "<a href=\"x\">'&' ŻŻ 𠮷</a>"
GROUPED = [
    ("", ""),
    ("one", NASTY),
    (2, gettext_lazy("Department")),
    (NASTY, [("a", "甲"), ("b", mark_safe("<b>乙</b>"))]),
    (None, "nothing"),
]
CONTROLS: dict[str, tuple[forms.Widget, Any]] = {
    "text": (forms.TextInput(attrs={"class": "a b", "placeholder": NASTY}), NASTY),
    "text-empty": (forms.TextInput(attrs={"required": True, "disabled": False}), None),
    "number": (forms.NumberInput(attrs={"min": 0, "step": "any"}), 7),
    "email": (forms.EmailInput(), "a@example.invalid"),
    "url": (forms.URLInput(), "https://example.invalid/?a=1&b=2"),
    "password": (forms.PasswordInput(), "secret"),
    "hidden": (forms.HiddenInput(attrs={"data-live": ""}), "0"),
    "date": (forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), "2026-11-22"),
    "moment": (forms.DateTimeInput(format="%Y-%m-%dT%H:%M"), "2026-11-22T10:07"),
    "time": (forms.TimeInput(), "10:07"),
    "checked": (forms.CheckboxInput(attrs={"id": "x"}), True),
    "unchecked": (forms.CheckboxInput(), False),
    "textarea": (forms.Textarea(attrs={"rows": 3}), NASTY),
    "textarea-empty": (forms.Textarea(), ""),
    "select": (forms.Select(attrs={"class": "form-select"}, choices=GROUPED), "b"),
    "select-none": (forms.Select(choices=GROUPED), None),
    "select-several": (forms.SelectMultiple(choices=GROUPED), ["one", "a"]),
    "yes-no": (forms.NullBooleanSelect(), "false"),
}


def flat(html: str) -> str:
    """Without the white space between tags."""
    return re.sub(r">\s+<", "><", html.strip())


@pytest.mark.parametrize("kind", CONTROLS)
def test_a_control_drawn_in_python_is_the_one_of_the_template(kind: str) -> None:
    widget, value = CONTROLS[kind]

    drawn = widget.render("name", value, {"aria-label": NASTY}, renderer=Renderer())

    assert flat(drawn) == flat(
        widget.render("name", value, {"aria-label": NASTY}, renderer=TemplatesSetting())
    )
    assert hasattr(drawn, "__html__")


def test_a_label_around_an_input_is_left_to_the_template() -> None:
    widget = forms.RadioSelect(choices=[("a", "甲"), ("b", "乙")])

    drawn = widget.render("name", "a", {"id": "x"}, renderer=Renderer())

    assert flat(drawn) == flat(widget.render("name", "a", {"id": "x"}, renderer=TemplatesSetting()))
    assert drawn.count("<label") == 2


def test_every_widget_of_the_list_is_one_of_djangos_simple_ones() -> None:
    known = {
        getattr(forms, name).template_name
        for name in dir(forms)
        if isinstance(getattr(forms, name), type) and issubclass(getattr(forms, name), forms.Widget)
        if hasattr(getattr(forms, name), "template_name")
    }
    assert set(DRAWN) - known == {f"{FOLDER}input.html"}
