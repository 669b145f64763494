"""Reply templates (CMP-50): the page that keeps them, and one filled in where somebody writes on a ticket."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.models import Category, Complaint, ReplyTemplate
from complaints.permissions import WRITERS, Right
from complaints.views.door import complaint_or_404
from complaints.wording import TEMPLATE_FIELDS
from organization.permissions import me
from organization.views.door import needs, places
from servicecenter import answers
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken

# The button that fills a template in without a script: it sends the form, and the form comes back with the text.
INSERT = "insert_template"


@needs(Right.EDIT_CATEGORIES, Right.VIEW_ALL)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """All templates with their text in the reader's language, and what each placeholder stands for."""
    context = {
        "rows": queries.templates(),
        "fields": TEMPLATE_FIELDS.items(),
        "may_edit": me(request).has_right(Right.EDIT_CATEGORIES),
        "tabs": places(request, "reply-template-list"),
        "crumbs": [Crumb(_("Reply templates"))],
    }
    return render(request, "complaints/templates.html", context)


@needs(Right.EDIT_CATEGORIES)
@idempotent
def edit_template(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new template, or a change of one."""
    row = get_object_or_404(ReplyTemplate.objects.select_related("category"), code=code) if code else None
    form = forms.TemplateForm(
        request.POST or None, user=me(request), initial=forms.TemplateForm.begun(row) if row else {}
    )
    form.fields["code"].disabled = row is not None
    status = 200
    if request.method == "POST":
        if form.is_valid() and _saved(form, row, request):
            return answers.done(request, to=reverse("reply-template-list"), toast=_("Saved."))
        status = 422
    context = {
        "form": form,
        "fields": TEMPLATE_FIELDS.items(),
        "question": _("Change the reply template?") if row else _("A new reply template?"),
        "verb": _("Save"),
    }
    return render(request, "complaints/template_edit.html", context, status=status)


def _saved(form: Any, row: ReplyTemplate | None, request: HttpRequest) -> bool:
    said = form.cleaned_data
    category = Category.objects.get(code=said["category"]) if said["category"] else None
    try:
        services.save_template(
            template=row, code=said["code"], names=form.names, texts=form.texts, category=category,
            ordinal=said["ordinal"], is_active=said["is_active"], by=me(request),
        )  # fmt: skip
    except (RuleBroken, RulesBroken) as problem:
        form.refuse(problem)
        return False
    return True


@needs(Right.EDIT_CATEGORIES)
@require_POST
@idempotent
def retire_template(request: HttpRequest, code: str) -> HttpResponse:
    """Offer it no longer."""
    row = services.retire_template(template=get_object_or_404(ReplyTemplate, code=code), by=me(request))
    toast = _("“%(name)s” is offered no longer.") % {"name": row}
    return answers.done(request, to=reverse("reply-template-list"), toast=toast)


@needs(*WRITERS)
@require_GET
def text(request: HttpRequest, number: str, code: str) -> HttpResponse:
    """One template filled for a ticket, for the script that puts it at the cursor."""
    complaint = complaint_or_404(request, number)
    return JsonResponse({"text": _text(request, complaint, code, request.GET.get("language", ""))})


def _text(request: HttpRequest, complaint: Complaint, code: str, language: str) -> str:
    if language not in {"", *dict(settings.LANGUAGES)}:
        raise Http404
    row = get_object_or_404(queries.templates_for(complaint).defer(None), code=code)
    return queries.filled(template=row, complaint=complaint, user=me(request), language=language)


def offered(complaint: Complaint, form: Any) -> dict[str, Any]:
    """What the picker beside a text needs; nothing where the form takes no template."""
    if not form.takes_template:
        return {}
    return {
        "phrases": list(queries.templates_for(complaint)),
        "phrases_into": form.takes_template,
        "phrase_languages": settings.LANGUAGES,
        "phrase_language": get_language(),
    }


def inserted(request: HttpRequest, form_class: Any, complaint: Complaint) -> Any | None:
    """The form as it was sent, with the chosen template's text behind what was typed; None when none was asked for.

    It is answered as a refusal is: nothing was done, and the form keeps its key (D20).
    """
    into = form_class.takes_template
    if not into or INSERT not in request.POST:
        return None
    typed = request.POST.dict()
    if code := typed.get("template", ""):
        added = _text(request, complaint, code, typed.get("template_language", ""))
        before = typed.get(into, "").rstrip()
        typed[into] = f"{before}\n{added}" if before else added
    return form_class(user=me(request), complaint=complaint, initial=typed)
