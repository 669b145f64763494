"""Enumerations of the customer file and the waybills: value, label, tone, icon."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class CustomerKind(models.TextChoices):
    """A company or a person (CUS-01)."""

    COMPANY = "company", _("company")
    PERSON = "person", _("person")


class Tier(models.TextChoices):
    """客户等级 A/B/C/D; the empty value is ungraded, which is not tier D (CUS-04)."""

    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"


class Standing(models.TextChoices):
    """客户状态 (CUS-04): prospect never shipped, dormant has had no waybill for 90 days (policy)."""

    PROSPECT = "prospect", _("prospect")
    ACTIVE = "active", _("active")
    DORMANT = "dormant", _("dormant")
    CLOSED = "closed", _("file closed")


class Difficulty(models.TextChoices):
    """The mark of a difficult or dishonest customer (CUS-03): an agent marks, the supervisor confirms."""

    NONE = "none", _("none")
    MARKED = "marked", _("marked, not yet confirmed")
    CONFIRMED = "confirmed", _("difficult customer")


class ConsentPurpose(models.TextChoices):
    """What a customer agreed that the data are used for (CUS-01, PRV-01)."""

    SERVICE = "service", _("handling of waybills and complaints")
    NOTICES = "notices", _("service notices")
    SURVEYS = "surveys", _("surveys and visits")
    MARKETING = "marketing", _("offers")


class Source(models.TextChoices):
    """Where a waybill fact came from (chapter 08: facts show their source and time)."""

    HAND = "hand", _("typed in")
    IMPORT = "import", _("import")
    API = "api", _("interface")


class CodState(models.TextChoices):
    """代收货款 (WBL-05): due → collected → handed in → remitted, or cancelled on refusal."""

    UNKNOWN = "unknown", _("unknown")
    NONE = "none", _("no COD money")
    DUE = "due", _("to be collected")
    COLLECTED = "collected", _("with the branch")
    HANDED_IN = "handed_in", _("handed in to settlement")
    REMITTED = "remitted", _("remitted")
    CANCELLED = "cancelled", _("COD cancelled")


class EventKind(models.TextChoices):
    """运单轨迹 (WBL-02)."""

    COLLECTED = "collected", _("picked up")
    LOADED = "loaded", _("loaded")
    DEPARTED = "departed", _("departed")
    ARRIVED = "arrived", _("arrived")
    NOTIFIED = "notified", _("consignee notified")
    OUT_FOR_DELIVERY = "out_for_delivery", _("out for delivery")
    DELIVERED = "delivered", _("delivered")
    SIGNED = "signed", _("signed for")
    REFUSED = "refused", _("refused by the consignee")
    RETURNED = "returned", _("returned")


class FreightTerms(models.TextChoices):
    """Who owes the freight (WBL-03); the empty value is unknown."""

    PREPAID = "prepaid", _("prepaid")
    COLLECT = "collect", _("collect")
    ON_RECEIPT = "on_receipt", _("on signed receipt")
    MONTHLY = "monthly", _("monthly")


class GradingPreset(models.TextChoices):
    """Which criteria weigh when a tier is proposed (CUS-10)."""

    TRADE = "trade", _("industry, trade volume, frequency, credit")
    SALES = "sales", _("nature, size, sales, trend")


class Reading(models.TextChoices):
    """A reading in three steps, kept beside the tier (CUS-11): value contribution, growth potential."""

    HIGH = "high", _("high")
    MIDDLE = "middle", _("middle")
    LOW = "low", _("low")


class ProposalState(models.TextChoices):
    """Where a proposed tier stands (CUS-12). Lapsed: a later month, or a grade by hand, took its place."""

    WAITING = "waiting", _("to be confirmed")
    CONFIRMED = "confirmed", _("confirmed")
    REJECTED = "rejected", _("not followed")
    LAPSED = "lapsed", _("lapsed")


class GradeSource(models.TextChoices):
    """Where a grade came from (CUS-12). Resumed: the grade before one by hand goes on after its end."""

    TAKEN_OVER = "taken_over", _("taken over from the old file")
    PROPOSAL = "proposal", _("confirmed proposal")
    BY_HAND = "by_hand", _("given by hand")
    RESUMED = "resumed", _("goes on after a grade by hand")


Standing.tone = {  # type: ignore[attr-defined]
    "prospect": "blue line",
    "active": "green",
    "dormant": "",
    "closed": "off",
}
Standing.icon = {  # type: ignore[attr-defined]
    "prospect": "star",
    "active": "okcirc",
    "dormant": "pause",
    "closed": "lock",
}
Difficulty.tone = {"none": "", "marked": "amber", "confirmed": "red"}  # type: ignore[attr-defined]
Difficulty.icon = {"none": "dot", "marked": "flag", "confirmed": "alert"}  # type: ignore[attr-defined]
CodState.tone = {  # type: ignore[attr-defined]
    "unknown": "",
    "none": "line",
    "due": "blue",
    "collected": "amber",
    "handed_in": "violet",
    "remitted": "green",
    "cancelled": "off",
}
CodState.icon = {  # type: ignore[attr-defined]
    "unknown": "help",
    "none": "minus",
    "due": "coin",
    "collected": "coin",
    "handed_in": "hand",
    "remitted": "okcirc",
    "cancelled": "ban",
}
EventKind.tone = {  # type: ignore[attr-defined]
    "collected": "",
    "loaded": "",
    "departed": "",
    "arrived": "",
    "notified": "",
    "out_for_delivery": "blue",
    "delivered": "green",
    "signed": "green",
    "refused": "red",
    "returned": "amber",
}
EventKind.icon = {  # type: ignore[attr-defined]
    "collected": "box",
    "loaded": "box",
    "departed": "truck",
    "arrived": "flag",
    "notified": "phone",
    "out_for_delivery": "truck",
    "delivered": "check",
    "signed": "pencil",
    "refused": "ban",
    "returned": "rotate",
}
ProposalState.tone = {  # type: ignore[attr-defined]
    "waiting": "amber",
    "confirmed": "green",
    "rejected": "",
    "lapsed": "off",
}
ProposalState.icon = {  # type: ignore[attr-defined]
    "waiting": "clock",
    "confirmed": "okcirc",
    "rejected": "ban",
    "lapsed": "minus",
}
