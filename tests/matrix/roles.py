"""The 24 roles of ORG-03, and the sets of them that rows are written in."""

from __future__ import annotations

from tests import people

Roles = frozenset[str]


def roles(text: str) -> Roles:
    """`roles("agent supervisor")`; raises ValueError for a name that is no role."""
    named = frozenset(text.split())
    if unknown := named - set(people.ROLE_CODES):
        raise ValueError(f"no such role: {sorted(unknown)}")
    return named


EVERYBODY = frozenset(people.ROLE_CODES)
NOBODY: Roles = frozenset()
# The customer service centre.
CENTRE = roles("agent supervisor centre_manager")
HEADS = roles("supervisor centre_manager")
# Read every ticket, whatever department.
READ_ALL = roles("management enterprise_management controller administrator")
# Answer for a department: hand in statements.
ANSWER = roles(
    "inspector adjuster handler site_representative department_manager department_supervisor business_manager"
)
# Work on tickets: the centre, and who answers in its stead.
WORK = CENTRE | roles("inspector adjuster")
ADMINISTRATION = roles("administrator centre_manager")
# Take lists away as files, besides the lists with a right of their own (PRV-04).
TAKE = HEADS | roles(
    "inspector department_manager business_manager management administrator stock_accountant stock_planner"
    " business_management_accountant business_management_planner"
)
