"""The words of a report's codes: chapters, indicators with their formulas, tables, columns, remarks, sheets of rows.

An issued report holds codes alone; page, paper and spreadsheet word them here, in the reader's language (D16).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.choices import ReportCode

CHAPTERS: dict[str, Any] = {
    "indicators": _("Indicators and targets"),
    "RPT-01": _("Complaints: category, department, channel, outcome"),
    "RPT-02": _("Sanctions and merit"),
    "RPT-03": _("Claims: amount, cause, liability, recovery"),
}
# The figures of the first line, on the page and on the cover.
HEADLINES = (
    "complaints.registered",
    "KPI-02.resolved",
    "KPI-02.in_time",
    "KPI-04.second",
    "claims.paid",
    "KPI-01.share",
    "conduct.sanctions",
    "conduct.fines",
    "claims.reported",
    "claims.approved",
    "claims.recovered",
    "claims.reserve",
)
FIGURES: dict[str, Any] = {
    "KPI-01.share": _("First response within its limit"),
    "KPI-01.median": _("First response, median"),
    "KPI-01.p90": _("First response, 90th percentile"),
    "KPI-02.resolved": _("Resolution rate"),
    "KPI-02.in_time": _("Resolved within 24 hours"),
    "KPI-03.handled": _("Complaint handling rate"),
    "KPI-03.follow_up": _("Follow-up rate"),
    "KPI-04.second": _("Second-complaint rate"),
    "KPI-04.recurrences": _("Recurrences"),
    "KPI-08.dpmo": _("Defects per million opportunities"),
    "KPI-08.sigma": _("Sigma level"),
    "KPI-09.cost": _("Claims cost ratio"),
    "KPI-09.freight": _("Freight revenue"),
    "KPI-11.share": _("Reports upward within 1 hour"),
    "complaints.registered": _("Complaints registered"),
    "complaints.unresolved": _("Not yet resolved"),
    "complaints.second": _("Second complaints"),
    "complaints.needs": _("Needs of customers"),
    "complaints.outside": _("Outside complaints"),
    "complaints.suggestions": _("Suggestions"),
    "conduct.sanctions": _("Sanctions"),
    "conduct.fines": _("Fines"),
    "conduct.disqualified": _("Merit disqualifications"),
    "conduct.rewards": _("Rewards"),
    "claims.reported": _("Claims reported"),
    "claims.claimed": _("Amount claimed"),
    "claims.approved": _("Amount approved"),
    "claims.payments": _("Payouts made"),
    "claims.paid": _("Paid out"),
    "claims.charged": _("Charged to liable parties"),
    "claims.recovered": _("Recovered from liable parties"),
    "claims.insurance": _("Recovered from insurance"),
    "claims.reserve": _("Reserve at the end of the period"),
    "claims.goodwill": _("Goodwill"),
}
FORMULAS: dict[str, Any] = {
    "KPI-01.share": _(
        "First responses given within the limit of the policy ÷ first responses due in the period."
    ),
    "KPI-01.median": _("Half of the first responses took no longer than this."),
    "KPI-01.p90": _("Nine of ten first responses took no longer than this."),
    "KPI-02.resolved": _(
        "Complaints registered in the period and resolved when the report was drawn"
        " ÷ complaints registered in the period."
    ),
    "KPI-02.in_time": _(
        "Complaints registered in the period and resolved within 24 hours ÷ complaints registered in the period."
    ),
    "KPI-03.handled": _(
        "(Complaints resolved + complaints in handling without a breached deadline)"
        " ÷ complaints registered in the period."
    ),
    "KPI-03.follow_up": _(
        "Follow-ups recorded in time, whatever their result ÷ follow-ups due in the period."
    ),
    "KPI-04.second": _("Second complaints ÷ complaints registered in the period."),
    "KPI-04.recurrences": _("Cases of one problem founded three times in a month at one department."),
    "KPI-08.dpmo": _(
        "Waybills with a complaint, a claim or a late delivery ÷ (waybills × 3) × 1,000,000;"
        " a waybill counts once for each kind at most."
    ),
    "KPI-08.sigma": _(
        "The sigma level of these defects with the usual shift of 1.5: 3.4 per million are six sigma."
    ),
    "KPI-09.cost": _("Claims paid in the period ÷ freight revenue of the waybills of the period."),
    "KPI-09.freight": _("The sum of the freight of the waybills collected in the period."),
    "KPI-11.share": _("Reports upward made within their hour ÷ reports upward due in the period."),
    "complaints.registered": _("Complaints by the day of registration, without cancelled and merged ones."),
    "complaints.unresolved": _(
        "Complaints registered in the period and not resolved when the report was drawn."
    ),
    "complaints.second": _("Confirmed second complaints among those registered in the period."),
    "complaints.needs": _("Complaints whose record names a need of the customer."),
    "conduct.sanctions": _("Sanctions that count in the period, without withdrawn ones."),
    "conduct.fines": _("The fines among them, in yuan."),
    "conduct.disqualified": _("Departments and people who lost the month's merit."),
    "claims.reported": _("Claims reported in the period and not withdrawn."),
    "claims.claimed": _("What the claims reported in the period ask for."),
    "claims.approved": _("What has been approved of the claims reported in the period."),
    "claims.payments": _("Vouchers paid in the period, whenever their claim was reported."),
    "claims.paid": _("The sum of these payouts."),
    "claims.charged": _("Charges to liable parties posted in the period, less reversals."),
    "claims.recovered": _("What liable parties paid back in the period."),
    "claims.insurance": _("What insurers paid in the period, whenever their claim was reported."),
    "claims.reserve": _("What is still expected to be paid for claims open at the end of the period."),
}
TABLES: dict[str, Any] = {
    "recurrences.department": _("Recurrences by department"),
    "defects.kind": _("Defects by kind"),
    "complaints.category": _("By category"),
    "complaints.department": _("By department concerned"),
    "complaints.channel": _("By channel"),
    "complaints.outcome": _("By outcome"),
    "complaints.category_department": _("Categories and departments"),
    "complaints.needs": _("Needs of customers by category"),
    "conduct.sheet": _("Reward and penalty sheet"),
    "conduct.disqualifications": _("Merit disqualifications"),
    "claims.cause": _("By cause"),
    "claims.kind": _("By kind"),
    "claims.place": _("By where the goods were"),
    "claims.route": _("By route"),
    "claims.branch": _("By branch"),
    "claims.party": _("By liable party"),
}
# A head of one table alone stands under "table.column".
COLUMNS: dict[str, Any] = {
    "department": _("Department"),
    "count": _("How many"),
    "before": _("Period before"),
    "defect": _("Defect"),
    "category": _("Category"),
    "channel": _("Channel"),
    "outcome": _("Outcome"),
    "registered": _("New complaints"),
    "resolved": _("Resolved"),
    "founded": _("Founded"),
    "second": _("Second complaints"),
    "needs": _("Needs"),
    "person": _("Person"),
    "rule": _("Rule"),
    "violation": _("Violation"),
    "measure": _("Measure"),
    "amount": _("Amount"),
    "month": _("Month"),
    "sources": _("Because of"),
    "cause": _("Cause"),
    "sentence": _("Rule in words"),
    "kind": _("Kind"),
    "place": _("Place"),
    "origin": _("Origin"),
    "destination": _("Destination"),
    "branch": _("Branch"),
    "losses": _("Losses"),
    "claimed": _("Claimed"),
    "approved": _("Approved"),
    "paid": _("Paid"),
    "party": _("Liable party"),
    "claims": _("Claims"),
    "charged": _("Charged"),
    "recovered": _("Recovered"),
    "written_off": _("Written off"),
    # the rows behind the figures
    "number": _("Number"),
    "registered_at": _("Registered at"),
    "summary": _("Summary"),
    "demand": _("What the customer needs"),
    "imported": _("Imported"),
    "in_time": _("In time"),
    "handled": _("Without a breach"),
    "started_at": _("Began at"),
    "due_at": _("Due"),
    "answered_at": _("Answered at"),
    "span": _("Took"),
    "reported_at": _("Reported at"),
    "ended_at": _("Ended at"),
    "confirmed_at": _("Confirmed at"),
    "waybill": _("Waybill"),
    "times": _("Times"),
    "source": _("Because of"),
    "since_at": _("Since"),
    "reported_on": _("Reported on"),
    "state": _("State"),
    "claim": _("Claim"),
    "paid_at": _("Paid at"),
    "received_at": _("Received at"),
    "payer": _("Paid by"),
    "posted_at": _("Posted at"),
    "who": _("Who"),
    "entry": _("Entry"),
    "reserve": _("Reserve"),
}
REMARKS: dict[str, Any] = {
    "running": _("The period is not over: the figures are those of %(as_of)s."),
    "basis.closing": _("The figures are as they were known when the period was closed, %(as_of)s."),
    "basis.now": _("The figures hold what was recorded until %(as_of)s."),
    "no_waybills": _("No waybill facts were given for the period: what is reckoned by waybills is empty."),
    "no_freight": _("No freight revenue was given for the period: the claims cost ratio is empty."),
    "cost_logistics": _("The logistics cost ratio is empty: no cost data are given to the system."),
    "imported": _("%(count)s imported complaints are counted as registered; they have no deadlines."),
    "not_recorded.outside": _("Outside complaints are not recorded apart yet."),
    "not_recorded.suggestions": _("Suggestions are not recorded apart yet."),
    "not_recorded.rewards": _("Rewards are not recorded yet."),
    "not_recorded.goodwill": _("Goodwill is not recorded apart yet."),
}
# The rows behind a figure, as the page of rows and the spreadsheet's sheets are called.
SHEETS: dict[str, Any] = {
    "complaints": _("Complaints registered"),
    "complaints.resolved": _("Complaints resolved"),
    "complaints.in_time": _("Complaints resolved within 24 hours"),
    "complaints.handled": _("Complaints handled without a breach"),
    "complaints.unresolved": _("Complaints not yet resolved"),
    "complaints.second": _("Second complaints"),
    "complaints.needs": _("Needs of customers"),
    "responses": _("First responses due"),
    "responses.in_time": _("First responses within their limit"),
    "responses.answered": _("First responses"),
    "follow_ups": _("Follow-ups that were due"),
    "follow_ups.in_time": _("Follow-ups recorded in time"),
    "recurrences": _("Recurrences"),
    "upward": _("Reports upward due"),
    "upward.in_time": _("Reports upward in time"),
    "defects": _("Waybills with a defect"),
    "payments": _("Payouts made"),
    "sanctions": _("Sanctions"),
    "disqualifications": _("Merit disqualifications"),
    "claims": _("Claims reported"),
    "entries": _("Entries of liable parties"),
    "outside": _("Recoveries from outside"),
    "outside.insurer": _("Recovered from insurance"),
    "reserves": _("Reserves"),
}


def report(code: str) -> str:
    """What a report is called."""
    return str(ReportCode(code).label)


def chapter(code: str) -> str:
    """The title of a chapter."""
    return str(CHAPTERS[code])


def figure(code: str) -> str:
    """The name of an indicator."""
    return str(FIGURES[code])


def indicator(code: str) -> str:
    """The number of an indicator of the book, `KPI-04`; '' for a figure that is none."""
    return code.partition(".")[0] if code.startswith("KPI-") else ""


def formula(code: str) -> str:
    """How a figure is reckoned, in a sentence; '' for what is not recorded."""
    return str(FORMULAS.get(code, ""))


def table(code: str) -> str:
    """The title of a table."""
    return str(TABLES[code])


def column(of: str, code: str) -> str:
    """The head of a column of a table."""
    return str(COLUMNS.get(f"{of}.{code}") or COLUMNS[code])


def remark(code: str, params: Mapping[str, Any]) -> str:
    """What a reader must know, with its figures."""
    return str(REMARKS[code]) % params


def sheet(key: str) -> str:
    """What the rows behind a figure are."""
    return str(SHEETS[key])
