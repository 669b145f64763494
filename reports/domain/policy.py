"""Policy values of reports (D19): targets of the indicators, and when reports are made and who reads them."""

from __future__ import annotations

from dataclasses import dataclass

from reports.choices import Language
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class TargetPolicy:
    """What is asked of the indicators, in tenths of a per cent where not said otherwise; 0: no target is set.

    `second_permille`, `cost_permille` and `dpmo` are ceilings, the others floors.
    """

    first_response_permille: int = 0
    resolution_permille: int = 900
    in_time_permille: int = 0
    handling_permille: int = 1000
    follow_up_permille: int = 1000
    second_permille: int = 0
    report_upward_permille: int = 0
    cost_permille: int = 0
    dpmo: int = 0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            most = 1_000_000 if name == "dpmo" else 1000
            if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
                raise RuleBroken("report.policy_target", field=name, status=400, most=most)


@dataclass(frozen=True)
class SchedulePolicy:
    """When a report is made and who is told of it (RPT-25); the key is the report's code, '' holds for all.

    A period is closed, and its report made, at `hour` of the first day after it, in the centre's time. `readers` are
    the roles whose holders are told, of those who may read the report; its PDF is drawn in `language` at once.
    """

    hour: int = 6
    readers: tuple[str, ...] = ("supervisor", "centre_manager", "management", "enterprise_management")
    language: str = "zh-hans"
    tries: int = 3

    def __post_init__(self) -> None:
        object.__setattr__(self, "readers", tuple(self.readers))
        if not isinstance(self.hour, int) or not 0 <= self.hour <= 23:
            raise RuleBroken("report.policy_hour", field="hour", status=400)
        if self.language not in Language.values:
            raise RuleBroken("report.policy_language", field="language", status=400)
        if not isinstance(self.tries, int) or not 1 <= self.tries <= 20:
            raise RuleBroken("report.policy_tries", field="tries", status=400)
