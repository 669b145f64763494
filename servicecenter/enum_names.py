"""Names of enumerations in the OpenAPI file where several models share a field name (kind, state)."""

ENUM_NAMES = {
    "ClockKindEnum": "deadlines.choices.ClockKind",
    "ClockStateEnum": "deadlines.choices.ClockState",
    "CodStateEnum": "customers.choices.CodState",
    "ComplaintStateEnum": "complaints.choices.ComplaintState",
    "CustomerKindEnum": "customers.choices.CustomerKind",
    "IncidentKindEnum": "complaints.choices.IncidentKind",
    "IncidentStateEnum": "complaints.choices.IncidentState",
    "RepairClassEnum": "inventory.choices.RepairClass",
    "SanctionMeasureEnum": "conduct.choices.Measure",
    "SanctionStateEnum": "conduct.choices.SanctionState",
    "StockCategoryEnum": "inventory.choices.Category",
    "StockPaperStateEnum": "inventory.choices.DocumentState",
    "TransferKindEnum": "inventory.choices.TransferKind",
    "WarehouseKindEnum": "inventory.choices.WarehouseKind",
    "WaybillEventKindEnum": "customers.choices.EventKind",
}
