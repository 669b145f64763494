"""Who may what with the stock (INV-01 to INV-06)."""

from __future__ import annotations

from tests.matrix.roles import roles
from tests.matrix.rows import World

ASK = "GET POST"
# INV-02: these read every department's papers.
ALL = roles(
    "stock_accountant stock_planner business_management_accountant business_management_planner production_planner "
    "purchaser management controller administrator"
)
# Of the site itself, and of the business department above it.
NEAR = ALL | roles("storekeeper site_representative department_supervisor")
READ = NEAR | roles("department_manager")
ACCOUNTS = roles("stock_accountant business_management_accountant")
CHIEF = roles("business_management_accountant")
MAKES = ACCOUNTS | roles("storekeeper")
# INV-03: across departments by business management alone.
PLANS = roles("business_management_accountant business_management_planner")
TRANSFERS = ACCOUNTS | PLANS
EXPORTS = READ & roles(
    "stock_accountant stock_planner business_management_accountant business_management_planner department_manager "
    "management administrator"
)
MANAGER = roles("department_manager")
WAREHOUSES = CHIEF | roles("administrator")


def reason(world: World) -> dict[str, str]:
    """What an act is sent that wants to be told why."""
    return {"reason": "库房错"}
