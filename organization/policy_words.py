"""The words of every policy number: title, rule, what each figure means, its unit and bounds (D19).

Apps above are named in strings only. A test asks that every field of every policy type has its words here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SECONDS = "seconds"
BYTES = "bytes"
ROLES = "roles"
TEXTS = "texts"
# Some of a list: `choices` names it.
SEVERAL = "several"
YUAN = "yuan"
# Kept in thousandths, typed and told in per cent.
PERMILLE = "permille"
# Units in which a kept figure is typed and told: the largest that divides it.
UNITS = {
    SECONDS: ((86_400, _("days")), (3_600, _("hours")), (60, _("minutes")), (1, _("seconds"))),
    BYTES: ((1024 * 1024, _("MB")), (1024, _("KB")), (1, _("bytes"))),
}


@dataclass(frozen=True)
class Figure:
    """One field: label, kind or unit (`seconds` and `bytes` are typed in larger units), bounds, choices by path."""

    label: Any
    unit: Any = ""
    least: int | None = None
    most: int | None = None
    choices: str = ""
    help: Any = ""
    # What 0 means, where it is no figure.
    zero: Any = ""


@dataclass(frozen=True)
class PolicyText:
    """One policy code."""

    title: Any
    about: Any
    figures: dict[str, Figure]
    rules: str = ""
    # What a key's first part is: path of a choices class; '' when the code has no keys.
    key_choices: str = ""
    key_label: Any = ""
    conditions: bool = False
    order: Any = field(default=_("The only row holds for all."))


_HOUR, _DAY = 3_600, 86_400
_POINTS, _UNSET = pgettext_lazy("unit", "points"), _("not set")

POLICY_TEXTS: dict[str, PolicyText] = {
    "deadlines.clock": PolicyText(
        _("Terms of the clocks"),
        _("How long each clock runs, when its owner is warned, and in which time it counts."),
        {
            "limit_seconds": Figure(_("Term"), SECONDS, 10, 3650 * _DAY),
            "warn_percent": Figure(_("Warning after"), _("% of the term"), 1, 99),
            "basis": Figure(_("Counts in"), choices="deadlines.choices.Basis"),
        },
        rules="CMP-26, CMP-30 – CMP-36",
        key_choices="deadlines.choices.ClockKind",
        key_label=_("Clock"),
        conditions=True,
        order=_(
            "The row with the most conditions that fit decides: tier, category and channel together, then two of them"
            " (tier before category before channel), then one, then the clock alone."
        ),
    ),
    "deadlines.ladder": PolicyText(
        _("Ladder after the due time"),
        _("When the centre manager and enterprise management are told that a clock is overdue."),
        {
            "manager_after_seconds": Figure(_("Centre manager, after"), SECONDS, 1, 3650 * _DAY),
            "enterprise_after_seconds": Figure(_("Enterprise management, after"), SECONDS, 1, 3650 * _DAY),
        },
        rules="CMP-37",
        key_choices="deadlines.choices.ClockKind",
        key_label=_("Clock"),
        order=_("The row of the clock decides; without one, the row for all."),
    ),
    "claims.approval": PolicyText(
        _("Approval of payouts"),
        _("Who signs a payout, by the sum of all claims on the waybill, up to and including."),
        {
            "supervisor": Figure(_("Supervisor, up to"), YUAN, 0, 100_000_000),
            "centre_manager": Figure(_("Centre manager, up to"), YUAN, 0, 100_000_000),
            "management": Figure(_("Management, up to"), YUAN, 0, 100_000_000),
            "above": Figure(_("Above that sign together"), ROLES),
        },
        rules="CLM-08",
    ),
    "claims.handling": PolicyText(
        _("Terms of claims"),
        _("By when a claim is acknowledged, answered and paid, the usual reserve, late notice, objections."),
        {
            "counted": Figure(_("Counted in"), choices="claims.choices.Counted"),
            "acknowledge_days": Figure(_("Acknowledged within"), _("days"), 1, 3650),
            "answer_days_simple": Figure(_("Answered within, simple"), _("days"), 1, 3650),
            "answer_days_serious": Figure(_("Answered within, serious"), _("days"), 1, 3650),
            "reply_days": Figure(_("The claimant is asked again after"), _("days"), 1, 3650),
            "pay_days": Figure(_("Paid after the agreement within"), _("days"), 1, 3650),
            "objection_days": Figure(_("Objections within"), _("working days"), 1, 3650),
            "notice_hours": Figure(_("Notice is late after"), _("hours"), 1, 3650),
            "hidden_days": Figure(_("Notice of hidden damage is late after"), _("days"), 1, 3650),
            "lost_days": Figure(
                _("Goods not arrived are lost after the promised day by"), _("days"), 1, 3650
            ),
            "payee_days": Figure(_("The same payee again is warned of within"), _("days"), 1, 3650),
            "evidence_hours": Figure(_("Departments answer within"), _("hours"), 1, 3650),
            "insurer_hours": Figure(_("Insurers are told within"), _("hours"), 1, 3650),
            "wage_percent": Figure(_("Kept back from a month's wage at most"), "%", 1, 100),
            "confirm_simple": Figure(_("Confirms the result, simple"), choices="claims.choices.Level"),
            "confirm_serious": Figure(_("Confirms the result, serious"), choices="claims.choices.Level"),
            "reserve_damage": Figure(_("Reserve for damage"), YUAN, 0, 100_000_000),
            "reserve_shortage": Figure(_("Reserve for shortage"), YUAN, 0, 100_000_000),
            "reserve_loss": Figure(_("Reserve for loss"), YUAN, 0, 100_000_000),
        },
        rules="CLM-03, CLM-11, CLM-13 – CLM-15, CLM-17, CLM-19",
        key_choices="claims.choices.Profile",
        key_label=_("Profile"),
        order=_("The row of the profile decides; the row for all is that of road freight."),
    ),
    "claims.papers": PolicyText(
        _("Papers of claims"),
        _("The papers without which a step is not taken."),
        {
            "assess": Figure(_("Before assessing"), SEVERAL, choices="claims.choices.Paper"),
            "request_approval": Figure(_("Before approval"), SEVERAL, choices="claims.choices.Paper"),
            "close": Figure(_("Before closing"), SEVERAL, choices="claims.choices.Paper"),
        },
        rules="CLM-01, CLM-02, CLM-20",
        key_choices="claims.choices.ClaimKind",
        key_label=_("Kind of claim"),
        order=_("The row of the kind decides; without one, the row for all."),
    ),
    "claims.payout": PolicyText(
        _("Payouts"),
        _("How much is paid for insured and for uninsured goods."),
        {
            "uninsured": Figure(_("Uninsured goods"), choices="claims.choices.Uninsured"),
            "freight_times": Figure(_("At most so many times the freight"), "", 0, 1000),
            "per_kg": Figure(_("At most for a kilogram"), YUAN, 0, 1_000_000),
            "deductible_percent": Figure(_("Deductible of insured goods"), "%", 0, 100),
            "deductible_minimum": Figure(_("At least"), YUAN, 0, 1_000_000),
        },
        rules="CLM-06",
    ),
    "claims.voucher": PolicyText(
        _("Payout vouchers"),
        _("How long a voucher is valid, and the figures by which a branch stands in its number."),
        {
            "valid_days": Figure(_("Valid for"), _("days"), 1, 3650),
            "branch_code": Figure(_("Branch in the number"), help=_("Empty: the branch's own figure.")),
        },
        rules="CLM-09, CLM-10",
        key_choices="*",
        key_label=_("Branch"),
        order=_("The row of the branch decides; without one, the row for all."),
    ),
    "complaints.handling": PolicyText(
        _("Handling of complaints"),
        _("Rounds, pauses, chases, follow-up calls, and who is told of a service incident."),
        {
            "follow_up_tries": Figure(_("Follow-up calls until “not reached”"), "", 1, 20),
            "follow_up_days": Figure(_("On so many different days"), "", 1, 20),
            "pause_seconds": Figure(_("Waiting for the customer, at most"), SECONDS, 1, 30 * _DAY),
            "not_agreed_from_round": Figure(_("“Not agreed” possible from round"), "", 2, 20),
            "chases_raise_at": Figure(_("Chase that raises the priority"), "", 1, 20),
            "incident_roles": Figure(_("Told of every service incident"), ROLES),
            "leader_roles": Figure(_("Told for their own departments"), ROLES),
            "similar_percent": Figure(_("Texts count as similar from"), "%", 1, 100),
            "similar_days": Figure(_("Similar texts are looked for in"), _("days"), 1, 3650),
            "duty_after_seconds": Figure(
                _("Tickets of an absent owner go to the duty agent after"), SECONDS, 0, 30 * _DAY
            ),
        },
        rules="CMP-09, CMP-23, CMP-25, CMP-38, CMP-40, CMP-42, ORG-08",
    ),
    "complaints.recurrence": PolicyText(
        _("Recurrence"),
        _("When the same problem in the same department counts as a recurrence."),
        {
            "count": Figure(_("Founded complaints"), "", 2, 1000),
            "days": Figure(_("Counted within"), _("days"), 1, 3650),
            "per_thousand": Figure(_("Or per 1 000 waybills"), "", 0, 1000, help=_("Empty: not used.")),
            "quiet_days": Figure(_("Ends after days without one"), _("days"), 1, 3650),
        },
        rules="CMP-41",
    ),
    "conduct.fine": PolicyText(
        _("Ranges of fines"),
        _("The least and the greatest amount of each violation; none: by circumstance, with a reason."),
        {
            "minimum": Figure(_("Least amount"), YUAN, 0, 1_000_000),
            "maximum": Figure(_("Greatest amount"), YUAN, 0, 1_000_000),
        },
        rules="SAN-01 – SAN-16",
        key_choices="*",
        key_label=_("Violation"),
        order=_("The row of the violation decides."),
    ),
    "conduct.points": PolicyText(
        _("Fines or points"),
        _(
            "Whether a fine on a person is kept back in money, or given as points; on a department it stays money."
        ),
        {
            "fines_as": Figure(_("A fine on a person becomes"), choices="conduct.choices.FinesAs"),
            "yuan_per_point": Figure(_("One point for each begun"), YUAN, 0, 1_000_000),
        },
        rules="CLM-21, SAN-07",
    ),
    "customers.grading": PolicyText(
        _("Scoring of tiers"),
        _(
            "Which criteria propose a tier, from how many of the 100 points each tier begins, what a level brings."
        ),
        {
            "preset": Figure(_("Criteria"), choices="customers.choices.GradingPreset"),
            "line_a": Figure(_("Tier A from"), _POINTS, 1, 100),
            "line_b": Figure(_("Tier B from"), _POINTS, 1, 100),
            "line_c": Figure(_("Tier C from"), _POINTS, 1, 100),
            "fair_percent": Figure(_("“Fairly high” brings of its points"), "%", 0, 100),
            "ordinary_percent": Figure(_("“Ordinary” and “unknown” bring"), "%", 0, 100),
            "low_percent": Figure(_("“Low” brings"), "%", 0, 100),
            "value_high": Figure(_("High value contribution from freight a year of"), _("yuan"), 0, 10**9),
            "value_middle": Figure(_("Middle value contribution from"), _("yuan"), 0, 10**9),
            "growth_high_percent": Figure(_("High growth potential from a change of"), "%", -100, 1000),
            "growth_low_percent": Figure(_("Low growth potential below"), "%", -100, 1000),
            "rests_months": Figure(_("A proposal not followed comes back after"), _("months"), 0, 24),
        },
        rules="CUS-10 – CUS-12",
    ),
    "customers.grading_trade": PolicyText(
        _("Scoring of tiers: industry, trade volume, frequency, credit"),
        _("Points of the four criteria, together 100, and from which figure of a year each level begins."),
        {
            "industry_points": Figure(_("Industry advantage"), _POINTS, 0, 100),
            "volume_points": Figure(_("Trade volume"), _POINTS, 0, 100),
            "frequency_points": Figure(_("Trade frequency"), _POINTS, 0, 100),
            "credit_points": Figure(_("Credit"), _POINTS, 0, 100),
            "industries": Figure(_("Advantageous trades"), help=_("Words of the trade, parted by 、")),
            "volume_high": Figure(_("Large volume from"), _("yuan"), 0, 10**9),
            "volume_fair": Figure(_("Fairly large volume from"), _("yuan"), 0, 10**9),
            "volume_ordinary": Figure(_("Ordinary volume from"), _("yuan"), 0, 10**9),
            "frequency_high": Figure(_("High frequency from"), _("waybills a year"), 0, 10**6),
            "frequency_fair": Figure(_("Fairly high frequency from"), _("waybills a year"), 0, 10**6),
            "frequency_ordinary": Figure(_("Ordinary frequency from"), _("waybills a year"), 0, 10**6),
            "late_percent_good": Figure(_("Good credit: paid late at most"), "%", 0, 100),
            "late_days_good": Figure(_("Good credit: late by at most"), _("days"), 0, 3650),
            "late_percent_low": Figure(_("Poor credit: paid late more than"), "%", 0, 100),
            "late_days_low": Figure(_("Poor credit: late by more than"), _("days"), 0, 3650),
        },
        rules="CUS-10",
    ),
    "customers.grading_sales": PolicyText(
        _("Scoring of tiers: nature, size, sales, trend"),
        _("Points of the four criteria, together 100, and from which figure of a year each level begins."),
        {
            "nature_points": Figure(_("Nature"), _POINTS, 0, 100),
            "size_points": Figure(_("Size of the customer"), _POINTS, 0, 100),
            "sales_points": Figure(_("Sales"), _POINTS, 0, 100),
            "trend_points": Figure(_("Trend"), _POINTS, 0, 100),
            "size_high": Figure(_("Large from"), _("tonnes"), 0, 10**6),
            "size_fair": Figure(_("Fairly large from"), _("tonnes"), 0, 10**6),
            "size_ordinary": Figure(_("Of ordinary size from"), _("tonnes"), 0, 10**6),
            "sales_high": Figure(_("High sales from"), _("yuan"), 0, 10**9),
            "sales_fair": Figure(_("Fairly high sales from"), _("yuan"), 0, 10**9),
            "sales_ordinary": Figure(_("Ordinary sales from"), _("yuan"), 0, 10**9),
            "trend_high": Figure(_("Strong growth from"), "%", -100, 1000),
            "trend_fair": Figure(_("Growth from"), "%", -100, 1000),
            "trend_ordinary": Figure(_("Steady from"), "%", -100, 1000),
        },
        rules="CUS-10",
    ),
    "customers.standing": PolicyText(
        _("Standing of customers"),
        _("When an active customer counts as dormant."),
        {"dormant_after_days": Figure(_("Without waybill for"), _("days"), 1, 3650)},
        rules="CUS-04",
    ),
    "customers.tier_service": PolicyText(
        _("What a tier brings"),
        _("The service standard shown to agents, and how often customers of the tier are visited."),
        {
            "standard": Figure(_("Service standard"), TEXTS),
            "visit_months": Figure(_("Visited at least every"), _("months (0: not planned)"), 0, 60),
        },
        rules="CUS-13",
        key_choices="*",
        key_label=_("Tier"),
        order=_("The row of the tier decides."),
    ),
    "inventory.rules": PolicyText(
        _("Stock: readings of the book"),
        _("Where the rules of stock can be read in two ways, which way holds here."),
        {
            "auditor": Figure(_("Who may audit"), choices="inventory.choices.Auditor"),
            "transfers_within": Figure(
                _("Transfers within a department are made by"), choices="inventory.choices.TransferOffice"
            ),
            "returns": Figure(_("Returns are written"), choices="inventory.choices.ReturnLetter"),
            "class_one": Figure(_("Damaged goods of class I are"), choices="inventory.choices.ClassOne"),
            "transit_days": Figure(_("A month is closed with goods in transit up to"), _("days"), 0, 365),
            "check_days": Figure(_("Received goods are checked within"), _("working days"), 0, 365),
            "damaged_days": Figure(_("Damaged goods go back after"), _("days"), 0, 365),
        },
        rules="INV-Q1 – INV-Q5, INV-84, INV-102, LED-08",
    ),
    "inventory.site": PolicyText(
        _("Stock: books of the sites"),
        _("Whether a site drafts its own stock documents, or the department does it for the site."),
        {"books": Figure(_("The books are kept by"), choices="inventory.choices.SiteBooks")},
        rules="INV-07",
        key_choices="*",
        key_label=_("Site"),
        order=_("The row of the site decides; without one, the row for all."),
    ),
    "organization.duty": PolicyText(
        _("Duty rota"),
        _("How far ahead the rota is planned without gaps."),
        {
            "rota_days_ahead": Figure(_("No gaps for the next"), _("days"), 1, 60),
        },
        rules="ORG-08",
    ),
    "reports.schedule": PolicyText(
        _("Periodic reports"),
        _("When a period is closed and its report made, and who is told of it."),
        {
            "hour": Figure(_("Closed and made at the hour"), _("o'clock"), 0, 23),
            "readers": Figure(_("Readers"), ROLES, help=_("Those of them are told who may read the report.")),
            "language": Figure(_("Language of the PDF"), choices="reports.choices.Language"),
            "tries": Figure(_("Tries until it is reported as failed"), "", 1, 20),
        },
        rules="RPT-25",
        key_choices="reports.choices.ReportCode",
        key_label=_("Report"),
        order=_("The row of the report decides; without one, the row for all."),
    ),
    "reports.targets": PolicyText(
        _("Targets of the indicators"),
        _("What is asked of the indicators in the service quality report. 0: no target is set."),
        {
            "first_response_permille": Figure(
                _("First responses in time, at least"), PERMILLE, 0, 1000, zero=_UNSET
            ),
            "resolution_permille": Figure(_("Complaints resolved, at least"), PERMILLE, 0, 1000, zero=_UNSET),
            "in_time_permille": Figure(
                _("Resolved within 24 hours, at least"), PERMILLE, 0, 1000, zero=_UNSET
            ),
            "handling_permille": Figure(_("Complaints handled, at least"), PERMILLE, 0, 1000, zero=_UNSET),
            "follow_up_permille": Figure(_("Follow-ups in time, at least"), PERMILLE, 0, 1000, zero=_UNSET),
            "second_permille": Figure(_("Second complaints, at most"), PERMILLE, 0, 1000, zero=_UNSET),
            "report_upward_permille": Figure(
                _("Reports upward in time, at least"), PERMILLE, 0, 1000, zero=_UNSET
            ),
            "cost_permille": Figure(
                _("Claims paid of the freight revenue, at most"), PERMILLE, 0, 1000, zero=_UNSET
            ),
            "dpmo": Figure(_("Defects per million opportunities, at most"), "", 0, 1_000_000, zero=_UNSET),
        },
        rules="KPI-01 – KPI-11",
    ),
    "servicecenter.uploads": PolicyText(
        _("Attachments"),
        _("How large and how many files may be."),
        {
            "max_bytes": Figure(_("Largest file"), BYTES, 1, 2**31),
            "max_files": Figure(_("Files of one record"), "", 1, 1000),
            "max_pixels": Figure(_("Pixels of an image"), "", 1, 10**9),
            "unbound_hours": Figure(_("A file that no form named goes after"), _("hours"), 1, 8760),
        },
    ),
    "servicecenter.reveals": PolicyText(
        _("Revealed personal data"),
        _("How many masked values one person may reveal before it is refused and reported."),
        {"per_hour": Figure(_("Reveals in an hour"), "", 1, 10_000)},
        rules="PRV-03",
    ),
}
