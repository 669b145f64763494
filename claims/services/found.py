"""Lost goods are found, and the customer chooses goods or money (CLM-19)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from claims.choices import ConfirmationWay, FoundChoice
from claims.models import Claim, FoundGoods
from claims.services.acting import Act
from organization.models import User
from servicecenter.clock import business_date
from servicecenter.kernel.errors import RuleBroken


@transaction.atomic
def record_found(
    *,
    claim: Claim,
    found_on: date,
    place: str,
    choice: str = "",
    way: str = "",
    by: User | None,
    at: datetime | None = None,
    version: int | None = None,
) -> FoundGoods:
    """The goods of a loss were found; `choice` '' while the customer has not chosen yet, `way` how it was confirmed.

    The choice is made once. Raises RuleBroken `claim.not_a_loss`, `claim.found_chosen`, `found.place`, `found.day`,
    `found.choice`.
    """
    act = Act.begin(claim, "record_found", by=by, at=at, version=version)
    where = " ".join(place.split())
    if not where or len(where) > 120:
        raise RuleBroken("found.place", field="place", status=400)
    if not act.claim.incident_on <= found_on <= business_date(act.at):
        raise RuleBroken("found.day", field="found_on", status=400)
    if (choice and choice not in FoundChoice.values) or (way and way not in ConfirmationWay.values):
        raise RuleBroken("found.choice", field="choice", status=400)
    if bool(choice) != bool(way):
        raise RuleBroken("found.choice", field="way" if choice else "choice", status=400)
    made = FoundGoods.objects.filter(claim=act.claim).first() or FoundGoods(claim=act.claim)
    made.found_on, made.place, made.choice, made.way = found_on, where, choice, way
    made.chosen_at = act.at if choice else None
    made.recorded_at, made.recorded_by = act.at, by
    made.save()
    if choice:
        act.note("claim.found_chosen", place=where, found_choice=choice, confirmed_by=way)
    else:
        act.note("claim.record_found", place=where)
    act.finish()
    return made
