"""What is done with a saved document: change, discard, audit, un-audit, delete, approve, red letter, print, files."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from inventory import services
from inventory.domain.shortage import Shortage
from inventory.forms import ClaimForm, ConfirmForm, ReasonForm, RedForm
from inventory.permissions import Right, can_audit, can_draft
from inventory.views.acting import Desk
from inventory.views.bar import why_not
from inventory.views.document import DRAFT, page_or_404
from inventory.views.door import version_of
from organization.permissions import me
from organization.views.door import needs
from servicecenter import answers, attachments
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.wording import messages_of

AUDIT = (Right.AUDIT_DOCUMENT,)


def _refused(request: HttpRequest, number: str, problem: RuleBroken | RulesBroken) -> HttpResponse:
    """The document was left as it is: everything that stands against the act, every short line (LED-11)."""
    fresh = page_or_404(request, number)
    context = {
        "shown": fresh,
        "document": fresh.document,
        "problems": [message for _field, message in messages_of(problem)],
        "shortage": problem.lines if isinstance(problem, Shortage) else (),
        "may_red": fresh.answers["red"].allowed,
    }
    return render(request, "inventory/refused.html", context, status=409)


DESK = Desk("document", page_or_404, "stock-document", _refused)


@needs(*DRAFT)
@require_POST
@idempotent
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """修改: from now on it is being edited; nobody audits it meanwhile (INV-12)."""
    return DESK.at_once(
        request,
        number,
        "edit",
        lambda document: services.edit_document(
            document=document, version=version_of(request), by=me(request)
        ),
        "",
    )


@needs(*DRAFT)
@require_POST
@idempotent
def abandon(request: HttpRequest, number: str) -> HttpResponse:
    """放弃: what was typed is dropped, the saved document stays as it was."""
    return DESK.at_once(
        request,
        number,
        "abandon",
        lambda document: services.abandon_edit(
            document=document, version=version_of(request), by=me(request)
        ),
        _("Discarded: the document is as it was saved."),
    )


@needs(*AUDIT)
@require_POST
@idempotent
def audit(request: HttpRequest, number: str) -> HttpResponse:
    """审核: stock moves now (INV-11); a shortage names every short line (LED-11)."""
    return DESK.at_once(
        request,
        number,
        "audit",
        lambda document: services.audit_document(
            document=document, version=version_of(request), by=me(request)
        ),
        _("%(number)s is audited: the stock has moved.") % {"number": number.upper()},
    )


@needs(*AUDIT)
@idempotent
def unaudit(request: HttpRequest, number: str) -> HttpResponse:
    """弃审: mirror rows take the stock back; where that is too late a red letter is offered (LED-02, LED-10)."""
    return DESK.ask(
        request, number, "unaudit", template="inventory/unaudit.html", form=ConfirmForm,
        act=lambda document, said: services.unaudit_document(
            document=document, version=said["version"], by=me(request)
        ),
        toast=_("Un-audited: the ledger holds the mirror rows, the stock is as before."),
    )  # fmt: skip


@needs(*DRAFT)
@idempotent
def void(request: HttpRequest, number: str) -> HttpResponse:
    """删除: a document that is not audited is voided, its number stays (INV-14)."""
    return DESK.ask(
        request, number, "void", template="inventory/void.html", form=ReasonForm,
        act=lambda document, said: services.void_document(
            document=document, reason=said["reason"], version=said["version"], by=me(request)
        ),
        toast=_("Deleted. The number stays used."),
    )  # fmt: skip


@needs(Right.APPROVE_DOCUMENT)
@idempotent
def approve(request: HttpRequest, number: str) -> HttpResponse:
    """Approve scrapping or a loss in transit before its audit (INV-32)."""
    return DESK.ask(
        request, number, "approve", template="inventory/approve.html", form=ConfirmForm,
        act=lambda document, said: services.approve_document(
            document=document, version=said["version"], by=me(request)
        ),
        toast=_("Approved: it may be audited now."),
    )  # fmt: skip


@needs(*DRAFT)
@idempotent
def claim(request: HttpRequest, number: str) -> HttpResponse:
    """A claim is opened on the waybill that the goods travelled with (INV-82, LED-06)."""
    return DESK.ask(
        request, number, "claim", template="inventory/claim.html", form=ClaimForm,
        act=lambda document, said: services.claim_loss(
            document=document, waybill=said["waybill"], version=said["version"],
            by=me(request),
        ),
        toast=_("A claim is opened; the claims department is told."),
    )  # fmt: skip


@needs(*DRAFT)
@idempotent
def red(request: HttpRequest, number: str) -> HttpResponse:
    """A red letter from this original, never beyond what is left of it (INV-26, INV-27, LED-02)."""
    shown = DESK.allowed(request, number, "red")
    form = RedForm(request.POST or None, original=shown.document, lines=shown.lines)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                made = services.draft_red(
                    original=shown.document,
                    reason=form.cleaned_data["reason"],
                    quantities=form.quantities,
                    business_date=form.cleaned_data["business_date"],
                    remarks=form.cleaned_data["remarks"],
                    by=me(request),
                )
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(
                    request,
                    to=DESK.there(made.number),
                    toast=_("%(number)s is saved as a red letter; audit it to move the stock.")
                    % {"number": made.number},
                )
        status = 422
    context = {
        "form": form,
        "document": shown.document,
        "why": why_not(shown.answers.get("red")),
    }
    return render(request, "inventory/red.html", context, status=status)


@needs(*DRAFT)
@require_POST
@idempotent
def attach(request: HttpRequest, number: str) -> HttpResponse:
    """附件: files that were uploaded become the document's (INV-85)."""
    shown = page_or_404(request, number)
    names = request.POST.getlist("attachments")
    if not (
        can_draft(me(request), shown.document.warehouse) or can_audit(me(request), shown.document.warehouse)
    ):
        raise PermissionDenied
    if names:
        attachments.bind(public_ids=names, to=shown.document, by=me(request), at=now_db())
    return answers.done(
        request, to=DESK.there(shown.document.number) + "#files", toast=_("Files are kept with the document.")
    )
