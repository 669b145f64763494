"""The shape of what people type into complaints pages; rules are the services' business."""

from complaints.forms.catalogue import CategoryForm, KeywordForm, RoutingForm, SubcaseForm, TemplateForm
from complaints.forms.handling import (
    AssignForm,
    AssignManyForm,
    FindingForm,
    FollowUpForm,
    MeasureDoneForm,
    MeasureFormSet,
    MergeForm,
    MessageForm,
    NotAgreedForm,
    NotifyForm,
    PauseForm,
    ReportForm,
    ResolveForm,
    ResumeForm,
    SettleForm,
    ShortenForm,
    VerifyForm,
)
from complaints.forms.intake import ChaseForm, IntakeForm
from complaints.forms.parts import ActForm, ConfirmForm, ReasonForm
from complaints.forms.routing import HandOverForm, ReturnForm, RouteForm, StatementForm, WaiveForm
from servicecenter.forms import NamesMixin

__all__ = [
    "ActForm",
    "AssignForm",
    "AssignManyForm",
    "CategoryForm",
    "ChaseForm",
    "ConfirmForm",
    "FindingForm",
    "FollowUpForm",
    "HandOverForm",
    "IntakeForm",
    "KeywordForm",
    "MeasureDoneForm",
    "MeasureFormSet",
    "MergeForm",
    "MessageForm",
    "NamesMixin",
    "NotAgreedForm",
    "NotifyForm",
    "PauseForm",
    "ReasonForm",
    "ReportForm",
    "ResolveForm",
    "ResumeForm",
    "ReturnForm",
    "RouteForm",
    "RoutingForm",
    "SettleForm",
    "ShortenForm",
    "StatementForm",
    "SubcaseForm",
    "TemplateForm",
    "VerifyForm",
    "WaiveForm",
]
