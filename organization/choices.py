"""Enumerations of the organization: value, label, tone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentKind(models.TextChoices):
    """Kinds of department (ORG-01)."""

    HEAD_OFFICE = "head_office", _("head office")
    SERVICE_CENTRE = "service_centre", _("customer service centre")
    INSPECTION = "inspection", _("inspection")
    BRANCH_MANAGEMENT = "branch_management", _("branch management")
    SETTLEMENT = "settlement", _("settlement")
    FINANCE = "finance", _("finance")
    BUSINESS = "business", _("business department")
    CUSTOMER_RELATIONS = "customer_relations", _("customer relations")
    OPERATIONS = "operations", _("operations")
    CLAIMS = "claims", _("claims")
    ENTERPRISE_MANAGEMENT = "enterprise_management", _("enterprise management")
    PRODUCTION_MANAGEMENT = "production_management", _("production management")
    PURCHASING = "purchasing", _("purchasing")
    BRANCH = "branch", _("branch")
    BUSINESS_MANAGEMENT = "business_management", _("business-management department")
    FIELD_BUSINESS = "field_business", _("field business department")
    SITE = "site", _("site")


class DutyKind(models.TextChoices):
    """Who is on duty: one agent per team, one supervisor, one manager each hour (ORG-08)."""

    AGENT = "agent", _("duty agent")
    SUPERVISOR = "supervisor", _("duty supervisor")
    MANAGER = "manager", _("duty manager")


class DayKind(models.TextChoices):
    """How a date differs from the week (ORG-07, D18)."""

    OFF = "off", _("day off")
    MAKE_UP = "make_up", _("make-up working day")
    HOURS = "hours", _("other hours")
    ORDINARY = "ordinary", _("as the week says")

    @property
    def tone(self) -> str:
        """The colour of its pill."""
        return {"off": "green", "make_up": "amber", "hours": "blue", "ordinary": ""}[self.value]

    @property
    def icon(self) -> str:
        """The symbol of its pill."""
        return {"off": "sun", "make_up": "rotate", "hours": "clock", "ordinary": "calendar"}[self.value]


class Theme(models.TextChoices):
    """Light, dark, or as the system says."""

    AUTO = "auto", _("as the system")
    LIGHT = "light", _("light")
    DARK = "dark", _("dark")


class Density(models.TextChoices):
    """Row height of lists."""

    COSY = "cosy", _("cosy")
    COMPACT = "compact", _("compact")
