"""Names of enumerations in the OpenAPI file where several models share a field name (kind, state)."""

ENUM_NAMES = {
    "ClockKindEnum": "deadlines.choices.ClockKind",
    "ClockStateEnum": "deadlines.choices.ClockState",
    "CodStateEnum": "customers.choices.CodState",
    "ComplaintStateEnum": "complaints.choices.ComplaintState",
    "CustomerKindEnum": "customers.choices.CustomerKind",
    "IncidentKindEnum": "complaints.choices.IncidentKind",
    "IncidentStateEnum": "complaints.choices.IncidentState",
    "SanctionMeasureEnum": "conduct.choices.Measure",
    "SanctionStateEnum": "conduct.choices.SanctionState",
    "WaybillEventKindEnum": "customers.choices.EventKind",
}
