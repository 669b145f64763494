"""The complaint ticket (CMP-03, CMP-20, CMP-24)."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from complaints.choices import (
    DEAD_STATES,
    OPEN_STATES,
    Channel,
    CloseMark,
    ComplaintState,
    Founded,
    NextStep,
    Origin,
    PartyRole,
)
from complaints.models.catalogue import Category, Subcase
from complaints.models.contact import Contact, Event
from customers.models import Customer, Waybill
from deadlines.models import Clock
from organization.models import Department, Employee, Team
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.models import public_id
from servicecenter.search import search_field

OPEN = Q(state__in=OPEN_STATES)


def _user(label: Any, *, null: bool = True) -> Any:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=null,
        blank=null,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


def _department(label: Any) -> Any:
    return models.ForeignKey(
        Department,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


def _employee(label: Any) -> Any:
    return models.ForeignKey(
        Employee,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=label,
    )


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    """Named filters."""

    def open(self) -> Self:
        """Not closed, cancelled or merged."""
        return self.filter(OPEN)

    def live(self) -> Self:
        """Counting as complaints of their event: neither cancelled nor merged (CMP-45)."""
        return self.exclude(state__in=DEAD_STATES)


class Complaint(models.Model):
    """投诉受理单: the ticket (CMP-03, CMP-20). Open tickets have owner, next step and running clock (CMP-24).

    `sequence` is its number among the complaints of its event; a ticket whose suspicion was refuted (CMP-40) began
    an event of its own and keeps its former place in `refuted_from` and `refuted_sequence` (CMP-45).
    """

    PERSONAL: ClassVar = {"caller_telephone": mask_telephone, "caller_name": mask_name}

    number = models.CharField(_("ticket number"), max_length=20, unique=True)
    public_id = models.CharField(max_length=32, unique=True, default=public_id, editable=False)
    contact = models.OneToOneField(
        Contact, models.PROTECT, related_name="complaint", verbose_name=_("contact")
    )
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="complaints", db_index=False, verbose_name=_("category")
    )
    subcase = models.ForeignKey(
        Subcase,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("subcase"),
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    summary = models.CharField(_("matter"), max_length=80)
    text = models.TextField(_("the customer's words"))
    demand = models.CharField(_("the customer wants"), max_length=300, blank=True, default="")
    occurred_on = models.DateField(_("happened on"), null=True, blank=True)
    customer = models.ForeignKey(
        Customer,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        db_index=False,
        verbose_name=_("customer"),
    )
    tier = models.CharField(_("tier at registration"), max_length=1, blank=True, default="")
    party_role = models.CharField(_("calls as"), max_length=10, choices=PartyRole, default=PartyRole.OTHER)
    caller_name = models.CharField(_("caller"), max_length=60, blank=True, default="")
    caller_telephone = models.CharField(_("telephone"), max_length=20, blank=True, default="", db_index=True)
    personal_released_at = models.DateTimeField(_("personal data released"), null=True, blank=True)
    personal_released_by = _user(_("personal data released by"))
    waybill = models.ForeignKey(
        Waybill,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="complaints",
        verbose_name=_("waybill"),
    )
    event = models.ForeignKey(
        Event, models.PROTECT, related_name="complaints", db_index=False, verbose_name=_("same event")
    )
    sequence = models.PositiveIntegerField(_("complaint no. of the event"))
    refuted_at = models.DateTimeField(_("refuted"), null=True, blank=True)
    refuted_by = _user(_("refuted by"))
    refuted_from = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="refuted", verbose_name=_("former event")
    )
    refuted_sequence = models.PositiveIntegerField(_("former number in the event"), null=True, blank=True)
    # The agent saw that it looks like the same event and says why it is not; another one decides.
    contest_reason = models.CharField(_("why it is another matter"), max_length=300, blank=True, default="")
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    linked_to = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("linked by the agent to"),
    )

    state = models.CharField(_("state"), max_length=14, choices=ComplaintState)
    version = models.PositiveIntegerField(default=1, editable=False)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin, default=Origin.LIVE)
    close_mark = models.CharField(
        _("how it was closed"), max_length=12, choices=CloseMark, blank=True, default=""
    )
    owner = _user(_("owner"))
    # First asked, responsible (CMP-07): NULL while nobody has taken it; such tickets are "unassigned".
    accepted_at = models.DateTimeField(_("taken"), null=True, blank=True)
    # Passed on, not yet accepted: the owner stays responsible until then (CMP-07).
    offered_to = _user(_("passed on to"))
    offered_at = models.DateTimeField(_("passed on"), null=True, blank=True)
    offered_by = _user(_("passed on by"))
    team = models.ForeignKey(
        Team,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("team"),
    )
    department = _department(_("routed to"))
    respondent_department = _department(_("department complained of"))
    respondent_employee = _employee(_("person complained of"))
    responsible_department = _department(_("responsible department"))
    responsible_employee = _employee(_("responsible person"))
    founded = models.CharField(_("finding"), max_length=10, choices=Founded, blank=True, default="")

    next_step = models.CharField(_("next step"), max_length=20, choices=NextStep, blank=True, default="")
    clock = models.ForeignKey(
        Clock, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("running clock")
    )
    # The running clock's due time, kept here so that queues read one index; of an ended ticket: when it ended.
    due_at = models.DateTimeField(_("due"))
    # 0 first … 9 last: service incident 0, twice chased 1, then tier A 2, B 3, C 4, D and ungraded 5.
    rank = models.PositiveSmallIntegerField(_("rank"), default=5)
    chase_count = models.PositiveSmallIntegerField(_("chases"), default=0)
    is_incident = models.BooleanField(_("service incident"), default=False)
    # Found on a machine channel, or contested by the agent: nobody has confirmed yet that it is the same event.
    is_suspected = models.BooleanField(_("suspected second complaint"), default=False)
    is_paused = models.BooleanField(_("waiting for the customer"), default=False)
    settled_on_spot = models.BooleanField(_("settled on the spot"), default=False)

    registered_at = models.DateTimeField(pgettext_lazy("complaint", "registered"))
    registered_on = models.DateField(_("registered on"), db_index=True)
    registered_by = _user(pgettext_lazy("complaint", "registered by"))
    routed_at = models.DateTimeField(pgettext_lazy("complaint", "routed at"), null=True, blank=True)
    replied_at = models.DateTimeField(_("customer told"), null=True, blank=True)
    answered_at = models.DateTimeField(_("answered at"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    search = search_field()

    objects = models.Manager.from_queryset(ComplaintQuerySet)()

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        base_manager_name = "objects"
        indexes = [
            models.Index(fields=["due_at", "rank", "id"], name="complaint_queue", condition=OPEN),
            models.Index(fields=["rank", "due_at", "id"], name="complaint_by_rank", condition=OPEN),
            models.Index(fields=["owner", "due_at", "rank", "id"], name="complaint_mine", condition=OPEN),
            models.Index(
                fields=["offered_to"], name="complaint_offered", condition=Q(offered_to__isnull=False)
            ),
            models.Index(fields=["team", "due_at", "rank", "id"], name="complaint_team", condition=OPEN),
            models.Index(
                fields=["due_at", "rank", "id"],
                name="complaint_unassigned",
                condition=OPEN & Q(accepted_at=None),
            ),
            models.Index(fields=["next_step", "due_at", "rank", "id"], name="complaint_next", condition=OPEN),
            models.Index(
                fields=["due_at", "rank", "id"],
                name="complaint_incidents",
                condition=OPEN & (Q(is_incident=True) | Q(is_suspected=True)),
            ),
            models.Index(fields=["department", "due_at", "id"], name="complaint_department", condition=OPEN),
            models.Index(fields=["-registered_at", "-id"], name="complaint_newest"),
            models.Index(fields=["customer", "-registered_at"], name="complaint_customer"),
            models.Index(
                fields=["category", "responsible_department", "registered_at"],
                name="complaint_recurrence",
                condition=Q(founded__in=["founded", "partly"]),
            ),
            models.Index(Right("caller_telephone", 4), name="complaint_last_four"),
            GinIndex(fields=["search"], name="complaint_search"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "sequence"], name="complaint_sequence"),
            models.UniqueConstraint(
                fields=["refuted_from", "refuted_sequence"], name="complaint_former_sequence"
            ),
            models.CheckConstraint(
                name="complaint_open_has_owner_step_clock",
                condition=~OPEN | (Q(owner__isnull=False, clock__isnull=False) & ~Q(next_step="")),
            ),
            models.CheckConstraint(
                name="complaint_ended_has_none",
                condition=OPEN | Q(clock=None, next_step="", is_paused=False, offered_to=None),
            ),
            models.CheckConstraint(
                name="complaint_closed",
                condition=(Q(state="closed") & Q(closed_at__isnull=False) & ~Q(close_mark=""))
                | (~Q(state="closed") & Q(closed_at=None, close_mark="")),
            ),
            models.CheckConstraint(
                name="complaint_resolved",
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_merged",
                condition=Q(state="merged", merged_into__isnull=False)
                | (~Q(state="merged") & Q(merged_into=None)),
            ),
            models.CheckConstraint(
                name="complaint_not_into_itself", condition=Q(merged_into=None) | ~Q(merged_into=F("id"))
            ),
            models.CheckConstraint(
                name="complaint_refuted",
                condition=Q(refuted_at=None, refuted_by=None, refuted_from=None, refuted_sequence=None)
                | Q(refuted_at__isnull=False, refuted_from__isnull=False, refuted_sequence__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_offered",
                condition=Q(offered_to=None, offered_at=None, offered_by=None)
                | Q(offered_to__isnull=False, offered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="complaint_counts", condition=Q(sequence__gte=1, round__gte=1, rank__lte=9)
            ),
            models.CheckConstraint(name="complaint_states", condition=Q(state__in=ComplaintState.values)),
            models.CheckConstraint(name="complaint_steps", condition=Q(next_step__in=["", *NextStep.values])),
            models.CheckConstraint(name="complaint_channels", condition=Q(channel__in=Channel.values)),
            models.CheckConstraint(name="complaint_tier", condition=Q(tier__in=["", "A", "B", "C", "D"])),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Not closed, cancelled or merged."""
        return self.state in OPEN_STATES

    @property
    def is_live(self) -> bool:
        """Counts as a complaint of its event: neither merged nor cancelled (CMP-45)."""
        return self.state not in DEAD_STATES

    @property
    def concerned_department_id(self) -> int | None:
        """The department concerned: responsible by the finding, else complained of, else routed to (CMP-43)."""
        found: int | None = (
            self.responsible_department_id or self.respondent_department_id or self.department_id
        )
        return found

    @property
    def concerned_employee_id(self) -> int | None:
        """The person concerned: responsible by the finding, else the one complained of."""
        found: int | None = self.responsible_employee_id
        if not found and not self.responsible_department_id:
            found = self.respondent_employee_id
        return found
