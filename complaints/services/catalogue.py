"""Categories, subcases, routings, keywords (CMP-11) and reply templates (CMP-50) are edited by who runs the centre."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from complaints.domain import phrasing
from complaints.models import Category, Keyword, ReplyTemplate, Routing, Subcase
from complaints.permissions import can_edit_categories
from organization.choices import DepartmentKind
from organization.models import Department, User
from servicecenter import search, trail
from servicecenter.clock import now_db
from servicecenter.i18n import validate_texts
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def save_category(
    *,
    category: Category | None = None,
    code: str,
    names: Mapping[str, str],
    ordinal: int,
    closed_on: date | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Category:
    """Add or change a category; its code stays. Raises RuleBroken `catalogue.names`, `catalogue.code_taken`."""
    _check(by, names)
    row = (
        Category.objects.select_for_update().get(pk=category.pk) if category else Category(code=code.strip())
    )
    _check_code(Category, row)
    return _save(row, "category.saved", by, at, names=dict(names), ordinal=ordinal, closed_on=closed_on)


@transaction.atomic
def save_subcase(
    *,
    subcase: Subcase | None = None,
    category: Category,
    code: str,
    names: Mapping[str, str],
    ordinal: int,
    closed_on: date | None = None,
    by: User | None,
    at: datetime | None = None,
) -> Subcase:
    """Add or change a subcase; it stays in its category."""
    _check(by, names)
    row = (
        Subcase.objects.select_for_update().get(pk=subcase.pk)
        if subcase
        else Subcase(code=code.strip(), category=category)
    )
    _check_code(Subcase, row)
    return _save(row, "subcase.saved", by, at, names=dict(names), ordinal=ordinal, closed_on=closed_on)


@transaction.atomic
def set_routing(
    *,
    category: Category,
    subcase: Subcase | None = None,
    department_kind: str = "",
    department: Department | None = None,
    valid_from: date,
    by: User | None,
    at: datetime | None = None,
) -> Routing:
    """Where a category or subcase goes from a day on: to the department of a kind, to one department, or (neither)
    to the supervisor. What was valid before stays in force until then.

    Raises RuleBroken `catalogue.one_way`, `catalogue.kind_unknown`, `complaint.subcase_unknown`.
    """
    _check(by)
    if department_kind and department is not None:
        raise RuleBroken("catalogue.one_way", field="department", status=400)
    if department_kind and department_kind not in DepartmentKind.values:
        raise RuleBroken("catalogue.kind_unknown", field="department_kind", status=400)
    if subcase is not None and subcase.category_id != category.pk:
        raise RuleBroken("complaint.subcase_unknown", field="subcase", status=400, subcase=subcase.code)
    row = (
        Routing.objects.select_for_update()
        .order_by("pk")
        .filter(category=category, subcase=subcase, valid_from=valid_from)
        .first()
    ) or Routing(category=category, subcase=subcase, valid_from=valid_from)
    return _save(row, "routing.saved", by, at, department_kind=department_kind, department=department)


@transaction.atomic
def save_keyword(
    *,
    keyword: Keyword | None = None,
    word: str,
    category: Category,
    subcase: Subcase | None = None,
    weight: int = 1,
    by: User | None,
    at: datetime | None = None,
) -> Keyword:
    """A word that names a category to imports; kept folded. Raises `catalogue.word_needed`, `.word_taken`."""
    _check(by)
    folded = search.fold(word)
    if not folded or len(folded) > 30:
        raise RuleBroken("catalogue.word_needed", field="word", status=400)
    if not 1 <= weight <= 100:
        raise RuleBroken("catalogue.weight", field="weight", status=400)
    if subcase is not None and subcase.category_id != category.pk:
        raise RuleBroken("complaint.subcase_unknown", field="subcase", status=400, subcase=subcase.code)
    row = Keyword.objects.select_for_update().get(pk=keyword.pk) if keyword else Keyword()
    if Keyword.objects.filter(word=folded).exclude(pk=row.pk).exists():
        raise RuleBroken("catalogue.word_taken", field="word", word=folded)
    return _save(row, "keyword.saved", by, at, word=folded, category=category, subcase=subcase, weight=weight)


@transaction.atomic
def remove_keyword(*, keyword: Keyword, by: User | None, at: datetime | None = None) -> None:
    """Forget a word."""
    _check(by)
    row = Keyword.objects.select_for_update().get(pk=keyword.pk)
    trail.record(row, "keyword.removed", by=by, at=at or now_db(), word=row.word)
    row.delete()


@transaction.atomic
def save_template(
    *,
    template: ReplyTemplate | None = None,
    code: str,
    names: Mapping[str, str],
    texts: Mapping[str, str],
    category: Category | None = None,
    ordinal: int,
    is_active: bool = True,
    by: User | None,
    at: datetime | None = None,
) -> ReplyTemplate:
    """Add or change a reply template; its code stays (CMP-50).

    Raises RuleBroken `catalogue.names`, `catalogue.code_taken`, `template.texts`, `template.unknown_field`,
    `template.brace`, `template.too_long`; what is wrong with a text names it: `text_hans`, `text_hant`,
    `text_en`.
    """
    _check(by, names)
    row = (
        ReplyTemplate.objects.select_for_update().get(pk=template.pk)
        if template
        else ReplyTemplate(code=code.strip())
    )
    _check_code(ReplyTemplate, row)
    return _save(
        row,
        "template.saved",
        by,
        at,
        names=dict(names),
        texts=_checked(texts),
        category=category,
        ordinal=ordinal,
        is_active=is_active,
    )


@transaction.atomic
def retire_template(*, template: ReplyTemplate, by: User | None, at: datetime | None = None) -> ReplyTemplate:
    """Offer a reply template no longer; it stays in the list and can be taken up again. Twice is once."""
    _check(by)
    row = ReplyTemplate.objects.select_for_update().get(pk=template.pk)
    return _save(row, "template.retired", by, at, is_active=False)  # type: ignore[no-any-return]


def _checked(texts: Mapping[str, str]) -> dict[str, str]:
    """The texts as they are kept: known languages, simplified Chinese among them, known fields, not too long."""
    kept = {tag: phrasing.plain(text) for tag, text in texts.items() if text.strip()}
    try:
        validate_texts(kept)
    except ValidationError as problem:
        raise RuleBroken("template.texts", field="text_hans", status=400) from problem
    for tag, text in kept.items():
        field = f"text_{tag.rpartition('-')[2].lower()}"
        if len(text) > phrasing.LIMIT:
            raise RuleBroken("template.too_long", field=field, status=400, most=phrasing.LIMIT)
        try:
            phrasing.check(text)
        except RuleBroken as problem:
            raise RuleBroken(problem.code, field=field, status=400, **problem.params) from problem
    return kept


def _save(row: Any, code: str, by: User | None, at: datetime | None, **columns: Any) -> Any:
    before = {name: _said(getattr(row, name)) if row.pk else None for name in columns}
    for name, value in columns.items():
        setattr(row, name, value)
    row.save()
    after = {name: _said(value) for name, value in columns.items()}
    changes = trail.changes_between(before, after)
    if changes:
        trail.record(row, code, by=by, at=at or now_db(), changes=changes, name=str(row))
    return row


def _said(value: Any) -> Any:
    """A record as its code, which outlives a change of its name."""
    if isinstance(value, models.Model):
        return getattr(value, "code", str(value))
    return value


def _check(by: User | None, names: Mapping[str, str] | None = None) -> None:
    if by is not None and not can_edit_categories(by):
        raise RuleBroken("lifecycle.no_right", status=403, action="edit_categories")
    if names is not None:
        try:
            validate_texts(dict(names))
        except ValidationError as problem:
            raise RuleBroken("catalogue.names", field="names", status=400) from problem


def _check_code(model: type[Category] | type[Subcase] | type[ReplyTemplate], row: Any) -> None:
    if not row.code or model.objects.filter(code=row.code).exclude(pk=row.pk).exists():
        raise RuleBroken("catalogue.code_taken", field="code", status=400, taken=row.code)
