"""Which papers a step of a claim needs, and which of them are not there yet (CLM-01, CLM-02)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields

from claims.choices import Paper
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class PaperPolicy:
    """The papers without which a step is not taken: working the payout out, asking for approval, closing.

    A key is the kind of claim (damage, shortage, loss); the general row holds for the others.
    """

    assess: Collection[str] = ("incident_report",)
    request_approval: Collection[str] = ("waybill_copy", "claim_letter")
    close: Collection[str] = ("release",)

    def __post_init__(self) -> None:
        for item in fields(self):
            given = getattr(self, item.name)
            if isinstance(given, str) or set(given) - set(Paper.values):
                raise RuleBroken("claim.policy_papers", field=item.name, status=400)
            object.__setattr__(self, item.name, tuple(dict.fromkeys(given)))

    @property
    def steps(self) -> Mapping[str, tuple[str, ...]]:
        """Step → its papers, in the order of the steps."""
        return {item.name: tuple(getattr(self, item.name)) for item in fields(self)}


def missing(policy: PaperPolicy, there: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Step → what it still lacks; a step that lacks nothing is left out."""
    found = {
        step: tuple(paper for paper in papers if paper not in there) for step, papers in policy.steps.items()
    }
    return {step: papers for step, papers in found.items() if papers}
