"""Texts that are data: JSON by language with zh-Hans as fallback (D16)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import opencc
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language

LANGUAGE_TAGS = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant", "en": "en"}
FALLBACK = "zh-Hans"
PLAIN_SIGNS = {"、": ", ", "，": ", ", "；": "; "}


def current_tag() -> str:
    """The language tag of the active translation: zh-Hans, zh-Hant or en."""
    return LANGUAGE_TAGS.get((get_language() or "").lower(), FALLBACK)


def say(texts: Mapping[str, str] | None, tag: str | None = None) -> str:
    """The text in the reader's language, else simplified Chinese, else whatever there is."""
    if not texts:
        return ""
    return texts.get(tag or current_tag()) or texts.get(FALLBACK) or next(iter(texts.values()), "")


@cache
def _converter() -> Any:
    return opencc.OpenCC("s2t")


def traditional(text: str) -> str:
    """A simplified text in traditional characters: a draft, which a person may better."""
    return str(_converter().convert(text))


def in_script(text: str | None) -> str:
    """A text kept in one form only (a position, an office, the company) in the characters of the reader."""
    if not text:
        return ""
    return traditional(text) if current_tag() == "zh-Hant" else text


def listed(parts: Iterable[object], sign: str = "、") -> str:
    """Parts in one line, parted as the reader's script does it: 、 or ； in Chinese, comma or semicolon in English."""
    between = PLAIN_SIGNS[sign] if current_tag() == "en" else sign
    return between.join(map(str, parts))


def validate_texts(value: object) -> None:
    """A dictionary of known languages with text; simplified Chinese is required."""
    if not isinstance(value, dict) or set(value) - set(LANGUAGE_TAGS.values()) or not value.get(FALLBACK):
        raise ValidationError("zh-Hans is required; allowed are zh-Hans, zh-Hant, en.", code="texts")


class LocalizedField(models.JSONField):
    """A JSON object of texts by language. Read it with `say(obj.field)`."""

    default_validators = [validate_texts]
