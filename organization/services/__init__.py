"""Every write of the organization: one verb a function, `by=` who, `at=` when, trail in the same transaction."""

from organization.services.calendar import (
    clear_calendar_day,
    keep_calendar,
    load_holidays,
    set_calendar_day,
    set_service_hours,
)
from organization.services.departments import (
    add_department,
    close_department,
    move_department,
    rename_department,
    reopen_department,
)
from organization.services.duties import (
    end_absence,
    hand_duty_to,
    note_absence,
    plan_duty,
    plan_turns,
    strike_duty,
)
from organization.services.interruptions import (
    announce_interruption,
    end_interruption,
    prolong_interruption,
)
from organization.services.logins import lock, open_login, set_email, set_password, unlock
from organization.services.people import come_back, correct_employee, hire, leave, transfer
from organization.services.policies import change_policy
from organization.services.roles import assign_role, change_role, end_assignment
from organization.services.teams import add_team, rename_team, set_members

__all__ = [
    "add_department",
    "add_team",
    "announce_interruption",
    "assign_role",
    "change_policy",
    "change_role",
    "clear_calendar_day",
    "close_department",
    "come_back",
    "correct_employee",
    "end_absence",
    "end_assignment",
    "end_interruption",
    "hand_duty_to",
    "hire",
    "keep_calendar",
    "leave",
    "load_holidays",
    "lock",
    "move_department",
    "note_absence",
    "open_login",
    "plan_duty",
    "plan_turns",
    "prolong_interruption",
    "rename_department",
    "rename_team",
    "reopen_department",
    "set_calendar_day",
    "set_email",
    "set_members",
    "set_password",
    "set_service_hours",
    "strike_duty",
    "transfer",
    "unlock",
]
