"""Every write of conduct: sanctions, disqualifications, the issued merit list."""

from conduct.services.catalogue import change_violation
from conduct.services.incidents import (
    Withdrawn,
    confirm_source_of_incident,
    disqualify_for_incident,
    propose_for_incident,
    withdraw_for_incident,
)
from conduct.services.merit import issue_merit_list
from conduct.services.sanctions import confirm, propose, set_amount, settle, withdraw

__all__ = [
    "Withdrawn",
    "change_violation",
    "confirm",
    "confirm_source_of_incident",
    "disqualify_for_incident",
    "issue_merit_list",
    "propose",
    "propose_for_incident",
    "set_amount",
    "settle",
    "withdraw",
    "withdraw_for_incident",
]
