"""Every read of conduct: sanctions, what an incident brought about, the merit of a month."""

from conduct.queries.merit import (
    Correction,
    MeritMonth,
    Standing,
    disqualifications_visible_to,
    issued_months,
    merit_month,
)
from conduct.queries.sanctions import (
    ORDERS,
    IncidentConsequences,
    SanctionView,
    answers_of,
    facts_of,
    incident_consequences,
    range_of,
    sanction_view,
    sanctions_visible_to,
    search_sanctions,
    source_of,
    subject_sanction,
    violations,
    waiting_count,
)

__all__ = [
    "ORDERS",
    "Correction",
    "IncidentConsequences",
    "MeritMonth",
    "SanctionView",
    "Standing",
    "answers_of",
    "disqualifications_visible_to",
    "facts_of",
    "incident_consequences",
    "issued_months",
    "merit_month",
    "range_of",
    "sanction_view",
    "sanctions_visible_to",
    "search_sanctions",
    "source_of",
    "subject_sanction",
    "violations",
    "waiting_count",
]
