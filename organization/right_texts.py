"""Rights in words, for the role pages. Apps above are named in strings only; a test asks for every seeded right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PARTS: dict[str, Any] = {
    "complaints": _("Complaints"),
    "customers": _("Customers and waybills"),
    "conduct": _("Conduct"),
    "deadlines": _("Deadlines"),
    "inventory": _("Stock"),
    "organization": _("Organization"),
    "servicecenter": _("Ground floor"),
}

RIGHTS: dict[str, Any] = {
    "complaints.register_contact": _("register calls and complaints"),
    "complaints.view_complaint": _("see complaints of the own department and below"),
    "complaints.work_complaint": _("work on complaints as owner"),
    "complaints.assign_complaint": _("assign complaints"),
    "complaints.supervise_complaint": _("supervise: waive, merge, route anew, take over"),
    "complaints.close_not_agreed": _("close as not agreed"),
    "complaints.hand_in_statement": _("hand in statements"),
    "complaints.cancel_complaint": _("cancel complaints registered by mistake"),
    "complaints.confirm_incident": _("confirm or refute suspected service incidents"),
    "complaints.view_incident": _("see service incidents"),
    "complaints.view_all": _("see all complaints"),
    "complaints.import_contacts": _("import contacts"),
    "complaints.edit_categories": _("edit categories and routes"),
    "complaints.give_approval": _("approve grave complaints"),
    "complaints.review_action": _("review corrective actions"),
    "complaints.export_complaints": _("export complaints"),
    "complaints.release_personal": _("release personal data to a respondent"),
    "customers.view_customer": _("see customers"),
    "customers.edit_customer": _("edit customers"),
    "customers.mark_difficult": _("mark customers as difficult"),
    "customers.confirm_mark": _("confirm such marks"),
    "customers.view_waybill": _("see waybills"),
    "customers.edit_waybill": _("edit waybills"),
    "customers.import_waybills": _("import waybills"),
    "customers.assign_account_manager": _("assign account managers"),
    "customers.export_customers": _("export customers"),
    "conduct.propose_sanction": _("propose sanctions"),
    "conduct.confirm_sanction": _("confirm sanctions"),
    "conduct.override_range": _("allow amounts outside the range"),
    "conduct.view_sanction": _("see sanctions"),
    "conduct.view_merit": _("see the merit list"),
    "conduct.withdraw_sanction": _("withdraw sanctions"),
    "deadlines.edit_policies": _("change policies"),
    "deadlines.view_clocks": _("see clocks"),
    "deadlines.shorten_clock": _("shorten clocks"),
    "deadlines.ladder_manager": _("is told four hours after the due time"),
    "deadlines.ladder_enterprise": _("is told a day after the due time"),
    "inventory.view_stock": _("see the stock of the own department and below"),
    "inventory.view_all_stock": _("see the stock of all departments"),
    "inventory.draft_document": _("make stock documents"),
    "inventory.draft_for_site": _("make stock documents of the own site, where it keeps its books"),
    "inventory.audit_document": _("audit and un-audit stock documents"),
    "inventory.approve_document": _("approve scrapping and losses in transit"),
    "inventory.draft_transfer": _("make transfers within the department"),
    "inventory.audit_transfer": _("audit transfers within the department"),
    "inventory.plan_transfer": _("make and audit transfers across departments"),
    "inventory.backdate": _("give stock documents an earlier date"),
    "inventory.edit_items": _("make and change item codes"),
    "inventory.edit_suppliers": _("keep the suppliers"),
    "inventory.edit_warehouses": _("open and close warehouses"),
    "inventory.import_opening": _("load the opening stock"),
    "inventory.close_period": _("close a month of the stock"),
    "inventory.reopen_period": _("open the latest closed month again"),
    "organization.administer": _("administer: departments, roles, Django's administration"),
    "organization.manage_people": _("manage people, logins and teams"),
    "organization.view_people": _("look people up"),
    "organization.plan_duty": _("plan the rota and absences"),
    "organization.edit_calendar": _("edit service hours and the calendar"),
    "organization.announce_interruption": _("announce interruptions of service"),
    "organization.consent_policies": _("consent to changes of policies"),
    "servicecenter.reveal": _("reveal masked personal data"),
    "servicecenter.view_trail": _("read the trail"),
    "servicecenter.administer": _("administer the machine room"),
    "servicecenter.export": _("export lists"),
    "servicecenter.verify": _("read the result of the integrity check"),
}


def right_words(right: str) -> tuple[str, str]:
    """(part of the application, what the right allows); the code itself where there are no words."""
    part = right.partition(".")[0]
    return str(PARTS.get(part, part)), str(RIGHTS.get(right, right))
