"""Policy values of the ground floor (D19). A policy value is JSON checked by such a dataclass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class UploadPolicy:
    """Caps on attachments: bytes of one file, files of one record, pixels of one image, hours until an unbound one goes."""

    max_bytes: int = 10 * 1024 * 1024
    max_files: int = 20
    max_pixels: int = 40_000_000
    unbound_hours: int = 24

    def __post_init__(self) -> None:
        if min(self.max_bytes, self.max_files, self.max_pixels, self.unbound_hours) <= 0:
            raise ValueError("caps are positive")


@dataclass(frozen=True)
class RevealPolicy:
    """How many masked values one person may reveal in an hour before it is refused and reported (PRV-03)."""

    per_hour: int = 60

    def __post_init__(self) -> None:
        if self.per_hour < 1:
            raise ValueError("at least one reveal an hour")
