"""What the API says of tickets. Personal values are masked as on the pages (PRV-02, PRV-10)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from complaints.choices import NextStep
from complaints.models import (
    Category,
    Chase,
    Complaint,
    Contact,
    CorrectiveAction,
    Finding,
    FollowUp,
    Handover,
    ServiceIncident,
    Statement,
    Subcase,
    WrittenNotice,
)
from complaints.permissions import sees_personal
from complaints.queries import party_name
from servicecenter.endpoints.files import AttachmentSerializer
from servicecenter.i18n import say
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.wording import rule_text


def code_of(source: str, key: str = "code", **kwargs: Any) -> serializers.CharField:
    """A reference by its natural key; null where there is none."""
    return serializers.CharField(
        source=f"{source}.{key}", read_only=True, allow_null=True, default=None, **kwargs
    )


class ComplaintRow(serializers.ModelSerializer[Complaint]):
    """A ticket in a list."""

    category = code_of("category")
    subcase = code_of("subcase")
    customer = code_of("customer", "number")
    party = serializers.SerializerMethodField(help_text="Who complains; masked for the respondent's side.")
    caller_telephone = serializers.SerializerMethodField(help_text="Masked; empty for the respondent's side.")
    waybill = code_of("waybill", "number")
    owner = code_of("owner", "work_number")
    department = code_of("department")
    next_step = serializers.ChoiceField(choices=NextStep.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Complaint
        fields = (
            "number", "state", "version", "round", "category", "subcase", "channel", "summary", "customer", "party",
            "tier", "party_role", "caller_telephone", "waybill", "owner", "department", "sequence", "is_incident",
            "is_suspected", "is_paused", "founded", "next_step", "due_at", "rank", "chase_count", "origin",
            "close_mark", "registered_at", "resolved_at", "closed_at",
        )  # fmt: skip

    def hidden(self, row: Complaint) -> bool:
        """Whether this reader must not see who complained (PRV-10)."""
        return not sees_personal(self.context["request"].user, row)

    def get_party(self, row: Complaint) -> str:
        """The customer's name, else the caller's."""
        return party_name(row, masked=self.hidden(row))

    def get_caller_telephone(self, row: Complaint) -> str:
        """Enough to recognise, not enough to use."""
        return "" if self.hidden(row) else mask_telephone(row.caller_telephone)


class StatementSerializer(serializers.ModelSerializer[Statement]):
    """A statement, as it was handed in."""

    employee = code_of("employee", "work_number")
    handed_in_by = code_of("handed_in_by", "work_number")

    class Meta:
        model = Statement
        fields = (
            "ordinal",
            "employee",
            "stage",
            "text",
            "measures",
            "handed_in_at",
            "handed_in_by",
            "is_late",
        )


class HandoverSerializer(serializers.ModelSerializer[Handover]):
    """A ticket handed to a department, with its statements."""

    complaint = code_of("complaint", "number")
    department = code_of("department")
    employee = code_of("employee", "work_number")
    statements = StatementSerializer(source="statement_list", many=True, read_only=True)

    class Meta:
        model = Handover
        fields = (
            "id", "complaint", "round", "department", "employee", "statement_required", "demand", "reason",
            "by_category", "state", "handed_at", "due_at", "accepted_at", "ended_at", "end_reason", "is_late",
            "statements",
        )  # fmt: skip


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """What was found."""

    department = code_of("department")
    employee = code_of("employee", "work_number")
    by = code_of("by", "work_number")

    class Meta:
        model = Finding
        fields = ("round", "founded", "text", "department", "employee", "not_ours", "measures", "at", "by")


class MeasureSerializer(serializers.ModelSerializer[CorrectiveAction]):
    """A corrective or preventive action."""

    department = code_of("department")
    employee = code_of("employee", "work_number")

    class Meta:
        model = CorrectiveAction
        fields = (
            "id",
            "is_preventive",
            "text",
            "department",
            "employee",
            "due_on",
            "done_at",
            "result",
            "verified_at",
        )


class ChaseSerializer(serializers.ModelSerializer[Chase]):
    """A chase."""

    class Meta:
        model = Chase
        fields = ("ordinal", "at", "answer")


class FollowUpSerializer(serializers.ModelSerializer[FollowUp]):
    """A follow-up call."""

    by = code_of("by", "work_number")

    class Meta:
        model = FollowUp
        fields = ("round", "ordinal", "result", "remarks", "at", "by")


class NoticeSerializer(serializers.ModelSerializer[WrittenNotice]):
    """A written notice."""

    class Meta:
        model = WrittenNotice
        fields = ("document_number", "round", "way", "language", "text", "sent_at", "confirmed_at")


class ComplaintDetail(ComplaintRow):
    """A ticket with its whole life. `allowed_actions` may be posted now; `refused_actions` say why not."""

    caller_name = serializers.SerializerMethodField()
    respondent_department = code_of("respondent_department")
    respondent_employee = code_of("respondent_employee", "work_number")
    responsible_department = code_of("responsible_department")
    responsible_employee = code_of("responsible_employee", "work_number")
    merged_into = code_of("merged_into", "number")
    linked_to = code_of("linked_to", "number")
    incident = serializers.SerializerMethodField(help_text="Number of the service incident.")
    same_event = serializers.SerializerMethodField(
        help_text="Numbers of the other tickets of the same event."
    )
    handovers = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()
    actions = serializers.SerializerMethodField()
    chases = serializers.SerializerMethodField()
    follow_ups = serializers.SerializerMethodField()
    notices = serializers.SerializerMethodField()
    attachments = serializers.SerializerMethodField(help_text="Files, as far as this reader may see them.")
    allowed_actions = serializers.SerializerMethodField()
    refused_actions = serializers.SerializerMethodField()

    class Meta(ComplaintRow.Meta):
        fields = (  # type: ignore[assignment]
            *ComplaintRow.Meta.fields, "caller_name", "text", "demand", "occurred_on", "respondent_department",
            "respondent_employee", "responsible_department", "responsible_employee", "routed_at", "replied_at",
            "answered_at", "merged_into", "linked_to", "incident", "same_event", "handovers", "findings", "actions",
            "chases", "follow_ups", "notices", "attachments", "allowed_actions", "refused_actions",
        )  # fmt: skip

    @property
    def _view(self) -> Any:
        return self.context["ticket"]

    def get_caller_name(self, row: Complaint) -> str:
        """Masked for the respondent's side."""
        return mask_name(row.caller_name) if self.hidden(row) else row.caller_name

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_incident(self, row: Complaint) -> str | None:
        """None while there is none."""
        return self._view.incident.incident.number if self._view.incident else None

    def get_same_event(self, row: Complaint) -> list[str]:
        """Of the same party and waybill, or linked."""
        return [other.number for other in self._view.same_event]

    @extend_schema_field(HandoverSerializer(many=True))
    def get_handovers(self, row: Complaint) -> Any:
        """Of all rounds."""
        return HandoverSerializer(self._view.handovers, many=True).data

    @extend_schema_field(FindingSerializer(many=True))
    def get_findings(self, row: Complaint) -> Any:
        """The last one stands."""
        return FindingSerializer(self._view.findings, many=True).data

    @extend_schema_field(MeasureSerializer(many=True))
    def get_actions(self, row: Complaint) -> Any:
        """Corrective and preventive actions."""
        return MeasureSerializer(self._view.actions, many=True).data

    @extend_schema_field(ChaseSerializer(many=True))
    def get_chases(self, row: Complaint) -> Any:
        """Each with what the customer was told."""
        return ChaseSerializer(self._view.chases, many=True).data

    @extend_schema_field(FollowUpSerializer(many=True))
    def get_follow_ups(self, row: Complaint) -> Any:
        """Every try."""
        return FollowUpSerializer(self._view.follow_ups, many=True).data

    @extend_schema_field(NoticeSerializer(many=True))
    def get_notices(self, row: Complaint) -> Any:
        """What the customer was told in writing."""
        return NoticeSerializer(self._view.notices, many=True).data

    @extend_schema_field(AttachmentSerializer(many=True))
    def get_attachments(self, row: Complaint) -> Any:
        """Each is downloaded by its id."""
        return AttachmentSerializer(self._view.attachments, many=True).data

    def get_allowed_actions(self, row: Complaint) -> list[str]:
        """What this user may do now."""
        return [code for code, answer in self._view.actions_allowed.items() if answer.allowed]

    def get_refused_actions(self, row: Complaint) -> dict[str, str]:
        """What the user has the right to do, and why it cannot be done now."""
        return {
            code: rule_text(answer.refusal.code, **dict(answer.refusal.params))
            for code, answer in self._view.actions_allowed.items()
            if answer.visible and answer.refusal is not None
        }


class MessageSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """One entry of a ticket's course."""

    at = serializers.DateTimeField(read_only=True)
    who = serializers.CharField(read_only=True)
    text = serializers.CharField(read_only=True)
    say = serializers.CharField(read_only=True)
    internal = serializers.BooleanField(read_only=True)


def ticket_of(contact: Contact) -> Complaint:
    """The ticket that a contact became, or chased."""
    found: Complaint | None = getattr(contact, "complaint", None)
    return found if found is not None else contact.chase.complaint


class ContactSerializer(serializers.ModelSerializer[Contact]):
    """One call, letter, message or visit."""

    agent = code_of("agent", "work_number")
    customer = code_of("customer", "number")
    waybill = code_of("waybill", "number")
    caller_telephone = serializers.SerializerMethodField()
    caller_name = serializers.SerializerMethodField()
    complaint = serializers.SerializerMethodField(help_text="The ticket it became, or chases.")

    class Meta:
        model = Contact
        fields = (
            "id", "kind", "channel", "at", "agent", "customer", "waybill", "caller_name", "caller_telephone",
            "party_role", "text", "complaint",
        )  # fmt: skip

    def get_caller_telephone(self, row: Contact) -> str:
        """Masked; empty for the respondent's side."""
        return "" if self._hidden(row) else mask_telephone(row.caller_telephone)

    def get_caller_name(self, row: Contact) -> str:
        """Masked for the respondent's side."""
        return mask_name(row.caller_name) if self._hidden(row) else row.caller_name

    def _hidden(self, row: Contact) -> bool:
        return not sees_personal(self.context["request"].user, ticket_of(row))

    def get_complaint(self, row: Contact) -> str:
        """Its number."""
        return str(ticket_of(row).number)


class IncidentSerializer(serializers.ModelSerializer[ServiceIncident]):
    """A service incident."""

    category = code_of("category")
    department = code_of("department")
    employee = code_of("employee", "work_number")

    class Meta:
        model = ServiceIncident
        fields = (
            "number", "kind", "state", "version", "category", "department", "employee", "month", "opened_at",
            "confirmed_at", "ended_at", "withdrawn_at", "withdrawn_reason",
        )  # fmt: skip


class IncidentDetail(IncidentSerializer):
    """A service incident with its tickets and who was told."""

    complaints = serializers.SerializerMethodField()
    told = serializers.SerializerMethodField(help_text="How many people were told.")
    read = serializers.SerializerMethodField(help_text="How many of them have read it.")
    allowed_actions = serializers.SerializerMethodField()

    class Meta(IncidentSerializer.Meta):
        fields = (  # type: ignore[assignment]
            *IncidentSerializer.Meta.fields, "complaints", "told", "read", "allowed_actions",
        )  # fmt: skip

    def get_complaints(self, row: ServiceIncident) -> list[str]:
        """Numbers of its tickets."""
        return [ticket.number for ticket in self.context["incident"].tickets]

    def get_told(self, row: ServiceIncident) -> int:
        """At once, with what brought it about."""
        return len(self.context["incident"].told)

    def get_read(self, row: ServiceIncident) -> int:
        """Of those told."""
        return int(self.context["incident"].read)

    def get_allowed_actions(self, row: ServiceIncident) -> list[str]:
        """confirm and refute, while it is suspected."""
        return ["confirm", "refute"] if self.context["may_decide"] else []


class SubcaseSerializer(serializers.ModelSerializer[Subcase]):
    """A subcase of a category."""

    name = serializers.SerializerMethodField()

    class Meta:
        model = Subcase
        fields = ("code", "name", "names", "ordinal")

    def get_name(self, row: Subcase) -> str:
        """In the reader's language."""
        return say(row.names)


class CategorySerializer(serializers.ModelSerializer[Category]):
    """A category of complaints."""

    name = serializers.SerializerMethodField()
    subcases = SubcaseSerializer(source="subcase_list", many=True, read_only=True)

    class Meta:
        model = Category
        fields = ("code", "rule", "name", "names", "ordinal", "closed_on", "subcases")

    def get_name(self, row: Category) -> str:
        """In the reader's language."""
        return say(row.names)
