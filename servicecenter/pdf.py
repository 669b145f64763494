"""Documents as PDF: drawn from a template, issued with their data frozen, reprinted from those data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils import timezone, translation

from servicecenter import drawing, trail
from servicecenter.attachments import make_durable
from servicecenter.clock import centre_zone, now_db
from servicecenter.i18n import LANGUAGE_TAGS
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import DocumentCopy, IssuedDocument
from servicecenter.numbering import next_number
from servicecenter.subjects import kind_of

# What every document says of the centre is frozen with it.
CENTRE = "_centre"


@dataclass(frozen=True)
class Head:
    """What a template may know of the document itself."""

    code: str
    number: str
    issued_at: datetime
    language: str

    @property
    def language_tag(self) -> str:
        """For the page's `lang`: fonts and hyphens follow it."""
        return LANGUAGE_TAGS[self.language]


def render(template: str, context: Mapping[str, Any], *, language: str, sheet: str = "") -> bytes:
    """The PDF of a template in a language (`zh-hans`, `zh-hant`, `en`), in the centre's time.

    `sheet` names a style sheet of templates/paper beside the common one.

    Raises what `drawing.draw` raises: RuleBroken for a character without a font, and for what is too long or slow.
    """
    with translation.override(language), timezone.override(centre_zone()):
        page = render_to_string(template, dict(context))
    return drawing.draw(page, language=language, sheet=sheet)


@transaction.atomic
def store_document(
    *,
    code: str,
    template: str,
    data: Mapping[str, Any],
    of: models.Model,
    language: str,
    by: Any | None,
    at: datetime | None = None,
    number: str = "",
) -> IssuedDocument:
    """Issue a document of a record: draw it, keep the file with its SHA-256 and the data it was drawn from.

    `data` must be JSON (dates as text); the template sees exactly what is frozen. Without `number` the document gets
    one of its own (`WS…`). Raises as `render`; then nothing is issued.
    """
    at = at or now_db()
    frozen = _frozen(data)
    head = Head(code, number or next_number("document", at=at), at, language)
    content = render(template, _context(head, frozen, copy=0, printed_at=at), language=language)
    return _issue(content, head, template=template, data=frozen, of=of, by=by)


@transaction.atomic
def store_drawn(
    *,
    content: bytes,
    code: str,
    template: str,
    data: Mapping[str, Any],
    of: models.Model,
    language: str,
    number: str,
    by: Any | None,
    at: datetime | None = None,
) -> IssuedDocument:
    """Issue a PDF that was drawn beforehand, outside any transaction, under a number that only it may have.

    Raises IntegrityError when a document of that number was issued meanwhile; then nothing is issued.
    """
    head = Head(code, number, at or now_db(), language)
    return _issue(content, head, template=template, data=_frozen(data), of=of, by=by)


def _issue(
    content: bytes, head: Head, *, template: str, data: dict[str, Any], of: models.Model, by: Any | None
) -> IssuedDocument:
    row = IssuedDocument(
        number=head.number,
        code=head.code,
        template=template,
        kind=kind_of(of),
        object_id=of.pk,
        language=head.language,
        data=data,
        issued_at=head.issued_at,
        issued_by=by,
    )
    _keep(row, content)
    trail.record(of, "document.issued", by=by, at=head.issued_at, document=row.number, sha256=row.sha256)
    return row


@transaction.atomic
def reprint(
    *, document: IssuedDocument, by: Any | None, reason: str, at: datetime | None = None
) -> DocumentCopy:
    """Print an issued document again: drawn from its frozen data, marked 补打 n, a file and a row of its own.

    Raises RuleBroken `document.reason_needed`.
    """
    if not reason.strip():
        raise RuleBroken("document.reason_needed", field="reason", status=400)
    locked = IssuedDocument.objects.select_for_update().get(pk=document.pk)
    at = at or now_db()
    last = locked.copies.aggregate(last=models.Max("ordinal"))["last"] or 0
    head = Head(locked.code, locked.number, locked.issued_at, locked.language)
    content = render(
        locked.template,
        _context(head, locked.data, copy=last + 1, printed_at=at),
        language=locked.language,
    )
    row = DocumentCopy(document=locked, ordinal=last + 1, reason=reason.strip(), printed_at=at, printed_by=by)
    _keep(row, content)
    line = trail.Line(
        locked.kind,
        locked.object_id,
        locked.number,
        "document.reprinted",
        {"document": locked.number, "ordinal": row.ordinal, "reason": row.reason, "sha256": row.sha256},
    )
    trail.record_many([line], by=by, at=at)
    return row


def documents_of(obj: models.Model) -> QuerySet[IssuedDocument]:
    """The documents issued of a record, newest first, each with its number of reprints as `reprints`."""
    return (
        IssuedDocument.objects.filter(kind=kind_of(obj), object_id=obj.pk)
        .annotate(reprints=models.Count("copies"))
        .order_by("-issued_at", "-id")
    )


def read(row: IssuedDocument | DocumentCopy) -> bytes:
    """The stored file. Raises RuleBroken `document.damaged` when it is gone or no longer what was issued."""
    number = row.number if isinstance(row, IssuedDocument) else row.document.number
    try:
        with row.file.storage.open(str(row.file.name)) as file:
            content: bytes = file.read()
    except FileNotFoundError as problem:
        raise RuleBroken("document.damaged", number=number) from problem
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise RuleBroken("document.damaged", number=number)
    return content


def _frozen(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data as JSON will give them back, and the centre's name of today. Raises TypeError for what is not JSON."""
    centre = {"name": settings.CENTRE_NAME, "email": settings.CENTRE_EMAIL}
    frozen: dict[str, Any] = json.loads(json.dumps({**data, CENTRE: centre}, allow_nan=False))
    return frozen


def sheet_context(head: Head, data: Mapping[str, Any], *, printed_at: datetime) -> dict[str, Any]:
    """What `render` needs for a paper that is drawn on the spot and kept nowhere."""
    return _context(head, _frozen(data), copy=0, printed_at=printed_at)


def _context(head: Head, frozen: Mapping[str, Any], *, copy: int, printed_at: datetime) -> dict[str, Any]:
    return {
        "document": head,
        "data": frozen,
        "centre": frozen[CENTRE],
        "copy": copy,
        "printed_at": printed_at,
    }


def _keep(row: IssuedDocument | DocumentCopy, content: bytes) -> None:
    """The file first, then the row, so that a row never lacks its file."""
    row.sha256, row.size = hashlib.sha256(content).hexdigest(), len(content)
    row.file.save("document.pdf", ContentFile(content), save=False)
    make_durable(row.file.storage, str(row.file.name))
    row.save(force_insert=True)
