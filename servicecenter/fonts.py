"""The fonts documents are drawn with, as fontconfig finds them, and which characters they hold.

FACTS: full TrueType files, never web fonts. Simplified: Noto Sans SC; traditional: Noto Sans TC, then SC; rare
characters (𠮷): HanaMinB.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import threading
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

from servicecenter.local import assets

STACKS = {
    "zh-hans": ("Noto Sans SC", "HanaMinB"),
    "zh-hant": ("Noto Sans TC", "Noto Sans SC", "HanaMinB"),
    "en": ("Noto Sans SC", "HanaMinB"),
}
FAMILIES = ("Noto Sans SC", "Noto Sans TC", "HanaMinB")
REGULAR, BOLD = 80, 200  # fontconfig's weights of 400 and 700
_MATCH_PATTERN, _RESULT_MATCH = 0, 0
_lock = threading.Lock()


class FontMissing(Exception):
    """A family is not installed; the message names it."""


def prepare() -> None:
    """Point fontconfig at the fetched fonts unless the environment does already; before the first use of it."""
    conf = assets.fonts_conf()
    if "FONTCONFIG_FILE" not in os.environ and conf.exists():
        os.environ["FONTCONFIG_FILE"] = str(conf)


@cache
def file_of(family: str, weight: int = REGULAR) -> Path:
    """The file of a family and weight. Raises FontMissing when fontconfig would take another family for it."""
    with _lock:
        prepare()
        found, path = _match(family, weight)
    if found.casefold() != family.casefold():
        raise FontMissing(family)
    return Path(path)


@cache
def characters(language: str) -> frozenset[int]:
    """The code points that the fonts of a language can draw. Raises FontMissing."""
    held: set[int] = set()
    for family in STACKS[language]:
        with TTFont(file_of(family), lazy=True, fontNumber=0) as font:
            held |= font.getBestCmap().keys()
    return frozenset(held)


def _match(family: str, weight: int) -> tuple[str, str]:
    """(family, file) of fontconfig's best match."""
    library = ctypes.CDLL(ctypes.util.find_library("fontconfig") or "libfontconfig.so.1")
    for name in ("FcPatternCreate", "FcFontMatch"):
        getattr(library, name).restype = ctypes.c_void_p
    pattern = ctypes.c_void_p(library.FcPatternCreate())
    library.FcPatternAddString(pattern, b"family", family.encode())
    library.FcPatternAddInteger(pattern, b"weight", ctypes.c_int(weight))
    library.FcConfigSubstitute(None, pattern, _MATCH_PATTERN)
    library.FcDefaultSubstitute(pattern)
    result = ctypes.c_int()
    match = ctypes.c_void_p(library.FcFontMatch(None, pattern, ctypes.byref(result)))
    try:
        return _text(library, match, b"family"), _text(library, match, b"file")
    finally:
        library.FcPatternDestroy(pattern)
        if match:
            library.FcPatternDestroy(match)


def _text(library: ctypes.CDLL, pattern: ctypes.c_void_p, name: bytes) -> str:
    value = ctypes.c_char_p()
    if not pattern or library.FcPatternGetString(pattern, name, 0, ctypes.byref(value)) != _RESULT_MATCH:
        return ""
    return (value.value or b"").decode()
