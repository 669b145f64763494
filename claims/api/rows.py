"""What the API says of the rows of a claim: goods, facts, parties, offers, signatures, clocks, papers."""

from __future__ import annotations

from rest_framework import serializers

from claims.models import ApprovalStep, Assessment, ClaimFact, ClaimParty, GoodsLine, Offer
from complaints.api.serializers import code_of


class LineSerializer(serializers.ModelSerializer[GoodsLine]):
    """A goods line."""

    class Meta:
        model = GoodsLine
        fields = (
            "ordinal", "goods", "pieces", "weight", "declared_value", "claimed", "assessed", "reduction", "remark",
        )  # fmt: skip


class FactSerializer(serializers.ModelSerializer[ClaimFact]):
    """A fact with its evidence."""

    class Meta:
        model = ClaimFact
        fields = ("name", "value", "evidence", "evidence_note", "recorded_at")


class PartySerializer(serializers.ModelSerializer[ClaimParty]):
    """Who a party is."""

    employee = code_of("employee", "work_number")
    department = code_of("department")
    who = serializers.CharField(read_only=True)

    class Meta:
        model = ClaimParty
        fields = ("role", "employee", "department", "outside", "who")


class AssessmentSerializer(serializers.ModelSerializer[Assessment]):
    """A computation of the payout with every step."""

    class Meta:
        model = Assessment
        fields = ("ordinal", "method", "amount", "steps", "warnings", "assessed_at")


class OfferSerializer(serializers.ModelSerializer[Offer]):
    """One move of the negotiation."""

    made_by = code_of("made_by", "work_number")

    class Meta:
        model = Offer
        fields = ("ordinal", "move", "amount", "text", "way", "made_at", "made_by")


class ApprovalStepSerializer(serializers.ModelSerializer[ApprovalStep]):
    """One signature that a request needs."""

    decided_by = code_of("decided_by", "work_number")

    class Meta:
        model = ApprovalStep
        fields = ("id", "ordinal", "level", "approved", "remark", "decided_at", "decided_by")


class ClaimClockSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A clock of the claim (CLM-14)."""

    kind = serializers.CharField(read_only=True)
    round = serializers.IntegerField(read_only=True)
    state = serializers.CharField(read_only=True, help_text="running, paused, met, late or off.")
    started_at = serializers.DateTimeField(read_only=True)
    due_at = serializers.DateTimeField(read_only=True)
    ended_at = serializers.DateTimeField(read_only=True, allow_null=True)


class PaperSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """A paper of the checklist."""

    paper = serializers.CharField(read_only=True)
    needed_for = serializers.CharField(source="step", read_only=True, help_text="Empty: no step needs it.")
    is_there = serializers.BooleanField(read_only=True)
    received_at = serializers.DateTimeField(source="row.received_at", read_only=True, default=None)
