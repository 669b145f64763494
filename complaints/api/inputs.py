"""What the endpoints take. Limits of shape only; rules are the services' business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from complaints import choices
from complaints.api.door import DepartmentReference, EmployeeReference, UserReference
from complaints.domain.intake import Intake
from complaints.forms.intake import SETTLE
from customers import queries as customers
from customers.choices import Tier
from customers.domain import telephones, waybills
from servicecenter.dates import in_reach
from servicecenter.kernel.errors import RuleBroken
from servicecenter.wording import rule_text


class Versioned(serializers.Serializer):  # type: ignore[type-arg]
    """`version`: the one you saw; an act on a newer ticket is then refused with `lifecycle.stale`."""

    version = serializers.IntegerField(required=False, allow_null=True, default=None)


class Reason(Versioned):
    """Why."""

    reason = serializers.CharField(max_length=300)


class RouteInput(Versioned):
    """Where to; by category when no department is named."""

    department = DepartmentReference(required=False, allow_null=True, default=None)
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    demand = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    respondent_department = DepartmentReference(required=False, allow_null=True, default=None)
    respondent_employee = EmployeeReference(required=False, allow_null=True, default=None)


class HandOverInput(Versioned):
    """A further department, with a demand and a limit (CMP-35b)."""

    department = DepartmentReference()
    demand = serializers.CharField(max_length=500)
    limit_hours = serializers.IntegerField(min_value=1, max_value=72, default=12)
    statement_required = serializers.BooleanField(default=False)


class ChaseInput(serializers.Serializer):  # type: ignore[type-arg]
    """What the customer asked, and what was answered (CMP-09)."""

    text = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    answer = serializers.CharField(max_length=500)


class AssignInput(Reason):
    """A new owner."""

    owner = UserReference()


class PauseInput(Reason):
    """What is missing, and until when the customer promised it (CMP-38)."""

    promised_until = serializers.DateTimeField()


class TextInput(Versioned):
    """A text."""

    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class NoteInput(serializers.Serializer):  # type: ignore[type-arg]
    """An internal note."""

    text = serializers.CharField(max_length=4000)
    mentions = UserReference(many=True, required=False, default=list)
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, default=list
    )


class ReplyInput(serializers.Serializer):  # type: ignore[type-arg]
    """What the customer was told, and how."""

    channel = serializers.ChoiceField(choices=choices.Channel.choices)
    text = serializers.CharField(max_length=4000)
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, default=list
    )


class ResolveInput(Versioned):
    """What was done and agreed."""

    resolution = serializers.CharField(max_length=2000)


class SettleInput(ResolveInput):
    """Settled on the spot (CMP-04)."""

    customer_confirmed = serializers.BooleanField(default=False)


class MeasureInput(serializers.Serializer):  # type: ignore[type-arg]
    """A corrective or preventive action."""

    text = serializers.CharField(max_length=500)
    is_preventive = serializers.BooleanField(default=False)
    department = DepartmentReference()
    employee = EmployeeReference(required=False, allow_null=True, default=None)
    due_on = serializers.DateField(validators=[in_reach])


class FindingInput(Versioned):
    """The outcome of handling (CMP-27)."""

    founded = serializers.ChoiceField(choices=choices.Founded.choices)
    text = serializers.CharField(max_length=4000)
    department = DepartmentReference(required=False, allow_null=True, default=None)
    employee = EmployeeReference(required=False, allow_null=True, default=None)
    not_ours = serializers.BooleanField(default=False)
    measures = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    actions = MeasureInput(many=True, required=False, default=list)


class NotifyInput(Versioned):
    """The written notice (CMP-25)."""

    way = serializers.ChoiceField(choices=choices.NoticeWay.choices)
    language = serializers.ChoiceField(choices=["zh-hans", "zh-hant", "en"], default="zh-hans")
    text = serializers.CharField(max_length=3000)


class FollowUpInput(Versioned):
    """The result of a follow-up call."""

    result = serializers.ChoiceField(choices=choices.FollowUpResult.choices)
    remarks = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class ShortenInput(Reason):
    """The tier by which the open clocks are counted."""

    tier = serializers.ChoiceField(choices=Tier.choices)


class ConfirmNoticeInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which notice."""

    document_number = serializers.CharField(max_length=40)


class NotAgreedInput(Versioned):
    """Reasons, last offer, outside remedies (CMP-23)."""

    way = serializers.ChoiceField(choices=choices.NoticeWay.choices, default="letter")
    language = serializers.ChoiceField(choices=["zh-hans", "zh-hant", "en"], default="zh-hans")
    text = serializers.CharField(max_length=3000)


class MergeInput(Reason):
    """Into which ticket."""

    into = serializers.CharField(max_length=20)


class StatementInput(serializers.Serializer):  # type: ignore[type-arg]
    """The respondent's own account (CMP-21). `employee` is the person concerned: a required statement names one."""

    employee = EmployeeReference(required=False, allow_null=True, default=None)
    stage = serializers.ChoiceField(
        choices=choices.DutyStage.choices, required=False, allow_blank=True, default=""
    )
    text = serializers.CharField(max_length=5000)
    measures = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, default=list
    )


class IntakeInput(serializers.Serializer):  # type: ignore[type-arg]
    """A complaint to be registered. The channel defaults to the API's own: nobody has spoken with the customer."""

    channel = serializers.ChoiceField(choices=choices.Channel.choices, default="api")
    caller_telephone = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    caller_name = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    customer = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    waybill = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    party_role = serializers.ChoiceField(choices=choices.PartyRole.choices, default="other")
    category = serializers.CharField(max_length=30)
    subcase = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    text = serializers.CharField(max_length=5000)
    demand = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    occurred_on = serializers.DateField(required=False, allow_null=True, default=None)
    settle = serializers.ChoiceField(choices=[code for code, _label in SETTLE], default="route")
    department = DepartmentReference(required=False, allow_null=True, default=None)
    route_reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    respondent_department = DepartmentReference(required=False, allow_null=True, default=None)
    respondent_employee = EmployeeReference(required=False, allow_null=True, default=None)
    linked_number = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    other_matter = serializers.BooleanField(default=False)
    other_matter_reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    resolution = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    customer_confirmed = serializers.BooleanField(default=False)
    external_key = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=32), required=False, default=list
    )

    def validate_caller_telephone(self, value: str) -> str:
        """Digits as they are kept."""
        return str(_normal(telephones.normalise, value).number) if value.strip() else ""

    def validate_waybill(self, value: str) -> str:
        """The number as it is kept; an unknown one is registered as a stub."""
        return str(_normal(waybills.normalise, value)) if value.strip() else ""

    def validate_customer(self, value: str) -> str:
        """A customer that the user may see."""
        if not value:
            return ""
        found = customers.customers_visible_to(self.context["request"].user).filter(number=value).first()
        if found is None:
            raise serializers.ValidationError(rule_text("complaint.customer_unknown", number=value))
        self.customer_id = found.pk
        return value

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """What is needed together."""
        if attrs["settle"] == "on_spot" and not attrs["resolution"].strip():
            raise serializers.ValidationError({"resolution": [rule_text("complaint.resolution_needed")]})
        if attrs["department"] is not None and not attrs["route_reason"].strip():
            raise serializers.ValidationError({"route_reason": [rule_text("complaint.route_reason_needed")]})
        return attrs

    def intake(self) -> Intake:
        """What the services take."""
        said = self.validated_data
        plain = {
            name: said[name]
            for name in (
                "channel", "caller_telephone", "caller_name", "party_role", "category", "subcase", "text", "demand",
                "occurred_on", "settle", "route_reason", "linked_number", "other_matter", "other_matter_reason",
                "resolution", "customer_confirmed", "external_key",
            )
        }  # fmt: skip
        return Intake(
            **plain,
            waybill_number=said["waybill"],
            department_id=_pk(said["department"]),
            respondent_department_id=_pk(said["respondent_department"]),
            respondent_employee_id=_pk(said["respondent_employee"]),
            customer_id=getattr(self, "customer_id", None),
            attachment_ids=tuple(said["attachments"]),
        )


def _pk(row: Any) -> int | None:
    return row.pk if row is not None else None


def _normal(read: Any, typed: str) -> Any:
    try:
        return read(typed)
    except RuleBroken as problem:
        raise serializers.ValidationError(rule_text(problem), code=problem.code) from problem


class EffectSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One thing that saving will do."""

    code = serializers.CharField()
    text = serializers.CharField()
    at = serializers.DateTimeField(allow_null=True)
    grave = serializers.BooleanField()


class PreviewSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What saving would do. `second`: no, yes or suspected."""

    second = serializers.CharField()
    first = serializers.CharField(allow_null=True, help_text="Number of the ticket it would join.")
    earlier = serializers.ListField(child=serializers.CharField())
    earlier_count = serializers.IntegerField(
        help_text="Of all earlier ones; more than 1,000 are not counted."
    )
    candidates = serializers.ListField(child=serializers.CharField())
    chaseable = serializers.ListField(
        child=serializers.CharField(), help_text="The open tickets that a mere chase may belong to."
    )
    chase_of = serializers.CharField(allow_null=True, help_text="The likeliest of them.")
    department = serializers.CharField(allow_null=True)
    waybill_unknown = serializers.BooleanField()
    effects = EffectSerializer(many=True)
