"""Acts of the owner and the supervisor on a ticket (CMP-20 to CMP-27, CMP-38, CMP-45, CMP-50)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from complaints import choices, permissions
from complaints.forms.parts import ActForm, DepartmentField, ReasonForm
from customers.choices import Tier
from organization import queries as organization
from organization.models import Department, User
from servicecenter.forms import Day, Line, Moment, Text

# "@林志远" or "@0203"; an address like "li@example.cn" is none.
LANGUAGES = settings.LANGUAGES
MENTION = re.compile(r"(?<![A-Za-z0-9_.])[@＠]([^\s@＠,，。.;；:：、!！?？()（）]{1,20})")


class MessageForm(ActForm):
    """A note that stays inside, or a reply to the customer (CMP-50)."""

    takes_template = "text"

    kind = forms.ChoiceField(
        label="",
        choices=[("note", gettext_lazy("Internal note")), ("reply", gettext_lazy("To the customer"))],
        widget=forms.RadioSelect,
        initial="note",
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("Told by"), required=False, initial="telephone", choices=lambda: ways()
    )
    text = Text(label=gettext_lazy("Text"), max_length=4000)

    def clean(self) -> dict[str, Any]:
        """Who is mentioned in a note: each @ must be one colleague."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned["mentions"] = []
        if cleaned.get("kind") == "note" and cleaned.get("text"):
            cleaned["mentions"] = self._mentioned(cleaned["text"])
        if cleaned.get("kind") == "reply" and not cleaned.get("channel"):
            self.add_error("channel", _("Say how the customer was told."))
        return cleaned

    def _mentioned(self, text: str) -> list[User]:
        words = list(dict.fromkeys(MENTION.findall(text)))
        if not words:
            return []
        # Chinese puts no space behind a name: every beginning of the word may be one.
        starts = {word[:length] for word in words for length in range(2, len(word) + 1)}
        rows = User.objects.filter(is_active=True, employee__left_on=None)
        known = list(rows.filter(Q(employee__name__in=starts) | Q(work_number__in=starts)))
        found: dict[int, User] = {}
        for word in words:
            fits = self._fits(word, known)
            if len(fits) == 1:
                found[fits[0].pk] = fits[0]
            elif fits:
                numbers = _(", ").join(f"@{user.work_number}" for user in fits)
                self.add_error("text", _("%(count)s colleagues are called %(name)s: write %(numbers)s") % {
                    "count": len(fits), "name": fits[0].name, "numbers": numbers})  # fmt: skip
            else:
                self.add_error("text", _("There is no colleague “%(name)s” to mention. Write the name or the "
                                         "work number, or take the @ away.") % {"name": word})  # fmt: skip
        return list(found.values())

    @staticmethod
    def _fits(word: str, known: list[User]) -> list[User]:
        """The users whose name or work number the word begins with; the longest name wins."""
        fits = [user for user in known if word.startswith((user.name, user.work_number))]
        longest = max((len(user.name) for user in fits if word.startswith(user.name)), default=0)
        return [
            user
            for user in fits
            if word.startswith(user.work_number) or (len(user.name) == longest and word.startswith(user.name))
        ]


class AssignForm(ActForm):
    """Another owner, with a reason (CMP-07)."""

    owner = forms.ModelChoiceField(
        label=gettext_lazy("New owner"),
        queryset=User.objects.none(),
        to_field_name="work_number",
        empty_label="",
    )
    reason = Line(label=gettext_lazy("Reason"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = organization.holders(permissions.Right.WORK_COMPLAINT)
        self.fields["owner"].queryset = rows.order_by("employee__name_key")  # type: ignore[attr-defined]
        self.fields["owner"].label_from_instance = lambda user: f"{user.name} {user.work_number}"  # type: ignore[attr-defined]


class AssignManyForm(AssignForm):
    """The same for the tickets chosen in a queue (CMP-50)."""

    row = forms.MultipleChoiceField(widget=forms.MultipleHiddenInput, choices=())

    def __init__(self, *args: Any, numbers: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].choices = [(number, number) for number in numbers]  # type: ignore[attr-defined]
        self.initial["row"] = numbers


class PauseForm(ActForm):
    """Wait for the customer: what is missing, and until when it is promised; 72 hours at most (CMP-38)."""

    reason = Line(label=gettext_lazy("What is missing"))
    promised_until = Moment(label=gettext_lazy("Promised until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        soon = timezone.localtime() + timedelta(hours=24)
        self.initial.setdefault("promised_until", soon.replace(minute=0, second=0, microsecond=0))

    def clean_promised_until(self) -> Any:
        """Not in the past: a pause is a running deadline."""
        until = self.cleaned_data["promised_until"]
        if until <= timezone.now():
            raise forms.ValidationError(_("This time has passed. Name one to come."))
        return until


WAYS = ("telephone", "chat", "email", "letter", "fax", "in_person")


def ways() -> list[tuple[str, Any]]:
    """How one speaks with a customer."""
    return [(code, choices.Channel(code).label) for code in WAYS]


class ResumeForm(ActForm):
    """The customer has answered; what was said is kept."""

    channel = forms.ChoiceField(label=gettext_lazy("Answered by"), choices=ways, initial="telephone")

    text = Text(
        label=gettext_lazy("What the customer answered"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class FindingForm(ActForm):
    """The outcome of handling: founded or not, who is responsible, measures (CMP-27)."""

    founded = forms.ChoiceField(
        label=gettext_lazy("The complaint is"),
        choices=choices.Founded.choices,
        widget=forms.RadioSelect,
    )
    text = Text(
        label=gettext_lazy("What was found"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )
    not_ours = forms.BooleanField(
        label=gettext_lazy("Not our responsibility: the customer is told why, and helped"), required=False
    )
    department = DepartmentField(label=gettext_lazy("Responsible department"), required=False)
    employee = Line(label=gettext_lazy("Responsible person"), required=False, max_length=60)
    measures = Text(
        label=gettext_lazy("Measures for the customer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> dict[str, Any]:
        """A founded complaint names who is responsible, or says that we are not."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        founded = cleaned.get("founded")
        if cleaned.get("not_ours"):
            cleaned["department"] = cleaned["person"] = None
            return cleaned
        if (
            founded in {"founded", "partly"}
            and not cleaned.get("department")
            and "department" not in self.errors
        ):
            self.add_error("department", _("Name the responsible department, or tick that it is not ours."))
        if "employee" not in self.errors:
            cleaned["person"] = self.person("employee", cleaned.get("department"))
        return cleaned


class MeasureForm(forms.Form):
    """One corrective or preventive action; an empty line is none."""

    text = Line(label=gettext_lazy("What is to be done"), required=False, max_length=500)
    is_preventive = forms.BooleanField(label=gettext_lazy("preventive"), required=False)
    department = DepartmentField(label=gettext_lazy("By department"), required=False)
    due_on = Day(label=gettext_lazy("Due on"), required=False)

    def clean(self) -> dict[str, Any]:
        """A measure has an owner and a date."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("text"):
            if not cleaned.get("department"):
                self.add_error("department", _("Who does it?"))
            if not cleaned.get("due_on"):
                self.add_error("due_on", _("Until when?"))
        return cleaned


class _Measures(forms.BaseFormSet):  # type: ignore[type-arg]
    """Lines of measures; departments are read once for all of them."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Give each line the open departments."""
        super().add_fields(form, index)
        if not hasattr(self, "_departments"):
            self._departments: list[Department] = []
        DepartmentField.share(form.fields.values(), self._departments)

    @property
    def chosen(self) -> list[dict[str, Any]]:
        """The lines that were filled in."""
        return [form.cleaned_data for form in self.forms if form.cleaned_data.get("text")]


MeasureFormSet = forms.formset_factory(MeasureForm, formset=_Measures, extra=3, max_num=6, absolute_max=12)


class ResolveForm(ActForm):
    """What was done and what the customer accepted (CMP-25)."""

    takes_template = "resolution"

    resolution = Text(
        label=gettext_lazy("What was done and agreed"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class SettleForm(ResolveForm):
    """Settled on the spot (CMP-04): without follow-up when the customer confirmed in the same contact."""

    customer_confirmed = forms.BooleanField(
        label=gettext_lazy("The customer confirmed in this contact that it is settled"), required=False
    )


class NotifyForm(ActForm):
    """The customer is told in writing (CMP-25)."""

    takes_template = "text"

    way = forms.ChoiceField(
        label=gettext_lazy("Way"),
        choices=choices.NoticeWay.choices,
        widget=forms.RadioSelect,
        initial="print",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the notice"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        initial="zh-hans",
    )
    text = Text(label=gettext_lazy("Text"), max_length=3000, widget=forms.Textarea(attrs={"rows": 10}))


class FollowUpForm(ActForm):
    """The call after a ticket is resolved (CMP-25)."""

    result = forms.ChoiceField(
        label=gettext_lazy("Result of the call"),
        choices=choices.FollowUpResult.choices,
        widget=forms.RadioSelect,
    )
    remarks = Line(label=gettext_lazy("Remarks"), required=False, max_length=500)

    def clean(self) -> dict[str, Any]:
        """A dissatisfied customer's words begin the next round."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("result") == "dissatisfied" and not cleaned.get("remarks"):
            self.add_error(
                "remarks", _("Say what the customer is dissatisfied with: the next round begins there.")
            )
        return cleaned


class MergeForm(ReasonForm):
    """The same call registered twice: into which ticket (CMP-45)."""

    into = Line(label=gettext_lazy("Into the ticket"), max_length=20)
    field_order = ("into", "reason")


class NotAgreedForm(ActForm):
    """Close as "not agreed": reasons and last offer, in writing, with the outside remedies (CMP-23)."""

    way = forms.ChoiceField(
        label=gettext_lazy("Way"),
        choices=choices.NoticeWay.choices,
        widget=forms.RadioSelect,
        initial="letter",
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the notice"),
        choices=LANGUAGES,
        widget=forms.RadioSelect,
        initial="zh-hans",
    )

    text = Text(
        label=gettext_lazy("Reasons, last offer and outside remedies"),
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class ShortenForm(ReasonForm):
    """Count the open clocks by another tier, only to shorten them (CMP-39)."""

    tier = forms.ChoiceField(
        label=gettext_lazy("As for tier"), choices=Tier.choices, widget=forms.RadioSelect
    )
    field_order = ("tier", "reason")


class ReportForm(ActForm):
    """What is beyond the agent's authority, for the supervisor (CMP-05)."""

    text = Text(
        label=gettext_lazy("What must be decided"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class VerifyForm(ActForm):
    """The effect of an action, as the centre has seen it (CMP-27)."""

    effect = Line(label=gettext_lazy("Effect seen"), max_length=500)


class MeasureDoneForm(ActForm):
    """A corrective action was carried out: with what result."""

    result = Line(label=gettext_lazy("What was carried out"), max_length=500)
