"""Every write of customers and waybills, by noun."""

from customers.services.contacts import (
    add_address,
    add_contact_person,
    add_telephone,
    change_address,
    change_contact_person,
    change_telephone,
    end_consent,
    record_consent,
    remove_address,
    remove_contact_person,
    remove_telephone,
)
from customers.services.customers import (
    assign_account_manager,
    change_customer,
    close_customer,
    find_or_create_caller,
    note_shipments,
    refresh_standings,
    register_customer,
    reopen_customer,
)
from customers.services.grading import propose_tiers
from customers.services.imports import ImportResult, import_waybills
from customers.services.marks import confirm_mark, lift_mark, mark_difficult
from customers.services.tiers import apply_grades, confirm_proposals, grade_by_hand, reject_proposals
from customers.services.visits import record_visit
from customers.services.waybills import (
    complete_waybill,
    record_event,
    register_stub_waybill,
    register_stub_waybills,
    set_cod,
)

__all__ = [
    "ImportResult",
    "add_address",
    "add_contact_person",
    "add_telephone",
    "apply_grades",
    "assign_account_manager",
    "change_address",
    "change_contact_person",
    "change_customer",
    "change_telephone",
    "close_customer",
    "complete_waybill",
    "confirm_mark",
    "confirm_proposals",
    "end_consent",
    "find_or_create_caller",
    "grade_by_hand",
    "import_waybills",
    "lift_mark",
    "mark_difficult",
    "note_shipments",
    "propose_tiers",
    "record_consent",
    "record_event",
    "record_visit",
    "refresh_standings",
    "register_customer",
    "register_stub_waybill",
    "register_stub_waybills",
    "reject_proposals",
    "remove_address",
    "remove_contact_person",
    "remove_telephone",
    "reopen_customer",
    "set_cod",
]
