"""Tables of the ground floor: trail and seals, notices, outbox, idempotency, files, policies, kept numbers.

They address users and nothing else; business records are pointed at by kind and id.
"""

from servicecenter.models.access import ApiToken, IdempotencyKey, LoginAttempt
from servicecenter.models.base import ClockTimestamp, public_id
from servicecenter.models.desk import Draft, Presence, SavedView
from servicecenter.models.files import Attachment, DocumentCopy, IssuedDocument
from servicecenter.models.machine import Heartbeat, KeptNumber
from servicecenter.models.messages import Notice, OutboxMessage
from servicecenter.models.policies import Policy
from servicecenter.models.sessions import LoginSession
from servicecenter.models.trail import TrailEntry, TrailSeal, TrailUnsealed

__all__ = [
    "ApiToken",
    "Attachment",
    "ClockTimestamp",
    "DocumentCopy",
    "Draft",
    "Heartbeat",
    "IdempotencyKey",
    "IssuedDocument",
    "KeptNumber",
    "LoginAttempt",
    "LoginSession",
    "Notice",
    "OutboxMessage",
    "Policy",
    "Presence",
    "SavedView",
    "TrailEntry",
    "TrailSeal",
    "TrailUnsealed",
    "public_id",
]
