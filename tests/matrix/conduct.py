"""The routes of conduct. Sanctions come from the service incidents of `tests.matrix.complaints`."""

from __future__ import annotations

from conduct.models import MeritDisqualification, Sanction
from tests import people
from tests.matrix.clones import clones
from tests.matrix.roles import EVERYBODY, HEADS, TAKE, roles
from tests.matrix.rows import Row, World, api

VIEW = HEADS | roles(
    "inspector adjuster department_manager management enterprise_management controller administrator"
)
MERIT = HEADS | roles(
    "inspector department_manager department_supervisor business_manager management enterprise_management"
    " controller administrator"
)
PROPOSE = HEADS | roles("inspector adjuster")
CONFIRM = roles("inspector")
# From a central department one sees everybody's conduct, from another that of its own people.
CENTRAL = VIEW - roles("adjuster department_manager")
THINGS = {
    "east sanction": CENTRAL | roles("department_manager"),
    "west sanction": CENTRAL,
    "east loss": (MERIT & CENTRAL) | roles("department_manager"),
    "west loss": MERIT & CENTRAL,
    "past month": EVERYBODY,
}


def build(world: World) -> None:
    """A month that is over; sanctions and lost merit are put by `complaints`."""
    world.put("past month", {"year": 2026, "month": 10})


def grow(world: World, count: int) -> None:
    """Sanctions and lost merit like the first, each of another person."""
    sanction = Sanction.objects.get(number=world.args("east sanction", "")["number"])
    clones(sanction, count, number=lambda n: f"CF0000-{n}", source_id=lambda n: 900_000 + n)
    lost = MeritDisqualification.objects.get(pk=world.args("east loss", "")["pk"])
    who = people.employee("branch_east")
    clones(
        lost,
        count,
        source_id=lambda n: 900_000 + n,
        source_number=lambda n: f"SG0000-{n}",
        target_department=lambda n: None,
        target_employee=lambda n: who,
    )


SANCTIONS = ("east sanction", "west sanction")
ROWS = [
    Row("conduct-home", VIEW | MERIT, opens=(302,), page=False),
    Row("conduct-catalogue", VIEW),
    Row(
        "sanction-list",
        VIEW,
        lists=SANCTIONS,
        narrow=(
            "?state=",
            "?state=proposed",
            "?q=SG",
            "?violation=SAN-09",
            "?measure=undecided",
            "?department=branch_west",
            "?month={month}",
        ),
    ),
    Row(
        "sanction-new",
        PROPOSE,
        methods="GET POST",
        takes=("ticket",),
        query="?kind=complaints.complaint&id={pk}",
    ),
    Row("sanction", VIEW, takes=SANCTIONS),
    *(
        Row(f"sanction-{act}", may, methods="GET POST", takes=SANCTIONS)
        for act, may in (
            ("amount", PROPOSE),
            ("confirm", CONFIRM),
            ("settle", CONFIRM),
            ("withdraw", CONFIRM),
        )
    ),
    Row("merit", MERIT, lists=("east loss", "west loss"), narrow=("?month={month}",)),
    Row("sanction-export", VIEW & TAKE, methods="POST", lists=SANCTIONS, narrow=("?state=",)),
    Row(
        "merit-export",
        MERIT & TAKE,
        methods="POST",
        lists=("east loss", "west loss"),
        narrow=("?month={month}",),
    ),
    Row("merit-issue", CONFIRM, methods="GET POST", takes=("past month",)),
    api(
        "sanction-list",
        lists=SANCTIONS,
        narrow=(
            "",
            "?state=proposed",
            "?q=SG",
            "?violation=SAN-09",
            "?measure=undecided",
            "?department=branch_west",
            "?month={month}",
        ),
    ),
    api("sanction-list", PROPOSE, methods="POST"),
    api("merit-issue", CONFIRM, methods="POST"),
    api("sanction-detail", takes=SANCTIONS),
    *(
        api(
            f"sanction-{act}",
            methods="POST",
            takes=SANCTIONS,
            acts={"east sanction": may, "west sanction": may},
            sends=lambda world: {"measure": "warning", "reason": "属实", "source_confirmed": True},
        )
        for act, may in (
            ("set-amount", PROPOSE),
            ("confirm", CONFIRM),
            ("settle", CONFIRM),
            ("withdraw", CONFIRM),
        )
    ),
    api(
        "merit-list",
        lists=("east loss", "west loss"),
        narrow=("", "?month={month}", "?department=branch_west", "?withdrawn=false"),
    ),
]
