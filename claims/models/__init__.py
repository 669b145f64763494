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
from claims.models.found import FoundGoods
from claims.models.inquiry import EvidenceRequest, InvestigationResult
from claims.models.investigation import ClaimFact, ClaimParty
from claims.models.papers import ClaimPaper
from claims.models.payout import Assessment, Offer, Part
from claims.models.recovery import Instalment, Insurance, OutsideRecovery, OwnSettlement, Salvage
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
    "EvidenceRequest",
    "FineProposal",
    "FoundGoods",
    "GoodsLine",
    "HandlingOpinion",
    "Instalment",
    "Insurance",
    "InvestigationResult",
    "LiabilityEntry",
    "Objection",
    "Offer",
    "OutsideRecovery",
    "OwnSettlement",
    "Part",
    "RuleSetVersion",
    "Salvage",
    "Share",
    "Voucher",
    "VoucherCounter",
]
