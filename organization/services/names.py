"""Names in three languages from what was typed: traditional characters are drafted when they are left empty (D16)."""

from __future__ import annotations

from servicecenter.i18n import traditional as drafted


def texts(simplified: str, traditional: str = "", english: str = "") -> dict[str, str]:
    """A text by language; empty when there is no simplified one."""
    plain = simplified.strip()
    if not plain:
        return {}
    found = {"zh-Hans": plain, "zh-Hant": traditional.strip() or drafted(plain)}
    return found | ({"en": english.strip()} if english.strip() else {})
