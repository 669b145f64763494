"""A count on paper and as spreadsheet, the sheet that came back, what is kept with it (INV-51, INV-52)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services, titles
from inventory.choices import CountState
from inventory.forms import FileForm
from inventory.permissions import can_draft
from inventory.views import columns, printing, tables
from inventory.views.counts import COUNT, DESK, count_or_404, show_count, there
from inventory.views.door import READ
from inventory.views.listing import export
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments, dates, keyset, spreadsheet
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(*COUNT)
@require_POST
@idempotent
def count_read(request: HttpRequest, number: str) -> HttpResponse:
    """The sheet that came back as a spreadsheet: every fault at once, and nothing then; else all of it (INV-52)."""
    shown = DESK.allowed(request, number, "count")
    form = FileForm(request.POST, request.FILES)
    problems: Any = []
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            read = queries.read_counts(spreadsheet.rows(file, name=file.name))
            problems = tables.say(read.problems)
            if not problems:
                changed = services.save_counts(
                    stocktake=shown.stocktake, entries=read.entries, by=me(request)
                )
                toast = _("%(count)s lines are written down.") % {"count": changed}
                return answers.done(request, to=there(shown.stocktake.number), toast=toast)
        except (RuleBroken, RulesBroken) as problem:
            form.refuse(problem)
    return show_count(request, shown, file_form=form, problems=problems, status=422)


@needs(*READ)
@require_POST
def count_export(request: HttpRequest, number: str) -> FileResponse:
    """The sheet as a file, to be filled in and read again; without the books' figures while it is counted blind."""
    shown = count_or_404(request, number)
    rows = queries.stocktake_lines(shown.stocktake)
    names = columns.COUNT_COLUMNS if shown.shows_book else columns.COUNT_COLUMNS_BLIND
    name = _("count sheet")
    return export(
        request, f"{name} {shown.stocktake.number}", names, keyset.iterate(rows, order=queries.LINE_ORDERS["lines"])
    )  # fmt: skip


@needs(*READ)
@require_POST
@idempotent
def count_print(request: HttpRequest, number: str) -> HttpResponse:
    """打印: counted, then shown as a PDF."""
    shown = count_or_404(request, number)
    services.note_count_print(stocktake=shown.stocktake, by=me(request))
    return answers.done(request, to=reverse("stock-count-pdf", args=[shown.stocktake.number]))


@needs(*READ)
@require_GET
def count_pdf(request: HttpRequest, number: str) -> FileResponse:
    """盘点表 on A4 across with signature boxes; a blind one without the books' figures (INV-51, INV-52)."""
    shown = count_or_404(request, number)
    row = shown.stocktake
    facts = [
        (_("Number"), row.number),
        (_("Warehouse"), titles.of_warehouse(row.warehouse)),
        (_("Kind of count"), str(row.get_kind_display())),
        (_("How it is counted"), str(row.get_mode_display())),
        (_("Book quantities of"), dates.say_moment(row.booked_at)[:16]),
        (_("To be counted by"), dates.say_date(row.due_on)),
    ]
    for label, value in (
        (_("Watched by"), row.witness),
        (_("Who answers for it"), row.liability),
        (_("Proposal"), row.proposal),
    ):
        if value:
            facts.append((label, value))
    rows = keyset.iterate(queries.stocktake_lines(row), order=queries.LINE_ORDERS["lines"])
    return printing.book_pdf(
        request,
        title=_("Count sheet"),
        facts=facts,
        columns=columns.COUNT_PAPER if shown.shows_book else columns.COUNT_PAPER_BLIND,
        rows=rows,
        signers=(_("Counted by"), _("Watched by"), _("Storekeeper"), _("Stock accountant"), _("Department manager")),
        name=f"stock-count-{row.number}",
        by_hand=row.state == CountState.COUNTING,
    )  # fmt: skip


@needs(*COUNT)
@require_POST
@idempotent
def count_attach(request: HttpRequest, number: str) -> HttpResponse:
    """附件: the signed sheet, photographs of what was found (INV-55, INV-85)."""
    row = count_or_404(request, number).stocktake
    if not can_draft(me(request), row.warehouse):
        raise PermissionDenied
    if names := request.POST.getlist("attachments"):
        attachments.bind(public_ids=names, to=row, by=me(request), at=now_db())
    return answers.done(
        request, to=there(row.number) + "#files", toast=_("Files are kept with the document.")
    )
