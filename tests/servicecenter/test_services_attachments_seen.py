"""Who sees a file, who takes it back, and what goes after a day (PRV-05)."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage

from organization.models import User
from servicecenter import attachments
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Attachment, TrailEntry
from tests import people
from tests.servicecenter.uploads import files, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


def test_an_unbound_file_is_its_uploaders_alone(agent: User) -> None:
    kept = attachments.store(file=upload("a.txt", b"1"), by=agent)
    assert attachments.open_for(agent, kept.public_id) == kept
    for stranger in (people.user("agent", name="另一人"), people.user("administrator")):
        with pytest.raises(Attachment.DoesNotExist):
            attachments.open_for(stranger, kept.public_id)


def test_a_bound_file_is_seen_by_whoever_sees_its_record_and_by_nobody_else(agent: User) -> None:
    insider, outsider = people.user("handler", department="branch_east"), agent
    kept = attachments.store(file=upload("a.txt", b"1"), by=outsider)
    attachments.bind(public_ids=[kept.public_id], to=people.department("branch_east"), by=outsider, at=AT)
    assert attachments.open_for(insider, kept.public_id) == kept
    with pytest.raises(Attachment.DoesNotExist):
        attachments.open_for(outsider, kept.public_id)


@pytest.mark.parametrize("public_id", ["", "0" * 31, "0" * 32, "../../x", "Ａ" * 32])
def test_what_is_no_file_is_not_found(agent: User, public_id: str) -> None:
    with pytest.raises(Attachment.DoesNotExist):
        attachments.open_for(agent, public_id)


def test_a_file_of_a_kind_that_nobody_answers_for_is_seen_by_nobody(agent: User) -> None:
    kept = attachments.store(file=upload("a.txt", b"1"), by=agent)
    attachments.bind(public_ids=[kept.public_id], to=agent, by=agent, at=AT)
    with pytest.raises(Attachment.DoesNotExist):
        attachments.open_for(agent, kept.public_id)


def test_an_upload_can_be_taken_back_by_its_uploader_until_it_is_bound(
    agent: User, django_capture_on_commit_callbacks: Any
) -> None:
    kept = attachments.store(file=upload("a.txt", b"1"), by=agent)
    with pytest.raises(RuleBroken):
        attachments.discard(public_id=kept.public_id, by=people.user("agent", name="另一人"))
    assert len(files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        attachments.discard(public_id=kept.public_id, by=agent)
    assert (Attachment.objects.count(), files()) == (0, [])
    bound = attachments.store(file=upload("a.txt", b"1"), by=agent)
    attachments.bind(public_ids=[bound.public_id], to=people.department("site"), by=agent, at=AT)
    with pytest.raises(RuleBroken):
        attachments.discard(public_id=bound.public_id, by=agent)


def test_a_bound_file_is_removed_for_a_reason_that_stays(
    agent: User, django_capture_on_commit_callbacks: Any
) -> None:
    department = people.department("branch_east")
    kept = attachments.store(file=upload("a.txt", b"1"), by=agent)
    attachments.bind(public_ids=[kept.public_id], to=department, by=agent, at=AT)
    with pytest.raises(RuleBroken) as caught:
        attachments.remove(attachment=kept, of=department, by=agent, at=AT, reason=" ")
    assert caught.value.code == "lifecycle.reason_needed"
    with pytest.raises(RuleBroken):
        attachments.remove(
            attachment=kept, of=people.department("branch_west"), by=agent, at=AT, reason="wrong record"
        )
    assert files()
    with django_capture_on_commit_callbacks(execute=True):
        attachments.remove(attachment=kept, of=department, by=agent, at=AT, reason="错附")
    entry = TrailEntry.objects.get(code="attachment.removed")
    assert entry.params == {"name": "a.txt", "sha256": kept.sha256, "reason": "错附"}
    assert files() == []


def test_uploads_that_no_form_used_go_after_a_day_and_nothing_else_does(
    agent: User, django_capture_on_commit_callbacks: Any
) -> None:
    from django.db import connection

    old, young, bound = (attachments.store(file=upload("a.txt", b"1"), by=agent) for _ in range(3))
    attachments.bind(public_ids=[bound.public_id], to=people.department("site"), by=agent, at=AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE servicecenter_attachment SET uploaded_at = clock_timestamp() - interval '25 hours' "
            "WHERE id = %s",
            [old.pk],
        )
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    stray, fresh, foreign = root / "ab" / ("ab" * 16), root / "ab" / ("ac" * 16), root / "ab" / "readme.md"
    stray.parent.mkdir(exist_ok=True)
    for path in (stray, fresh, foreign):
        path.write_bytes(b"x")
    a_day_ago = time.time() - 90_000
    for path in (stray, foreign, Path(bound.file.path)):
        os.utime(path, (a_day_ago, a_day_ago))
    with django_capture_on_commit_callbacks(execute=True):
        swept = attachments.sweep_orphans()
    assert swept == {"unbound": 1, "files": 1}
    assert set(Attachment.objects.values_list("pk", flat=True)) == {young.pk, bound.pk}
    assert set(files()) == {Path(young.file.path), Path(bound.file.path), fresh, foreign}


def test_the_sweep_runs_on_an_empty_store() -> None:
    assert attachments.sweep_orphans() == {"unbound": 0, "files": 0}
