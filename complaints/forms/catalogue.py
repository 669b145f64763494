"""Categories, their subcases, where they go, the words an import knows them by (CMP-10a to CMP-11); reply templates
(CMP-50)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints.domain.phrasing import LIMIT
from complaints.forms.parts import ActForm, DepartmentField
from complaints.models import Category, ReplyTemplate
from organization.choices import DepartmentKind
from servicecenter.forms import Day, Line, NamesMixin, Text


class CategoryForm(NamesMixin, ActForm):
    """One category."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=30)
    ordinal = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=1, max_value=999)
    closed_on = Day(label=gettext_lazy("Used until"), required=False)
    field_order = ("code", "name_hans", "name_hant", "name_en", "ordinal", "closed_on")


class SubcaseForm(NamesMixin, ActForm):
    """One subcase of a category."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=40)
    ordinal = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=1, max_value=999)
    field_order = ("code", "name_hans", "name_hant", "name_en", "ordinal")


class RoutingForm(ActForm):
    """Where a category or one of its subcases goes, from a day on; nowhere named: the supervisor decides (CMP-10k)."""

    subcase = forms.ChoiceField(label=gettext_lazy("Subcase"), required=False)
    department_kind = forms.ChoiceField(label=gettext_lazy("Kind of department"), required=False)
    department = DepartmentField(label=gettext_lazy("This department"), required=False)
    valid_from = Day(label=gettext_lazy("From"))

    def __init__(self, *args: Any, category: Category, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        subs = category.subcases.order_by("ordinal")
        self.fields["subcase"].choices = [("", _("the whole category")), *((s.code, str(s)) for s in subs)]  # type: ignore[attr-defined]
        self.fields["department_kind"].choices = [("", _("the supervisor decides")), *DepartmentKind.choices]  # type: ignore[attr-defined]
        self.initial.setdefault("valid_from", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        """A kind or one department, not both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("department") and cleaned.get("department_kind"):
            self.add_error("department", _("Choose a kind of department or one department, not both."))
        return cleaned


class KeywordForm(ActForm):
    """A word by which an import finds the category."""

    word = Line(label=gettext_lazy("Word"), max_length=30)
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    subcase = forms.ChoiceField(label=gettext_lazy("Subcase"), required=False)
    weight = forms.IntegerField(label=gettext_lazy("Weight"), min_value=1, max_value=9, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(Category.objects.prefetch_related("subcases").order_by("ordinal"))
        self.fields["category"].choices = [(row.code, str(row)) for row in rows]  # type: ignore[attr-defined]
        self.fields["subcase"].choices = [  # type: ignore[attr-defined]
            ("", _("none named")),
            *(
                (str(row), [(sub.code, str(sub)) for sub in row.subcases.all()])
                for row in rows
                if row.subcases.all()
            ),
        ]


TEXTS = (("zh-Hans", "text_hans"), ("zh-Hant", "text_hant"), ("en", "text_en"))


def _template_text(label: Any, *, required: bool = False) -> Text:
    return Text(label=label, required=required, max_length=LIMIT, widget=forms.Textarea(attrs={"rows": 4}))


class TemplateForm(NamesMixin, ActForm):
    """A reply template: its name and its text in three languages, and where it is offered (CMP-50)."""

    code = forms.SlugField(label=gettext_lazy("Code"), max_length=30)
    category = forms.ChoiceField(label=gettext_lazy("Offered for"), required=False)
    text_hans = _template_text(gettext_lazy("Text, simplified Chinese"), required=True)
    text_hant = _template_text(gettext_lazy("Text, traditional Chinese"))
    text_en = _template_text(gettext_lazy("Text, English"))
    ordinal = forms.IntegerField(label=gettext_lazy("Place in the list"), min_value=1, max_value=999)
    is_active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)
    field_order = (
        "code", "name_hans", "name_hant", "name_en", "text_hans", "text_hant", "text_en", "category", "ordinal",
        "is_active",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Category.objects.order_by("ordinal")
        self.fields["category"].choices = [("", _("every category")), *((row.code, str(row)) for row in rows)]  # type: ignore[attr-defined]

    @property
    def texts(self) -> dict[str, str]:
        """As a LocalizedField holds them."""
        return {tag: self.cleaned_data[field] for tag, field in TEXTS if self.cleaned_data.get(field)}

    @classmethod
    def begun(cls, row: ReplyTemplate) -> dict[str, Any]:
        """The form's fields from a template."""
        return {
            "code": row.code,
            "category": row.category.code if row.category else "",
            "ordinal": row.ordinal,
            "is_active": row.is_active,
            **cls.initial_of(row.names),
            **{field: row.texts.get(tag, "") for tag, field in TEXTS},
        }
