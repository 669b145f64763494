"""Enumerations of claims: value, label, tone, icon."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClaimKind(models.TextChoices):
    """What happened to the goods; shortage and loss are one fact, `loss`, to the decision table."""

    DAMAGE = "damage", _("damage")
    SHORTAGE = "shortage", _("shortage")
    LOSS = "loss", _("loss")


class PayoutState(models.TextChoices):
    """The payout track of a claim (CLM-02)."""

    REPORTED = "reported", pgettext_lazy("claim", "reported")
    INVESTIGATING = "investigating", _("under investigation")
    ASSESSED = "assessed", _("assessed")
    NEGOTIATED = "negotiated", _("agreed")
    APPROVED = "approved", _("approved")
    VOUCHER_ISSUED = "voucher_issued", _("voucher issued")
    PAID = "paid", _("paid")
    CLOSED = "closed", _("closed")
    REJECTED = "rejected", _("claim rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    LITIGATION = "litigation", _("in court")


PayoutState.tone = {  # type: ignore[attr-defined]
    "reported": "",
    "investigating": "blue",
    "assessed": "blue line",
    "negotiated": "violet",
    "approved": "green line",
    "voucher_issued": "amber",
    "paid": "green",
    "closed": "green",
    "rejected": "off",
    "withdrawn": "off",
    "litigation": "red",
}
PayoutState.icon = {  # type: ignore[attr-defined]
    "reported": "dot",
    "investigating": "search",
    "assessed": "reply",
    "negotiated": "okcirc",
    "approved": "okcirc",
    "voucher_issued": "route",
    "paid": "okcirc",
    "closed": "lock",
    "rejected": "ban",
    "withdrawn": "ban",
    "litigation": "dot",
}
# No longer live: another claim for the same pieces may be opened (CLM-13).
DEAD_STATES = ("rejected", "withdrawn")
# Nothing more to do for the customer.
ENDED_STATES = ("closed", "rejected", "withdrawn")
OPEN_STATES = tuple(state for state in PayoutState.values if state not in ENDED_STATES)
# Paid, or before a court: no term of CLM-14 runs for the customer any more.
UNTIMED_STATES = ("paid", "litigation")
# Before the payout is fixed: facts, parties, goods lines and the price may still change.
BEFORE_APPROVAL = ("reported", "investigating", "assessed", "negotiated")


class LiabilityState(models.TextChoices):
    """The liability track of a claim (CLM-02)."""

    OPEN = "open", pgettext_lazy("liability", "open")
    PROVISIONAL = "provisional", _("provisional")
    DETERMINED = "determined", _("determined")
    OBJECTED = "objected", _("objected to")
    FINAL = "final", pgettext_lazy("liability", "final")
    RECOVERING = "recovering", _("being recovered")
    RECOVERED = "recovered", _("recovered")
    WRITTEN_OFF = "written_off", _("written off")


LiabilityState.tone = {  # type: ignore[attr-defined]
    "open": "",
    "provisional": "amber line",
    "determined": "blue",
    "objected": "amber",
    "final": "violet",
    "recovering": "blue line",
    "recovered": "green",
    "written_off": "off",
}


class Gravity(models.TextChoices):
    """How grave the cargo incident is: decides the terms of CLM-14."""

    SIMPLE = "simple", _("simple")
    SERIOUS = "serious", _("serious")


class Profile(models.TextChoices):
    """Whose terms hold for a claim (CLM-14): keys of the policy `claims.handling`; the first is its general row."""

    CN_LTL = "CN-LTL", _("road freight, part loads")
    CN_EXPRESS = "CN-EXPRESS", _("express parcels")
    US_CARMACK = "US-CARMACK", _("United States, Carmack")


class Counted(models.TextChoices):
    """How the terms of a profile are counted (CLM-14)."""

    WORKING = "working", _("working days")
    CALENDAR = "calendar", pgettext_lazy("term", "calendar days")


class ClaimClock(models.TextChoices):
    """The clocks of a claim's payout track, by the names of the clocks' own kinds (CLM-14)."""

    ACKNOWLEDGE = "claim_acknowledge", _("taking the claim")
    ANSWER = "claim_answer", _("answer to the claimant")
    REPLY = "claim_reply", _("claimant's reply")
    PAYMENT = "claim_payment", _("payment")


class EvidenceKind(models.TextChoices):
    """What a fact rests on (CLM-03, EV-03); word of mouth counts for nothing (EV-01)."""

    WAYBILL = "waybill", _("waybill copy")
    LOADING_RECORD = "loading_record", _("loading record")
    DELIVERY_NOTICE = "delivery_notice", _("delivery notice")
    SCAN = "scan", _("scan")
    PHOTO = "photo", _("photograph")
    ACCOUNT = "account", _("written account")
    SYSTEM = "system", _("computer system")
    NONE = "none", _("no evidence yet")


class Paper(models.TextChoices):
    """Papers of a claim: the checklist (CLM-01, CLM-02) and what is signed at its end (CLM-20)."""

    INCIDENT_REPORT = "incident_report", _("incident report")
    WAYBILL_COPY = "waybill_copy", _("copy of the waybill")
    CLAIM_LETTER = "claim_letter", _("claimant's letter")
    VALUE_PROOF = "value_proof", _("proof of the value")
    PHOTOGRAPHS = "photographs", _("photographs of the damage")
    INSPECTION = "inspection", _("inspection report")
    IDENTITY = "identity", _("copy of the identity card")
    RELEASE = "release", _("release agreement, signed")
    ASSIGNMENT = "assignment", _("assignment of rights, signed")
    SALVAGE = "salvage", _("salvage receipt, signed")


class PaperStep(models.TextChoices):
    """The steps that papers stand in the way of; the lifecycle's own codes."""

    ASSESS = "assess", _("assessing")
    REQUEST_APPROVAL = "request_approval", _("asking for approval")
    CLOSE = "close", _("closing")


class ClosingPaper(models.TextChoices):
    """What is printed to be signed (CLM-20)."""

    RELEASE = "release", _("release agreement")
    ASSIGNMENT = "assignment", _("assignment of rights")
    SALVAGE = "salvage", _("salvage receipt")


class SalvageKeeper(models.TextChoices):
    """Who keeps what is left of the goods (CLM-20)."""

    CUSTOMER = "customer", pgettext_lazy("salvage", "the claimant")
    COMPANY = "company", pgettext_lazy("salvage", "the company")
    INSURER = "insurer", pgettext_lazy("salvage", "the insurer")


class FoundChoice(models.TextChoices):
    """What the customer chooses when lost goods are found (CLM-19)."""

    GOODS = "goods", _("the goods")
    MONEY = "money", _("the money")


class OutsideSource(models.TextChoices):
    """Where money comes from that lowers what the liable parties owe (CLM-11, CLM-18)."""

    INSURER = "insurer", _("insurer")
    SALVAGE = "salvage", _("salvage")
    OTHER = "other", pgettext_lazy("source", "third party")


class SettledBy(models.TextChoices):
    """Who settled with the customer without a claim (RPT-04)."""

    BRANCH = "branch", _("branch")
    MARKET = "market", _("market")
    DRIVER = "driver", _("driver")
    LOADER = "loader", _("loader")


class ReductionReason(models.TextChoices):
    """Why less is paid for a goods line than was claimed (CLM-04)."""

    OVERCLAIMED = "overclaimed", _("claimed above its value")
    DEPRECIATION = "depreciation", _("wear")
    PARTIAL = "partial", _("only partly damaged")
    SALVAGE = "salvage", _("customer keeps the salvage")
    CAP = "cap", _("limit of compensation")
    UNDERINSURED = "underinsured", _("declared below its value")
    EXCLUDED = "excluded", _("excluded from compensation")
    UNPROVEN = "unproven", _("not proven")
    OTHER = "other", pgettext_lazy("reason", "other")


class OfferMove(models.TextChoices):
    """One move of the negotiation (CLM-05), in order."""

    OFFER = "offer", _("we offer")
    COUNTER = "counter", _("customer asks")
    REFUSE = "refuse", _("customer refuses")
    AGREE = "agree", _("customer agrees")


class ConfirmationWay(models.TextChoices):
    """How the customer confirmed the agreed price (CLM-05)."""

    SIGNED = "signed", _("signed agreement")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    CALL = "call", _("recorded call")
    IN_PERSON = "in_person", _("in person")


class PayoutMethod(models.TextChoices):
    """How the payout is worked out (CLM-06)."""

    INSURED = "insured", _("insured in full")
    UNDERINSURED = "underinsured", _("under-insured")
    CAP_FREIGHT = "cap_freight", _("limit: times the freight")
    CAP_WEIGHT = "cap_weight", _("limit: by weight")
    ACTUAL = "actual", _("actual value")
    EXCLUDED = "excluded", _("excluded")


class Uninsured(models.TextChoices):
    """What is paid for goods that are not insured (CLM-06)."""

    CAP_FREIGHT = "cap_freight", _("at most so many times the freight of the part")
    CAP_WEIGHT = "cap_weight", _("at most so much a kilogram")
    ACTUAL = "actual", _("the actual value")


class RequestState(models.TextChoices):
    """A request for approval (CLM-08)."""

    WAITING = "waiting", pgettext_lazy("approval", "waiting")
    APPROVED = "approved", _("approved")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Level(models.TextChoices):
    """Who approves, by amount (CLM-08), the lowest first."""

    SUPERVISOR = "supervisor", _("supervisor")
    CENTRE_MANAGER = "centre_manager", _("centre manager")
    MANAGEMENT = "management", _("management")
    FINANCE = "finance", _("finance")


class DeterminationStatus(models.TextChoices):
    """How firm a determination is (LR-33)."""

    PROVISIONAL = "provisional", _("provisional")
    FINAL = "final", pgettext_lazy("determination", "by the rule")
    MANUAL = "manual", _("by hand")
    OVERRIDDEN = "overridden", _("overridden")


class EntryKind(models.TextChoices):
    """One posting of the liability ledger (CLM-11, CLM-18, MON-03)."""

    CHARGE = "charge", _("charged")
    REVERSAL = "reversal", _("reversed")
    RECOVERY = "recovery", _("recovered")
    WRITE_OFF = "write_off", _("written off")
    # Money came from outside later: nobody pays more than the share, the company keeps no surplus.
    REFUND = "refund", _("to be paid back")
    WRITE_BACK = "write_back", _("no longer to be written off")


class PayeeKind(models.TextChoices):
    """Who receives a part of the claim."""

    CONSIGNOR = "consignor", _("consignor")
    CONSIGNEE = "consignee", _("consignee")
    OTHER = "other", pgettext_lazy("payee", "other")


class PayMethod(models.TextChoices):
    """How a voucher is paid (CLM-20)."""

    CASH = "cash", _("cash")
    BANK = "bank", _("bank, the payee's own account")
    SET_OFF = "set_off", _("set-off against open freight")


class VoucherState(models.TextChoices):
    """A payout voucher (CLM-09, CLM-10). Expired is worked out from its validity, never stored."""

    ISSUED = "issued", _("to be paid")
    PAID = "paid", _("paid")
    VOID = "void", pgettext_lazy("voucher", "void")


VoucherState.tone = {"issued": "amber", "paid": "green", "void": "off void"}  # type: ignore[attr-defined]
LIVE_VOUCHERS = ("issued", "paid")


class RuleSetState(models.TextChoices):
    """A version of the liability rules (LR-30)."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    RETIRED = "retired", _("retired")


RuleSetState.tone = {"draft": "", "published": "green", "retired": "off"}  # type: ignore[attr-defined]


class FactName(models.TextChoices):
    """The closed list of facts (chapter 03), in the order of the determination screen."""

    KIND = "kind", _("what happened")
    POSITION = "position", _("where the goods are")
    COPY_1 = "copy_1", _("waybill copy 1")
    COPY_2 = "copy_2", _("waybill copy 2")
    COPY_3 = "copy_3", _("waybill copy 3")
    COPY_4 = "copy_4", _("waybill copy 4")
    NOTER = "noter", _("who wrote the private note")
    REFUSED = "refused", _("next link refused the goods")
    SLIP = "slip", _("separate slip written")
    DRIVER_RECORD = "driver_record", _("driver's loading record")
    LOADER_RECORD = "loader_record", _("loader's loading record")
    ENTERED = "entered", _("entered in the computer")
    SYSTEM_UP = "system_up", _("computer system normal")
    NOTICE = "notice", _("delivery notice")
    LOADER_SIGNATURE = "loader_signature", _("loader's signature")
    OFF_POST = "off_post", _("left the post, which caused it")
    SWAPPED_POST = "swapped_post", _("worked at another's post, which caused it")
    RETURN_LABEL_COVERED = "return_label_covered", _("abnormal return, outward label covered")
    TRAFFIC_OR_THEFT = "traffic_or_theft", _("traffic accident or theft")
    WAYBILL_QTY = "waybill_qty", _("pieces by the waybill")
    DRIVER_QTY = "driver_qty", _("pieces by the driver")
    LOADER_QTY = "loader_qty", _("pieces by the loader")
    RECEIVED_QTY = "received_qty", _("pieces received")


class PartyRole(models.TextChoices):
    """Who may bear a share (chapter 03, Parties); the company bears what nobody bears."""

    LOADER = "loader", _("loader")
    DRIVER = "driver", _("driver")
    BRANCH = "branch", _("branch")
    SORTER = "sorter", _("sorter")
    WAYBILL_CLERK = "waybill_clerk", _("waybill clerk")
    TALLY_CLERK = "tally_clerk", _("tally clerk")
    COMPANY = "company", _("company")


# Answers of the facts, in words.
FACT_VALUES = {
    "kind": {"loss": _("goods lost"), "damage": _("goods damaged"), "none": _("neither")},
    "position": {
        "origin": _("not dispatched"),
        "transit": _("on the way"),
        "arrived": _("arrived at the branch"),
    },
    "copy": {"missing": _("missing"), "clean": _("clean"), "noted": _("with note")},
    "record": {"none": _("no record"), "recorded": _("recorded"), "copied": _("copied from the waybill")},
    "notice": {"absent": _("not there"), "clean": _("clean"), "noted": _("with note")},
    "loader_signature": {"provable": _("can be proven"), "not_provable": _("cannot be proven")},
    "noter": {"unknown": _("cannot be found out")},
    "yes_no": {"yes": pgettext_lazy("fact", "yes"), "no": pgettext_lazy("fact", "no")},
}


class ManualOutcome(models.TextChoices):
    """Why no row decides (LR-23)."""

    DAMAGE_NO_RULE = "DAMAGE_NO_RULE", _("damage that no rule covers")
    LOSS_PATTERN = "LOSS_PATTERN", _("a pattern of loss that no rule covers")
    NOTE_AUTHOR_UNKNOWN = "NOTE_AUTHOR_UNKNOWN", _("incomplete note, writer not known")
    MULTIPLE_SOLE_LIABILITY = "MULTIPLE_SOLE_LIABILITY", _("several people would each bear all")
    COUNT_DISPUTE = "COUNT_DISPUTE", _("the counts differ")
    CORRUPT_EVIDENCE = "CORRUPT_EVIDENCE", _("evidence was altered")
    NO_INCIDENT = "NO_INCIDENT", _("no damage or loss, fines only")
    OUT_OF_SCOPE = "OUT_OF_SCOPE", _("outside these rules")
