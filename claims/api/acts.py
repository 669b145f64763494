"""Acts on a claim as endpoints: `POST /claims/{number}/assess/`, one row each (CLM-02)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from claims import services
from claims.api import inputs
from claims.api.serializers import ClaimDetail
from claims.choices import ConfirmationWay, FoundChoice, RuleSetState
from claims.models import Claim, HandlingOpinion, Objection, RuleSetVersion, Share
from claims.permissions import ANY_APPROVAL, Right
from servicecenter.viewsets import act_endpoint


class ResultInput(inputs.Versioned):
    """What the investigation found."""

    text = serializers.CharField(max_length=2000)


class FoundInput(inputs.Versioned):
    """Lost goods were found; `choice` and `way` come together, or not yet."""

    found_on = serializers.DateField()
    place = serializers.CharField(max_length=120)
    choice = serializers.ChoiceField(choices=FoundChoice.choices, allow_blank=True, default="")
    way = serializers.ChoiceField(choices=ConfirmationWay.choices, allow_blank=True, default="")


REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")
WORK = (Right.WORK_CLAIM,)
DETERMINE = (Right.DETERMINE_LIABILITY,)
Do = Callable[[Claim, Any, Any], Any]


@dataclass(frozen=True)
class Act:
    """One endpoint: its code in the lifecycle tables, what it takes, what it does, what it needs."""

    code: str
    takes: type[Any]
    do: Do
    says: str
    rights: tuple[str, ...] = WORK


def _plain(service: str, *names: str) -> Do:
    """A service that takes the input as it is."""

    def do(claim: Claim, form: Any, by: Any) -> Any:
        said = form.validated_data
        return getattr(services, service)(claim=claim, by=by, **{name: said[name] for name in names})

    return do


def ruleset_or_404(code: str) -> RuleSetVersion | None:
    """The version that is named; drafts judge nothing."""
    if not code:
        return None
    found = RuleSetVersion.objects.exclude(state=RuleSetState.DRAFT).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _change(claim: Claim, form: Any, by: Any) -> Any:
    said = dict(form.validated_data)
    return services.change_claim(claim=claim, version=said.pop("version"), by=by, **said)


def _facts(claim: Claim, form: Any, by: Any) -> Any:
    return services.record_facts(
        claim=claim, facts=form.given(), version=form.validated_data["version"], by=by
    )


def _lines(claim: Claim, form: Any, by: Any) -> Any:
    return services.set_lines(claim=claim, lines=form.given(), version=form.validated_data["version"], by=by)


def _parts(claim: Claim, form: Any, by: Any) -> Any:
    return services.set_parts(claim=claim, parts=form.given(), version=form.validated_data["version"], by=by)


def _determine(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    return services.determine(
        claim=claim, version=said["version"], ruleset=ruleset_or_404(said["ruleset"]), outcome=said["outcome"],
        shares=inputs.shares_of(said["shares"]), reason=said["reason"], provisional=said["provisional"], by=by,
    )  # fmt: skip


def _override(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    return services.override(
        claim=claim,
        shares=inputs.shares_of(said["shares"]),
        reason=said["reason"],
        version=said["version"],
        by=by,
    )


def _issue(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    part = claim.parts.filter(ordinal=said["part"], replaced_at=None).first()
    if part is None:
        raise Http404
    return services.issue_voucher(part=part, language=said["language"], by=by)


def _approve_opinion(claim: Claim, form: Any, by: Any) -> Any:
    opinion = (
        HandlingOpinion.objects.filter(determination__claim=claim).order_by("-determination__ordinal").first()
    )
    if opinion is None:
        raise Http404
    return services.approve_opinion(opinion=opinion, language=form.validated_data["language"], by=by)


def _share(claim: Claim, party: str) -> Share:
    """The party's share of the newest determination; Http404 when it bears none."""
    last = claim.determinations.order_by("-ordinal").first()
    found = last.shares.filter(party=party).first() if last else None
    if found is None:
        raise Http404
    return found


def _object(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    return services.file_objection(share=_share(claim, said["party"]), text=said["text"], by=by)


def _decide(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    found = Objection.objects.filter(
        determination__claim=claim, share__party=said["party"], decided_at=None
    ).first()
    if found is None:
        raise Http404
    return services.decide_objection(objection=found, upheld=said["upheld"], answer=said["answer"], by=by)


def _plan(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    return services.plan_recovery(
        share=_share(claim, said["party"]),
        monthly=said["monthly"],
        first=said["first"],
        wage=said["wage"],
        by=by,
    )


def _confirm_result(claim: Claim, form: Any, by: Any) -> Any:
    waiting = claim.results.filter(decided_at=None).first()
    if waiting is None:
        raise Http404
    return services.confirm_result(result=waiting, by=by, **form.validated_data)


def _recover(claim: Claim, form: Any, by: Any) -> Any:
    said = form.validated_data
    return services.record_recovery(
        share=_share(claim, said["party"]), amount=said["amount"], note=said["note"], by=by
    )


ACTS = (
    Act("take", inputs.Versioned, _plain("take_claim", "version"), "Become the adjuster; the investigation begins."),
    Act("take_over", inputs.Versioned, _plain("take_claim", "version"), "Become its adjuster instead of another one."),
    Act("change", inputs.TermsInput, _change, "Correct what the claim says, before approval."),
    Act("set_reserve", inputs.ReserveInput, _plain("set_reserve", "amount", "reason", "version"),
        "Change the expected payout (CLM-17)."),
    Act("record_facts", inputs.FactsInput, _facts, "Record facts with their evidence (CLM-03)."),
    Act("bind_party", inputs.PartyInput, _plain("bind_party", "role", "employee", "department", "outside", "version"),
        "Say who a party is."),
    Act("unbind_party", inputs.UnbindInput, _plain("unbind_party", "role", "version"),
        "Nobody is known for this party."),
    Act("set_lines", inputs.LinesInput, _lines, "Record all goods lines (CLM-04)."),
    Act("receive_papers", inputs.PapersInput,
        _plain("receive_papers", "papers", "note", "attachments", "version"), "Papers have come in (CLM-02)."),
    Act("print_letter", inputs.LanguageInput, _plain("print_letter", "language"),
        "Print the letter that names what is missing (CLM-02)."),
    Act("print_paper", inputs.PrintInput, _plain("print_paper", "paper", "language"),
        "Print a closing paper to be signed (CLM-20)."),
    Act("ask_evidence", inputs.AskInput,
        _plain("ask_evidence", "department", "text", "fact", "due_at", "version"),
        "Ask a department for evidence (CLM-03)."),
    Act("report_result", ResultInput, _plain("report_result", "text", "version"),
        "Put the result of the investigation before who confirms it (CLM-03)."),
    Act("confirm_result", inputs.ConfirmResultInput, _confirm_result,
        "Confirm the result that waits, or send it back (CLM-03).", tuple(ANY_APPROVAL)),
    Act("insure", inputs.InsureInput, _plain("insure", "insurer", "policy_number", "version"),
        "Name the insurer (CLM-11)."),
    Act("tell_insurer", inputs.TellInsurerInput, _plain("tell_insurer", "reference", "version"),
        "The insurer has been told (CLM-11)."),
    Act("record_salvage", inputs.SalvageInput, _plain("record_salvage", "keeper", "value", "note", "version"),
        "Who keeps what is left, at which value (CLM-20)."),
    Act("record_found", FoundInput, _plain("record_found", "found_on", "place", "choice", "way", "version"),
        "Lost goods were found; goods or money (CLM-19)."),
    Act("record_outside", inputs.OutsideInput, _plain("record_outside", "source", "amount", "note", "version"),
        "Money from outside: the parties owe less (CLM-18)."),
    Act("plan_recovery", inputs.PlanInput, _plan, "Instalments of a liable party (CLM-11)."),
    Act("assess", inputs.AssessInput, _plain("assess", "exclusion", "version"),
        "Work the payout out by policy (CLM-06)."),
    Act("negotiate", inputs.OfferInput, _plain("negotiate", "move", "amount", "text", "way", "version"),
        "Record a move of the negotiation (CLM-05)."),
    Act("request_approval", inputs.Versioned, _plain("request_approval", "version"), "Ask for approval (CLM-08)."),
    Act("withdraw_request", inputs.Versioned, _plain("withdraw_request"), "Take the request for approval back."),
    Act("determine", inputs.DetermineInput, _determine, "Determine who is liable (LR-33).", DETERMINE),
    Act("override", inputs.OverrideInput, _override, "Decide against the rules (CLM-08).", (Right.OVERRIDE_LIABILITY,)),
    Act("file_objection", inputs.ObjectionInput, _object, "A liable party objects (CLM-15)."),
    Act("decide_objection", inputs.DecisionInput, _decide, "Decide an objection (CLM-15).", (Right.DECIDE_OBJECTION,)),
    Act("make_final", inputs.Versioned, _plain("make_final"), "Make the liability final."),
    Act("record_recovery", inputs.RecoveryInput, _recover, "Record money paid back (CLM-11)."),
    Act("write_off", inputs.WhyInput, _plain("write_off", "reason"), "Write off what is owed.", (Right.WRITE_OFF,)),
    Act("draw_up_opinion", inputs.OpinionInput, _plain("draw_up_opinion", "cause", "measures"),
        "Draw up the handling opinion (CLM-16).", DETERMINE),
    Act("approve_opinion", inputs.LanguageInput, _approve_opinion, "Approve it; the document is issued.",
        (Right.APPROVE_OPINION,)),
    Act("set_parts", inputs.PartsInput, _parts, "Divide the approved amount by payee (CLM-09).",
        (Right.ISSUE_VOUCHER,)),
    Act("issue_voucher", inputs.IssueInput, _issue, "Issue the voucher of a part (CLM-09).", (Right.ISSUE_VOUCHER,)),
    Act("reject", inputs.Reason, _plain("reject_claim", "reason", "version"), "Reject the claim.",
        (Right.REJECT_CLAIM,)),
    Act("withdraw", inputs.Reason, _plain("withdraw_claim", "reason", "version"), "The customer withdraws it."),
    Act("go_to_court", inputs.Reason, _plain("go_to_court", "reason", "version"), "A court decides.",
        (Right.REJECT_CLAIM,)),
    Act("leave_court", inputs.Reason, _plain("leave_court", "reason", "version"), "The case is over.",
        (Right.REJECT_CLAIM,)),
    Act("close", inputs.Versioned, _plain("close_claim", "version"), "Close it: paid, and nothing more is owed."),
)  # fmt: skip
RIGHTS = {act.code: act.rights for act in ACTS}


class ActsMixin:
    """Every act as a method of the viewset."""


def _doing(act: Act) -> Any:
    return lambda found, form, by: act.do(found, form, by)


for _act in ACTS:
    _method = act_endpoint(
        code=_act.code,
        says=_act.says,
        takes=_act.takes,
        answers=ClaimDetail,
        refused=REFUSED,
        name="claims",
        do=_doing(_act),
    )
    setattr(ActsMixin, _act.code, _method)
