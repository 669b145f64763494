"""The sentences of this app's codes: trail, notices, rules."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


def _listed(names: object) -> str:
    """Names that were kept with commas between them, with the reader's own sign."""
    return gettext(", ").join(str(names).split(", "))


# Parameters that are not said as they are kept.
PARAMS = {"people": _listed}

TRAIL: dict[str, object] = {
    "department.added": _("added the department %(name)s"),
    "department.renamed": _("renamed the department to %(name)s"),
    "department.moved": _("moved the department %(name)s below %(above)s"),
    "department.closed": _("closed the department %(name)s"),
    "department.reopened": _("opened the department %(name)s again"),
    "employee.hired": _("hired %(name)s (%(number)s) for %(department)s"),
    "employee.corrected": _("corrected the data of %(name)s"),
    "employee.transferred": _("moved %(name)s to %(department)s"),
    "employee.left": _("recorded that %(name)s leaves, last day %(day)s; duties struck: %(duties)s"),
    "employee.came_back": _("recorded that %(name)s is employed again"),
    "login.opened": _("opened a login for %(name)s"),
    "login.password_set": _("set another password for %(name)s"),
    "login.locked": _("locked the login of %(name)s: %(reason)s"),
    "login.unlocked": _("unlocked the login of %(name)s"),
    "login.email_set": _("changed the e-mail address of %(name)s"),
    "role.assigned": _("gave %(name)s the role %(role)s in %(department)s from %(since)s"),
    "role.ended": _("ended the role %(role)s of %(name)s in %(department)s, last day %(day)s"),
    "role.changed": _("changed the role %(role)s: %(reason)s"),
    "team.added": _("added the team %(name)s"),
    "team.renamed": _("renamed the team to %(name)s"),
    "team.members_set": _("changed who belongs to the team %(name)s"),
    "hours.set": _("set the service hours of %(name)s from %(since)s"),
    "calendar.day_set": _("set the calendar day %(day)s: %(name)s"),
    "calendar.day_cleared": _("cleared the calendar day %(day)s: %(name)s"),
    "calendar.loaded": _("loaded the public holidays of %(year)s: %(days)s days changed"),
    "duty.planned": _("put %(name)s on duty from %(start)s to %(end)s"),
    "duty.turns_planned": _("planned the rota from %(first)s to %(last)s in turn: %(people)s"),
    "duty.handed": _("handed the duty from %(start)s to %(end)s to %(name)s"),
    "duty.struck": _("struck the duty of %(name)s from %(start)s to %(end)s"),
    "absence.noted": _("noted that %(name)s is away from %(start)s to %(end)s: %(reason)s"),
    "absence.ended": _("noted that %(name)s is back"),
    "interruption.announced": _("announced an interruption of service: %(text)s"),
    "interruption.prolonged": _("prolonged the interruption of service"),
    "interruption.ended": _("announced that the service runs again"),
    "policy.consented": _("consent to the change of %(policy)s: %(name)s"),
}
NOTICES: dict[str, object] = {
    "duty.uncovered": _("%(name)s is away at %(start)s and stands on the rota: %(count)s duties to hand on"),
    "policy.consent_named": _("%(name)s changed the policy %(policy)s and named your consent: %(reason)s"),
}
RULES: dict[str, object] = {
    "duty.policy_days": _("The rota looks from %(least)s to %(most)s days ahead."),
    "department.place": _("A department of this kind cannot stand there. Choose another one above it."),
    "department.none": _("There is no department yet. Make the head office first."),
    "department.one_root": _("There is one head office. Choose the department above."),
    "department.code_taken": _("The code %(department)s is in use. Choose another."),
    "department.closed": _("%(name)s is closed. Open it again first, or choose another department."),
    "department.circle": _("%(above)s lies below %(name)s. Choose a department outside it."),
    "department.in_use": _(
        "%(name)s cannot be closed: %(people)s people and %(departments)s departments still belong to it. Move them first."
    ),
    "employee.no_number": _("Give the work number."),
    "employee.no_name": _("Give the name."),
    "employee.number_taken": _("The work number %(number)s belongs to %(name)s. Numbers are not used twice."),
    "employee.gone": _("%(name)s has left; the last day was %(day)s."),
    "employee.still_here": _("%(name)s is employed."),
    "employee.dates": _("The last day cannot be before the first one, %(day)s."),
    "login.exists": _("%(name)s (%(number)s) has a login already."),
    "login.email": _("%(email)s is not an e-mail address."),
    "login.reason": _("Say why the login is locked."),
    "password.weak": _("%(problems)s"),
    "administrator.last": _("Afterwards nobody could administer. Name another administrator first."),
    "assignment.overlap": _("%(name)s has the role %(role)s in %(department)s already in that time."),
    "assignment.dates": _("The last day cannot be before the first."),
    "assignment.ended": _("This role of %(name)s ended on %(day)s already."),
    "assignment.reach": _("The role %(role)s can only be given or ended by an administrator."),
    "role.reason": _("Say why the role is changed."),
    "role.reach": _("Only an administrator can change roles."),
    "team.code_taken": _("The code %(team)s is in use. Choose another."),
    "shifts.unreadable": _(
        "“%(text)s” is not a time. Write for example 8:00-12:00 13:30-17:30; nothing for a day off."
    ),
    "shifts.order": _(
        "The shifts %(text)s overlap, run backwards or leave the day. Begin with the earliest."
    ),
    "shifts.week": _("A week has seven days, not %(days)s."),
    "hours.past": _("Hours can be changed from today on, not for days that are over."),
    "hours.empty": _("Give the hours of at least one day."),
    "calendar.shifts": _("Hours belong to “other hours” and to nothing else."),
    "duty.order": _("The end must lie after the beginning."),
    "duty.team": _("A duty agent stands for a team; supervisor and manager stand for the centre."),
    "duty.not_member": _("%(name)s does not belong to the team %(team)s."),
    "duty.taken": _("%(name)s is on duty from %(start)s to %(end)s already."),
    "duty.away": _("%(name)s is away from %(start)s to %(end)s."),
    "rota.nobody": _("Name at least one person."),
    "rota.no_shift": _("Give at least one shift, for example 8:00-20:00."),
    "rota.dates": _("The last day cannot be before the first."),
    "rota.too_long": _("At most %(days)s days at once."),
    "absence.order": _("The end must lie after the beginning."),
    "absence.reason": _("Give the reason."),
    "absence.overlap": _("%(name)s is already noted as away from %(start)s to %(end)s."),
    "absence.over": _("%(name)s has been back since %(end)s."),
    "interruption.text": _("Say what is interrupted and why."),
    "interruption.order": _("The end must lie after the beginning."),
    "interruption.ended": _("This interruption has ended already."),
    "policy.no_right": _("You do not have the right to change policies."),
    "policy.consent": _("Name the centre manager who consented to this change."),
    "policy.past": _("A policy holds from now on or later; what was decided stays as it was decided."),
    "policy.same": _("Nothing is changed: this is the value in force."),
}
