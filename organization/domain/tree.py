"""Which kind of department may stand under which (ORG-01, INV-06)."""

from __future__ import annotations

from organization.choices import DepartmentKind

# The field-service side is three levels: business-management department → business departments → sites.
_FIELD = {
    DepartmentKind.FIELD_BUSINESS: frozenset({DepartmentKind.BUSINESS_MANAGEMENT}),
    DepartmentKind.SITE: frozenset({DepartmentKind.FIELD_BUSINESS}),
}


def may_stand(kind: str, parent_kind: str | None) -> bool:
    """Head office is the root and nothing else is; sites and field business departments keep their three levels."""
    if kind == DepartmentKind.HEAD_OFFICE:
        return parent_kind is None
    if parent_kind is None or parent_kind == DepartmentKind.SITE:
        return False
    allowed = _FIELD.get(DepartmentKind(kind))
    return allowed is None or parent_kind in allowed
