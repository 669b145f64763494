"""Policy values of the ground floor (D19). A policy value is JSON checked by such a dataclass."""

from __future__ import annotations

from dataclasses import dataclass

from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class UploadPolicy:
    """Caps on attachments.

    Bytes of one file; files of one record; files one person has uploaded and not yet used; pixels of one image (all
    frames together); bytes a Word or Excel file may unpack to; hours until an unused upload goes.
    """

    max_bytes: int = 10 * 1024 * 1024
    max_files: int = 20
    max_unbound_files: int = 60
    max_pixels: int = 40_000_000
    max_unpacked_bytes: int = 100 * 1024 * 1024
    unbound_hours: int = 24

    def __post_init__(self) -> None:
        caps = (
            self.max_bytes,
            self.max_files,
            self.max_unbound_files,
            self.max_pixels,
            self.max_unpacked_bytes,
            self.unbound_hours,
        )
        if min(caps) <= 0:
            raise RuleBroken("attachment.policy_caps", status=400)


@dataclass(frozen=True)
class RevealPolicy:
    """How many masked values one person may reveal within an hour, and from how many on it is reported (PRV-03)."""

    per_hour: int = 60
    unusual_per_hour: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.unusual_per_hour <= self.per_hour:
            raise RuleBroken("reveal.policy", field="unusual_per_hour", status=400)
