"""The roles of ORG-03 with their rights: least privilege, one block a role, common sets named once.

Rights are strings of the apps' permissions.py; a test asks that each exists there. A later app adds its own
rights to these roles by its own migration.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

# Everybody who logs in may look up colleagues.
EVERYBODY = ["organization.view_people"]

# Answers complaints handed to the own department and below (ORG-04); sees no complainant's number (PRV-10).
ANSWERS = [
    *EVERYBODY,
    "complaints.view_complaint",
    "complaints.hand_in_statement",
    "customers.view_waybill",
    "deadlines.view_clocks",
]
# Sees what is handed to the own department and below.
FOLLOWS = [*EVERYBODY, "complaints.view_complaint", "deadlines.view_clocks"]

AGENT = [
    *EVERYBODY,
    "complaints.register_contact",
    "complaints.view_complaint",
    "complaints.work_complaint",
    "complaints.confirm_incident",
    "complaints.view_incident",
    "customers.view_customer",
    "customers.edit_customer",
    "customers.mark_difficult",
    "customers.view_waybill",
    "customers.edit_waybill",
    "deadlines.view_clocks",
    "servicecenter.reveal",
]
SUPERVISOR = [
    *AGENT,
    "complaints.assign_complaint",
    "complaints.supervise_complaint",
    "complaints.cancel_complaint",
    "complaints.import_contacts",
    "complaints.export_complaints",
    "complaints.release_personal",
    "customers.confirm_mark",
    "customers.import_waybills",
    "customers.export_customers",
    "conduct.propose_sanction",
    "conduct.view_sanction",
    "conduct.view_merit",
    "deadlines.shorten_clock",
    "servicecenter.export",
    "servicecenter.view_trail",
    "organization.plan_duty",
    "organization.announce_interruption",
]
CENTRE_MANAGER = [
    *SUPERVISOR,
    "complaints.close_not_agreed",
    "complaints.edit_categories",
    "customers.assign_account_manager",
    "conduct.override_range",
    "deadlines.edit_policies",
    "deadlines.ladder_manager",
    "organization.consent_policies",
    "organization.edit_calendar",
]
# Every right to look, none to change.
VIEWS = [
    *EVERYBODY,
    "complaints.view_complaint",
    "complaints.view_incident",
    "complaints.view_all",
    "customers.view_customer",
    "customers.view_waybill",
    "conduct.view_sanction",
    "conduct.view_merit",
    "deadlines.view_clocks",
    "servicecenter.view_trail",
]

ROLES: list[tuple[str, str, str, str, list[str]]] = [
    ("agent", "客服员", "客服員", "agent", AGENT),
    ("supervisor", "客服主管", "客服主管", "supervisor", SUPERVISOR),
    ("centre_manager", "客服中心经理", "客服中心經理", "centre manager", CENTRE_MANAGER),
    (
        "inspector",
        "监察主管",
        "監察主管",
        "inspector",
        [
            *ANSWERS,
            "complaints.work_complaint",
            "complaints.review_action",
            "complaints.view_incident",
            "customers.view_customer",
            "conduct.propose_sanction",
            "conduct.confirm_sanction",
            "conduct.withdraw_sanction",
            "conduct.view_sanction",
            "conduct.view_merit",
            "servicecenter.reveal",
            "servicecenter.export",
            "servicecenter.view_trail",
        ],
    ),
    (
        "adjuster",
        "理赔员",
        "理賠員",
        "adjuster",
        [
            *ANSWERS,
            "complaints.work_complaint",
            "customers.view_customer",
            "conduct.propose_sanction",
            "conduct.view_sanction",
            "servicecenter.reveal",
        ],
    ),
    ("cashier", "结算员", "結算員", "cashier", [*FOLLOWS, "customers.view_waybill"]),
    ("handler", "部门经办", "部門經辦", "department handler", ANSWERS),
    (
        "account_manager",
        "巡访专人",
        "巡訪專人",
        "account manager",
        [
            *FOLLOWS,
            "customers.view_customer",
            "customers.edit_customer",
            "customers.view_waybill",
            "servicecenter.reveal",
        ],
    ),
    ("storekeeper", "保管员", "保管員", "storekeeper", FOLLOWS),
    ("site_representative", "现场总代表", "現場總代表", "site representative", ANSWERS),
    ("stock_accountant", "业务部账务员", "業務部帳務員", "stock accountant", FOLLOWS),
    ("stock_planner", "计划员", "計劃員", "stock planner", FOLLOWS),
    (
        "department_manager",
        "部门经理",
        "部門經理",
        "department manager",
        [
            *ANSWERS,
            "complaints.review_action",
            "complaints.view_incident",
            "conduct.view_sanction",
            "conduct.view_merit",
            "organization.plan_duty",
            "servicecenter.export",
        ],
    ),
    (
        "department_supervisor",
        "业务部主管",
        "業務部主管",
        "department supervisor",
        [*ANSWERS, "conduct.view_merit"],
    ),
    (
        "business_manager",
        "业务经理",
        "業務經理",
        "business manager",
        [
            *ANSWERS,
            "complaints.give_approval",
            "complaints.review_action",
            "complaints.view_incident",
            "customers.view_customer",
            "customers.edit_customer",
            "customers.assign_account_manager",
            "customers.export_customers",
            "conduct.view_merit",
            "organization.plan_duty",
            "servicecenter.reveal",
            "servicecenter.export",
        ],
    ),
    ("management", "分管领导", "分管領導", "management", [*VIEWS, "servicecenter.export"]),
    ("finance", "财务", "財務", "finance", [*FOLLOWS, "customers.view_customer", "customers.view_waybill"]),
    (
        "business_management_accountant",
        "业务管理部账务员",
        "業務管理部帳務員",
        "business-management accountant",
        FOLLOWS,
    ),
    (
        "business_management_planner",
        "业务管理部计划员",
        "業務管理部計劃員",
        "business-management planner",
        FOLLOWS,
    ),
    ("production_planner", "生产管理部计划员", "生產管理部計劃員", "production planner", FOLLOWS),
    ("purchaser", "采购员", "採購員", "purchaser", FOLLOWS),
    (
        "enterprise_management",
        "企管部",
        "企管部",
        "enterprise management",
        [
            *EVERYBODY,
            "complaints.view_complaint",
            "complaints.view_incident",
            "complaints.view_all",
            "conduct.view_sanction",
            "conduct.view_merit",
            "customers.view_waybill",
            "deadlines.view_clocks",
            "deadlines.ladder_enterprise",
        ],
    ),
    ("controller", "稽核", "稽核", "controller", VIEWS),
    (
        "administrator",
        "系统管理员",
        "系統管理員",
        "administrator",
        [
            *VIEWS,
            "complaints.import_contacts",
            "complaints.edit_categories",
            "customers.import_waybills",
            "deadlines.edit_policies",
            "servicecenter.administer",
            "servicecenter.export",
            "servicecenter.verify",
            "organization.administer",
            "organization.manage_people",
            "organization.plan_duty",
            "organization.edit_calendar",
            "organization.announce_interruption",
        ],
    ),
]


def seed(apps: Any, schema_editor: Any) -> None:
    """Insert the roles."""
    role = apps.get_model("organization", "Role")
    role.objects.bulk_create(
        role(code=code, names={"zh-Hans": hans, "zh-Hant": hant, "en": english}, rights=sorted(set(rights)))
        for code, hans, hant, english, rights in ROLES
    )


def unseed(apps: Any, schema_editor: Any) -> None:
    """Remove them; refused by the database when one is assigned."""
    apps.get_model("organization", "Role").objects.filter(code__in=[row[0] for row in ROLES]).delete()


class Migration(migrations.Migration):
    dependencies = [("organization", "0002_guards")]
    operations = [migrations.RunPython(seed, unseed)]
