"""The shape of what people type into claims pages; rules are the services' business."""

from claims.forms.claim import SAID, ChangeForm, LineFormSet, OpenForm, ReserveForm
from claims.forms.facts import EvidenceForm, FactsForm, PartyForm
from claims.forms.liability import (
    ApproveOpinionForm,
    DecideForm,
    HandForm,
    ObjectionForm,
    OpinionForm,
    OverrideForm,
    RecoveryForm,
    ShareFormSet,
)
from claims.forms.papers import PapersForm, PrintForm
from claims.forms.parts import ClaimForm, ConfirmForm, LanguageForm, ReasonForm, rows_of
from claims.forms.payout import AssessForm, OfferForm, PartFormSet, PayForm, ReissueForm, SignForm

__all__ = [
    "SAID",
    "ApproveOpinionForm",
    "AssessForm",
    "ChangeForm",
    "ClaimForm",
    "ConfirmForm",
    "DecideForm",
    "EvidenceForm",
    "FactsForm",
    "HandForm",
    "LanguageForm",
    "LineFormSet",
    "ObjectionForm",
    "OfferForm",
    "OpenForm",
    "OpinionForm",
    "OverrideForm",
    "PapersForm",
    "PartFormSet",
    "PartyForm",
    "PayForm",
    "PrintForm",
    "ReasonForm",
    "RecoveryForm",
    "ReissueForm",
    "ReserveForm",
    "ShareFormSet",
    "SignForm",
    "rows_of",
]
