"""A report on paper: drawn from its frozen figures alone, in whatever language it is asked for (D16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from reports.domain.snapshot import Snapshot
from reports.paper import faces, saying
from reports.paper.differences import differences
from servicecenter import pdf
from servicecenter.clock import centre_zone
from servicecenter.i18n import LANGUAGE_TAGS

if TYPE_CHECKING:
    from reports.models import ReportRevision

__all__ = ["Head", "compose", "draw"]

TEMPLATE = "reports/paper/report.html"
SHEET = "report"
# A digest is read in groups; its beginning is enough to tell two apart by eye.
GROUP, EYE = 8, 12


@dataclass(frozen=True)
class Head:
    """What the paper says of itself: number, revision, when it was drawn and by whom (None: by the system)."""

    number: str
    ordinal: int
    drawn_at: datetime
    drawn_by: str | None
    sha256: str
    trail_digest: str

    @property
    def made_by(self) -> str:
        """Who had it drawn."""
        return self.drawn_by or _("the system")

    @property
    def fingerprint(self) -> str:
        """The first signs of the data's digest, for the eye."""
        return grouped(self.sha256[:EYE], 4)


def draw(revision: ReportRevision, *, language: str) -> bytes:
    """The PDF of a revision in a language (`zh-hans`, `zh-hant`, `en`), with what differs from the one before.

    Raises what `drawing.draw` raises.
    """
    earlier = revision.earlier()
    head = Head(
        number=revision.report.number,
        ordinal=revision.ordinal,
        drawn_at=revision.drawn_at,
        drawn_by=revision.drawn_by.name if revision.drawn_by else None,
        sha256=revision.sha256,
        trail_digest=revision.trail_digest,
    )
    return compose(revision.figures, head, earlier=earlier.figures if earlier else None, language=language)


def compose(snapshot: Snapshot, head: Head, *, earlier: Snapshot | None, language: str) -> bytes:
    """The PDF of a snapshot; `earlier` is that of the revision before, if there is one."""
    with translation.override(language), timezone.override(centre_zone()):
        context: dict[str, Any] = {
            "face": faces.report(snapshot),
            "head": head,
            "centre": settings.CENTRE_NAME,
            "language_tag": LANGUAGE_TAGS[language],
            "appendix": saying.appendix_mark(),
            "pages": page_words(),
            "digest": grouped(head.trail_digest, GROUP).split(),
            "differences": differences(earlier, snapshot, ordinal=head.ordinal) if earlier else None,
        }
    return pdf.render(TEMPLATE, context, language=language, sheet=SHEET)


def grouped(text: str, size: int) -> str:
    """Signs in groups, so that an eye finds its place."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


def page_words() -> tuple[str, str, str]:
    """What stands before, between and after the numbers of "page 3 of 24"."""
    before, _page, rest = _("Page {page} of {pages}").partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    return before, between, after
