"""Files of business records (附件): stored by the uploader, bound by a form, shown to whoever sees the record.

An upload belongs to its uploader until a form binds it; what no form binds goes after a day. The file is written
before its row commits, so a row never lacks its file; a file without a row is swept.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any

from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, models, transaction
from django.db.models import QuerySet
from django.utils import timezone

from servicecenter import policies, ports, trail
from servicecenter.clock import now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.policy import UploadPolicy
from servicecenter.models import Attachment, DocumentCopy, IssuedDocument
from servicecenter.subjects import kind_of
from servicecenter.uploads import accept

log = logging.getLogger("servicecenter.attachments")
SWEEP_BATCH = 500
PUBLIC_ID = re.compile(r"[0-9a-f]{32}")
STORED = re.compile(r"[0-9a-f]{32}(\.pdf)?")
LONG_FIGURE = re.compile(r"\d{7,}")


def policy_at(at: datetime) -> UploadPolicy:
    """The caps that hold at an instant (policy `servicecenter.uploads`)."""
    found: UploadPolicy = policies.value("servicecenter.uploads", at=at)
    return found


@transaction.atomic
def store(*, file: UploadedFile, by: Any | None) -> Attachment:
    """Keep an upload until a form names it.

    Raises RuleBroken of `uploads.accept`, and `attachment.too_many_waiting` when the uploader has too many that no
    form has used.
    """
    policy = policy_at(now_db())
    if by is not None:
        waiting = Attachment.objects.filter(uploaded_by=by, bound_at=None).count()
        if waiting >= policy.max_unbound_files:
            raise RuleBroken("attachment.too_many_waiting", limit=policy.max_unbound_files)
    accepted = accept(file, policy)
    digest, size = digest_of(accepted.content.chunks())
    accepted.content.seek(0)
    row = Attachment(
        name=accepted.name, media_type=accepted.media_type, size=size, sha256=digest, uploaded_by=by
    )
    row.file.save(accepted.name, accepted.content, save=False)
    make_durable(row.file.storage, str(row.file.name))
    row.save(force_insert=True)
    row.refresh_from_db(fields=["uploaded_at"])
    return row


@transaction.atomic
def bind(
    *,
    public_ids: Iterable[str],
    to: models.Model,
    by: Any | None,
    at: datetime,
    role: str = "",
    internal: bool = True,
) -> list[Attachment]:
    """Give uploads to a saved record, in the order named; call it in the transaction that saves the record.

    Only `by`'s own unbound uploads: anything else is RuleBroken `attachment.unknown`, and nothing is bound. Raises
    `attachment.too_many` above the cap of one record.
    """
    wanted = list(dict.fromkeys(public_id for public_id in public_ids if public_id))
    if not wanted:
        return []
    kind, object_id = kind_of(to), to.pk
    with connection.cursor() as cursor:
        # two forms saved at once on one record must not pass its cap together
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 21))", [f"{kind}:{object_id}"])
    found = {
        row.public_id: row
        for row in Attachment.objects.select_for_update()
        .filter(public_id__in=wanted, bound_at=None, uploaded_by=by)
        .order_by("id")
    }
    if len(found) < len(wanted):
        raise RuleBroken("attachment.unknown", field="attachments", status=400)
    policy = policy_at(at)
    if Attachment.objects.filter(kind=kind, object_id=object_id).count() + len(wanted) > policy.max_files:
        raise RuleBroken("attachment.too_many", field="attachments", status=400, limit=policy.max_files)
    rows = [found[public_id] for public_id in wanted]
    for row in rows:
        row.kind, row.object_id, row.role, row.internal, row.bound_at = kind, object_id, role, internal, at
    Attachment.objects.bulk_update(rows, ["kind", "object_id", "role", "internal", "bound_at"])
    number = getattr(to, "number", "") or ""
    trail.record_many(
        [
            trail.Line(kind, object_id, number, "attachment.added", {"name": _discreet(row.name)})
            for row in rows
        ],
        by=by,
        at=at,
    )
    return rows


def of(obj: models.Model) -> QuerySet[Attachment]:
    """The files of a record, oldest first."""
    return Attachment.objects.filter(kind=kind_of(obj), object_id=obj.pk).order_by("bound_at", "id")


def of_many(model: type[models.Model], ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """The files of many records of one model, in one query: id → files, oldest first."""
    found: dict[int, list[Attachment]] = {pk: [] for pk in ids}
    for row in Attachment.objects.filter(kind=kind_of(model), object_id__in=ids).order_by("bound_at", "id"):
        found[row.object_id or 0].append(row)
    return found


def waiting(public_ids: Sequence[str], *, by: Any) -> list[Attachment]:
    """Uploads of this user that no form has used yet, of those named: they come back with a form that was refused."""
    if not public_ids:
        return []
    return list(Attachment.objects.filter(public_id__in=public_ids[:50], uploaded_by=by.pk, bound_at=None))


def open_for(user: Any, public_id: str) -> Attachment:
    """The file if this user may see it: the record's `visible_to` decides, an unbound one is its uploader's alone.

    Raises Attachment.DoesNotExist otherwise: what one may not see is not there.
    """
    if not PUBLIC_ID.fullmatch(public_id):
        raise Attachment.DoesNotExist
    row = Attachment.objects.get(public_id=public_id)
    if row.bound_at is None:
        visible = row.uploaded_by_id is not None and row.uploaded_by_id == user.pk
    else:
        subject = ports.call("servicecenter.subject", row.kind, object_id=row.object_id, user=user)
        visible = subject is not None
    if not visible:
        raise Attachment.DoesNotExist
    return row


@transaction.atomic
def discard(*, public_id: str, by: Any) -> None:
    """Take back one's own upload before a form has used it. Raises RuleBroken `attachment.unknown`."""
    row = (
        Attachment.objects.select_for_update()
        .filter(public_id=public_id, uploaded_by=by, bound_at=None)
        .first()
    )
    if row is None:
        raise RuleBroken("attachment.unknown", status=400)
    _delete([row])


@transaction.atomic
def remove(*, attachment: Attachment, of: models.Model, by: Any | None, at: datetime, reason: str) -> None:
    """Remove a file from its record, for a reason that stays in the trail. Raises RuleBroken without one."""
    if not reason.strip():
        raise RuleBroken("lifecycle.reason_needed", field="reason", status=400, action="attachment.removed")
    row = (
        Attachment.objects.select_for_update()
        .filter(pk=attachment.pk, kind=kind_of(of), object_id=of.pk)
        .first()
    )
    if row is None:
        raise RuleBroken("attachment.unknown", status=400)
    trail.record(
        of, "attachment.removed", by=by, at=at, name=_discreet(row.name), sha256=row.sha256, reason=reason
    )
    _delete([row])


def sweep_orphans() -> dict[str, int]:
    """Delete uploads that no form has bound in time, and files without a row. Returns how many of each.

    A file younger than the same term is left: its row may be about to commit.
    """
    policy = policy_at(now_db())
    term = timedelta(hours=policy.unbound_hours)
    rows = 0
    while True:
        with transaction.atomic():
            old = list(
                Attachment.objects.select_for_update(skip_locked=True)
                .filter(bound_at=None, uploaded_at__lt=now_db() - term)
                .order_by("id")[:SWEEP_BATCH]
            )
            _delete(old)
        rows += len(old)
        if len(old) < SWEEP_BATCH:
            break
    return {"unbound": rows, "files": _sweep_files(timezone.now() - term)}


def make_durable(storage: Storage, name: str) -> None:
    """Have a stored file on the disk before its row commits, where the storage is a disk."""
    if not isinstance(storage, FileSystemStorage):
        return
    path = Path(storage.path(name))
    for place, flags in ((path, os.O_RDONLY), (path.parent, os.O_RDONLY | os.O_DIRECTORY)):
        handle = os.open(place, flags)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def digest_of(chunks: Iterable[bytes]) -> tuple[str, int]:
    """SHA-256 and size of a file, piece by piece."""
    digest, size = hashlib.sha256(), 0
    for chunk in chunks:
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def _discreet(name: str) -> str:
    """A file name as the trail may keep it: long figures (telephone, identity, account) are hidden (PRV-09)."""
    return LONG_FIGURE.sub(lambda figure: "*" * (len(figure[0]) - 4) + figure[0][-4:], name)


def _delete(rows: list[Attachment]) -> None:
    """Rows now, files once that is certain."""
    if not rows:
        return
    Attachment.objects.filter(pk__in=[row.pk for row in rows]).delete()
    names = [(row.file.storage, str(row.file.name)) for row in rows]

    def delete_files() -> None:
        for storage, name in names:
            _delete_file(storage, name)

    transaction.on_commit(delete_files, robust=True)


def _delete_file(storage: Storage, name: str) -> bool:
    try:
        storage.delete(name)
    except OSError:
        log.exception("a file could not be deleted; the next sweep tries again")
        return False
    return True


def _sweep_files(before: datetime) -> int:
    swept = 0
    for folder in _folders(""):
        swept += _sweep_folder(folder, [Attachment], before)
    for folder in _folders("documents"):
        swept += _sweep_folder(folder, [IssuedDocument, DocumentCopy], before)
    return swept


def _folders(above: str) -> list[str]:
    try:
        names, _files = default_storage.listdir(above)
    except FileNotFoundError:
        return []
    return [str(PurePosixPath(above) / name) for name in names if re.fullmatch(r"[0-9a-f]{2}", name)]


def _sweep_folder(folder: str, owners: list[type[models.Model]], before: datetime) -> int:
    _folders_below, files = default_storage.listdir(folder)
    names = {f"{folder}/{name}" for name in files if STORED.fullmatch(name)}
    for owner in owners:
        names -= set(owner._default_manager.filter(file__in=names).values_list("file", flat=True))
    orphans = [name for name in names if default_storage.get_modified_time(name) < before]
    return sum(_delete_file(default_storage, name) for name in orphans)
