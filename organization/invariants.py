"""What `manage.py doctor` asks of the organization."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from organization.queries import administrators, company_days_by_year
from servicecenter.clock import business_date, now_db
from servicecenter.invariants import Finding


def holidays_known() -> Iterator[Finding]:
    """This year's and next year's public holidays are loaded (D18)."""
    year = business_date(now_db()).year
    for one, count in company_days_by_year((year, year + 1)).items():
        yield Finding(
            _("Public holidays of %(year)s") % {"year": one},
            count > 0,
            _("%(count)s days known") % {"count": count},
            f"manage.py load_holidays {one}",
        )


def somebody_administers() -> Iterator[Finding]:
    """At least one person can log in and administer."""
    count = len(administrators())
    yield Finding(
        _("Administrators"),
        count > 0,
        _("%(count)s people") % {"count": count},
        "manage.py make_administrator",
    )


DOCTOR = [holidays_known, somebody_administers]
