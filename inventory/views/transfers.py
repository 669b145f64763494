"""One transfer: both ends, its lines, the paired documents, and what is on its way (INV-40 to INV-47, LED-06)."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from inventory import queries, services
from inventory.choices import DocumentState
from inventory.domain.transfers import TransferLineIn
from inventory.forms import ConfirmForm, FileForm, Grid, ReasonForm, TransferForm
from inventory.permissions import Right
from inventory.queries.documents import document_link
from inventory.views import tables
from inventory.views.acting import Desk
from inventory.views.bar import document_bar
from inventory.views.door import READ, version_of
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments
from servicecenter.clock import now_db
from servicecenter.components import Crumb, Step
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

BEGIN = (Right.DRAFT_TRANSFER, Right.PLAN_TRANSFER)
DO = (*BEGIN, Right.AUDIT_TRANSFER)
NAMES = {
    "page": "stock-transfer",
    "edit": "stock-transfer-edit",
    "void": "stock-transfer-void",
    "audit": "stock-transfer-audit",
    "unaudit": "stock-transfer-unaudit",
    "print": "stock-transfer-print",
}


def transfer_or_404(request: HttpRequest, number: str) -> Any:
    """The transfer with all that its page shows; one that the user may not see is not there."""
    found = queries.transfer_page(me(request), number.upper())
    if found is None:
        raise Http404
    return found


def steps_of(shown: Any) -> list[Step]:
    """The life of a transfer in the words of the book: made, audited, issued, arrived."""
    if shown is None:
        return [Step(_("Made"), "now"), Step(_("Audited")), Step(_("Issued")), Step(_("Arrived"))]
    lines = shown.lines
    audited = shown.transfer.state == DocumentState.AUDITED
    issued = audited and any(line.issued for line in lines)
    arrived = issued and all(not line.in_transit for line in lines) and all(line.issued for line in lines)
    states = [True, audited, issued, arrived]
    now = next((at for at, reached in enumerate(states) if not reached), len(states))
    labels = (_("Made"), _("Audited"), _("Issued"), _("Arrived"))
    return [
        Step(label, "done" if at < now else "now" if at == now else "") for at, label in enumerate(labels)
    ]


def _show(
    request: HttpRequest,
    *,
    shown: Any = None,
    form: TransferForm | None = None,
    grid: Grid | None = None,
    status: int = 200,
    file_form: FileForm | None = None,
    read: Any = None,
    problems: list[str] | None = None,
) -> HttpResponse:
    user = me(request)
    transfer = shown.transfer if shown is not None else None
    files = list(attachments.of(transfer)) if transfer is not None else []
    may_add = user.rights.has_any(BEGIN)
    bar = document_bar(
        document=transfer,
        answers=shown.answers if shown is not None else {},
        names=NAMES,
        add_url=reverse("stock-transfer-new") if may_add else "",
        abandon_url=reverse("stock-transfer-abandon", args=[transfer.number])
        if transfer is not None
        else reverse("stock-transfer-list"),
        is_form=form is not None,
        fixed=False,
        downstream=[document_link(row) for row in shown.documents] if shown is not None else (),
        neighbours=queries.transfer_neighbours(user, transfer) if transfer is not None else None,
        files=len(files),
        abandon_posts=transfer is not None and transfer.state == DocumentState.EDITING,
    )
    if form is not None and grid is not None:
        tables.name_items(grid, user)
    context = {
        "shown": shown,
        "transfer": transfer,
        "steps": steps_of(shown),
        "form": form,
        "grid": grid,
        "rows": tables.read_rows(shown.lines, transfer) if form is None and shown is not None else (),
        "bar": bar,
        "version": transfer.version if transfer is not None else "",
        "key": uuid.uuid4().hex,
        "files": files,
        "attach_url": reverse("stock-transfer-attach", args=[transfer.number])
        if transfer is not None and shown.answers["edit"].visible
        else "",
        "file_form": file_form or (FileForm() if form is not None else None),
        "read": read,
        "problems": problems or [],
        "save_url": reverse("stock-transfer-save", args=[transfer.number])
        if transfer is not None
        else reverse("stock-transfer-new"),
        "read_url": reverse("stock-transfer-read-lines")
        + (f"?transfer={transfer.number}" if transfer is not None else ""),
        "draft_name": f"inventory.transfer.{transfer.number if transfer is not None else 'new'}",
        "crumbs": [
            Crumb(_("Transfers"), reverse("stock-transfer-list")),
            Crumb(transfer.number if transfer is not None else _("New transfer")),
        ],
    }
    return render(request, "inventory/transfer.html", context, status=status)


@needs(*READ)
@require_GET
def page(request: HttpRequest, number: str) -> HttpResponse:
    """The transfer as it stands; while it is being edited, and for whoever may save it, as a form."""
    shown = transfer_or_404(request, number)
    if shown.transfer.state == DocumentState.EDITING and shown.answers["save"].allowed:
        form = TransferForm(user=me(request), transfer=shown.transfer)
        return _show(request, shown=shown, form=form, grid=Grid.of_document(shown.lines))
    return _show(request, shown=shown)


@needs(*BEGIN)
@idempotent
def new(request: HttpRequest) -> HttpResponse:
    """A new transfer (INV-40); across departments by planning alone (INV-03, INV-05)."""
    if request.method == "POST":
        return _save(request, None)
    return _show(request, form=TransferForm(user=me(request)), grid=Grid([]))


@needs(*BEGIN)
@require_POST
@idempotent
def save(request: HttpRequest, number: str) -> HttpResponse:
    """Save it again."""
    return _save(request, DESK.allowed(request, number, "save"))


def _save(request: HttpRequest, shown: Any) -> HttpResponse:
    transfer = shown.transfer if shown is not None else None
    form = TransferForm(request.POST, user=me(request), transfer=transfer)
    grid = Grid.of_post(request.POST)
    lines = [TransferLineIn(line.code, line.quantity, line.remarks) for line in grid.read()]
    if form.is_valid() and not grid.is_wrong:
        try:
            saved = services.save_transfer(
                head=form.head(), lines=lines, transfer=transfer, version=form.cleaned_data.get("version"),
                by=me(request),
            )  # fmt: skip
        except (RuleBroken, RulesBroken) as problem:
            tables.refuse(form, grid, problem)
        else:
            return answers.done(
                request,
                to=reverse("stock-transfer", args=[saved.number]),
                toast=_("%(number)s is saved; its audit makes the outbound and the inbound document.")
                % {"number": saved.number},
            )
    return _show(request, shown=shown, form=form, grid=grid, status=422)


@needs(*BEGIN)
@require_POST
def read_lines(request: HttpRequest) -> HttpResponse:
    """Lines from a spreadsheet or a paste into the form that is open; writes nothing, tells every error at once."""
    number = request.GET.get("transfer", "")
    shown = transfer_or_404(request, number) if number else None
    transfer = shown.transfer if shown is not None else None
    form = TransferForm(user=me(request), transfer=transfer, initial=tables.typed(request.POST))
    grid, file_form, read = tables.read_into(Grid.of_post(request.POST), request)
    status = 200 if read is not None and not read.problems else 422
    return _show(request, shown=shown, form=form, grid=grid, status=status, file_form=file_form, read=read)


def _refused(request: HttpRequest, number: str, problem: RuleBroken | RulesBroken) -> HttpResponse:
    told = [message for _field, message in messages_of(problem)]
    return _show(request, shown=transfer_or_404(request, number), problems=told, status=409)


DESK = Desk("transfer", transfer_or_404, "stock-transfer", _refused)


@needs(*BEGIN)
@require_POST
@idempotent
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """修改."""
    return DESK.at_once(
        request,
        number,
        "edit",
        lambda row: services.edit_transfer(transfer=row, version=version_of(request), by=me(request)),
        "",
    )


@needs(*BEGIN)
@require_POST
@idempotent
def abandon(request: HttpRequest, number: str) -> HttpResponse:
    """放弃."""
    return DESK.at_once(
        request,
        number,
        "abandon",
        lambda row: services.abandon_transfer_edit(transfer=row, version=version_of(request), by=me(request)),
        _("Discarded: the document is as it was saved."),
    )


@needs(*DO)
@require_POST
@idempotent
def audit(request: HttpRequest, number: str) -> HttpResponse:
    """审核: the outbound and the inbound document are made; each side audits its own (INV-42)."""
    return DESK.at_once(
        request,
        number,
        "audit",
        lambda row: services.audit_transfer(transfer=row, version=version_of(request), by=me(request)),
        _("%(number)s is audited: the outbound and the inbound document are made.")
        % {"number": number.upper()},
    )


@needs(*DO)
@idempotent
def unaudit(request: HttpRequest, number: str) -> HttpResponse:
    """弃审: inbound first, then outbound, then the transfer (LED-06)."""
    return DESK.ask(
        request, number, "unaudit", template="inventory/unaudit_transfer.html", form=ConfirmForm,
        act=lambda row, said: services.unaudit_transfer(
            transfer=row, version=said["version"], by=me(request)
        ),
        toast=_("Un-audited: the documents it had made are gone."),
    )  # fmt: skip


@needs(*BEGIN)
@idempotent
def void(request: HttpRequest, number: str) -> HttpResponse:
    """删除: its number stays (INV-14)."""
    return DESK.ask(
        request, number, "void", template="inventory/void.html", form=ReasonForm,
        act=lambda row, said: services.void_transfer(
            transfer=row, reason=said["reason"], version=said["version"], by=me(request)
        ),
        toast=_("Deleted. The number stays used."),
    )  # fmt: skip


@needs(*READ)
@idempotent
def receive_rest(request: HttpRequest, number: str) -> HttpResponse:
    """A further inbound document for what is still on its way (LED-06)."""
    return DESK.ask(
        request, number, "receive_rest", template="inventory/receive_rest.html", form=ConfirmForm,
        act=lambda row, said: services.receive_rest(transfer=row, by=me(request)),
        toast=_("A further inbound document is made for what is still on its way."),
    )  # fmt: skip


@needs(*READ)
@idempotent
def transit_loss(request: HttpRequest, number: str) -> HttpResponse:
    """What never arrived: a loss document, approved by another person before its audit (LED-06)."""
    return DESK.ask(
        request, number, "transit_loss", template="inventory/transit_loss.html", form=ReasonForm,
        act=lambda row, said: services.draft_transit_loss(
            transfer=row, remarks=said["reason"], by=me(request)
        ),
        toast=_("The loss is drafted; the department manager approves it before its audit."),
    )  # fmt: skip


@needs(*BEGIN)
@require_POST
@idempotent
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """附件: the approved requisition goes with the transfer that it orders (INV-41)."""
    shown = DESK.allowed(request, number, "edit")
    if names := request.POST.getlist("attachments"):
        attachments.bind(public_ids=names, to=shown.transfer, by=me(request), at=now_db())
    to = reverse("stock-transfer", args=[shown.transfer.number]) + "#files"
    return answers.done(request, to=to, toast=_("Files are kept with the document."))
