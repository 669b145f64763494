"""Plays the demo: three months of ordinary days and the scenes in which every queue, state and page is alive."""

from __future__ import annotations

from datetime import datetime

from complaints.demo import everyday, scenes_ended, scenes_open, scenes_past
from complaints.demo.scene import Scene
from complaints.demo.stage import Stage
from complaints.models import Complaint


def play(*, at: datetime) -> None:
    """The complaints as they stand at `at`, with histories, clocks and consequences; the same every time.

    Nothing when there are complaints already. The demo's organization and customers must be there.
    """
    if Complaint.objects.exists():
        return
    stage = Stage(at)
    for scene in (*scenes_open.SCENES, *scenes_ended.SCENES, *scenes_past.SCENES):
        scene(Scene(stage))
    scenes_past.merit_lists(stage)
    everyday.plan(stage)
    stage.run()
