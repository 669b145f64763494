"""The month's round: every customer's facts are graded, and where the tier would change it is proposed (CUS-12)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from customers.choices import ProposalState
from customers.domain.grading import is_gradable
from customers.models import TierProposal, TierRound
from customers.permissions import Right
from customers.queries.grading import Examined, Scoring, facts_of_batch, last_of_batch
from organization.queries import holders
from servicecenter import notices
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.months import add_months

BATCH = 2000


def propose_tiers(*, at: datetime | None = None) -> int:
    """Propose tiers for the month of `at` from the year before it; the clock runs it.

    Once a month: what is proposed already is not proposed again, and a round that was interrupted goes on where it
    stopped. Each batch of customers is a transaction of its own. Returns how many tiers were proposed now.
    """
    first = at or now_db()
    period = business_date(first).replace(day=1)
    if TierRound.objects.filter(period=period, finished_at__isnull=False).exists():
        return 0
    TierRound.objects.get_or_create(period=period, defaults={"started_at": first})
    made = 0
    while (step := _step(period, at)) is not None:
        made += step
    return made


@transaction.atomic
def _step(period: date, at: datetime | None) -> int | None:
    """The next batch of the round; None when it is through, or somebody else is at it."""
    found = (
        TierRound.objects.select_for_update(skip_locked=True).filter(period=period, finished_at=None).first()
    )
    if found is None:
        return None
    moment = at or now_db()
    last, count = last_of_batch(found.last_customer_id, BATCH)
    if last is None:
        found.finished_at = moment
        found.save(update_fields=["finished_at"])
        _tell(found, moment)
        return None
    scoring = Scoring.at(moment)
    examined = list(
        facts_of_batch(after=found.last_customer_id, size=BATCH, until=period, today=business_date(moment))
    )
    TierProposal.objects.filter(
        state=ProposalState.WAITING, customer_id__gt=found.last_customer_id, customer_id__lte=last
    ).exclude(round=found).update(state=ProposalState.LAPSED, decided_at=moment)
    made = TierProposal.objects.bulk_create(_proposals(found, examined, scoring, moment))
    found.last_customer_id = last
    found.examined += count
    found.proposed += len(made)
    found.save(update_fields=["last_customer_id", "examined", "proposed"])
    return len(made)


def _proposals(
    found: TierRound, examined: list[Examined], scoring: Scoring, at: datetime
) -> list[TierProposal]:
    """What is to be proposed to these customers: where the tier would change, and it was not refused lately."""
    graded = [(one, scoring.of(one.facts)) for one in examined if is_gradable(one.facts, one.tier)]
    changing = [(one, proposal) for one, proposal in graded if proposal.tier != one.tier]
    since = add_months(found.period, -scoring.policy.rests_months)
    refused = set(
        TierProposal.objects.filter(
            customer_id__in=[one.customer_id for one, _proposal in changing],
            state=ProposalState.REJECTED,
            round__period__gt=since,
        ).values_list("customer_id", "tier")
    )
    return [
        TierProposal(
            customer_id=one.customer_id,
            round=found,
            tier_before=one.tier,
            tier=proposal.tier,
            points=proposal.points,
            line=proposal.line,
            reasons=[reason.kept() for reason in proposal.reasons],
            value_contribution=proposal.value,
            growth_potential=proposal.growth,
            policies=list(scoring.versions),
            proposed_at=at,
        )
        for one, proposal in changing
        if (one.customer_id, proposal.tier) not in refused
    ]


def _tell(found: TierRound, at: datetime) -> None:
    """Tell the managers that proposals wait for them, if any do."""
    if found.proposed:
        notices.tell(
            holders(Right.CONFIRM_TIERS, at=at),
            "tiers.proposed",
            about=found,
            at=at,
            key=f"{found.period:%Y-%m}",
            count=found.proposed,
            month=f"{found.period:%Y-%m}",
        )
