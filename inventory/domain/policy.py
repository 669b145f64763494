"""The switches of the stock: where the source is unclear, each reading has its name (INV-Q1 to INV-Q5, INV-07)."""

from __future__ import annotations

from dataclasses import dataclass

from inventory.choices import Auditor, ClassOne, ReturnLetter, SiteBooks, TransferOffice
from servicecenter.kernel.errors import RuleBroken


@dataclass(frozen=True)
class StockPolicy:
    """Readings of the book, and its days.

    `transit_days`: goods longer in transit hold a month's closing up (LED-08); `check_days`: working days until
    received goods are checked (INV-84); `damaged_days`: until damaged goods go back (INV-102).
    """

    auditor: str = Auditor.ANYONE.value
    transfers_within: str = TransferOffice.DEPARTMENT.value
    returns: str = ReturnLetter.BY_REASON.value
    class_one: str = ClassOne.EITHER.value
    transit_days: int = 7
    check_days: int = 5
    damaged_days: int = 15

    def __post_init__(self) -> None:
        Auditor(self.auditor)
        TransferOffice(self.transfers_within)
        ReturnLetter(self.returns)
        ClassOne(self.class_one)
        for name in ("transit_days", "check_days", "damaged_days"):
            if not 0 <= getattr(self, name) <= 365:
                raise RuleBroken("stock.policy_transit", field=name, status=400, least=0, most=365)

    @property
    def needs_two(self) -> bool:
        """INV-Q5: maker and auditor are two people."""
        return self.auditor == Auditor.ANOTHER

    @property
    def through_planning(self) -> bool:
        """INV-Q2: transfers within a department are planning's too."""
        return self.transfers_within == TransferOffice.PLANNING


@dataclass(frozen=True)
class SitePolicy:
    """Who keeps a site's books; keyed by the site's department code (INV-07)."""

    books: str = SiteBooks.SITE.value

    def __post_init__(self) -> None:
        SiteBooks(self.books)

    @property
    def site_drafts(self) -> bool:
        """The storekeeper drafts; the department's accountant checks and audits."""
        return self.books == SiteBooks.SITE
