"""What the API says of claims. Liability is left out for whoever may not see it (CLM-07, CLM-16)."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from claims.api.rows import (
    ApprovalStepSerializer,
    AssessmentSerializer,
    ClaimClockSerializer,
    FactSerializer,
    LineSerializer,
    OfferSerializer,
    PaperSerializer,
    PartySerializer,
)
from claims.models import (
    ApprovalRequest,
    ApprovalStep,
    Claim,
    Determination,
    FineProposal,
    Part,
    RuleSetVersion,
    Share,
    Voucher,
)
from claims.permissions import may_see_liability
from claims.queries import checklist
from complaints.api.serializers import code_of
from servicecenter.wording import rule_text


class ClaimRow(serializers.ModelSerializer[Claim]):
    """A claim in a list."""

    waybill = code_of("waybill", "number")
    complaint = code_of("complaint", "number")
    customer = code_of("customer", "number")
    branch = code_of("branch")
    adjuster = code_of("adjuster", "work_number")
    liability_state = serializers.SerializerMethodField(help_text="Null without the right to see liability.")

    class Meta:
        model = Claim
        fields = (
            "number", "kind", "gravity", "profile", "state", "liability_state", "version", "waybill", "pieces_group",
            "complaint", "customer", "claimant", "branch", "adjuster", "incident_on", "reported_at", "due_at",
            "claimed_amount", "assessed_amount", "agreed_amount", "approved_amount", "reserve", "closed_at",
        )  # fmt: skip

    def get_liability_state(self, row: Claim) -> str | None:
        """The liability track."""
        return row.liability_state if may_see_liability(self.context["request"].user) else None


class RequestSerializer(serializers.ModelSerializer[ApprovalRequest]):
    """A request for approval."""

    requested_by = code_of("requested_by", "work_number")
    steps = ApprovalStepSerializer(many=True, read_only=True)

    class Meta:
        model = ApprovalRequest
        fields = (
            "id",
            "amount",
            "cumulative",
            "state",
            "requested_at",
            "requested_by",
            "decided_at",
            "steps",
        )


class WaitingStep(serializers.ModelSerializer[ApprovalStep]):
    """A signature that waits for the asking user."""

    claim = serializers.CharField(source="request.claim.number", read_only=True)
    amount = serializers.DecimalField(
        source="request.amount", max_digits=14, decimal_places=2, read_only=True
    )
    cumulative = serializers.DecimalField(
        source="request.cumulative", max_digits=14, decimal_places=2, read_only=True
    )
    requested_by = code_of("request.requested_by", "work_number")
    requested_at = serializers.DateTimeField(source="request.requested_at", read_only=True)

    class Meta:
        model = ApprovalStep
        fields = ("id", "claim", "level", "amount", "cumulative", "requested_by", "requested_at")


class PartSerializer(serializers.ModelSerializer[Part]):
    """A part: identity and account are never given out, but for the last four."""

    identity_last_four = serializers.CharField(read_only=True)

    class Meta:
        model = Part
        fields = ("ordinal", "payee", "payee_kind", "method", "bank", "amount", "identity_last_four")


class VoucherRow(serializers.ModelSerializer[Voucher]):
    """A voucher."""

    claim = code_of("claim", "number")
    branch = code_of("branch")
    issued_by = code_of("issued_by", "work_number")
    paid_by = code_of("paid_by", "work_number")

    class Meta:
        model = Voucher
        fields = (
            "number", "claim", "branch", "state", "payee", "identity_last_four", "amount", "goods", "cause",
            "language", "valid_until", "issued_at", "issued_by", "paid_at", "paid_by", "paid_method", "window",
            "receiver", "is_proxy", "voided_at", "void_reason",
        )  # fmt: skip


class VoucherDetail(VoucherRow):
    """A voucher and whether it may be paid now."""

    standing = serializers.SerializerMethodField(help_text="ready, paid, void or expired.")
    capitals = serializers.SerializerMethodField(help_text="The amount in Chinese capitals.")
    reprints = serializers.SerializerMethodField()

    class Meta(VoucherRow.Meta):
        fields = (*VoucherRow.Meta.fields, "standing", "capitals", "reprints")  # type: ignore[assignment]

    def get_standing(self, row: Voucher) -> str:
        """As the counter sees it."""
        return str(self.context["card"].standing)

    def get_capitals(self, row: Voucher) -> str:
        """In the reader's script."""
        return str(self.context["card"].capitals)

    def get_reprints(self, row: Voucher) -> int:
        """How many reprints there are."""
        return int(self.context["card"].reprints)


class ShareSerializer(serializers.ModelSerializer[Share]):
    """A share."""

    share = serializers.SerializerMethodField(help_text="A fraction: 1/3.")
    who = serializers.CharField(read_only=True)
    employee = code_of("employee", "work_number")
    department = code_of("department")

    class Meta:
        model = Share
        fields = ("party", "share", "who", "employee", "department", "outside")

    def get_share(self, row: Share) -> str:
        """The fraction as text."""
        return str(row.fraction)


class FineSerializer(serializers.ModelSerializer[FineProposal]):
    """A fine beside the shares."""

    who = serializers.CharField(read_only=True)

    class Meta:
        model = FineProposal
        fields = ("rule", "party", "who", "minimum", "maximum")


class DeterminationSerializer(serializers.ModelSerializer[Determination]):
    """A determination: outcome, shares, fines, and the reason of every row."""

    ruleset = code_of("ruleset")
    determined_by = code_of("determined_by", "work_number")
    shares = ShareSerializer(many=True, read_only=True)
    fines = FineSerializer(many=True, read_only=True)

    class Meta:
        model = Determination
        fields = (
            "number", "ordinal", "ruleset", "other_version", "status", "outcome", "sub_code", "also_matched",
            "depends_on", "nearest", "warnings", "facts", "persons", "trace", "rule_outcome", "reason",
            "determined_at", "determined_by", "shares", "fines",
        )  # fmt: skip


class ClaimDetail(ClaimRow):
    """A claim with everything that belongs to it, and what may be done now."""

    lines = serializers.SerializerMethodField()
    facts = serializers.SerializerMethodField(help_text="Null without the right to see liability.")
    parties = serializers.SerializerMethodField(help_text="Null without the right to see liability.")
    assessments = serializers.SerializerMethodField()
    offers = serializers.SerializerMethodField()
    approvals = serializers.SerializerMethodField()
    parts = serializers.SerializerMethodField()
    vouchers = serializers.SerializerMethodField()
    determination = serializers.SerializerMethodField(help_text="The newest; null without the right.")
    clocks = serializers.SerializerMethodField()
    papers = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField()
    refused_actions = serializers.SerializerMethodField(help_text="Action: why it cannot be done now.")

    class Meta(ClaimRow.Meta):
        fields = (  # type: ignore[assignment]
            *ClaimRow.Meta.fields, "incident_report", "reporter", "noticed_at", "receipt_remarked", "packing_kept",
            "hidden_damage", "declared_value", "goods_value", "freight", "weight", "cap_told", "end_reason", "lines",
            "facts", "parties", "assessments", "offers", "approvals", "parts", "vouchers", "determination", "clocks",
            "papers", "allowed_actions", "refused_actions",
        )  # fmt: skip

    @property
    def _card(self) -> Any:
        return self.context["card"]

    @property
    def _sees(self) -> bool:
        return may_see_liability(self.context["request"].user)

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, row: Claim) -> Any:
        """Goods."""
        return LineSerializer(self._card.lines, many=True).data

    @extend_schema_field(FactSerializer(many=True, allow_null=True))
    def get_facts(self, row: Claim) -> Any:
        """Facts with their evidence."""
        return FactSerializer(self._card.facts, many=True).data if self._sees else None

    @extend_schema_field(PartySerializer(many=True, allow_null=True))
    def get_parties(self, row: Claim) -> Any:
        """Who took part."""
        return PartySerializer(self._card.parties, many=True).data if self._sees else None

    @extend_schema_field(ClaimClockSerializer(many=True))
    def get_clocks(self, row: Claim) -> Any:
        """Its deadlines, in the order in which they began."""
        return ClaimClockSerializer(self._card.clocks, many=True).data

    @extend_schema_field(PaperSerializer(many=True))
    def get_papers(self, row: Claim) -> Any:
        """The checklist."""
        return PaperSerializer(checklist(row).items, many=True).data

    @extend_schema_field(AssessmentSerializer(many=True))
    def get_assessments(self, row: Claim) -> Any:
        """Computations of the payout."""
        return AssessmentSerializer(self._card.assessments, many=True).data

    @extend_schema_field(OfferSerializer(many=True))
    def get_offers(self, row: Claim) -> Any:
        """The negotiation in order."""
        return OfferSerializer(self._card.offers, many=True).data

    @extend_schema_field(RequestSerializer(many=True))
    def get_approvals(self, row: Claim) -> Any:
        """Requests for approval with their signatures."""
        return RequestSerializer(self._card.requests, many=True).data

    @extend_schema_field(PartSerializer(many=True))
    def get_parts(self, row: Claim) -> Any:
        """By payee."""
        return PartSerializer(self._card.parts, many=True).data

    @extend_schema_field(VoucherRow(many=True))
    def get_vouchers(self, row: Claim) -> Any:
        """All of them, void ones too."""
        return VoucherRow(self._card.vouchers, many=True).data

    @extend_schema_field(DeterminationSerializer(allow_null=True))
    def get_determination(self, row: Claim) -> Any:
        """The newest one."""
        found = self._card.determination if self._sees else None
        return DeterminationSerializer(found).data if found else None

    def get_allowed_actions(self, row: Claim) -> list[str]:
        """What this user may do now."""
        return [code for code, answer in self.context["answers"].items() if answer.visible and answer.allowed]

    def get_refused_actions(self, row: Claim) -> dict[str, str]:
        """What the user has the right to do, and why it cannot be done now."""
        return {
            code: rule_text(answer.refusal.code, **dict(answer.refusal.params))
            for code, answer in self.context["answers"].items()
            if answer.visible and answer.refusal is not None
        }


class VerdictShare(serializers.Serializer):  # type: ignore[type-arg]
    """A share of a verdict."""

    party = serializers.CharField(read_only=True)
    who = serializers.CharField(read_only=True)
    share = serializers.CharField(source="fraction", read_only=True, help_text="A fraction: 1/3.")
    amount = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True, allow_null=True)


class VerdictFine(serializers.Serializer):  # type: ignore[type-arg]
    """A fine of a verdict."""

    rule = serializers.CharField(read_only=True)
    party = serializers.CharField(read_only=True)
    who = serializers.CharField(read_only=True)
    minimum = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)
    maximum = serializers.DecimalField(max_digits=14, decimal_places=2, read_only=True)


class VerdictTrace(serializers.Serializer):  # type: ignore[type-arg]
    """Why a row holds, does not hold, or is open."""

    row = serializers.CharField(read_only=True)
    tier = serializers.CharField(read_only=True)
    holds = serializers.ChoiceField(choices=["yes", "no", "open"], read_only=True)
    because = serializers.CharField(read_only=True)


class VerdictSerializer(serializers.Serializer):  # type: ignore[type-arg]
    """What the rules say over some facts."""

    outcome = serializers.CharField(read_only=True)
    by_rule = serializers.BooleanField(read_only=True)
    sentence = serializers.CharField(read_only=True)
    shares = VerdictShare(many=True, read_only=True)
    suggestion = VerdictShare(many=True, read_only=True)
    fines = VerdictFine(many=True, read_only=True)
    also_matched = serializers.ListField(child=serializers.CharField(), read_only=True)
    depends_on = serializers.SerializerMethodField(help_text="Unknown facts that would decide it.")
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)
    trace = VerdictTrace(many=True, read_only=True)
    ruleset = code_of("ruleset")

    def get_depends_on(self, card: Any) -> list[str]:
        """Their names."""
        return [name for name, _label in card.depends_on]


class RuleSetSerializer(serializers.ModelSerializer[RuleSetVersion]):
    """A version of the liability rules with its data."""

    created_by = code_of("created_by", "work_number")
    published_by = code_of("published_by", "work_number")
    rules = serializers.SerializerMethodField()

    class Meta:
        model = RuleSetVersion
        fields = (
            "code", "state", "valid_from", "valid_until", "note", "gaps", "changes", "created_at", "created_by",
            "published_at", "published_by", "rules",
        )  # fmt: skip

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_rules(self, row: RuleSetVersion) -> Any:
        """Rows with condition, shares, fines and sentences in three languages."""
        return row.data
