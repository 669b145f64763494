"""Rights of this app, and who may do what to which row (ORG-03, ORG-04)."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from customers.choices import Difficulty, Standing
from customers.models import Customer


class Right(StrEnum):
    """The rights, as roles hold them."""

    VIEW_CUSTOMER = "customers.view_customer"
    EDIT_CUSTOMER = "customers.edit_customer"
    MARK_DIFFICULT = "customers.mark_difficult"
    CONFIRM_MARK = "customers.confirm_mark"
    VIEW_WAYBILL = "customers.view_waybill"
    EDIT_WAYBILL = "customers.edit_waybill"
    IMPORT_WAYBILLS = "customers.import_waybills"
    ASSIGN_ACCOUNT_MANAGER = "customers.assign_account_manager"
    EXPORT_CUSTOMERS = "customers.export_customers"
    CONFIRM_TIERS = "customers.confirm_tiers"
    RECORD_VISIT = "customers.record_visit"


def can_edit(user: Any, customer: Customer) -> bool:
    """May change the file: with the right, and while it is not closed."""
    return user.has_right(Right.EDIT_CUSTOMER) and customer.standing != Standing.CLOSED


def can_reopen(user: Any, customer: Customer) -> bool:
    """May open a closed file again (CUS-04)."""
    return user.has_right(Right.EDIT_CUSTOMER) and customer.standing == Standing.CLOSED


def can_entrust(user: Any, customer: Customer) -> bool:
    """May name the account manager, while the file is not closed."""
    return user.has_right(Right.ASSIGN_ACCOUNT_MANAGER) and customer.standing != Standing.CLOSED


def can_mark(user: Any, customer: Customer) -> bool:
    """May mark as difficult: an agent, where there is no mark yet (CUS-03)."""
    return user.has_right(Right.MARK_DIFFICULT) and customer.difficult_mark == Difficulty.NONE


def can_confirm_mark(user: Any, customer: Customer) -> bool:
    """May confirm the mark: a supervisor who did not set it (CUS-03)."""
    return (
        user.has_right(Right.CONFIRM_MARK)
        and customer.difficult_mark == Difficulty.MARKED
        and customer.marked_by_id != user.pk
    )


def can_lift_mark(user: Any, customer: Customer) -> bool:
    """May take the mark away: whoever may confirm it."""
    return user.has_right(Right.CONFIRM_MARK) and customer.difficult_mark != Difficulty.NONE


def can_grade(user: Any, customer: Customer) -> bool:
    """May decide on the customer's tier (CUS-12): a manager, while the file is not closed."""
    return user.has_right(Right.CONFIRM_TIERS) and customer.standing != Standing.CLOSED


def can_record_visit(user: Any, customer: Customer) -> bool:
    """May note that a visit was held (CUS-21)."""
    return user.has_right(Right.RECORD_VISIT) and customer.standing != Standing.CLOSED


def can_edit_waybill(user: Any) -> bool:
    """May register stubs, complete waybills and record events."""
    return bool(user.has_right(Right.EDIT_WAYBILL))


def can_see_money(user: Any) -> bool:
    """Who sees COD amounts: whoever may see waybills (the amount is what a caller is verified by, PRV-05)."""
    return bool(user.has_right(Right.VIEW_WAYBILL))
