"""The sentences of this app's codes: history, notices, rules, what saving will do; and how an act is drawn."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from complaints.choices import Channel, Founded, NoticeWay


def _label_of(choices: type[TextChoices]) -> Any:
    """Says a code by its label; a code of an older time stays itself."""
    return lambda code: str(choices(code).label) if code in choices.values else str(code)


# What a placeholder of a reply template stands for (CMP-50), in the order of the domain's list.
TEMPLATE_FIELDS = {
    "customer": _("the customer's name"),
    "number": _("the ticket's number"),
    "matter": _("the matter in one line"),
    "waybill": _("the waybill's number"),
    "agent": _("the name of whoever writes"),
    "department": _("the department it was passed to"),
    "due": _("when it is to be resolved"),
    "today": _("today's date"),
    "centre": _("the company's name"),
}

# Parameters that are codes, and how they are said.
PARAMS = {"channel": _label_of(Channel), "founded": _label_of(Founded), "way": _label_of(NoticeWay)}

TRAIL: dict[str, object] = {
    "complaint.registered": _("registered the complaint (%(channel)s): %(category)s"),
    "complaint.imported": _("imported from a file, line %(line)s"),
    "complaint.from_file": _("came in by a file, line %(line)s"),
    "complaint.linked": _("linked to %(number)s as the same event"),
    "complaint.other_matter": _("said that it is another matter than %(number)s: %(reason)s"),
    "complaint.second": _("second complaint of the event, no. %(sequence)s: service incident %(incident)s"),
    "complaint.suspected": _(
        "looks like a further complaint of the event of %(first)s: service incident %(incident)s is suspected"
    ),
    "complaint.followed_by": _("the customer complained again: %(number)s, service incident %(incident)s"),
    "complaint.recurrence": _("recurrence in the department: service incident %(incident)s"),
    "complaint.incident_withdrawn": _("service incident %(incident)s withdrawn: %(reason)s"),
    "complaint.report_upward": _("reported upward to the supervisor"),
    "complaint.route": _("passed on to %(department)s"),
    "complaint.statement_asked": _("asked %(department)s for its statement"),
    "complaint.hand_over": _("handed over to %(department)s: %(demand)s"),
    "complaint.ask_further": _("goes on: a further department is asked"),
    "complaint.take_up": _("%(department)s has taken it up"),
    "complaint.begin_inquiry": _("the investigation begins"),
    "complaint.hand_in": _("%(department)s handed in its statement"),
    "complaint.statement_corrected": _("%(department)s corrected its statement"),
    "complaint.statement_breach": _(
        "statement of %(department)s overdue since %(due_at)s: recorded on the department, the 24 hours run on"
    ),
    "complaint.all_in": _("every statement and answer is in"),
    "complaint.return": _("%(department)s returned it as not its matter: %(reason)s"),
    "complaint.waive": _("waived the statement of %(department)s: %(reason)s"),
    "complaint.accept": _("took the ticket"),
    "complaint.assign": _("passed the ticket on to %(owner)s: %(reason)s"),
    "complaint.take_over": _("took the ticket over from %(before)s"),
    "complaint.to_duty": _("%(before)s is away: the ticket went to %(owner)s, who is on duty"),
    "complaint.reply": _("told the customer (%(channel)s)"),
    "complaint.received": _("noted what the customer said (%(channel)s)"),
    "complaint.chase": _("noted chase no. %(ordinal)s"),
    "complaint.pause": _("waits for the customer, who promised it by %(until_at)s: %(reason)s"),
    "complaint.resume": _("goes on: the customer is waited for no longer"),
    "complaint.record_finding": _("recorded the finding: %(founded)s"),
    "complaint.action_ordered": _("ordered of %(department)s by %(due_on)s: %(text)s"),
    "complaint.action_completed": _("%(department)s carried out: %(text)s"),
    "complaint.action_reviewed": _("%(department)s reviewed: %(text)s"),
    "complaint.action_verified": _("verified the effect of: %(text)s"),
    "complaint.settle_on_spot": _("settled on the spot"),
    "complaint.close_on_spot": _("closed: the customer confirmed in the same contact"),
    "complaint.resolve": _("recorded the result: resolved"),
    "complaint.notify": _("told the customer in writing (%(way)s): %(document)s"),
    "complaint.confirm_notice": _("the customer confirmed %(document)s"),
    "complaint.follow_up": _("follow-up call no. %(ordinal)s"),
    "complaint.follow_up_satisfied": _("closed: the customer is satisfied"),
    "complaint.follow_up_refused": _("closed: the customer refused the follow-up"),
    "complaint.follow_up_not_reached": _("closed: the customer was not reached"),
    "complaint.follow_up_dissatisfied": _("the customer is dissatisfied: the next round begins"),
    "complaint.reopen": _("reopened: %(reason)s"),
    "complaint.close_not_agreed": _("closed as not agreed"),
    "complaint.cancel": _("cancelled: %(reason)s"),
    "complaint.merge": _("merged into %(into)s: %(reason)s"),
    "complaint.absorbed": _("%(number)s was merged into this ticket"),
    "complaint.confirm_incident": _("confirmed as the same event: service incident %(incident)s"),
    "complaint.refute": _("refuted: it is another event: %(reason)s"),
    "complaint.release_personal": _(
        "released number and name of the complaining party to the department: %(reason)s"
    ),
    "complaint.shorten": _("terms of tier %(tier)s from now on: %(reason)s"),
    "incident.opened": _("opened the service incident with %(number)s"),
    "incident.confirmed": _("confirmed the service incident"),
    "incident.attributed": _("attributed it by the finding of %(reason)s"),
    "incident.withdrawn": _("withdrew the service incident: %(reason)s"),
    "incident.suspected_again": _("suspected again: %(reason)s"),
    "incident.ended": _("the recurrence has ended"),
    "category.saved": _("saved the category %(name)s"),
    "subcase.saved": _("saved the subcase %(name)s"),
    "routing.saved": _("saved the routing %(name)s"),
    "keyword.saved": _("saved the keyword %(name)s"),
    "keyword.removed": _("removed the keyword %(word)s"),
    "template.saved": _("saved the reply template %(name)s"),
    "template.retired": _("retired the reply template %(name)s"),
}

NOTICES: dict[str, object] = {
    "complaint.handed_over": _("%(number)s waits for %(department)s until %(due_at)s: %(summary)s"),
    "complaint.second_complaint": _(
        "Second complaint, service incident %(number)s: %(ticket)s %(summary)s (%(category)s, %(department)s)"
    ),
    "complaint.recurrence": _(
        "Recurrence, service incident %(number)s: %(category)s in %(department)s, last %(ticket)s %(summary)s"
    ),
    "complaint.incident_withdrawn": _("Service incident %(number)s is withdrawn: %(reason)s"),
    "complaint.suspected": _("%(number)s may be a second complaint: confirm or refute it within the hour"),
    "complaint.unassigned": _("%(number)s is yours while you are on duty: %(summary)s"),
    "complaint.reported": _("%(number)s was reported upward to you: %(summary)s"),
    "complaint.offered": _("%(who)s passes %(number)s on to you: %(summary)s"),
    "complaint.accepted": _("%(who)s has taken %(number)s"),
    "complaint.taken_over": _("%(who)s has taken %(number)s over"),
    "complaint.to_duty": _("%(before)s is away, %(number)s is yours: %(summary)s"),
    "complaint.mentioned": _("%(who)s mentioned you in %(number)s: %(text)s"),
    "complaint.statement_in": _("%(department)s handed in its statement on %(number)s"),
    "complaint.statement_corrected": _("%(department)s corrected its statement on %(number)s"),
    "complaint.returned": _("%(department)s returned %(number)s: %(reason)s"),
    "complaint.chased": _("Chase no. %(ordinal)s of %(number)s: %(summary)s"),
    "complaint.pause_over": _(
        "%(number)s: the time to wait for the customer is used up, the clock runs again"
    ),
    "complaint.reopened": _("%(number)s is in round %(round)s: %(summary)s"),
    "complaint.action_ordered": _("Measure on %(number)s by %(due_on)s: %(text)s"),
    "complaint.action_completed": _("Measure on %(number)s carried out: %(text)s"),
    "complaint.action_reviewed": _("Measure on %(number)s reviewed: %(text)s"),
    "complaint.action_verified": _("Measure on %(number)s verified: %(text)s"),
}

# What saving an intake will do. The first part of the code chooses the icon.
EFFECTS: dict[str, object] = {
    "incident.opened": _("open a service incident and tell %(people)s people at once"),
    "incident.suspected": _("suspect a service incident (%(first)s): somebody confirms or refutes it"),
    "sanction.proposed": _("%(department)s %(person)s: sanction proposals, merit of %(month)s lost"),
    "statement.due": _("%(department)s hands in its statement"),
    "statement.answer": _("%(department)s answers"),
    "resolution.due": _("handled"),
    "resolution.first_response": _("first reply to the customer"),
    "supervisor.told": _("the supervisor takes it"),
    "closed.on_spot": _("closed, settled on the spot"),
    "closed.settled": _("resolved, settled on the spot"),
    "follow_up.due": _("follow-up call"),
}

RULES: dict[str, object] = {
    "complaint.policy_follow_up": _("There is at least one try, on no more days than there are tries."),
    "complaint.policy_pause": _(
        "A ticket waits for the customer for more than nothing and for %(most)s days at most."
    ),
    "complaint.policy_not_agreed": _(
        "A ticket is closed as not agreed from the second round at the earliest."
    ),
    "complaint.policy_chases": _("The priority rises with the first chase at the earliest."),
    "complaint.policy_similar": _(
        "Likeness is a percentage from 1 to 100, looked for within 1 to 3650 days."
    ),
    "complaint.policy_told": _("Somebody must be told of a service incident: choose at least one role."),
    "complaint.policy_duty": _("The time until the duty agent takes over cannot be negative."),
    "complaint.policy_roles": _("Choose from the roles."),
    "complaint.policy_recurrence": _("A recurrence is at least two complaints within at least one day."),
    "complaint.policy_rate": _("The rate per thousand is greater than zero."),
    "complaint.category_needed": _("Choose the category."),
    "complaint.category_unknown": _("This category is not in use. Choose another one."),
    "complaint.subcase_unknown": _(
        "This subcase does not belong to the category. Choose one of its own or none."
    ),
    "complaint.text_needed": _("Write down what the customer says."),
    "complaint.too_long": _(
        "%(length)s characters, at most %(limit)s. Shorten it; what you typed is still here."
    ),
    "complaint.unreadable": _("The text holds a character that cannot be kept. Type it again."),
    "complaint.resolution_needed": _("Say what was done and agreed with the customer."),
    "complaint.route_reason_needed": _("Another way than by category needs a reason."),
    "complaint.in_the_future": _("This day is still to come. Choose the day on which it happened."),
    "complaint.linked_or_other": _("It is either the same event or another matter. Choose one."),
    "complaint.link_unknown": _("There is no ticket %(number)s. Check the number."),
    "complaint.link_dead": _("%(number)s was cancelled or merged. Link the ticket that stands."),
    "complaint.contest_reason_needed": _(
        "It is the same customer, waybill and category as %(number)s. Say why it is another matter; somebody else decides."
    ),
    "complaint.second_not_on_spot": _(
        "A second complaint is a service incident and is not settled on the spot. Pass it on."
    ),
    "complaint.known_key": _("A contact with this key was registered before: %(key)s."),
    "complaint.customer_unknown": _("This customer is not there. Choose another one."),
    "complaint.department_unknown": _("This department is closed or not there. Choose another one."),
    "complaint.employee_unknown": _("This person is not there. Choose by work number."),
    "complaint.channel_unknown": _("Choose how the customer was spoken to."),
    "complaint.no_centre": _("There is no customer service centre. Enter one under departments."),
    "complaint.no_owner": _("Nobody of the centre could own the ticket. Plan the duty rota."),
    "complaint.no_destination": _("The category does not say where it goes. Choose the department."),
    "complaint.already_routed": _("It is with a department already. Hand it over to a further one instead."),
    "complaint.already_with": _("%(department)s is being asked already."),
    "complaint.demand_needed": _("Say what the department shall do or answer."),
    "complaint.limit": _("The limit is more than nothing and at most %(most)s hours."),
    "complaint.handover_ended": _("%(number)s: this was answered, waived or withdrawn meanwhile."),
    "complaint.statement_needed": _("Write down the whole course and cause."),
    "complaint.statement_person_needed": _(
        "A statement names the person concerned. Choose one of the department's people."
    ),
    "complaint.statement_person_elsewhere": _(
        "%(name)s does not belong to %(department)s. Choose one of the department's people."
    ),
    "complaint.nothing_waits": _("No statement or answer is waited for."),
    "complaint.nothing_waits_for_you": _("Nothing of this ticket waits for your department."),
    "complaint.already_yours": _("The ticket is yours already."),
    "complaint.not_offered": _("Somebody else is responsible for it; it was not passed on to you."),
    "complaint.owned_already": _("%(name)s is responsible for it already."),
    "complaint.owner_unfit": _("%(name)s does not work on tickets of the centre."),
    "complaint.owner_away": _("%(name)s is away. Choose somebody who is here."),
    "complaint.too_many": _("At most %(most)s at once."),
    "complaint.reported_already": _("It was reported upward already; the supervisor has not taken it yet."),
    "complaint.message_needed": _("Write something first."),
    "complaint.answer_needed": _("Say what the customer was told."),
    "complaint.paused_already": _("The customer is being waited for already."),
    "complaint.not_paused": _("The customer is not being waited for."),
    "complaint.pause_used_up": _("This round has waited for the customer as long as it may."),
    "complaint.promise_past": _("The promised time has passed. Choose a later one."),
    "complaint.promise_too_late": _("This round may wait until %(latest_at)s at most."),
    "complaint.finding_needed": _("Write down what was found."),
    "complaint.responsible_needed": _(
        "Name the responsible department, or say that it is not our responsibility."
    ),
    "complaint.action_needed": _("Say what is to be done, in at most %(limit)s characters."),
    "complaint.action_past": _("The day by which it is to be done has passed. Choose a later one."),
    "complaint.action_done": _("This was carried out already: %(text)s"),
    "complaint.action_not_done": _("This has not been carried out yet: %(text)s"),
    "complaint.action_reviewed": _("This was reviewed already: %(text)s"),
    "complaint.action_not_reviewed": _("The department manager has not reviewed it yet: %(text)s"),
    "complaint.action_verified": _("This was verified already: %(text)s"),
    "complaint.report_needed": _("Say what was done and what came of it."),
    "complaint.no_finding": _("Record the finding first."),
    "complaint.suspected_first": _("First confirm or refute the suspected service incident."),
    "complaint.not_notified": _("First tell the customer in writing."),
    "complaint.notice_confirmed": _("%(document)s was confirmed already."),
    "complaint.way_unknown": _("Choose how the customer is told."),
    "complaint.language_unknown": _("Choose one of the three languages."),
    "complaint.remarks_needed": _("Say what the customer is dissatisfied with."),
    "complaint.is_history": _("An imported ticket is history; register a new complaint."),
    "complaint.round_too_early": _(
        "This is round %(round)s. Closing as not agreed is possible from round %(needed)s."
    ),
    "complaint.respondent_cannot": _("The department complained of cannot end the ticket."),
    "complaint.merge_itself": _("A ticket cannot be merged into itself."),
    "complaint.merge_dead": _("%(number)s was cancelled or merged itself. Choose the ticket that stands."),
    "merge.unknown": _("There is no ticket %(number)s. Check the number."),
    "complaint.not_suspected": _("No service incident is suspected here."),
    "incident.not_suspected": _("No service incident is suspected here."),
    "complaint.contested_by_you": _("You said yourself that it is another matter. Somebody else decides."),
    "complaint.released_already": _("Number and name were released already."),
    "complaint.nothing_shorter": _("Tier %(tier)s has no shorter terms for this ticket."),
    "catalogue.names": _("Give the name in simplified Chinese at least."),
    "catalogue.code_taken": _("The code “%(taken)s” is empty or taken. Choose another one."),
    "catalogue.one_way": _("Choose a kind of department or one department, not both."),
    "catalogue.kind_unknown": _("Choose one of the kinds of department."),
    "catalogue.word_needed": _("A keyword has 1 to 30 characters."),
    "catalogue.word_taken": _("“%(word)s” stands in the table already."),
    "catalogue.weight": _("A weight is a whole number from 1 to 100."),
    "template.texts": _("Give the text in simplified Chinese at least."),
    "template.unknown_field": _("There is no placeholder %(names)s. Use those of the list."),
    "template.brace": _("A brace stands alone. A placeholder is one name between { and }."),
    "template.too_long": _("The text has more than %(most)s characters. Shorten it."),
    "import.no_text": _("there is no text"),
    "import.text_too_long": _("the text has %(length)s characters, at most %(limit)s"),
    "import.unreadable": _("the text holds characters that cannot be read"),
    "import.category": _("there is no category “%(category)s”"),
    "import.cell_long": _("%(column)s has %(length)s characters, at most %(limit)s"),
    "import.unreadable_cell": _("%(column)s holds characters that cannot be read"),
    "import.cell": _("%(column)s: %(why)s"),
    "import.row": _("%(problem)s"),
    "import.key_twice": _("the key %(key)s stands in line %(first)s already"),
    "import.at": _("“%(value)s” is no date or time; write 2026-11-18 10:07"),
    "import.columns": _("Columns are missing: %(names)s. The file has: %(header)s."),
    "import.target": _("Unknown: %(names)s. What can be filled: %(targets)s."),
    "import.refused": _("%(count)s rows are wrong; nothing was loaded."),
}

# How an act is drawn in the course of a ticket: icon, tone.
ICONS: dict[str, tuple[str, str]] = {
    "complaint.registered": ("intake", ""),
    "complaint.imported": ("down", ""),
    "complaint.from_file": ("down", ""),
    "complaint.second": ("siren", "red"),
    "complaint.suspected": ("siren", "amber"),
    "complaint.followed_by": ("siren", "red"),
    "complaint.recurrence": ("siren", "red"),
    "complaint.incident_withdrawn": ("siren", ""),
    "complaint.confirm_incident": ("siren", "red"),
    "complaint.refute": ("x", ""),
    "complaint.report_upward": ("up", "amber"),
    "complaint.route": ("route", ""),
    "complaint.statement_asked": ("note", ""),
    "complaint.hand_over": ("route", ""),
    "complaint.take_up": ("hand", ""),
    "complaint.begin_inquiry": ("search", ""),
    "complaint.all_in": ("okcirc", "accent"),
    "complaint.return": ("rotate", "amber"),
    "complaint.waive": ("ban", "amber"),
    "complaint.statement_breach": ("siren", "red"),
    "complaint.accept": ("user", ""),
    "complaint.assign": ("users", ""),
    "complaint.take_over": ("user", ""),
    "complaint.to_duty": ("users", "amber"),
    "complaint.pause": ("pause", "amber"),
    "complaint.resume": ("clock", ""),
    "complaint.record_finding": ("scale", "accent"),
    "complaint.action_ordered": ("flag", ""),
    "complaint.action_completed": ("check", ""),
    "complaint.action_reviewed": ("check", ""),
    "complaint.action_verified": ("okcirc", "green"),
    "complaint.settle_on_spot": ("okcirc", "green"),
    "complaint.close_on_spot": ("lock", "green"),
    "complaint.resolve": ("okcirc", "green"),
    "complaint.notify": ("send", "accent"),
    "complaint.confirm_notice": ("check", ""),
    "complaint.follow_up_satisfied": ("lock", "green"),
    "complaint.follow_up_refused": ("lock", ""),
    "complaint.follow_up_not_reached": ("lock", ""),
    "complaint.follow_up_dissatisfied": ("rotate", "red"),
    "complaint.reopen": ("rotate", "amber"),
    "complaint.close_not_agreed": ("lock", "amber"),
    "complaint.cancel": ("ban", ""),
    "complaint.merge": ("merge", ""),
    "complaint.absorbed": ("merge", ""),
    "complaint.linked": ("link", ""),
    "complaint.other_matter": ("x", "amber"),
    "complaint.release_personal": ("eye", "amber"),
    "complaint.shorten": ("clock", "amber"),
    "clock.warning": ("clock", "amber"),
    "clock.breach": ("siren", "red"),
    "clock.ladder_manager": ("siren", "red"),
    "clock.ladder_enterprise": ("siren", "red"),
    "clock.met_late": ("clock", "red"),
    "clock.rebased": ("clock", "accent"),
    "clock.resumed": ("clock", ""),
    "clock.shortened": ("clock", "amber"),
    "reveal": ("eye", ""),
}
