"""Claims and what happens to them (chapter 03), split by noun."""

from claims.models.approval import ApprovalRequest, ApprovalStep
from claims.models.claim import Claim, GoodsLine
from claims.models.determination import (
    Determination,
    FineProposal,
    HandlingOpinion,
    LiabilityEntry,
    Objection,
    Share,
)
from claims.models.investigation import ClaimFact, ClaimParty
from claims.models.papers import ClaimPaper
from claims.models.payout import Assessment, Offer, Part
from claims.models.ruleset import RuleSetVersion
from claims.models.voucher import Voucher, VoucherCounter

__all__ = [
    "ApprovalRequest",
    "ApprovalStep",
    "Assessment",
    "Claim",
    "ClaimFact",
    "ClaimPaper",
    "ClaimParty",
    "Determination",
    "FineProposal",
    "GoodsLine",
    "HandlingOpinion",
    "LiabilityEntry",
    "Objection",
    "Offer",
    "Part",
    "RuleSetVersion",
    "Share",
    "Voucher",
    "VoucherCounter",
]
