"""What each act on a claim does with its filled-in form: one service, and what the toast then says."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import gettext as _

from claims import services
from claims.models import Claim, HandlingOpinion
from servicecenter import figures


def version(form: Any) -> int | None:
    """The version that the writer saw."""
    return form.cleaned_data.get("version")  # type: ignore[no-any-return]


def take(form: Any, claim: Claim, by: Any) -> str:
    """Become the adjuster."""
    services.take_claim(claim=claim, version=version(form), by=by)
    return _("The claim is yours.")


def set_reserve(form: Any, claim: Claim, by: Any) -> str:
    """Change the expected payout."""
    said = form.cleaned_data
    services.set_reserve(
        claim=claim, amount=said["amount"], reason=said["reason"], version=version(form), by=by
    )
    return _("Reserve: %(amount)s.") % {"amount": figures.money(said["amount"])}


def receive_papers(form: Any, claim: Claim, by: Any) -> str:
    """Papers have come in, with their scans."""
    said = form.cleaned_data
    services.receive_papers(
        claim=claim, papers=said["papers"], note=said["note"], attachments=form.data.getlist("attachments"),
        version=version(form), by=by,
    )  # fmt: skip
    return _("Recorded.")


def print_letter(form: Any, claim: Claim, by: Any) -> str:
    """The letter that names what is missing."""
    made = services.print_letter(claim=claim, language=form.cleaned_data["language"], by=by)
    return _("%(number)s is printed.") % {"number": made.number}


def print_paper(form: Any, claim: Claim, by: Any) -> str:
    """A closing paper."""
    said = form.cleaned_data
    made = services.print_paper(claim=claim, paper=said["paper"], language=said["language"], by=by)
    return _("%(number)s is printed.") % {"number": made.number}


def ask_evidence(form: Any, claim: Claim, by: Any) -> str:
    """Ask a department for evidence."""
    said = form.cleaned_data
    services.ask_evidence(
        claim=claim, department=said["department"], text=said["text"], fact=said["fact"], due_at=said["due_at"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("The department is asked.")


def report_result(form: Any, claim: Claim, by: Any) -> str:
    """Put the result before those who confirm it."""
    services.report_result(claim=claim, text=form.cleaned_data["text"], version=version(form), by=by)
    return _("The result waits for confirmation.")


def insure(form: Any, claim: Claim, by: Any) -> str:
    """Name the insurer."""
    said = form.cleaned_data
    services.insure(
        claim=claim,
        insurer=said["insurer"],
        policy_number=said["policy_number"],
        version=version(form),
        by=by,
    )
    return _("Recorded.")


def tell_insurer(form: Any, claim: Claim, by: Any) -> str:
    """The insurer has been told."""
    services.tell_insurer(claim=claim, reference=form.cleaned_data["reference"], version=version(form), by=by)
    return _("Recorded.")


def record_salvage(form: Any, claim: Claim, by: Any) -> str:
    """Who keeps what is left."""
    said = form.cleaned_data
    services.record_salvage(
        claim=claim,
        keeper=said["keeper"],
        value=said["value"],
        note=said["note"],
        version=version(form),
        by=by,
    )
    return _("Recorded.")


def record_found(form: Any, claim: Claim, by: Any) -> str:
    """Lost goods were found, and what the customer chooses."""
    said = form.cleaned_data
    services.record_found(
        claim=claim,
        **{name: said[name] for name in ("found_on", "place", "choice", "way")},
        version=version(form),
        by=by,
    )
    return _("Recorded.")


def record_outside(form: Any, claim: Claim, by: Any) -> str:
    """Money from outside: the parties owe less."""
    said = form.cleaned_data
    services.record_outside(
        claim=claim,
        source=said["source"],
        amount=said["amount"],
        note=said["note"],
        version=version(form),
        by=by,
    )
    return _("Recorded: %(amount)s.") % {"amount": figures.money(said["amount"])}


def plan_recovery(form: Any, claim: Claim, by: Any) -> str:
    """Instalments of a party."""
    said = form.cleaned_data
    rows = services.plan_recovery(
        share=_share(form), monthly=said["monthly"], first=said["first"], wage=said["wage"], by=by
    )
    return _("%(n)s instalments are planned.") % {"n": len(rows)}


def assess(form: Any, claim: Claim, by: Any) -> str:
    """Work the payout out."""
    made = services.assess(
        claim=claim, exclusion=form.cleaned_data["exclusion"], version=version(form), by=by
    )
    return _("Assessed: %(amount)s.") % {"amount": figures.money(made.amount)}


def negotiate(form: Any, claim: Claim, by: Any) -> str:
    """Record an offer or an answer."""
    said = form.cleaned_data
    services.negotiate(
        claim=claim, move=said["move"], amount=said["amount"], text=said["text"], way=said["way"],
        version=version(form), by=by,
    )  # fmt: skip
    return _("Recorded.")


def request_approval(form: Any, claim: Claim, by: Any) -> str:
    """Put the payout before those who approve."""
    services.request_approval(claim=claim, version=version(form), by=by)
    return _("Approval is asked for.")


def withdraw_request(form: Any, claim: Claim, by: Any) -> str:
    """Take it back."""
    services.withdraw_request(claim=claim, by=by)
    return _("The request is taken back.")


def make_final(form: Any, claim: Claim, by: Any) -> str:
    """The term of objection is over."""
    services.make_final(claim=claim, by=by)
    return _("The liability is final.")


def _share(form: Any) -> Any:
    return form.shares[form.cleaned_data["share"]]


def file_objection(form: Any, claim: Claim, by: Any) -> str:
    """Record an objection."""
    services.file_objection(share=_share(form), text=form.cleaned_data["text"], by=by)
    return _("The objection is recorded.")


def record_recovery(form: Any, claim: Claim, by: Any) -> str:
    """Record money paid back."""
    said = form.cleaned_data
    services.record_recovery(share=_share(form), amount=said["amount"], note=said["note"], by=by)
    return _("Recovered: %(amount)s.") % {"amount": figures.money(said["amount"])}


def write_off(form: Any, claim: Claim, by: Any) -> str:
    """Nobody will pay it."""
    services.write_off(claim=claim, reason=form.cleaned_data["reason"], by=by)
    return _("Written off.")


def draw_up_opinion(form: Any, claim: Claim, by: Any) -> str:
    """Draw up the handling opinion."""
    said = form.cleaned_data
    services.draw_up_opinion(claim=claim, cause=said["cause"], measures=said["measures"], by=by)
    return _("The handling opinion is drawn up.")


def approve_opinion(form: Any, claim: Claim, by: Any) -> str:
    """Approve the newest one."""
    opinion = (
        HandlingOpinion.objects.filter(determination__claim=claim).order_by("-determination__ordinal").first()
    )
    if opinion is None:
        raise Http404
    services.approve_opinion(opinion=opinion, language=form.cleaned_data["language"], by=by)
    return _("The handling opinion is issued.")


def reject(form: Any, claim: Claim, by: Any) -> str:
    """Nothing is paid."""
    services.reject_claim(claim=claim, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Rejected.")


def withdraw(form: Any, claim: Claim, by: Any) -> str:
    """The customer does not pursue it."""
    services.withdraw_claim(claim=claim, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Withdrawn.")


def go_to_court(form: Any, claim: Claim, by: Any) -> str:
    """A court decides."""
    services.go_to_court(claim=claim, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("In court.")


def leave_court(form: Any, claim: Claim, by: Any) -> str:
    """The court has decided, or the case was settled."""
    services.leave_court(claim=claim, reason=form.cleaned_data["reason"], version=version(form), by=by)
    return _("Out of court.")


def close(form: Any, claim: Claim, by: Any) -> str:
    """Both tracks have ended."""
    services.close_claim(claim=claim, version=version(form), by=by)
    return _("The claim is closed.")


def reopen(form: Any, claim: Claim, by: Any) -> str:
    """A linked new claim."""
    made = services.reopen_claim(claim=claim, reason=form.cleaned_data["reason"], by=by)
    return _("Reopened as %(number)s.") % {"number": made.number}
