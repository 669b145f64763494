"""API of this app: claims with every act on them, signatures, vouchers, versions of the liability rules."""

from typing import Any

from claims.api.claims import ApprovalViewSet, ClaimViewSet, RuleSetViewSet
from claims.api.vouchers import VoucherViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("claims", ClaimViewSet, "claims"),
    ("claim-approvals", ApprovalViewSet, "claim-approvals"),
    ("vouchers", VoucherViewSet, "vouchers"),
    ("liability-rules", RuleSetViewSet, "liability-rules"),
]
