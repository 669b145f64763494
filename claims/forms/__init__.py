"""The shape of what people type into claims pages; rules are the services' business."""

from claims.forms.claim import SAID, ChangeForm, LineFormSet, OpenForm, ReserveForm
from claims.forms.facts import EvidenceForm, FactsForm, PartyForm
from claims.forms.inquiry import AnswerForm, AskForm, ConfirmResultForm, ResultForm
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
from claims.forms.outside import (
    FoundForm,
    InsureForm,
    OutsideForm,
    PlanForm,
    SalvageForm,
    SettlementForm,
    TellInsurerForm,
)
from claims.forms.papers import PapersForm, PrintForm
from claims.forms.parts import ClaimForm, ConfirmForm, LanguageForm, ReasonForm, rows_of
from claims.forms.payout import AssessForm, OfferForm, PartFormSet, PayForm, ReissueForm, SignForm

__all__ = [
    "SAID",
    "AnswerForm",
    "ApproveOpinionForm",
    "AskForm",
    "AssessForm",
    "ChangeForm",
    "ClaimForm",
    "ConfirmForm",
    "ConfirmResultForm",
    "DecideForm",
    "EvidenceForm",
    "FactsForm",
    "FoundForm",
    "HandForm",
    "InsureForm",
    "LanguageForm",
    "LineFormSet",
    "ObjectionForm",
    "OfferForm",
    "OpenForm",
    "OpinionForm",
    "OutsideForm",
    "OverrideForm",
    "PapersForm",
    "PartFormSet",
    "PartyForm",
    "PayForm",
    "PlanForm",
    "PrintForm",
    "ReasonForm",
    "RecoveryForm",
    "ReissueForm",
    "ReserveForm",
    "ResultForm",
    "SalvageForm",
    "SettlementForm",
    "ShareFormSet",
    "SignForm",
    "TellInsurerForm",
    "rows_of",
]
