"""Plays the demo's claims through the real services."""

from __future__ import annotations

from datetime import datetime

from claims.demo import months
from claims.demo.scenes import SCENES
from claims.demo.stage import Stage
from claims.models import Claim


def play(*, at: datetime) -> None:
    """The claims as they stand at `at`; the same every time. Nothing when there are claims already, or no waybills."""
    if Claim.objects.exists():
        return
    stage = Stage(at)
    if len(stage.waybills) < len(SCENES):
        return
    today = stage.waybills[: len(SCENES)]
    months.play(stage, spared={bill.pk for bill in today})
    for scene, bill in zip(SCENES, today, strict=True):
        scene(stage, bill)
