"""What the endpoints take. Limits of shape only; rules are the services' business."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from claims import choices
from claims.domain.intake import ClaimIntake, FactInput, LineInput, PartInput, ShareInput
from complaints.api.door import DepartmentReference, EmployeeReference
from complaints.api.inputs import Reason, Versioned
from servicecenter.dates import in_reach

__all__ = ["Reason", "Versioned"]

LANGUAGES = ["zh-hans", "zh-hant", "en"]


def yuan(**kwargs: Any) -> serializers.DecimalField:
    """An amount in yuan, two places, not negative."""
    return serializers.DecimalField(max_digits=14, decimal_places=2, min_value=0, **kwargs)


def maybe_yuan() -> serializers.DecimalField:
    """The same, or null."""
    return yuan(required=False, allow_null=True, default=None)


class TermsInput(Versioned):
    """What a claim says of itself (CLM-01, CLM-06, CLM-19)."""

    incident_on = serializers.DateField()
    gravity = serializers.ChoiceField(choices=choices.Gravity.choices, default=choices.Gravity.SIMPLE)
    profile = serializers.ChoiceField(
        choices=choices.Profile.choices,
        default=choices.Profile.CN_LTL,
        help_text="Whose terms hold (CLM-14).",
    )
    pieces_group = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    claimant = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    claimed_amount = maybe_yuan()
    incident_report = serializers.CharField(max_length=5000, required=False, allow_blank=True, default="")
    reporter = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    noticed_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    receipt_remarked = serializers.BooleanField(required=False, allow_null=True, default=None)
    packing_kept = serializers.BooleanField(required=False, allow_null=True, default=None)
    hidden_damage = serializers.BooleanField(default=False)
    declared_value = maybe_yuan()
    goods_value = maybe_yuan()
    freight = maybe_yuan()
    weight = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, required=False, allow_null=True, default=None
    )
    cap_told = serializers.BooleanField(default=False)


class OpenInput(TermsInput):
    """A new claim: of a complaint, or directly on a waybill."""

    kind = serializers.ChoiceField(choices=choices.ClaimKind.choices)
    branch = DepartmentReference(help_text="The branch that pays out.")
    waybill = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    complaint = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=50
    )

    def intake(self, customer_id: int | None) -> ClaimIntake:
        """As the service takes it."""
        said = dict(self.validated_data)
        for name in ("version", "waybill", "complaint", "attachments"):
            said.pop(name)
        return ClaimIntake(branch_id=said.pop("branch").pk, customer_id=customer_id, **said)


class AnyValue(serializers.JSONField):
    """A text, `yes`/`no` or a boolean, a list of parties, a number of pieces; null is unknown."""


class FactField(serializers.Serializer):  # type: ignore[type-arg]
    """One fact by the names and values of `judge_liability`, with its evidence."""

    name = serializers.ChoiceField(choices=choices.FactName.choices)
    value = AnyValue(allow_null=True)
    evidence = serializers.ChoiceField(
        choices=choices.EvidenceKind.choices, default=choices.EvidenceKind.NONE
    )
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=50
    )


class FactsInput(Versioned):
    """Facts to be recorded."""

    facts = FactField(many=True)

    def given(self) -> list[FactInput]:
        """As the service takes them."""
        return [
            FactInput(**{**row, "attachments": tuple(row["attachments"])})
            for row in self.validated_data["facts"]
        ]


class VerdictInput(serializers.Serializer):  # type: ignore[type-arg]
    """Facts to be judged without recording them; those left out are unknown. Without `facts`: those recorded."""

    facts = serializers.DictField(
        child=AnyValue(allow_null=True), required=False, allow_null=True, default=None
    )
    ruleset = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")


class PartyInput(Versioned):
    """Who a party is: one of the three."""

    role = serializers.ChoiceField(choices=choices.PartyRole.choices)
    employee = EmployeeReference(required=False, allow_null=True, default=None)
    department = DepartmentReference(required=False, allow_null=True, default=None)
    outside = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class UnbindInput(Versioned):
    """Nobody is known for this party."""

    role = serializers.ChoiceField(choices=choices.PartyRole.choices)


class LineField(serializers.Serializer):  # type: ignore[type-arg]
    """One goods line (CLM-04)."""

    goods = serializers.CharField(max_length=120)
    pieces = serializers.IntegerField(min_value=1, max_value=1_000_000)
    claimed = yuan()
    weight = serializers.DecimalField(
        max_digits=12, decimal_places=3, min_value=0, required=False, allow_null=True, default=None
    )
    declared_value = maybe_yuan()
    assessed = maybe_yuan()
    reduction = serializers.ChoiceField(
        choices=choices.ReductionReason.choices, required=False, allow_blank=True, default=""
    )
    remark = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class LinesInput(Versioned):
    """All goods lines of the claim."""

    lines = LineField(many=True)

    def given(self) -> list[LineInput]:
        """As the service takes them."""
        return [LineInput(**row) for row in self.validated_data["lines"]]


class ReserveInput(Reason):
    """The expected payout (CLM-17)."""

    amount = yuan()


class PapersInput(Versioned):
    """Papers that have come in; scans are of one paper."""

    papers = serializers.ListField(child=serializers.ChoiceField(choices=choices.Paper.choices), min_length=1)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    attachments = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=50
    )


class PrintInput(serializers.Serializer):  # type: ignore[type-arg]
    """A closing paper in a language."""

    paper = serializers.ChoiceField(choices=choices.ClosingPaper.choices)
    language = serializers.ChoiceField(choices=LANGUAGES, default=LANGUAGES[0])


def remark(limit: int = 200) -> serializers.CharField:
    """A remark that may be left out."""
    return serializers.CharField(max_length=limit, required=False, allow_blank=True, default="")


class AskInput(Versioned):
    """Evidence asked of a department."""

    department = DepartmentReference()
    text = serializers.CharField(max_length=500)
    fact = serializers.ChoiceField(
        choices=choices.FactName.choices, required=False, allow_blank=True, default=""
    )
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ConfirmResultInput(serializers.Serializer):  # type: ignore[type-arg]
    """Confirmed, or sent back with a remark."""

    confirmed = serializers.BooleanField()
    remark = remark(300)


class InsureInput(Versioned):
    """Who insures it."""

    insurer = serializers.CharField(max_length=80)
    policy_number = remark(60)


class TellInsurerInput(Versioned):
    """The insurer has been told."""

    reference = remark(60)


class SalvageInput(Versioned):
    """Who keeps what is left."""

    keeper = serializers.ChoiceField(choices=choices.SalvageKeeper.choices)
    value = yuan()
    note = remark()


class OutsideInput(Versioned):
    """Money from outside."""

    source = serializers.ChoiceField(choices=choices.OutsideSource.choices)  # type: ignore[assignment]
    amount = yuan()
    note = remark()


class PlanInput(serializers.Serializer):  # type: ignore[type-arg]
    """Instalments of a party; with the wage they stay under its part by policy."""

    party = serializers.ChoiceField(choices=choices.PartyRole.choices)
    monthly = yuan()
    first = serializers.DateField(validators=[in_reach])
    wage = maybe_yuan()


class AssessInput(Versioned):
    """`exclusion`: the term that excludes compensation, if one does."""

    exclusion = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class OfferInput(Versioned):
    """One move of the negotiation (CLM-05)."""

    move = serializers.ChoiceField(choices=choices.OfferMove.choices)
    amount = maybe_yuan()
    text = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    way = serializers.ChoiceField(
        choices=choices.ConfirmationWay.choices, required=False, allow_blank=True, default=""
    )


class ShareField(serializers.Serializer):  # type: ignore[type-arg]
    """A party's share as a fraction: `1/3`."""

    party = serializers.ChoiceField(choices=choices.PartyRole.choices)
    share = serializers.RegexField(r"^\d{1,4}(/\d{1,4})?$")


class DetermineInput(Versioned):
    """Without outcome by the rules. `outcome` with shares and reason: by hand, where the rules give no row."""

    outcome = serializers.ChoiceField(
        choices=choices.ManualOutcome.choices, required=False, allow_blank=True, default=""
    )
    shares = ShareField(many=True, required=False, default=list)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    ruleset = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")
    provisional = serializers.BooleanField(default=False)


class OverrideInput(Versioned):
    """Against the rules: shares and a reason (CLM-08)."""

    shares = ShareField(many=True)
    reason = serializers.CharField(max_length=500)


def shares_of(rows: list[dict[str, Any]]) -> list[ShareInput]:
    """As the services take them."""
    return [ShareInput(row["party"], row["share"]) for row in rows]


class PartField(serializers.Serializer):  # type: ignore[type-arg]
    """One payee, one sum (CLM-09)."""

    payee = serializers.CharField(max_length=60)
    amount = yuan()
    payee_kind = serializers.ChoiceField(choices=choices.PayeeKind.choices, default=choices.PayeeKind.OTHER)
    identity = serializers.CharField(
        max_length=30, required=False, allow_blank=True, default="", write_only=True
    )
    telephone = serializers.CharField(
        max_length=20, required=False, allow_blank=True, default="", write_only=True
    )
    method = serializers.ChoiceField(choices=choices.PayMethod.choices, default=choices.PayMethod.CASH)
    account = serializers.CharField(
        max_length=40, required=False, allow_blank=True, default="", write_only=True
    )
    bank = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")


class PartsInput(Versioned):
    """All parts; they sum to the approved amount."""

    parts = PartField(many=True)

    def given(self) -> list[PartInput]:
        """As the service takes them."""
        return [PartInput(**row) for row in self.validated_data["parts"]]


class IssueInput(serializers.Serializer):  # type: ignore[type-arg]
    """Which part, in which language."""

    part = serializers.IntegerField(help_text="The part's ordinal.")
    language = serializers.ChoiceField(choices=LANGUAGES, default="zh-hans")


class OpinionInput(serializers.Serializer):  # type: ignore[type-arg]
    """The handling opinion (CLM-16)."""

    cause = serializers.CharField(max_length=2000)
    measures = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class LanguageInput(serializers.Serializer):  # type: ignore[type-arg]
    """The language of the document."""

    language = serializers.ChoiceField(choices=LANGUAGES, default="zh-hans")


class ObjectionInput(serializers.Serializer):  # type: ignore[type-arg]
    """A liable party contests the determination (CLM-15)."""

    party = serializers.ChoiceField(choices=choices.PartyRole.choices)
    text = serializers.CharField(max_length=1000)


class RecoveryInput(serializers.Serializer):  # type: ignore[type-arg]
    """Money paid back by a liable party (CLM-11)."""

    party = serializers.ChoiceField(choices=choices.PartyRole.choices)
    amount = yuan()
    note = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class DecisionInput(serializers.Serializer):  # type: ignore[type-arg]
    """The decision on the open objection of a party."""

    party = serializers.ChoiceField(choices=choices.PartyRole.choices)
    upheld = serializers.BooleanField()
    answer = serializers.CharField(max_length=1000)


class SignInput(serializers.Serializer):  # type: ignore[type-arg]
    """A signature of approval, or its refusal with a remark (CLM-08)."""

    approved = serializers.BooleanField()
    remark = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PayInput(serializers.Serializer):  # type: ignore[type-arg]
    """Payment at the counter (CLM-10)."""

    receiver = serializers.CharField(max_length=60)
    identity_last_four = serializers.CharField(max_length=4)
    window = serializers.CharField(max_length=40)
    is_proxy = serializers.BooleanField(default=False)
    proxy_identity = serializers.CharField(max_length=30, required=False, allow_blank=True, default="")
    authority = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=10
    )
    consent = serializers.ListField(
        child=serializers.CharField(max_length=40), required=False, default=list, max_length=10
    )


class ReissueInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why, and in which language; without one as before."""

    reason = serializers.CharField(max_length=300)
    language = serializers.ChoiceField(choices=LANGUAGES, required=False, allow_null=True, default=None)


class WhyInput(serializers.Serializer):  # type: ignore[type-arg]
    """Why."""

    reason = serializers.CharField(max_length=300)
