"""Enumerations of the stock: value, label, tone, icon."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ItemClass(models.TextChoices):
    """存货大类: the six classes of INV-08."""

    TOOL = "tool", _("tool")
    SPARE = "spare", _("spare part")
    CONSUMABLE = "consumable", _("consumable")
    HANDLING = "handling", _("handling equipment")
    SAFETY = "safety", _("safety equipment")
    STORAGE = "storage", _("storage equipment")


class RepairClass(models.TextChoices):
    """商修类别 (INV-104): class I is not worth repairing, class II is."""

    NONE = "none", _("not classed")
    ONE = "one", _("class I: not worth repairing")
    TWO = "two", _("class II: worth repairing")


class WarehouseKind(models.TextChoices):
    """仓库性质 (LED-13): sound and damaged stock are kinds of warehouse; transit holds what is on its way."""

    SOUND = "sound", _("sound stock")
    DAMAGED = "damaged", _("damaged stock")
    QUARANTINE = "quarantine", _("held apart")
    TRANSIT = "transit", _("in transit")


class Direction(models.TextChoices):
    """收发方向 of a document's category."""

    IN = "in", _("inbound")
    OUT = "out", _("outbound")


class Category(models.TextChoices):
    """收发类别: what a document is for. What each may do is said by `domain.categories.TABLE` (LED-13)."""

    PURCHASE_IN = "purchase_in", _("purchase inbound")
    PETTY_IN = "petty_in", _("petty purchase inbound")
    DAMAGE_IN = "damage_in", _("damaged goods inbound")
    REPAIRED_IN = "repaired_in", _("repaired goods inbound")
    SOUND_TRANSFER_IN = "sound_transfer_in", _("transfer of sound stock inbound")
    DAMAGED_TRANSFER_IN = "damaged_transfer_in", _("transfer of damaged stock inbound")
    OPENING_IN = "opening_in", _("opening stock")
    RETURN_IN = "return_in", _("return to the sender")
    SURPLUS_IN = "surplus_in", _("surplus of a count")
    OWN_USE_OUT = "own_use_out", _("issue for own use")
    REPAIR_OUT = "repair_out", _("sent for repair")
    SCRAP_OUT = "scrap_out", _("scrapped")
    SOUND_TRANSFER_OUT = "sound_transfer_out", _("transfer of sound stock outbound")
    DAMAGED_TRANSFER_OUT = "damaged_transfer_out", _("transfer of damaged stock outbound")
    TRANSIT_LOSS_OUT = "transit_loss_out", _("lost in transit")
    RETURN_OUT = "return_out", _("return to the store")
    SHORTAGE_OUT = "shortage_out", _("shortage of a count")


class Colour(models.TextChoices):
    """蓝字 / 红字: a red-letter document has quantities below zero (INV-26)."""

    BLUE = "blue", _("blue letter")
    RED = "red", _("red letter")


class DocumentState(models.TextChoices):
    """单据状态 (INV-11, INV-12): only an audited document has moved stock."""

    EDITING = "editing", _("being edited")
    SAVED = "saved", _("saved")
    AUDITED = "audited", _("audited")
    VOIDED = "voided", _("voided")


class RedReason(models.TextChoices):
    """红字原因 (INV-27); a correction reverses a document that can no longer be un-audited (LED-10)."""

    ARRIVED = "arrived", _("arrived lost or damaged")
    SURPLUS = "surplus", _("surplus of issued goods")
    DAMAGED_BACK = "damaged_back", _("damaged goods sent out and returned")
    CORRECTION = "correction", _("correction of a document")


class DamageCause(models.TextChoices):
    """损坏原因 (INV-22): bad storage raises a liability note."""

    NORMAL_USE = "normal_use", _("normal use")
    BAD_STORAGE = "bad_storage", _("bad storage")


class UseKind(models.TextChoices):
    """领用类型 (INV-30)."""

    CONSUMABLE = "consumable", _("consumables")
    SPARE_ISSUE = "spare_issue", _("spare part issued")
    SPARE_REPLACEMENT = "spare_replacement", _("spare part replaced")


class TransferKind(models.TextChoices):
    """调拨来源 (INV-41, INV-44): ordered by planning, agreed between departments, or within one department."""

    DIRECTIVE = "directive", _("by directive")
    NEGOTIATED = "negotiated", _("negotiated")
    INTERNAL = "internal", _("within the department")


class PeriodState(models.TextChoices):
    """会计期间状态 (LED-08)."""

    OPEN = "open", _("open for entries")
    CLOSED = "closed", _("closed for entries")


WarehouseKind.tone = {  # type: ignore[attr-defined]
    "sound": "green",
    "damaged": "red",
    "quarantine": "amber",
    "transit": "blue",
}
WarehouseKind.icon = {  # type: ignore[attr-defined]
    "sound": "box",
    "damaged": "ban",
    "quarantine": "shield",
    "transit": "truck",
}
DocumentState.tone = {  # type: ignore[attr-defined]
    "editing": "amber",
    "saved": "line",
    "audited": "green",
    "voided": "off void",
}
DocumentState.icon = {  # type: ignore[attr-defined]
    "editing": "pencil",
    "saved": "pencil",
    "audited": "stamp",
    "voided": "ban",
}
Colour.tone = {"blue": "blue", "red": "red"}  # type: ignore[attr-defined]
Colour.icon = {"blue": "plus", "red": "minus"}  # type: ignore[attr-defined]
PeriodState.tone = {"open": "green", "closed": "off"}  # type: ignore[attr-defined]
PeriodState.icon = {"open": "dot", "closed": "lock"}  # type: ignore[attr-defined]


class CountKind(models.TextChoices):
    """盘点类型 (INV-50, INV-51, INV-58): by the plan of the quarter, of the month, or at any time."""

    MONTHLY = "monthly", _("monthly count")
    QUARTERLY = "quarterly", _("quarterly count")
    SPOT = "spot", _("spot count")


class CountMode(models.TextChoices):
    """盘点方式 (INV-53): by the storekeeper, or watched by somebody of another site."""

    SELF = "self", _("counted by the store")
    WITNESSED = "witnessed", _("watched by another site")


class CountState(models.TextChoices):
    """盘点状态: counted, differences explained, approved by another, posted (INV-54, INV-55)."""

    COUNTING = "counting", _("being counted")
    COUNTED = "counted", _("differences to explain")
    SUBMITTED = "submitted", _("waiting for approval")
    APPROVED = "approved", _("approved and posted")
    VOIDED = "voided", _("voided")


class DifferenceCause(models.TextChoices):
    """差异原因 (INV-54): what a difference comes from."""

    NOT_BOOKED = "not_booked", _("moved without a document")
    MISCOUNTED = "miscounted", _("counted wrongly when it came or went")
    MIXED_UP = "mixed_up", _("mixed up with another item")
    DAMAGED = "damaged", _("damaged or spoilt in the store")
    LOST = "lost", _("lost or stolen")
    NATURAL = "natural", _("natural loss")
    OTHER = "other", _("another cause")


CountState.tone = {  # type: ignore[attr-defined]
    "counting": "amber",
    "counted": "blue",
    "submitted": "violet",
    "approved": "green",
    "voided": "off void",
}
CountState.icon = {  # type: ignore[attr-defined]
    "counting": "pencil",
    "counted": "search",
    "submitted": "stamp",
    "approved": "check",
    "voided": "ban",
}


class ItemRequestState(models.TextChoices):
    """编码申请状态 (INV-16): the site asks, the department passes on, business management decides."""

    REQUESTED = "requested", _("to be passed on")
    PASSED = "passed", _("to be decided")
    GRANTED = "granted", _("code made")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


ItemRequestState.tone = {  # type: ignore[attr-defined]
    "requested": "amber",
    "passed": "violet",
    "granted": "green",
    "refused": "red",
    "withdrawn": "off",
}
ItemRequestState.icon = {  # type: ignore[attr-defined]
    "requested": "pencil",
    "passed": "stamp",
    "granted": "check",
    "refused": "ban",
    "withdrawn": "rotate",
}


class PhotoSlot(models.TextChoices):
    """申请照片 (INV-16): the three pictures of goods that have no code."""

    FAR = "far", _("far view")
    NEAR = "near", _("near view")
    PLATE = "plate", _("nameplate or specification")


class Auditor(models.TextChoices):
    """Who may audit a document (INV-Q5)."""

    ANYONE = "anyone", _("anyone with the right, its maker too")
    ANOTHER = "another", _("another person than its maker")


class TransferOffice(models.TextChoices):
    """Who makes transfers within one business department (INV-Q2)."""

    DEPARTMENT = "department", _("its own accountant")
    PLANNING = "planning", _("planning of business management")


class ReturnLetter(models.TextChoices):
    """How returns are written (INV-Q1)."""

    BY_REASON = "by_reason", _("red on the side of the original")
    INBOUND = "inbound", _("red inbound only, for goods that arrived lost or damaged")


class ClassOne(models.TextChoices):
    """What becomes of damaged goods of class I (INV-Q3)."""

    EITHER = "either", _("scrapped locally with approval, or returned")
    RETURNED = "returned", _("returned to production management only")


class SiteBooks(models.TextChoices):
    """Who keeps the books of a site (INV-07)."""

    SITE = "site", _("the site drafts, the department audits")
    DEPARTMENT = "department", _("the department drafts and audits")
