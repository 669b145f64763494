"""Files the stock is loaded from: the item master and the opening stock, tried first, every error at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import services
from inventory.forms import FileForm, OpeningForm
from inventory.permissions import Right, can_import_opening
from inventory.views import samples, tables
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, spreadsheet
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


def _door(request: HttpRequest, act: Callable[..., HttpResponse]) -> HttpResponse:
    """A trial writes nothing and may be repeated with another file; loading is done once per key (D20)."""
    if request.method == "POST" and request.POST.get("do") != "load":
        return act(request, trial=True)
    response: HttpResponse = idempotent(act)(request, trial=False)
    return response


def _answer(request: HttpRequest, context: dict[str, Any], *, trial: bool) -> HttpResponse:
    """The page with what the file brought; for the script of a trial only that part."""
    if request.method != "POST":
        return render(request, "inventory/import.html", context)
    fine = "made" in context and not context["problems"]
    template = (
        "inventory/_import_result.html" if request.headers.get("HX-Request") else "inventory/import.html"
    )
    return render(request, template, context | {"trial": trial}, status=200 if fine else 422)


@needs(Right.EDIT_ITEMS)
def items(request: HttpRequest) -> HttpResponse:
    """Items from a spreadsheet: new ones are added, known ones changed; tried first (INV-16)."""
    return _door(request, _items)


def _items(request: HttpRequest, *, trial: bool) -> HttpResponse:
    form = FileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "what": "items",
        "headings": samples.sample("items"),
        "crumbs": [Crumb(_("Items"), reverse("stock-item-list")), Crumb(_("Load items"))],
    }
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = services.import_items(
                rows=spreadsheet.rows(file, name=file.name), dry_run=trial, by=me(request)
            )
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            context |= {"made": made, "problems": tables.say(made.problems)}
            if not made.problems and not trial:
                said = _("%(created)s items added, %(changed)s changed, %(unchanged)s as they were.") % {
                    "created": made.created,
                    "changed": made.changed,
                    "unchanged": made.unchanged,
                }
                return answers.done(request, to=reverse("stock-item-list"), toast=said)
    return _answer(request, context, trial=trial)


@needs(Right.IMPORT_OPENING)
def opening(request: HttpRequest) -> HttpResponse:
    """The opening stock from a spreadsheet: one document a warehouse; tried first, every error at once."""
    if not can_import_opening(me(request)):
        raise PermissionDenied
    return _door(request, _opening)


def _opening(request: HttpRequest, *, trial: bool) -> HttpResponse:
    form = OpeningForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {
        "form": form,
        "what": "opening",
        "headings": samples.sample("opening"),
        "crumbs": [
            Crumb(_("Stock documents"), reverse("stock-document-list")),
            Crumb(_("Load the opening stock")),
        ],
    }
    if request.method == "POST" and form.is_valid():
        file, said = form.cleaned_data["file"], form.cleaned_data
        try:
            made = services.import_opening(
                rows=spreadsheet.rows(file, name=file.name), business_date=said["business_date"], dry_run=trial,
                audit=said["audit"], by=me(request),
            )  # fmt: skip
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
        else:
            context |= {"made": made, "problems": tables.say(made.problems)}
            if not made.problems and not trial:
                toast = _("%(documents)s opening documents with %(lines)s lines are made.") % {
                    "documents": len(made.documents),
                    "lines": made.lines,
                }
                to = f"{reverse('stock-document-list')}?category=opening_in"
                return answers.done(request, to=to, toast=toast)
    return _answer(request, context, trial=trial)


SAMPLES = {
    "items": Right.EDIT_ITEMS,
    "opening": Right.IMPORT_OPENING,
    "lines": Right.DRAFT_DOCUMENT,
}


@needs(Right.EDIT_ITEMS, Right.IMPORT_OPENING, Right.DRAFT_DOCUMENT)
@require_POST
def sample(request: HttpRequest, what: str) -> FileResponse:
    """A spreadsheet with the right headings and one example to write over."""
    what = what if what in SAMPLES else "lines"
    if not me(request).has_right(SAMPLES[what]):
        raise PermissionDenied
    return answers.file_of(samples.sheet(samples.sample(what), by=me(request)))
