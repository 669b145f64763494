"""Forms about time: service hours, calendar days, rota, absences, interruptions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from organization.choices import DayKind
from organization.domain.shifts import WEEKDAYS
from organization.forms.fields import NamesForm, PeopleField, PersonField, ShiftsField, employed_people
from organization.models import Employee, Team
from organization.queries import within
from organization.services.names import texts
from servicecenter.forms import Day, Moment, WorkForm

DAYS = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)


SHORT_DAYS = (_("Mo"), _("Tu"), _("We"), _("Th"), _("Fr"), _("Sa"), _("Su"))


class HoursForm(WorkForm):
    """A department's week."""

    valid_from = Day(label=_("From"), required=False, help_text=_("Empty: today."))
    works_on_holidays = forms.BooleanField(label=_("Works on public holidays too"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, label in enumerate(DAYS):
            self.fields[f"day_{number}"] = ShiftsField(label=label, required=False)

    @property
    def days(self) -> list[forms.BoundField]:
        """The seven days, Monday first."""
        return [self[f"day_{number}"] for number in range(WEEKDAYS)]

    def week(self) -> list[list[list[int]]]:
        """The week as services take it."""
        return [[list(shift) for shift in self.cleaned_data[f"day_{n}"]] for n in range(WEEKDAYS)]


class DayForm(NamesForm):
    """A date that differs from the week."""

    day = Day(label=_("Date"))
    kind = forms.ChoiceField(label=_("Kind"), choices=DayKind.choices, widget=forms.RadioSelect)
    shifts = ShiftsField(
        label=_("Hours"), required=False, help_text=_("Only for other hours, for example 8:00-12:00.")
    )
    field_order = ("day", "kind", "shifts", "name", "name_hant", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Reason")
        self.fields["name"].help_text = _("For example: National Day, stocktake.")


def duty_people(user: Any, team: Team | None) -> QuerySet[Employee]:
    """Whom a duty can be given: the team's members; without team everybody whose rota the user plans."""
    rows = employed_people()
    if team is not None:
        return rows.filter(teams=team)
    return rows.filter(within(user.rights.paths("organization.plan_duty")) | Q(pk=user.employee_id))


class ValuesForm(WorkForm):
    """A form whose fields are the arguments of one service."""

    def values(self) -> dict[str, Any]:
        """What was typed, without the hidden key."""
        return {name: value for name, value in self.cleaned_data.items() if name != "idempotency_key"}


class DutyForm(ValuesForm):
    """One duty of a lane."""

    employee = PersonField(label=_("Who"), empty_label=None)
    starts_at = Moment(label=_("From"))
    ends_at = Moment(label=_("Until"))

    def __init__(self, *args: Any, people: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].queryset = people  # type: ignore[attr-defined]


class HandForm(WorkForm):
    """Who takes a duty."""

    employee = PersonField(label=_("Who"), empty_label=None)

    def __init__(self, *args: Any, people: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].queryset = people  # type: ignore[attr-defined]


class TurnsForm(ValuesForm):
    """People in turn over a stretch of days."""

    people = PeopleField(label=_("Who, in turn"))
    begins = PersonField(label=_("Begins with"), required=False, empty_label=_("the first of them"))
    first = Day(label=_("First day"))
    last = Day(label=_("Last day"))
    shifts = ShiftsField(label=_("Shifts of a day"), initial=((0, 480), (480, 1200), (1200, 1440)))
    replace = forms.BooleanField(label=_("Strike what is planned in that time"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people  # type: ignore[attr-defined]
        self.fields["begins"].queryset = people  # type: ignore[attr-defined]

    def plan(self) -> dict[str, Any]:
        """The arguments of the plan: the people in their turn, by pinyin from the one who begins."""
        values = self.values()
        begins = values.pop("begins")
        order = list(values["people"])
        at = order.index(begins) if begins in order else 0
        return values | {"people": order[at:] + order[:at]}


class AbsenceForm(ValuesForm):
    """Who is away, when and why."""

    employee = PersonField(label=_("Who"), empty_label=None)
    starts_at = Moment(label=_("From"))
    ends_at = Moment(label=_("Until"))
    reason = forms.CharField(label=_("Reason"), max_length=100)

    def __init__(self, *args: Any, people: QuerySet[Employee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employee"].queryset = people  # type: ignore[attr-defined]


class InterruptionForm(WorkForm):
    """What is interrupted, why, and until when."""

    text = forms.CharField(
        label=_("What and why"),
        max_length=300,
        help_text=_(
            "Shown on every page, for example: telephone lines under repair, use the online channel."
        ),
    )
    text_hant = forms.CharField(
        label=_("In traditional characters"), max_length=300, required=False, help_text=_("Empty: converted.")
    )
    text_en = forms.CharField(label=_("In English"), max_length=300, required=False)
    starts_at = Moment(label=_("From"), required=False, help_text=_("Empty: now."))
    expected_end = Moment(label=_("Expected end"))

    def texts(self) -> dict[str, str]:
        """The announcement by language."""
        data = self.cleaned_data
        return texts(data["text"], data["text_hant"], data["text_en"])


class ProlongForm(WorkForm):
    """Another expected end."""

    expected_end = Moment(label=_("Expected end"))
