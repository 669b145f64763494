"""What may be uploaded, and what it becomes: checked by its first bytes and its name, images drawn anew."""

from __future__ import annotations

import io
import struct
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

import puremagic
from django.core.files.base import ContentFile, File
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from PIL import Image, ImageFile, ImageOps, ImageSequence, UnidentifiedImageError

from servicecenter.archives import check_office_file
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.policy import UploadPolicy

HEAD = 8192
LONGEST_NAME = 200
# Control characters that a text file may hold: tab, line feed, form feed, carriage return.
TEXT_CONTROLS = frozenset("\t\n\f\r")


@dataclass(frozen=True)
class Accepted:
    """An upload that passed: the content to keep, its type by its bytes, a harmless name."""

    content: File[bytes]
    media_type: str
    name: str


@dataclass(frozen=True)
class Kind:
    """A kind of file: its media type, the extensions puremagic may find in its bytes, and the further check."""

    media_type: str
    found: frozenset[str]
    check: Callable[[IO[bytes], str, UploadPolicy], None] | None = None


def _check_docx(file: IO[bytes], name: str, policy: UploadPolicy) -> None:
    check_office_file(file, folder="word/", name=name, most_bytes=policy.max_unpacked_bytes)


def _check_xlsx(file: IO[bytes], name: str, policy: UploadPolicy) -> None:
    check_office_file(file, folder="xl/", name=name, most_bytes=policy.max_unpacked_bytes)


def _check_text(file: IO[bytes], name: str, policy: UploadPolicy) -> None:
    """Text in UTF-8, GB18030, or UTF-16 with a mark; no control characters."""
    content = file.read()
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not any(c < " " and c not in TEXT_CONTROLS for c in text):
            return
    raise RuleBroken("attachment.broken", status=400, name=name)


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# Extension of the name -> kind. Images stand in IMAGES: they are drawn anew, whichever of them they are.
KINDS = {
    ".pdf": Kind("application/pdf", frozenset({".pdf"})),
    ".docx": Kind(_DOCX, frozenset({".docx"}), _check_docx),
    ".xlsx": Kind(_XLSX, frozenset({".xlsx"}), _check_xlsx),
    ".txt": Kind("text/plain", frozenset(), _check_text),
    ".mp3": Kind("audio/mpeg", frozenset({".mp3", ".mpga", ".mp2"})),
    ".wav": Kind("audio/wav", frozenset({".wav"})),
    ".m4a": Kind("audio/mp4", frozenset({".m4a", ".f4a", ".mp4"})),
    ".ogg": Kind("audio/ogg", frozenset({".ogg", ".oga", ".opus"})),
    ".amr": Kind("audio/amr", frozenset({".amr"})),
}
# Pillow's format -> (media type, extension).
IMAGES = {
    "JPEG": ("image/jpeg", ".jpg"),
    "PNG": ("image/png", ".png"),
    "GIF": ("image/gif", ".gif"),
    "WEBP": ("image/webp", ".webp"),
}
IMAGE_EXTENSIONS = frozenset({".jpg", ".jpeg", ".png", ".gif", ".webp"})
ACCEPTED_EXTENSIONS = IMAGE_EXTENSIONS | KINDS.keys()


def accept(file: UploadedFile, policy: UploadPolicy) -> Accepted:
    """Check one upload and return what is to be kept of it.

    Raises RuleBroken: `attachment.empty`, `.too_large`, `.type` (name and first bytes must both be of an accepted
    kind), `.pixels`, `.broken`, `.unpacked`, `.macros`, `.locked`.
    """
    name = clean_name(file.name or "")
    if not file.size:
        raise RuleBroken("attachment.empty", status=400, name=name)
    if file.size > policy.max_bytes:
        raise RuleBroken(
            "attachment.too_large",
            status=400,
            name=name,
            size=filesizeformat(file.size),
            limit=filesizeformat(policy.max_bytes),
        )
    extension = PurePosixPath(name).suffix.lower()
    if extension in IMAGE_EXTENSIONS:
        return _image(file, name, policy)
    kind = KINDS.get(extension)
    if kind is None or not _looks_like(file, name, kind):
        raise RuleBroken("attachment.type", status=400, name=name)
    if kind.check is not None:
        file.seek(0)
        kind.check(file, name, policy)
    file.seek(0)
    return Accepted(file, kind.media_type, name)


def clean_name(name: str) -> str:
    """A file name as data: no path, no control or direction characters, at most 200 characters, extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip(
        " ."
    )
    suffix = PurePosixPath(kept).suffix[:10]
    stem = kept[: len(kept) - len(suffix)] if suffix else kept
    return f"{stem[: LONGEST_NAME - len(suffix)]}{suffix}" or "file"


def _looks_like(file: IO[bytes], name: str, kind: Kind) -> bool:
    """Whether the first bytes are of that kind. A password-protected Office file is let through to its own refusal."""
    if not kind.found:
        return True
    file.seek(0)
    head = file.read(HEAD)
    try:
        found = {match.extension for match in puremagic.magic_string(head, name)}
    except (puremagic.PureError, ValueError):
        return False
    return bool(found & kind.found) or (kind.check is not None and head[:4] == b"\xd0\xcf\x11\xe0")


def _image(file: IO[bytes], name: str, policy: UploadPolicy) -> Accepted:
    """The image drawn anew: upright, without EXIF, place, comments, profiles or anything behind its end."""
    file.seek(0)
    try:
        image = Image.open(file, formats=tuple(IMAGES))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as problem:
        raise RuleBroken("attachment.pixels", status=400, name=name) from problem
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise RuleBroken("attachment.type", status=400, name=name) from problem
    # a telephone's photograph with a second picture inside is a JPEG to us
    form = "JPEG" if image.format == "MPO" else str(image.format)
    try:
        frames = getattr(image, "n_frames", 1) if form in {"GIF", "WEBP"} else 1
        if image.width * image.height * frames > policy.max_pixels:
            raise RuleBroken("attachment.pixels", status=400, name=name)
        drawn = _drawn_anew(image, form, frames)
    except (OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as problem:
        raise RuleBroken("attachment.broken", status=400, name=name) from problem
    media_type, extension = IMAGES[form]
    if PurePosixPath(name).suffix.lower() not in {extension, ".jpeg" if form == "JPEG" else extension}:
        name = clean_name(f"{PurePosixPath(name).stem}{extension}")
    return Accepted(ContentFile(drawn, name=name), media_type, name)


def _drawn_anew(image: Image.Image, form: str, frames: int) -> bytes:
    target = io.BytesIO()
    if frames > 1:
        timing = {name: image.info[name] for name in ("duration", "loop") if name in image.info}
        pictures = [_bare(frame.convert("RGBA")) for frame in ImageSequence.Iterator(image)]
        pictures[0].save(target, form, save_all=True, append_images=pictures[1:], **timing)
    else:
        options = {"quality": 90} if form in {"JPEG", "WEBP"} else {}
        _bare(_upright(image)).save(target, form, icc_profile=None, **options)
    return target.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    """Turned as its EXIF says; notes that cannot be read turn nothing."""
    # The PDF library lets Pillow accept torn images for the whole process; an upload must be whole.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    image.load()
    try:
        return ImageOps.exif_transpose(image)
    except (SyntaxError, ValueError, KeyError, TypeError, OSError, struct.error):
        return image


def _bare(image: Image.Image) -> Image.Image:
    """The picture without what it carries along; transparency of a palette is part of the picture."""
    bare = image.copy()
    bare.info = {"transparency": image.info["transparency"]} if "transparency" in image.info else {}
    return bare
