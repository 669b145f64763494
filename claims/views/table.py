"""The acts on a claim that ask something first, as one table: the form, the service, the words (CLM-02).

Whether an act is possible is the lifecycle tables' answer, shown on its button and asked again by the service.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from claims import forms
from claims.models import Claim, FoundGoods
from claims.permissions import Right
from claims.views import deeds
from servicecenter.acts import DialogAct

WORK = (Right.WORK_CLAIM,)


@dataclass(frozen=True)
class Act(DialogAct):
    """One dialog on a claim. `tab` is the part of its page where it belongs, `asks` what its form is also given."""

    subject = "claim"

    rights: tuple[str, ...] = WORK
    tab: str = ""
    asks: Callable[[Claim], dict[str, Any]] | None = None
    # files may be chosen, pasted or dropped: what they are
    files: Any = ""


def _shares(claim: Claim) -> dict[str, Any]:
    last = claim.determinations.order_by("-ordinal").first()
    rows = last.shares.select_related("employee", "department") if last else ()
    return {"shares": list(rows)}


def _found(claim: Claim) -> dict[str, Any]:
    return {"found": FoundGoods.objects.filter(claim=claim).first()}


ACTS: tuple[Act, ...] = (
    Act(
        code="take",
        label=_("Take it"),
        form=forms.ConfirmForm,
        icon="hand",
        question=_("Take %(number)s?"),
        verb=_("Take it"),
        done=deeds.take,
        says=_("You become its adjuster, and the investigation begins."),
    ),
    Act(
        code="take_over",
        label=_("Take it over…"),
        form=forms.ConfirmForm,
        icon="hand",
        question=_("Take %(number)s over?"),
        verb=_("Take it over"),
        done=deeds.take,
        says=_("You become its adjuster instead of the present one."),
    ),
    Act(
        code="set_reserve",
        label=_("Reserve…"),
        form=forms.ReserveForm,
        icon="coin",
        question=_("How much will %(number)s cost?"),
        verb=_("Set the reserve"),
        done=deeds.set_reserve,
        says=_("The expected payout, as the reports sum it. Each change keeps its reason."),
    ),
    Act(
        code="receive_papers",
        label=_("Papers received…"),
        form=forms.PapersForm,
        icon="clip",
        question=_("Which papers of %(number)s have come in?"),
        verb=_("Record"),
        done=deeds.receive_papers,
        says=_("Several without scans at once; a scan belongs to one paper."),
        files=_("Scans: choose, paste or drop"),
    ),
    Act(
        code="print_letter",
        label=_("Letter: papers missing…"),
        form=forms.LanguageForm,
        icon="send",
        question=_("Ask the claimant for the missing papers?"),
        verb=_("Print the letter"),
        done=deeds.print_letter,
        says=_("The letter names every paper that is missing. It is kept as it is printed."),
    ),
    Act(
        code="print_paper",
        label=_("Closing paper…"),
        form=forms.PrintForm,
        icon="print",
        question=_("Which paper of %(number)s is to be signed?"),
        verb=_("Print"),
        done=deeds.print_paper,
        says=_("It comes back signed: record it among the papers then."),
    ),
    Act(
        code="ask_evidence",
        label=_("Ask a department…"),
        form=forms.AskForm,
        icon="users",
        question=_("Which evidence is needed, and who has it?"),
        verb=_("Ask"),
        done=deeds.ask_evidence,
        says=_("The department is told, and answers by the due time. Its files become evidence of the fact."),
    ),
    Act(
        code="report_result",
        label=_("Result of the investigation…"),
        form=forms.ResultForm,
        icon="flag",
        question=_("What did the investigation of %(number)s find?"),
        verb=_("Report it"),
        done=deeds.report_result,
        says=_("The supervisor confirms it, in grave cases the centre manager."),
    ),
    Act(
        code="insure",
        label=_("Insurer…"),
        form=forms.InsureForm,
        icon="shield",
        question=_("Who insures %(number)s?"),
        verb=_("Record"),
        done=deeds.insure,
        says=_("The insurer is to be told in time; a deadline runs from the day the claim was reported."),
        tab="payout",
    ),
    Act(
        code="tell_insurer",
        label=_("Insurer told…"),
        form=forms.TellInsurerForm,
        icon="shield",
        question=_("Has the insurer been told?"),
        verb=_("Record"),
        done=deeds.tell_insurer,
        tab="payout",
    ),
    Act(
        code="record_salvage",
        label=_("Salvage…"),
        form=forms.SalvageForm,
        icon="box",
        question=_("What is left of the goods, and who keeps it?"),
        verb=_("Record"),
        done=deeds.record_salvage,
        tab="payout",
    ),
    Act(
        code="record_found",
        label=_("Goods found…"),
        form=forms.FoundForm,
        icon="search",
        question=_("The goods of %(number)s were found?"),
        verb=_("Record"),
        done=deeds.record_found,
        says=_(
            "The customer chooses the goods or the money, once. Who takes the goods is paid nothing for them."
        ),
        asks=_found,
    ),
    Act(
        code="record_outside",
        label=_("Money from outside…"),
        form=forms.OutsideForm,
        icon="coin",
        question=_("What came from the insurer, the salvage, a third party?"),
        verb=_("Record"),
        done=deeds.record_outside,
        says=_(
            "What every liable party owes sinks by its share. Who has paid more already is to be paid back."
        ),
        tab="payout",
    ),
    Act(
        code="assess",
        label=_("Assess…"),
        form=forms.AssessForm,
        icon="scale",
        question=_("Work the payout of %(number)s out?"),
        verb=_("Assess"),
        done=deeds.assess,
        says=_(
            "By the policy of the day, from the goods lines and the values of the claim. Every step is kept."
        ),
        tab="payout",
    ),
    Act(
        code="negotiate",
        label=_("Negotiate…"),
        form=forms.OfferForm,
        icon="chat",
        question=_("What was offered or answered?"),
        verb=_("Record"),
        done=deeds.negotiate,
        says=_(
            "Offers and answers stay in their order. Agreement needs the amount and how the customer confirmed it."
        ),
        tab="payout",
    ),
    Act(
        code="request_approval",
        label=_("Ask for approval…"),
        form=forms.ConfirmForm,
        icon="send",
        question=_("Ask for approval of %(number)s?"),
        verb=_("Ask for approval"),
        done=deeds.request_approval,
        says=_(
            "Who must sign follows from the sum of all payouts of the waybill. Until then nothing more is changed."
        ),
        tab="payout",
    ),
    Act(
        code="withdraw_request",
        label=_("Take the request back…"),
        form=forms.ConfirmForm,
        icon="rotate",
        question=_("Take the request for approval back?"),
        verb=_("Take it back"),
        done=deeds.withdraw_request,
        says=_(
            "Those who were to sign no longer see it. The price may be changed; approval is asked for anew then."
        ),
        tab="payout",
    ),
    Act(
        code="make_final",
        label=_("Make final…"),
        form=forms.ConfirmForm,
        icon="lock",
        question=_("Make the liability of %(number)s final?"),
        verb=_("Make final"),
        done=deeds.make_final,
        says=_("Once the term of objection is over. Recovery begins."),
        tab="liability",
    ),
    Act(
        code="file_objection",
        label=_("Objection…"),
        form=forms.ObjectionForm,
        icon="alert",
        question=_("Who objects, and why?"),
        verb=_("Record the objection"),
        done=deeds.file_objection,
        says=_("It goes to somebody who neither investigated nor approved. The payout does not wait."),
        tab="liability",
        asks=_shares,
    ),
    Act(
        code="record_recovery",
        label=_("Recovery…"),
        form=forms.RecoveryForm,
        icon="coin",
        question=_("Who paid how much back?"),
        verb=_("Record"),
        done=deeds.record_recovery,
        says=_("Nobody pays more than the share."),
        tab="liability",
        asks=_shares,
    ),
    Act(
        code="plan_recovery",
        label=_("Instalments…"),
        form=forms.PlanForm,
        icon="calendar",
        question=_("Who pays back in which instalments?"),
        verb=_("Draw the plan up"),
        done=deeds.plan_recovery,
        says=_("A new plan takes the place of the former one."),
        tab="liability",
        asks=_shares,
    ),
    Act(
        code="write_off",
        label=_("Write off…"),
        form=forms.ReasonForm,
        icon="ban",
        question=_("Write off what is still owed on %(number)s?"),
        verb=_("Write off"),
        done=deeds.write_off,
        says=_("Nobody is asked for it any more: the company bears it."),
        stop=True,
        rights=(Right.WRITE_OFF,),
        tab="liability",
    ),
    Act(
        code="draw_up_opinion",
        label=_("Handling opinion…"),
        form=forms.OpinionForm,
        icon="note",
        question=_("Draw up the handling opinion"),
        verb=_("Draw up"),
        done=deeds.draw_up_opinion,
        says=_("For the inside: cause, payout, shares and fines. It never goes to the customer."),
        rights=(Right.DETERMINE_LIABILITY,),
        tab="liability",
    ),
    Act(
        code="approve_opinion",
        label=_("Approve the opinion…"),
        form=forms.ApproveOpinionForm,
        icon="stamp",
        question=_("Approve the handling opinion?"),
        verb=_("Approve"),
        done=deeds.approve_opinion,
        says=_("The document is issued and kept as it is."),
        rights=(Right.APPROVE_OPINION,),
        tab="liability",
    ),
    Act(
        code="reject",
        label=_("Reject…"),
        form=forms.ReasonForm,
        icon="ban",
        question=_("Reject %(number)s?"),
        verb=_("Reject the claim"),
        done=deeds.reject,
        says=_("Nothing is paid, and the claim ends. The reason is what the customer is told."),
        stop=True,
        rights=(Right.REJECT_CLAIM,),
    ),
    Act(
        code="withdraw",
        label=_("Withdrawn…"),
        form=forms.ReasonForm,
        icon="rotate",
        question=_("Does the customer withdraw %(number)s?"),
        verb=_("Record the withdrawal"),
        done=deeds.withdraw,
        says=_("Nothing is paid, and the claim ends. Another may be opened for the same pieces."),
        stop=True,
    ),
    Act(
        code="go_to_court",
        label=_("In court…"),
        form=forms.ReasonForm,
        icon="flag",
        question=_("Is %(number)s in court?"),
        verb=_("Record it"),
        done=deeds.go_to_court,
        says=_("No deadline runs while the court has it, and an agreed price is open again."),
        stop=True,
        rights=(Right.REJECT_CLAIM,),
    ),
    Act(
        code="leave_court",
        label=_("Out of court…"),
        form=forms.ReasonForm,
        icon="flag",
        question=_("Is the case of %(number)s over?"),
        verb=_("Record it"),
        done=deeds.leave_court,
        says=_("The claim is handled on, and its deadlines run again."),
        rights=(Right.REJECT_CLAIM,),
    ),
    Act(
        code="close",
        label=_("Close…"),
        form=forms.ConfirmForm,
        icon="lock",
        question=_("Close %(number)s?"),
        verb=_("Close"),
        done=deeds.close,
        says=_("It is paid, and what is owed has been recovered or written off."),
    ),
    Act(
        code="reopen",
        label=_("Reopen…"),
        form=forms.ReasonForm,
        icon="rotate",
        question=_("Reopen %(number)s?"),
        verb=_("Open a linked claim"),
        done=deeds.reopen,
        says=_("A new claim is opened that points back to this one."),
    ),
)
BY_CODE = {act.code: act for act in ACTS}
