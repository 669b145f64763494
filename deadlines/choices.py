"""Enumerations of the clocks."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClockKind(models.TextChoices):
    """What runs (CMP-26, CMP-27, CMP-30 to CMP-35d, CMP-46). The code is the policy's clock name."""

    FIRST_RESPONSE = "first_response", _("first response")
    REPORT_UPWARD = "report_upward", _("report upward")
    SUPERVISOR_TAKES = "supervisor_takes", _("supervisor takes over")
    STATEMENT = "statement", _("statement")
    RESOLUTION = "resolution", _("resolution")
    QUOTATION = "quotation", _("quotation")
    FOLLOW_UP = "follow_up", _("follow-up")
    ROUTING = "routing", _("routing")
    ANSWER = "answer", _("department's answer")
    WAITING = "waiting", _("waiting for customer")
    SUSPECTED = "suspected", _("suspected service incident")
    APPROVAL = "approval", _("approval")
    OUTSIDE = "outside", _("outside deadline")
    CORRECTIVE = "corrective", _("corrective action")
    # Of claims: their terms are dates that the claim's own policy names (CLM-03, CLM-11, CLM-14).
    CLAIM_ACKNOWLEDGE = "claim_acknowledge", _("taking the claim")
    CLAIM_ANSWER = "claim_answer", _("answer to the claimant")
    CLAIM_REPLY = "claim_reply", _("claimant's reply")
    CLAIM_PAYMENT = "claim_payment", _("payment")
    CLAIM_EVIDENCE = "claim_evidence", _("evidence asked for")
    CLAIM_INSURER = "claim_insurer", _("notice to the insurer")


class ClockState(models.TextChoices):
    """A clock runs, is paused, or has ended: met, met late, or cancelled with its subject (CMP-36)."""

    RUNNING = "running", _("counting")
    PAUSED = "paused", _("paused")
    MET = "met", _("met")
    MET_LATE = "met_late", _("met late")
    CANCELLED = "cancelled", _("set aside")


class StepKind(models.TextChoices):
    """What a step tells, and whom (CMP-37)."""

    WARNING = "warning", _("deadline warning")
    BREACH = "breach", _("deadline breach")
    LADDER_MANAGER = "ladder_manager", _("told the centre manager")
    LADDER_ENTERPRISE = "ladder_enterprise", _("told enterprise management")


class Basis(models.TextChoices):
    """How time is counted (CMP-36)."""

    ELAPSED = "elapsed", _("elapsed time")
    BUSINESS = "business", _("business time")
