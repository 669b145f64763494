"""Small files of every accepted kind, made by the programs' own libraries, for tests."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib
from pathlib import Path
from typing import Any

import xlsxwriter
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
AMR = b"#!AMR\n" + b"\x3c" * 64
MP3 = b"ID3\x03\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x64" + b"\0" * 413
M4A = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom\0\0\0\0" + b"\0" * 64
OGG = b"OggS\0\x02" + b"\0" * 22 + b"\x01\x1eOpusHead" + b"\0" * 40
EXE = b"MZ\x90\0" + b"\0" * 400


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """As a browser sends it; the type it claims is a lie and must not matter."""
    return SimpleUploadedFile(name, content, content_type="application/x-lie")


def image(form: str = "PNG", size: tuple[int, int] = (8, 6), **options: Any) -> bytes:
    """An image of one colour."""
    target = io.BytesIO()
    Image.new("RGB", size, (11, 102, 112)).save(target, form, **options)
    return target.getvalue()


def claims_to_be(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head says it is huge."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 100)
    chunks = [
        struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body)) for body in (head, data)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + b"\0\0\0\0IEND\xaeB\x60\x82"


def animation(frames: int, size: tuple[int, int] = (8, 6)) -> bytes:
    """A GIF of several different frames."""
    target = io.BytesIO()
    pictures = [Image.new("RGB", size, (number * 9 % 256, 20, 30)) for number in range(frames)]
    pictures[0].save(target, "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0)
    return target.getvalue()


def sound() -> bytes:
    """A WAV of a tenth of a second."""
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0\0" * 800)
    return target.getvalue()


def sheet(rows: list[list[str]] | None = None) -> bytes:
    """An XLSX."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target)
    page = book.add_worksheet()
    for number, row in enumerate(rows or [["a"], ["1"]]):
        page.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def office(folder: str, **entries: bytes) -> bytes:
    """A ZIP that passes for an Office file, with further entries (`__` stands for a slash, `_dot_` for a dot)."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(f"{folder}/document.xml", "<w/>")
        for name, content in entries.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return target.getvalue()


def files() -> list[Path]:
    """Every file the storage holds."""
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return sorted(path for path in root.rglob("*") if path.is_file())
