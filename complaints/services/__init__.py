"""Every write to complaints, one verb a function. Files' imports stand apart in `imports`."""

from complaints.queries.papers import notice_text
from complaints.services.actions import Measure, complete_action, review_action, verify_action
from complaints.services.catalogue import (
    remove_keyword,
    retire_template,
    save_category,
    save_keyword,
    save_subcase,
    save_template,
    set_routing,
)
from complaints.services.duty import clock_step_fired, hand_to_duty
from complaints.services.ends import cancel, merge, release_personal, shorten
from complaints.services.incidents import confirm_incident, refute
from complaints.services.intake import register
from complaints.services.messages import add_note, register_chase, reply
from complaints.services.outcome import (
    close_not_agreed,
    record_finding,
    record_follow_up,
    reopen,
    resolve,
    settle_on_spot,
)
from complaints.services.ownership import accept, assign, assign_many, report_upward, take_over
from complaints.services.pauses import pause, resume, resume_overdue_pauses
from complaints.services.preview import Preview, PreviewEffect, preview
from complaints.services.recurrence import end_recurrences
from complaints.services.routing import accept_handover, hand_over, return_handover, route, waive
from complaints.services.statements import hand_in_statement
from complaints.services.written import confirm_notice, notify_customer

__all__ = [
    "Measure",
    "Preview",
    "PreviewEffect",
    "accept",
    "accept_handover",
    "add_note",
    "assign",
    "assign_many",
    "cancel",
    "clock_step_fired",
    "close_not_agreed",
    "complete_action",
    "confirm_incident",
    "confirm_notice",
    "end_recurrences",
    "hand_in_statement",
    "hand_over",
    "hand_to_duty",
    "merge",
    "notice_text",
    "notify_customer",
    "pause",
    "preview",
    "record_finding",
    "record_follow_up",
    "refute",
    "register",
    "register_chase",
    "release_personal",
    "remove_keyword",
    "reopen",
    "reply",
    "report_upward",
    "resolve",
    "resume",
    "resume_overdue_pauses",
    "retire_template",
    "return_handover",
    "review_action",
    "route",
    "save_category",
    "save_keyword",
    "save_subcase",
    "save_template",
    "set_routing",
    "settle_on_spot",
    "shorten",
    "take_over",
    "verify_action",
    "waive",
]
