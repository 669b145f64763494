"""Categories, their cases, where they go, the words an import knows them by (CMP-10a to CMP-11), and reply templates
(CMP-50): data, not code."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organization.choices import DepartmentKind
from organization.models import Department
from servicecenter.i18n import LocalizedField, say


class Category(models.Model):
    """投诉类别: CMP-10a to CMP-10k, as data."""

    code = models.SlugField(_("code"), max_length=30, unique=True)
    rule = models.CharField(_("rule"), max_length=10, blank=True, default="")
    names = LocalizedField(_("names"))
    ordinal = models.PositiveSmallIntegerField(_("order"))
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["ordinal", "id"]

    def __str__(self) -> str:
        return say(self.names)


class Subcase(models.Model):
    """细目: a case of a category that the rules name."""

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="subcases", verbose_name=_("category")
    )
    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = LocalizedField(_("names"))
    ordinal = models.PositiveSmallIntegerField(_("order"))
    closed_on = models.DateField(_("no longer used from"), null=True, blank=True)

    class Meta:
        verbose_name = _("subcase")
        verbose_name_plural = _("subcases")
        ordering = ["category", "ordinal", "id"]
        constraints = [
            # The target of the composite key that keeps a ticket's subcase within its category.
            models.UniqueConstraint(fields=["id", "category"], name="subcase_of_category"),
        ]

    def __str__(self) -> str:
        return say(self.names)


class Routing(models.Model):
    """转办去向: where a category (or subcase) goes, with effective dates (CMP-11).

    A kind of department resolves to the open department of that kind; `department` names one outright; neither:
    the supervisor decides (CMP-10k). Of several rows the one that began last counts.
    """

    category = models.ForeignKey(
        Category, models.PROTECT, related_name="routings", verbose_name=_("category")
    )
    subcase = models.ForeignKey(
        Subcase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="routings",
        verbose_name=_("subcase"),
    )
    department_kind = models.CharField(
        _("kind of department"), max_length=30, choices=DepartmentKind, blank=True, default=""
    )
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("department")
    )
    valid_from = models.DateField(pgettext_lazy("date", "from"))
    valid_until = models.DateField(pgettext_lazy("date", "until"), null=True, blank=True)

    class Meta:
        verbose_name = _("routing")
        verbose_name_plural = _("routings")
        ordering = ["category", "subcase", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["category", "subcase", "valid_from"], name="routing_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="routing_one_way", condition=Q(department=None) | Q(department_kind="")
            ),
            models.CheckConstraint(
                name="routing_dates", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category} → {self.department or self.department_kind}"


class Keyword(models.Model):
    """关键词: words by which an import finds the category of a text; editable."""

    word = models.CharField(_("word"), max_length=30, unique=True)
    category = models.ForeignKey(
        Category, models.CASCADE, related_name="keywords", verbose_name=_("category")
    )
    subcase = models.ForeignKey(
        Subcase, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("subcase")
    )
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)

    class Meta:
        verbose_name = _("keyword")
        verbose_name_plural = _("keywords")
        constraints = [
            models.CheckConstraint(name="keyword_word", condition=~Q(word="")),
            models.CheckConstraint(name="keyword_weight", condition=Q(weight__range=(1, 100))),
        ]

    def __str__(self) -> str:
        return self.word


class ReplyTemplate(models.Model):
    """回复模板: a text for the customer with named fields, in three languages (CMP-50).

    With a category it is offered on that category's tickets only; one no longer in use is offered nowhere.
    """

    code = models.SlugField(_("code"), max_length=30, unique=True)
    names = LocalizedField(_("names"))
    texts = LocalizedField(_("texts"))
    category = models.ForeignKey(
        Category,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="templates",
        verbose_name=_("category"),
    )
    ordinal = models.PositiveSmallIntegerField(_("order"))
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["ordinal", "id"]

    def __str__(self) -> str:
        return say(self.names)

    @property
    def said(self) -> str:
        """The text in the reader's language, its placeholders unfilled."""
        return say(self.texts)
