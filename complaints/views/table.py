"""The acts on a ticket that ask something first, as one table: the form, the service, the words (CMP-20).

Whether an act is possible is the lifecycle table's answer, shown on its button and asked again by the service.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from complaints import forms
from complaints.permissions import HANDLING, Right
from complaints.views import deeds
from deadlines.permissions import Right as Clocks
from servicecenter.acts import DialogAct


@dataclass(frozen=True)
class Act(DialogAct):
    """One dialog on a ticket."""

    subject = "complaint"

    rights: tuple[str, ...] = HANDLING
    template: str = "complaints/act.html"


@dataclass(frozen=True)
class PageAct:
    """An act with a page of its own instead of a dialog."""

    code: str
    label: Any
    icon: str
    url_name: str


ACTS: tuple[Act, ...] = (
    Act(
        code="route",
        label=_("Pass on…"),
        form=forms.RouteForm,
        icon="route",
        question=_("Pass %(number)s on?"),
        verb=_("Pass on"),
        done=deeds.route,
        says=_("The department gets it at once and has the term for its statement from now on."),
    ),
    Act(
        code="hand_over",
        label=_("Hand over…"),
        form=forms.HandOverForm,
        icon="route",
        question=_("Hand %(number)s over to another department too?"),
        verb=_("Hand over"),
        done=deeds.hand_over,
        says=_("You stay the owner. When no answer has come within the limit, you ask for it."),
    ),
    Act(
        code="chase",
        label=_("Chase…"),
        form=forms.ChaseForm,
        icon="bell",
        question=_("Record a chase of %(number)s?"),
        verb=_("Record the chase"),
        done=deeds.chase,
        says=_("A chase asks how the matter stands and is no complaint. The second one raises the priority."),
    ),
    Act(
        code="accept",
        label=_("Take it"),
        form=forms.ConfirmForm,
        icon="hand",
        question=_("Take %(number)s?"),
        verb=_("Take it"),
        done=deeds.accept,
        says=_("From now on you are its owner."),
    ),
    Act(
        code="assign",
        label=_("Assign…"),
        form=forms.AssignForm,
        icon="user",
        question=_("Give %(number)s to another owner?"),
        verb=_("Assign"),
        done=deeds.assign,
        rights=(Right.ASSIGN_COMPLAINT, Right.SUPERVISE_COMPLAINT),
    ),
    Act(
        code="pause",
        label=_("Wait for customer…"),
        form=forms.PauseForm,
        icon="pause",
        question=_("Wait for the customer?"),
        verb=_("Wait"),
        done=deeds.pause,
        says=_(
            "The customer has been told what is missing. The resolution clock rests, 72 hours at most in all."
        ),
    ),
    Act(
        code="resume",
        label=_("Go on…"),
        form=forms.ResumeForm,
        icon="right",
        question=_("Go on with %(number)s?"),
        verb=_("Go on"),
        done=deeds.resume,
        says=_("The resolution clock runs again from here."),
    ),
    Act(
        code="resolve",
        label=_("Resolved…"),
        form=forms.ResolveForm,
        icon="check",
        question=_("Is %(number)s resolved?"),
        verb=_("Resolved"),
        done=deeds.resolve,
        says=_("The customer is then told in writing, and a follow-up call falls due."),
        keep=_("Not yet"),
    ),
    Act(
        code="settle_on_spot",
        label=_("Settle on the spot…"),
        form=forms.SettleForm,
        icon="okcirc",
        question=_("Settle %(number)s on the spot?"),
        verb=_("Settled"),
        done=deeds.settle,
        says=_(
            "No department is asked. Confirmed in the same contact it is closed at once, else a follow-up "
            "falls due."
        ),
    ),
    Act(
        code="follow_up",
        label=_("Follow-up…"),
        form=forms.FollowUpForm,
        icon="phone",
        question=_("Record the follow-up of %(number)s?"),
        verb=_("Record"),
        done=deeds.follow_up,
        says=_(
            "Dissatisfied begins the next round; the other results close the ticket, “not reached” at the "
            "third try on the second day."
        ),
        keep=_("Later"),
    ),
    Act(
        code="reopen",
        label=_("Reopen…"),
        form=forms.ReasonForm,
        icon="rotate",
        question=_("Reopen %(number)s?"),
        verb=_("Reopen"),
        done=deeds.reopen,
        says=_("A new round begins with its own 24 hours; the earlier ones stay as they are."),
    ),
    Act(
        code="cancel",
        label=_("Cancel…"),
        form=forms.ReasonForm,
        icon="ban",
        question=_("Cancel %(number)s?"),
        verb=_("Cancel the ticket"),
        done=deeds.cancel,
        stop=True,
        rights=(Right.CANCEL_COMPLAINT,),
        says=_(
            "Only for a ticket registered by mistake. It keeps its number and no longer counts as a "
            "complaint; consequences that rest on it are withdrawn visibly."
        ),
    ),
    Act(
        code="merge",
        label=_("Merge…"),
        form=forms.MergeForm,
        icon="merge",
        question=_("Merge %(number)s into another ticket?"),
        verb=_("Merge"),
        done=deeds.merge,
        stop=True,
        rights=(Right.SUPERVISE_COMPLAINT,),
        says=_(
            "Only when the same call was registered twice. It no longer counts as a complaint; consequences "
            "that rest on it are withdrawn visibly."
        ),
    ),
    Act(
        code="report_upward",
        label=_("Report upward…"),
        form=forms.ReportForm,
        icon="up",
        question=_("Report %(number)s to the supervisor?"),
        verb=_("Report upward"),
        done=deeds.report,
        says=_("For what you may not decide. The supervisor takes it over within the hour."),
    ),
    Act(
        code="take_over",
        label=_("Take over"),
        form=forms.ConfirmForm,
        icon="hand",
        question=_("Take %(number)s over?"),
        verb=_("Take it over"),
        done=deeds.take_over,
        rights=(Right.SUPERVISE_COMPLAINT,),
        says=_("You become its owner and decide."),
    ),
    Act(
        code="close_not_agreed",
        label=_("Close as not agreed…"),
        form=forms.NotAgreedForm,
        icon="lock",
        question=_("Close %(number)s as not agreed?"),
        verb=_("Close as not agreed"),
        done=deeds.not_agreed,
        stop=True,
        rights=(Right.CLOSE_NOT_AGREED,),
        says=_(
            "The customer gets this text in writing. The ticket counts as unresolved and reopens on new facts."
        ),
    ),
    Act(
        code="confirm_incident",
        label=_("Confirm service incident…"),
        form=forms.ConfirmForm,
        icon="siren",
        question=_("Is %(number)s a second complaint?"),
        verb=_("Confirm the service incident"),
        done=deeds.confirm_incident,
        stop=True,
        rights=(Right.CONFIRM_INCIDENT,),
        says=_(
            "Enterprise management and the leaders are told at once; sanctions are proposed, and department "
            "and person lose this month's merit."
        ),
    ),
    Act(
        code="release_personal",
        label=_("Release the name…"),
        form=forms.ReasonForm,
        icon="eye",
        question=_("Let the department of %(number)s see who complained?"),
        verb=_("Release"),
        done=deeds.release,
        rights=(Right.RELEASE_PERSONAL,),
        says=_(
            "Name and number are otherwise kept from the department complained of. The release is recorded."
        ),
    ),
    Act(
        code="shorten",
        label=_("Shorten the deadlines…"),
        form=forms.ShortenForm,
        icon="clock",
        question=_("Shorten the open deadlines of %(number)s?"),
        verb=_("Shorten"),
        done=deeds.shorten,
        says=_("They are counted as for another tier; none becomes longer."),
        rights=(Clocks.SHORTEN_CLOCK,),
    ),
    Act(
        code="refute",
        label=_("Another matter…"),
        form=forms.ReasonForm,
        icon="x",
        question=_("Is %(number)s another matter?"),
        verb=_("It is another matter"),
        done=deeds.refute,
        rights=(Right.CONFIRM_INCIDENT,),
        says=_("The suspected service incident is withdrawn, and the ticket begins an event of its own."),
    ),
)
PAGES: tuple[PageAct, ...] = (
    PageAct("reply", _("Reply to customer"), "reply", "complaint-reply"),
    PageAct("record_finding", _("Finding"), "scale", "complaint-finding"),
    PageAct("notify", _("Written notice"), "send", "complaint-notify"),
)
BY_CODE: dict[str, Act | PageAct] = {
    **{act.code: act for act in ACTS},
    **{act.code: act for act in PAGES},
}
