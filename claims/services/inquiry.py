"""Evidence asked of departments, answered by them; the result of the investigation and who confirms it (CLM-03)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from claims.choices import EvidenceKind, FactName, Gravity
from claims.models import Claim, ClaimFact, EvidenceRequest, InvestigationResult
from claims.permissions import APPROVES, Right, holds, may_answer
from claims.queries.clocks import policy_of
from claims.services.acting import Act, lock
from claims.services.telling import tell_adjuster, tell_asked, tell_confirmers
from deadlines import services as deadlines
from deadlines.choices import ClockKind
from organization.models import Department, User
from servicecenter import attachments as files
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.subjects import kind_of


@transaction.atomic
def ask_evidence(
    *,
    claim: Claim,
    department: Department,
    text: str,
    fact: str = "",
    due_at: datetime | None = None,
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> EvidenceRequest:
    """Ask a department for evidence by a due time (policy: 24 hours), with a clock of its own (CLM-03).

    Raises RuleBroken `request.text`, `request.department`, `request.due`, `fact.unknown`.
    """
    words = text.strip()[:500]
    if not words:
        raise RuleBroken("request.text", field="text", status=400)
    if fact and fact not in FactName.values:
        raise RuleBroken("fact.unknown", field="fact", status=400, name=fact)
    if department.closed_on is not None:
        raise RuleBroken("request.department", field="department", status=400)
    act = Act.begin(claim, "ask_evidence", by=by, at=at, version=version)
    due = due_at or act.at + timedelta(hours=policy_of(act.claim).evidence_hours)
    if due <= act.at:
        raise RuleBroken("request.due", field="due_at", status=400)
    act.begin_investigation()
    made = EvidenceRequest.objects.create(
        claim=act.claim,
        department=department,
        fact=fact,
        text=words,
        asked_at=act.at,
        asked_by=by,
        due_at=due,
    )
    deadlines.start(
        kind=ClockKind.CLAIM_EVIDENCE,
        subject_kind=kind_of(EvidenceRequest),
        subject_id=made.pk,
        number=act.claim.number,
        department=department,
        owner=by,
        owner_right=Right.ANSWER_REQUEST,
        supervisor_right=Right.APPROVE_SUPERVISOR,
        due_at=due,
        at=act.at,
    )
    act.note("claim.ask_evidence", department=department.names, text=words)
    act.finish()
    tell_asked(made, at=act.at)
    return made


@transaction.atomic
def answer_evidence(
    *,
    request: EvidenceRequest,
    answer: str,
    attachments: Sequence[str] = (),
    by: User,
    at: datetime | None = None,
) -> EvidenceRequest:
    """The department answers, once. Its files become evidence of the fact that was asked about (CLM-03, EV-01).

    Raises RuleBroken `request.answer`, `request.over` when it was answered or taken back, `request.not_yours`.
    """
    words = answer.strip()[:2000]
    if not words:
        raise RuleBroken("request.answer", field="answer", status=400)
    claim = lock(request.claim)
    row = _open(request)
    if not may_answer(by, row):
        raise RuleBroken("request.not_yours", status=403)
    act = Act(claim, by, at or now_db())
    row.answer, row.answered_at, row.answered_by = words, act.at, by
    row.save(update_fields=["answer", "answered_at", "answered_by"])
    if attachments:
        files.bind(
            public_ids=attachments, to=_fact(act, row) if row.fact else row, by=by, at=act.at, role="evidence"
        )
    _end_clock(row, by=by, at=act.at, cancelled=False)
    act.note(
        "claim.answer_evidence", department=row.department.names, text=words[:200], count=len(attachments)
    )
    act.finish()
    tell_adjuster(claim, "claim.evidence_in", at=act.at, key=str(row.pk), by=by, text=words[:120])
    return row


def _fact(act: Act, row: EvidenceRequest) -> ClaimFact:
    """The fact that the evidence is about; its value stays for the adjuster to say."""
    found, is_new = ClaimFact.objects.get_or_create(
        claim=act.claim,
        name=row.fact,
        defaults={
            "value": None,
            "evidence": EvidenceKind.ACCOUNT,
            "evidence_note": row.answer[:300],
            "recorded_at": act.at,
            "recorded_by": act.by,
        },
    )
    if not is_new and found.evidence == EvidenceKind.NONE:
        found.evidence, found.evidence_note = EvidenceKind.ACCOUNT, found.evidence_note or row.answer[:300]
        found.save(update_fields=["evidence", "evidence_note"])
    return found


@transaction.atomic
def withdraw_evidence(*, request: EvidenceRequest, by: User, at: datetime | None = None) -> EvidenceRequest:
    """It is not needed any more. Raises RuleBroken `request.over`."""
    act = Act.begin(request.claim, "ask_evidence", by=by, at=at)
    row = _open(request)
    row.withdrawn_at, row.withdrawn_by = act.at, by
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _end_clock(row, by=by, at=act.at, cancelled=True)
    act.note("claim.withdraw_evidence", department=row.department.names, text=row.text)
    act.finish()
    return row


def _open(request: EvidenceRequest) -> EvidenceRequest:
    row = (
        EvidenceRequest.objects.select_for_update(of=("self",))
        .select_related("department")
        .get(pk=request.pk)
    )
    if not row.is_open:
        raise RuleBroken("request.over")
    return row


def _end_clock(row: EvidenceRequest, *, by: User, at: datetime, cancelled: bool) -> None:
    deadlines.end_all(
        subject_kind=kind_of(EvidenceRequest), subject_id=row.pk, by=by, at=at, cancelled=cancelled
    )


@transaction.atomic
def report_result(
    *, claim: Claim, text: str, by: User, at: datetime | None = None, version: int | None = None
) -> InvestigationResult:
    """Put the result of the investigation before the supervisor, in grave cases the centre manager (policy, CLM-03).

    Raises RuleBroken `result.text`, `result.waits`.
    """
    words = text.strip()[:2000]
    if not words:
        raise RuleBroken("result.text", field="text", status=400)
    act = Act.begin(claim, "report_result", by=by, at=at, version=version)
    row = act.claim
    if row.results.filter(decided_at=None).exists():
        raise RuleBroken("result.waits")
    policy = policy_of(row)
    level = policy.confirm_serious if row.gravity == Gravity.SERIOUS else policy.confirm_simple
    act.begin_investigation()
    made = InvestigationResult.objects.create(
        claim=row, text=words, level=level, reported_at=act.at, reported_by=by
    )
    act.note("claim.report_result", level=level, text=words[:200])
    act.finish()
    tell_confirmers(made, at=act.at)
    return made


@transaction.atomic
def confirm_result(
    *,
    result: InvestigationResult,
    confirmed: bool,
    remark: str = "",
    by: User,
    at: datetime | None = None,
) -> InvestigationResult:
    """Confirm the result, or send it back with a remark (CLM-03).

    Raises RuleBroken `result.decided`, `result.not_yours` for whoever lacks the level, reported it or works on the
    claim, `result.remark`.
    """
    claim = lock(result.claim)
    row = InvestigationResult.objects.select_for_update().get(pk=result.pk)
    if row.decided_at is not None:
        raise RuleBroken("result.decided")
    if by.pk in (row.reported_by_id, claim.adjuster_id) or not holds(by, APPROVES[row.level]):
        raise RuleBroken("result.not_yours", status=403, level=row.level)
    words = remark.strip()[:300]
    if not confirmed and not words:
        raise RuleBroken("result.remark", field="remark", status=400)
    act = Act(claim, by, at or now_db())
    row.confirmed, row.remark, row.decided_at, row.decided_by = confirmed, words, act.at, by
    row.save(update_fields=["confirmed", "remark", "decided_at", "decided_by"])
    code = "claim.result_confirmed" if confirmed else "claim.result_returned"
    act.note(code, level=row.level, text=words)
    act.finish()
    tell_adjuster(claim, code, at=act.at, key=str(row.pk), by=by, text=words)
    return row
