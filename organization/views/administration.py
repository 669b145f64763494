"""The overview of administration: what needs somebody's hand now."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from organization import queries
from organization.models import User
from organization.permissions import me
from organization.policy_texts import key_words, text_of
from organization.views.door import ADMINISTRATION, needs, places
from servicecenter import components, policies
from servicecenter.clock import business_date, now_db
from servicecenter.models import Policy


@needs(*ADMINISTRATION)
def overview(request: HttpRequest) -> HttpResponse:
    """Counters with a list behind each, what is wrong first, then what was changed last."""
    now = now_db()
    user = me(request)
    year = business_date(now).year
    duty = policies.value("organization.duty", at=now)
    lanes = queries.rota(now, now + timedelta(days=duty.rota_days_ahead))
    uncovered = [lane for lane in lanes if lane.gaps]
    absent = queries.unavailable(now).filter(left_on=None).count()
    locked = User.objects.filter(is_active=False, employee__left_on=None).count()
    without_role = queries.roleless(queries.visible_to(user)).count()
    holidays = queries.company_days_by_year((year, year + 1))
    return render(
        request,
        "organization/administration.html",
        {
            "tabs": places(request, "administration"),
            "counters": [
                components.Counter(
                    _("Rota gaps"),
                    len(uncovered),
                    reverse("duty-rota"),
                    sub=_("next %(days)s days") % {"days": duty.rota_days_ahead},
                    tone="hot",
                ),
                components.Counter(_("Away today"), absent, reverse("absence-list"), tone="warn"),
                components.Counter(_("Logins locked"), locked, reverse("people-list") + "?state=locked"),
                components.Counter(
                    _("Logins without role"),
                    without_role,
                    reverse("people-list") + "?state=roleless",
                    tone="warn",
                ),
                components.Counter(
                    _("Days off known for %(year)s") % {"year": year + 1},
                    holidays[year + 1],
                    reverse("calendar-year") + f"?year={year + 1}",
                ),
            ],
            "uncovered": uncovered,
            "changes": [
                {"policy": row, "title": text_of(row.code).title, "words": key_words(row.code, row.key)}
                for row in Policy.objects.exclude(by=None)
                .select_related("by__employee")
                .order_by("-recorded_at")[:8]
            ],
        },
    )
