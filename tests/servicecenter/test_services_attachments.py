"""Attachments: what is accepted, whose an upload is, who sees a file, what is swept."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, datetime
from functools import partial

import pytest
from django.core.files.storage import default_storage
from PIL import Image

from organization.models import User
from servicecenter import attachments, policies
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Attachment, TrailEntry
from servicecenter.uploads import clean_name
from tests import people
from tests.faults.races import race
from tests.servicecenter import uploads
from tests.servicecenter.uploads import files, upload

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("subjects")]
AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


def refusal(name: str, content: bytes, by: User) -> RuleBroken:
    with pytest.raises(RuleBroken) as caught:
        attachments.store(file=upload(name, content), by=by)
    assert not Attachment.objects.exists()
    assert files() == []
    return caught.value


def stored(kept: Attachment) -> bytes:
    with default_storage.open(kept.file.name) as file:
        content: bytes = file.read()
    return content


def set_caps(**caps: int) -> None:
    policies.set_policy(
        code="servicecenter.uploads",
        value=caps,
        by=None,
        reason="test",
        valid_from=datetime(2026, 1, 1, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("回单.jpg", uploads.image("JPEG"), "image/jpeg"),
        ("回单.JPEG", uploads.image("JPEG"), "image/jpeg"),
        ("a.png", uploads.image("PNG"), "image/png"),
        ("a.gif", uploads.animation(3), "image/gif"),
        ("a.webp", uploads.image("WEBP"), "image/webp"),
        ("合同.pdf", uploads.PDF, "application/pdf"),
        (
            "a.docx",
            uploads.office("word"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        ("a.xlsx", uploads.sheet(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("说明.txt", "货物已到，客户拒收。\r\n".encode(), "text/plain"),
        ("说明.txt", "货物已到，客户拒收。".encode("gb18030"), "text/plain"),
        ("说明.txt", "货物已到".encode("utf-16"), "text/plain"),
        ("录音.mp3", uploads.MP3, "audio/mpeg"),
        ("录音.wav", uploads.sound(), "audio/wav"),
        ("录音.m4a", uploads.M4A, "audio/mp4"),
        ("录音.ogg", uploads.OGG, "audio/ogg"),
        ("录音.amr", uploads.AMR, "audio/amr"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_files_of_every_accepted_kind_are_kept(
    agent: User, name: str, content: bytes, media_type: str
) -> None:
    kept = attachments.store(file=upload(name, content), by=agent)
    kept.refresh_from_db()
    content_kept = stored(kept)
    assert (kept.name, kept.media_type, kept.size) == (name, media_type, len(content_kept))
    assert kept.sha256 == hashlib.sha256(content_kept).hexdigest()
    assert kept.file.name == f"{kept.public_id[:2]}/{kept.public_id}"
    assert (kept.bound_at, kept.object_id, kept.uploaded_by) == (None, None, agent)
    if not media_type.startswith("image/"):
        assert content_kept == content


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.exe", uploads.EXE, "attachment.type"),
        ("a.pdf", uploads.EXE, "attachment.type"),
        ("a.jpg", uploads.EXE, "attachment.type"),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "attachment.type"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "attachment.type"),
        ("a.html", b"<html>", "attachment.type"),
        ("a.pdf.html", uploads.PDF, "attachment.type"),
        ("pdf", uploads.PDF, "attachment.type"),
        ("a.mp3", uploads.PDF, "attachment.type"),
        ("a.bmp", uploads.image("BMP"), "attachment.type"),
        ("a.png", uploads.image("BMP"), "attachment.type"),
        ("a.png", uploads.image("PNG", (200, 200))[:120], "attachment.broken"),
        ("a.txt", uploads.EXE, "attachment.broken"),
        ("a.docx", uploads.sheet(), "attachment.broken"),
        ("a.docx", b"PK\x03\x04" + b"\0" * 60, "attachment.broken"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "attachment.locked"),
        ("a.docx", uploads.office("word", word__vbaProject_dot_bin=b"x"), "attachment.macros"),
        ("a.docx", b"", "attachment.empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_everything_else_is_refused_and_nothing_of_it_is_kept(
    agent: User, name: str, content: bytes, code: str
) -> None:
    assert refusal(name, content, agent).code == code


def test_a_word_file_that_unpacks_to_too_much_is_refused_whatever_sizes_it_claims(agent: User) -> None:
    set_caps(max_unpacked_bytes=1_000_000)
    bomb = uploads.office("word", word__a=b"\0" * 1_000_001)
    assert len(bomb) < 5_000
    assert refusal("a.docx", bomb, agent).code == "attachment.unpacked"


def test_a_file_above_the_cap_is_refused_with_both_sizes(agent: User) -> None:
    set_caps(max_bytes=1024)
    broken = refusal("a.txt", b"x" * 1025, agent)
    assert (broken.code, broken.params["limit"]) == ("attachment.too_large", "1.0\xa0KB")


def test_pixels_are_counted_before_any_is_decoded(agent: User) -> None:
    set_caps(max_pixels=10_000)
    assert refusal("a.png", uploads.image("PNG", (101, 100)), agent).code == "attachment.pixels"
    assert refusal("a.gif", uploads.animation(5, (50, 50)), agent).code == "attachment.pixels"
    assert refusal("a.png", uploads.claims_to_be(200_000, 200_000), agent).code == "attachment.pixels"
    attachments.store(file=upload("a.png", uploads.image("PNG", (100, 100))), by=agent)


def test_an_image_is_drawn_anew_upright_without_place_or_camera_or_what_hangs_behind_it(agent: User) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned a quarter
    exif[0x010F] = "SecretCam"
    photograph = uploads.image("JPEG", (40, 20), exif=exif, comment=b"secret comment") + b"<?php secret ?>"
    kept = attachments.store(file=upload("photo.jpg", photograph), by=agent)
    content = stored(kept)
    assert b"SecretCam" not in content
    assert b"secret" not in content
    drawn = Image.open(io.BytesIO(content))
    assert drawn.size == (20, 40)
    assert dict(drawn.getexif()) == {}


def test_text_inside_a_png_or_a_gif_does_not_survive(agent: User) -> None:
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Author", "secret")
    for name, content in (
        ("a.png", uploads.image("PNG", pnginfo=info)),
        ("a.gif", uploads.image("GIF", comment=b"secret")),
        ("a.webp", uploads.image("WEBP", exif=b"Exif\0\0secret")),
    ):
        assert b"secret" in content
        assert b"secret" not in stored(attachments.store(file=upload(name, content), by=agent))


def test_an_animation_keeps_its_frames(agent: User) -> None:
    kept = attachments.store(file=upload("a.gif", uploads.animation(4)), by=agent)
    assert getattr(Image.open(io.BytesIO(stored(kept))), "n_frames", 1) == 4


def test_an_image_under_the_wrong_extension_gets_the_right_one(agent: User) -> None:
    kept = attachments.store(file=upload("微信图片.jpg", uploads.image("WEBP")), by=agent)
    assert (kept.name, kept.media_type) == ("微信图片.webp", "image/webp")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\temp\\回单.jpg", "回单.jpg"),
        ("gpj.\u202eexe.pdf", "gpj.exe.pdf"),
        ("a\r\nX: y.pdf", "aX: y.pdf"),
        ("𠮷" * 300 + ".pdf", "𠮷" * 196 + ".pdf"),
        ("...", "file"),
        ("", "file"),
    ],
)
def test_a_file_name_is_harmless_data(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_one_person_cannot_pile_up_uploads_that_no_form_uses(agent: User) -> None:
    set_caps(max_unbound_files=2)
    for _ in range(2):
        attachments.store(file=upload("a.txt", b"x"), by=agent)
    with pytest.raises(RuleBroken) as caught:
        attachments.store(file=upload("a.txt", b"x"), by=agent)
    assert caught.value.code == "attachment.too_many_waiting"
    attachments.store(file=upload("a.txt", b"x"), by=people.user("agent", name="另一人"))


def test_the_form_that_names_uploads_binds_them_in_its_order_and_the_trail_says_so(agent: User) -> None:
    department = people.department("branch_east")
    first = attachments.store(file=upload("一.txt", b"1"), by=agent)
    second = attachments.store(file=upload("身份证330106199001011234.txt", b"2"), by=agent)
    bound = attachments.bind(
        public_ids=[second.public_id, first.public_id, second.public_id, ""],
        to=department,
        by=agent,
        at=AT,
        role="evidence",
        internal=False,
    )
    assert [row.pk for row in bound] == [second.pk, first.pk]
    second.refresh_from_db()
    assert (second.kind, second.object_id, second.role) == (
        "organization.department",
        department.pk,
        "evidence",
    )
    assert (second.bound_at, second.internal) == (AT, False)
    told = TrailEntry.objects.filter(kind="organization.department", object_id=department.pk).order_by("id")
    assert [(entry.code, entry.params["name"]) for entry in told] == [
        ("attachment.added", "身份证**************1234.txt"),
        ("attachment.added", "一.txt"),
    ]
    assert list(attachments.of(department)) == [first, second]
    assert attachments.of_many(type(department), [department.pk, 0]) == {
        department.pk: [first, second],
        0: [],
    }


def test_another_ones_upload_a_bound_one_and_an_unknown_one_bind_nothing_at_all(agent: User) -> None:
    department = people.department("branch_east")
    own = attachments.store(file=upload("a.txt", b"1"), by=agent)
    foreign = attachments.store(file=upload("b.txt", b"2"), by=people.user("agent", name="另一人"))
    system = attachments.store(file=upload("c.txt", b"3"), by=None)
    used = attachments.store(file=upload("d.txt", b"4"), by=agent)
    attachments.bind(public_ids=[used.public_id], to=people.department("branch_west"), by=agent, at=AT)
    for bad in (foreign.public_id, system.public_id, used.public_id, "f" * 32, "'; --"):
        with pytest.raises(RuleBroken) as caught:
            attachments.bind(public_ids=[own.public_id, bad], to=department, by=agent, at=AT)
        assert caught.value.code == "attachment.unknown"
    own.refresh_from_db()
    assert own.bound_at is None
    assert not attachments.of(department).exists()
    assert not TrailEntry.objects.filter(object_id=department.pk, kind="organization.department").exists()


def test_a_record_takes_no_more_files_than_the_policy_allows(agent: User) -> None:
    set_caps(max_files=2)
    department = people.department("branch_east")
    ids = [attachments.store(file=upload("a.txt", b"x"), by=agent).public_id for _ in range(3)]
    attachments.bind(public_ids=ids[:1], to=department, by=agent, at=AT)
    with pytest.raises(RuleBroken) as caught:
        attachments.bind(public_ids=ids[1:], to=department, by=agent, at=AT)
    assert (caught.value.code, caught.value.params["limit"]) == ("attachment.too_many", 2)
    assert attachments.of(department).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_forms_saved_at_once_do_not_pass_the_cap_of_a_record_together() -> None:
    agent = people.user("agent")
    set_caps(max_files=3)
    department = people.department("branch_east")
    ids = [attachments.store(file=upload("a.txt", b"x"), by=agent).public_id for _ in range(8)]

    def save(chosen: list[str]) -> None:
        attachments.bind(public_ids=chosen, to=department, by=agent, at=AT)

    outcomes = race(*(partial(save, ids[number : number + 2]) for number in range(0, 8, 2)))
    refused = [outcome.problem.code for outcome in outcomes if isinstance(outcome.problem, RuleBroken)]
    assert attachments.of(department).count() == 2
    assert refused == ["attachment.too_many"] * 3


def test_a_torn_image_is_refused_even_where_documents_are_drawn(agent: User) -> None:
    """The PDF library tells Pillow to accept torn images in its whole process."""
    import weasyprint.images  # noqa: F401

    torn = uploads.image("PNG", (200, 200))[:120]
    assert refusal("a.png", torn, agent).code == "attachment.broken"
