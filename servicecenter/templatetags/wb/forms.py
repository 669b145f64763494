"""Fields, the head of a form, files, the buttons of a lifecycle, masked values: what people fill in and press."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.translation import gettext as _

from servicecenter.kernel.lifecycle import Answer
from servicecenter.shell import Shell
from servicecenter.templatetags.wb.library import register
from servicecenter.wording import rule_text


def _control(bound: BoundField, extra: Mapping[str, Any]) -> tuple[str, str]:
    """(kind, HTML) of a field's control, with the workbench's classes by widget."""
    widget = bound.field.widget
    attrs = {name.rstrip("_").replace("_", "-"): value for name, value in extra.items()}
    own = str(widget.attrs.get("class", ""))
    kind, css = "input", "form-control"
    if isinstance(widget, forms.CheckboxSelectMultiple):
        kind, css = "boxes", "form-check-input"
        widget.template_name = "components/_boxes.html"
    elif isinstance(widget, forms.RadioSelect):
        kind, css = "seg", ""
    elif isinstance(widget, forms.CheckboxInput):
        kind, css = "check", "form-check-input"
    elif isinstance(widget, forms.Select):
        css = "form-select"
    elif isinstance(widget, forms.MultiWidget):
        kind = "multi"
        _name_ends(widget, str(bound.label))
        attrs.pop("aria-label", None)
    _pick_dates(bound.field)
    if isinstance(widget, forms.Textarea):
        attrs.setdefault("rows", widget.attrs.get("rows_", 3))
    if kind == "seg":
        return kind, ""
    attrs["class"] = " ".join(part for part in (css, own, str(attrs.get("class", ""))) if part)
    return kind, bound.as_widget(attrs=attrs)


def _name_ends(widget: forms.MultiWidget, label: str) -> None:
    """A range has two inputs and one label: each says which end it is."""
    if len(widget.widgets) == 2:
        for part, end in zip(widget.widgets, (_("from"), _("until")), strict=True):
            part.attrs["aria-label"] = f"{label}: {end}"


def _pick_dates(field: forms.Field) -> None:
    """Dates are picked by the browser's own control; it speaks ISO, whatever the language shows."""
    parts = zip(
        getattr(field, "fields", (field,)), getattr(field.widget, "widgets", (field.widget,)), strict=False
    )
    for part, widget in parts:
        if not isinstance(widget, forms.TextInput) or widget.input_type != "text":
            continue
        if isinstance(part, forms.DateTimeField):
            widget.input_type = "datetime-local"
            widget.format = "%Y-%m-%dT%H:%M"  # type: ignore[attr-defined]
        elif isinstance(part, forms.DateField):
            widget.input_type = "date"
            widget.format = "%Y-%m-%d"  # type: ignore[attr-defined]


@register.inclusion_tag("components/_field.html")
def field(
    bound: BoundField, label: str | None = None, cls: str = "", hint: str | None = None, **attrs: Any
) -> dict[str, Any]:
    """Label, control, hint and errors of one form field, tied together for screen readers.

    Further names become attributes of the control: `placeholder=…`, `rows=4`, `hx_get=…`, `data_live=""`.
    """
    if label == "":
        attrs.setdefault("aria_label", str(bound.label))
    kind, control = _control(bound, attrs)
    return {
        "bound": bound,
        "kind": kind,
        "control": control,
        "label": bound.label if label is None else label,
        "name": str(bound.label),
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
