"""Categories, where they go, and the words an import knows them by: edited by supervisors (CMP-10a to CMP-11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from complaints import forms, queries, services
from complaints.models import Category, Keyword, Subcase
from complaints.permissions import Right
from organization.permissions import me
from organization.views.door import needs, places
from servicecenter import answers
from servicecenter.components import Crumb
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@needs(Right.EDIT_CATEGORIES, Right.VIEW_ALL)
@require_GET
def categories(request: HttpRequest) -> HttpResponse:
    """All categories with their subcases, where each goes today, and how many words lead to it."""
    context = {
        "rows": queries.catalogue(),
        "may_edit": me(request).has_right(Right.EDIT_CATEGORIES),
        "tabs": places(request, "category-list"),
        "crumbs": [Crumb(_("Categories and routing"))],
    }
    return render(request, "complaints/categories.html", context)


@needs(Right.EDIT_CATEGORIES, Right.VIEW_ALL)
@require_GET
def category(request: HttpRequest, code: str) -> HttpResponse:
    """One category: subcases, routings past, present and to come, keywords."""
    row = get_object_or_404(Category, code=code)
    context = {
        "category": row,
        "subcases": row.subcases.order_by("ordinal"),
        "routings": row.routings.select_related("subcase", "department").order_by(
            "subcase__ordinal", "-valid_from"
        ),
        "keywords": row.keywords.select_related("subcase").order_by("-weight", "word"),
        "may_edit": me(request).has_right(Right.EDIT_CATEGORIES),
        "crumbs": [Crumb(_("Categories and routing"), reverse("category-list")), Crumb(str(row))],
    }
    return render(request, "complaints/category.html", context)


def _ask(
    request: HttpRequest, form: Any, save: Callable[[dict[str, Any]], str], *, question: str, verb: str
) -> HttpResponse:
    """A dialog of the catalogue: `save` does it and returns the category whose page comes next."""
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                code = save(form.cleaned_data)
            except (RuleBroken, RulesBroken) as problem:
                form.refuse(problem)
            else:
                return answers.done(request, to=reverse("category-detail", args=[code]), toast=_("Saved."))
        status = 422
    return render(
        request,
        "complaints/catalogue_edit.html",
        {"form": form, "question": question, "verb": verb},
        status=status,
    )


@needs(Right.EDIT_CATEGORIES)
@idempotent
def edit_category(request: HttpRequest, code: str = "") -> HttpResponse:
    """A new category, or a change of one."""
    row = get_object_or_404(Category, code=code) if code else None
    initial: dict[str, Any] = {}
    if row is not None:
        initial = {"code": row.code, "ordinal": row.ordinal, "closed_on": row.closed_on}
        initial |= forms.CategoryForm.initial_of(row.names)
    form = forms.CategoryForm(request.POST or None, user=me(request), initial=initial)

    def save(said: dict[str, Any]) -> str:
        return str(
            services.save_category(
                category=row, code=said["code"], names=form.names, ordinal=said["ordinal"],
                closed_on=said["closed_on"], by=me(request),
            ).code
        )  # fmt: skip

    question = _("Change the category?") if row else _("A new category?")
    return _ask(request, form, save, question=question, verb=_("Save"))


@needs(Right.EDIT_CATEGORIES)
@idempotent
def edit_subcase(request: HttpRequest, code: str, subcase: str = "") -> HttpResponse:
    """A new subcase of a category, or a change of one."""
    parent = get_object_or_404(Category, code=code)
    row = get_object_or_404(Subcase, category=parent, code=subcase) if subcase else None
    initial = (
        {"code": row.code, "ordinal": row.ordinal, **forms.SubcaseForm.initial_of(row.names)} if row else {}
    )
    form = forms.SubcaseForm(request.POST or None, user=me(request), initial=initial)

    def save(said: dict[str, Any]) -> str:
        services.save_subcase(
            category=parent,
            subcase=row,
            code=said["code"],
            names=form.names,
            ordinal=said["ordinal"],
            by=me(request),
        )
        return parent.code

    question = _("Change the subcase?") if row else _("A new subcase?")
    return _ask(request, form, save, question=question, verb=_("Save"))


@needs(Right.EDIT_CATEGORIES)
@idempotent
def edit_routing(request: HttpRequest, code: str) -> HttpResponse:
    """Where a category or a subcase goes from a day on."""
    row = get_object_or_404(Category, code=code)
    form = forms.RoutingForm(
        request.POST or None,
        user=me(request),
        category=row,
        initial={"subcase": request.GET.get("subcase", "")},
    )

    def save(said: dict[str, Any]) -> str:
        subcase = row.subcases.filter(code=said["subcase"]).first() if said["subcase"] else None
        services.set_routing(
            category=row, subcase=subcase, department_kind=said["department_kind"], department=said["department"],
            valid_from=said["valid_from"], by=me(request),
        )  # fmt: skip
        return row.code

    return _ask(request, form, save, question=_("Where does it go from now on?"), verb=_("Set the routing"))


@needs(Right.EDIT_CATEGORIES)
@idempotent
def edit_keyword(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A new word, or a change of one."""
    row = get_object_or_404(Keyword.objects.select_related("category", "subcase"), pk=pk) if pk else None
    initial: dict[str, Any] = {"category": request.GET.get("category", "")}
    if row is not None:
        initial = {
            "word": row.word, "category": row.category.code, "subcase": row.subcase.code if row.subcase else "",
            "weight": row.weight,
        }  # fmt: skip
    form = forms.KeywordForm(request.POST or None, user=me(request), initial=initial)

    def save(said: dict[str, Any]) -> str:
        parent = Category.objects.get(code=said["category"])
        subcase = Subcase.objects.filter(code=said["subcase"]).first() if said["subcase"] else None
        services.save_keyword(
            keyword=row,
            word=said["word"],
            category=parent,
            subcase=subcase,
            weight=said["weight"],
            by=me(request),
        )
        return parent.code

    return _ask(request, form, save, question=_("By which word?"), verb=_("Save"))


@needs(Right.EDIT_CATEGORIES)
@require_POST
@idempotent
def remove_keyword(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a word away."""
    row = get_object_or_404(Keyword.objects.select_related("category"), pk=pk)
    services.remove_keyword(keyword=row, by=me(request))
    to = reverse("category-detail", args=[row.category.code])
    return answers.done(request, to=to, toast=_("“%(word)s” no longer leads here.") % {"word": row.word})


@needs(Right.EDIT_CATEGORIES, Right.VIEW_ALL, Right.IMPORT_CONTACTS)
@require_GET
def try_words(request: HttpRequest) -> HttpResponse:
    """Which category the words give for a text: to try the table before an import."""
    text = request.GET.get("text", "")[:2000]
    found = queries.category_of_text(text) if text.strip() else None
    return render(request, "complaints/_try_words.html", {"found": found, "text": text})
