"""The one line that names a ticket in lists: the first sentence of what was said, shortened."""

from __future__ import annotations

import re

LENGTH = 40
_SENTENCE_END = re.compile(r"[。！？!?；;\n\r]|\.(?=\s|$)")
_OPENING_NOISE = re.compile(r"^[\s，,。.！!？?、~～…:：；;-]+")


def summary_of(text: str, length: int = LENGTH) -> str:
    """The first sentence, at most `length` characters; cut at a comma where that leaves at least a half, with `…`."""
    plain = _OPENING_NOISE.sub("", text.strip())
    for end in _SENTENCE_END.finditer(plain):
        # A cry of one or two characters ("差！") names no matter: go on to the next sentence.
        if end.start() >= 4:
            plain = plain[: end.start()]
            break
    line = " ".join(plain.split()) or " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length - 1]
    comma = max(cut.rfind(mark) for mark in "，,、：: ")
    return (cut[:comma] if comma >= length // 2 else cut) + "…"
