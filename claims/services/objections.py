"""A liable party may object within the term; somebody else decides; the payout never waits (CLM-15, CLM-16)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from claims.choices import DeterminationStatus
from claims.domain.lifecycle import LIABILITY
from claims.models import Claim, Determination, HandlingOpinion, Objection, Share
from claims.permissions import Right, holds
from claims.queries.clocks import policy_of, working_days
from claims.queries.papers import opinion_data
from claims.services.acting import Act, lock
from claims.services.ledger import current, settle_if_nothing_is_owed
from claims.services.telling import tell_adjuster
from organization.models import User
from servicecenter import pdf
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken

MAX_WORDS = 1_000
OPINION, OPINION_TEMPLATE = "claims.opinion", "claims/paper/opinion.html"
TERMS_AT_ONCE = 200


def term_of(determination: Determination) -> datetime:
    """Until when its parties may object: working days after it (policy, CLM-15)."""
    return working_days(determination.determined_at, policy_of(determination.claim).objection_days)


@transaction.atomic
def file_objection(*, share: Share, text: str, by: User, at: datetime | None = None) -> Objection:
    """Note a party's objection to its share, in time (CLM-15).

    Raises RuleBroken `objection.late`, `objection.text`, `objection.replaced`, `objection.open`.
    """
    words = text.strip()[:MAX_WORDS]
    if not words:
        raise RuleBroken("objection.text", field="text", status=400)
    act = Act.begin(share.determination.claim, "file_objection", by=by, at=at, table=LIABILITY)
    counts = current(act.claim)
    if counts is None or share.determination_id != counts.pk:
        raise RuleBroken("objection.replaced")
    until = term_of(counts)
    if act.at > until:
        raise RuleBroken("objection.late", until_at=until.isoformat())
    if Objection.objects.filter(share=share, decided_at=None).exists():
        raise RuleBroken("objection.open", who=share.who)
    made = Objection.objects.create(
        determination=counts, share=share, text=words, filed_at=act.at, filed_by=by
    )
    act.move("file_objection", table=LIABILITY, party=share.party, who=share.who)
    act.finish()
    return made


@transaction.atomic
def decide_objection(
    *, objection: Objection, upheld: bool, answer: str, by: User, at: datetime | None = None
) -> Objection:
    """Decide an objection; upheld, the liability is open for another determination (CLM-15).

    Raises RuleBroken `objection.answer`, `objection.decided`, `objection.not_yours` for whoever investigated,
    determined or approved.
    """
    words = answer.strip()[:MAX_WORDS]
    if not words:
        raise RuleBroken("objection.answer", field="answer", status=400)
    act = Act.begin(objection.determination.claim, "decide_objection", by=by, at=at, table=LIABILITY)
    row = Objection.objects.select_for_update().get(pk=objection.pk)
    if row.decided_at is not None:
        raise RuleBroken("objection.decided")
    if by.pk in concerned(act.claim):
        raise RuleBroken("objection.not_yours", status=403)
    row.upheld, row.answer, row.decided_at, row.decided_by = upheld, words, act.at, by
    row.save(update_fields=["upheld", "answer", "decided_at", "decided_by"])
    act.note("liability.decide_objection", upheld=upheld, answer=words)
    if upheld:
        act.move("uphold", table=LIABILITY)
    elif not Objection.objects.filter(determination=row.determination, decided_at=None).exists():
        act.move("dismiss", table=LIABILITY)
        settle_if_nothing_is_owed(act)
    act.finish()
    tell_adjuster(act.claim, "claim.objection_decided", at=act.at, key=str(row.pk), by=by, answer=words)
    return row


def concerned(claim: Claim) -> set[int]:
    """Who investigated, determined or approved: none of them decides an objection."""
    people = {claim.adjuster_id}
    people |= set(claim.facts.values_list("recorded_by", flat=True))
    people |= set(claim.determinations.values_list("determined_by", flat=True))
    people |= set(claim.approvals.values_list("steps__decided_by", flat=True))
    return {pk for pk in people if pk is not None}


@transaction.atomic
def make_final(
    *, claim: Claim, by: User | None, at: datetime | None = None, version: int | None = None
) -> Claim:
    """The term for objections is over: the determination is final (CLM-02). Raises RuleBroken `liability.term_runs`."""
    act = Act.begin(claim, "make_final", by=by, at=at, version=version, table=LIABILITY)
    counts = current(act.claim)
    if counts is not None and act.at <= (until := term_of(counts)):
        raise RuleBroken("liability.term_runs", until_at=until.isoformat())
    act.move("make_final", table=LIABILITY)
    settle_if_nothing_is_owed(act)
    return act.finish()


def finalise_due(*, at: datetime | None = None) -> int:
    """Every determination whose term is over without an objection becomes final; run by the clock. Returns how many."""
    moment, done = at or now_db(), 0
    waiting = Claim.objects.filter(liability_state="determined").order_by("pk")[:TERMS_AT_ONCE]
    for row in waiting:
        counts = current(row)
        if counts is not None and moment > term_of(counts):
            try:
                make_final(claim=row, by=None, at=at)
                done += 1
            except RuleBroken:
                # an objection came in, or somebody was faster: the next turn looks again
                continue
    return done


@transaction.atomic
def draw_up_opinion(
    *, claim: Claim, cause: str, measures: str = "", by: User, at: datetime | None = None
) -> HandlingOpinion:
    """Draw up the handling opinion on the determination that counts; drawn up anew until it is approved (CLM-16).

    Raises RuleBroken `determination.none`, `opinion.cause`, `opinion.approved`.
    """
    if not holds(by, Right.DETERMINE_LIABILITY):
        raise RuleBroken("lifecycle.no_right", status=403, action="draw_up_opinion")
    words = cause.strip()
    if not words:
        raise RuleBroken("opinion.cause", field="cause", status=400)
    row = lock(claim)
    counts = current(row)
    if counts is None or counts.status == DeterminationStatus.PROVISIONAL:
        raise RuleBroken("determination.none")
    made = HandlingOpinion.objects.filter(determination=counts).first() or HandlingOpinion(
        determination=counts
    )
    if made.approved_at is not None:
        raise RuleBroken("opinion.approved")
    act = Act(row, by, at or now_db())
    made.cause, made.measures, made.drawn_up_at, made.drawn_up_by = words, measures.strip(), act.at, by
    made.save()
    act.note("claim.draw_up_opinion", determination=counts.number)
    act.finish()
    return made


@transaction.atomic
def approve_opinion(
    *, opinion: HandlingOpinion, language: str = "zh-hans", by: User, at: datetime | None = None
) -> HandlingOpinion:
    """Approve the handling opinion, by somebody else: its document is issued, for the inside alone (CLM-16).

    Raises RuleBroken `opinion.own`, `opinion.approved`.
    """
    if not holds(by, Right.APPROVE_OPINION):
        raise RuleBroken("lifecycle.no_right", status=403, action="approve_opinion")
    row = lock(opinion.determination.claim)
    made = (
        HandlingOpinion.objects.select_for_update(of=("self",))
        .select_related("determination__claim")
        .get(pk=opinion.pk)
    )
    if made.approved_at is not None:
        raise RuleBroken("opinion.approved")
    if made.drawn_up_by_id == by.pk:
        raise RuleBroken("opinion.own", status=403)
    act = Act(row, by, at or now_db())
    made.document = pdf.store_document(
        code=OPINION,
        template=OPINION_TEMPLATE,
        data=opinion_data(made, approved_by=by, at=act.at, language=language),
        of=made.determination,
        language=language,
        by=by,
        at=act.at,
    )
    made.approved_at, made.approved_by = act.at, by
    made.save(update_fields=["document", "approved_at", "approved_by"])
    act.note("claim.approve_opinion", determination=made.determination.number, document=made.document.number)
    act.finish()
    return made
