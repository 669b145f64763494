"""Plays six weeks of the stores through the real services; the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from inventory import services
from inventory.choices import Category, DamageCause, UseKind
from inventory.demo import coding, counts, mishaps
from inventory.demo.cast import DAILY, ITEMS, OPENING, RESERVES, SUPPLIERS, WAREHOUSES
from inventory.domain.documents import Head, Line
from inventory.domain.transfers import TransferHead, TransferLineIn
from inventory.models import Document, Item, Supplier, Transfer, Warehouse
from inventory.queries import closing_obstacles
from organization.models import Department, User
from organization.services.names import texts
from servicecenter.clock import business_date, centre_zone
from servicecenter.kernel.months import next_month

SEED = 20261119
WEEKS = 13
# Of the weeks before these every other day is left out.
FULL_WEEKS = 6
PRICES = {code: Decimal(price) for code, _n, _s, _c, _u, _r, price, _e in ITEMS}


def seed(*, at: datetime) -> None:
    """Warehouses, items, suppliers and three months of documents as of `at`; nothing when there are items."""
    if Item.objects.exists():
        return
    _Play(at).run()


class _Play:
    """The people, the places, and what happens from day to day."""

    def __init__(self, now: datetime) -> None:
        self.now, self.chance = now, Random(SEED)
        numbers = {
            "keeper": "1501",
            "accountant": "1402",
            "manager": "1401",
            "chief": "1301",
            "planner": "1302",
        }
        self.people = {role: User.objects.get(work_number=number) for role, number in numbers.items()}
        self.stores: dict[str, Warehouse] = {}
        self.suppliers: list[Supplier] = []

    def moment(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """That hour of the centre's day, never ahead of now."""
        day = self.now.astimezone(centre_zone()) - timedelta(days=days_ago)
        return min(day.replace(hour=hour, minute=minute, second=0, microsecond=0), self.now)

    def run(self) -> None:
        """The whole play, in the order of its days."""
        self._found()
        self._open()
        for days_ago in range(WEEKS * 7 - 1, 0, -1):
            self._day(days_ago)
        self._today()
        mishaps.play(people=self.people, stores=self.stores, now=self.now)
        counts.play(people=self.people, stores=self.stores, now=self.now)
        coding.play(people=self.people, stores=self.stores, now=self.now)
        self._close()

    def _found(self) -> None:
        at = self.moment(WEEKS * 7 + 5, 9)
        departments = {row.code: row for row in Department.objects.all()}
        for code, place, kind, simplified, english in WAREHOUSES:
            self.stores[code] = services.add_warehouse(
                code=code,
                names=texts(simplified, english=english),
                department=departments[place],
                kind=kind,
                by=None,
                at=at,
            )
        rows = [
            {
                "存货编码": code,
                "存货名称": name,
                "英文名称": english,
                "规格型号": spec,
                "存货大类": item_class,
                "单位": unit,
                "商修类别": repair,
                "最低储备": RESERVES.get(code, ("", ""))[0],
                "最高储备": RESERVES.get(code, ("", ""))[1],
            }
            for code, name, spec, item_class, unit, repair, _price, english in ITEMS
        ]
        services.import_items(rows=enumerate(rows, 2), by=self.people["chief"], at=at)
        for code, name, contact, telephone in SUPPLIERS:
            made = services.add_supplier(
                code=code,
                name=name,
                contact=contact,
                telephone=telephone,
                by=self.people["accountant"],
                at=at,
            )
            self.suppliers.append(made)

    def _open(self) -> None:
        at = self.moment(WEEKS * 7, 9)
        rows = [
            {"仓库编码": store, "存货编码": code, "数量": quantity, "单价": str(PRICES[code]), "货位": place}
            for store, code, quantity, place in OPENING
        ]
        services.import_opening(rows=enumerate(rows, 2), audit=True, by=self.people["chief"], at=at)

    def _day(self, days_ago: int) -> None:
        """What is used every other day, bought on Mondays, and the particular things of their days."""
        told = days_ago <= FULL_WEEKS * 7
        if days_ago % (2 if told else 4) == 0:
            self._used(days_ago, "BP-WH", self.people["keeper"])
        if days_ago % (7 if told else 14) == 3:
            self._bought(days_ago, "BP-WH", [("HC-20031", 24), ("HC-20077", 20), ("HC-20120", 30)], 0)
        if told and days_ago % 14 == 5:
            self._bought(days_ago, "BP-WH", [("BJ-33060", 20), ("HC-20112", 24)], 1)
        particular = {
            35: self._repair_cycle,
            28: self._agreed_transfer,
            20: self._returned_to_maker,
            16: self._own_transfer,
            12: self._scrapped,
            9: self._surplus,
            6: self._on_its_way,
        }
        if days_ago in particular:
            particular[days_ago](days_ago)

    def _saved(
        self,
        category: Category,
        store: str,
        lines: Sequence[tuple[str, object]],
        *,
        by: User,
        at: datetime,
        priced: bool = False,
        **head: object,
    ) -> Document:
        rows = [
            Line(code, Decimal(str(quantity)), price=PRICES[code] if priced else None)
            for code, quantity in lines
        ]
        values = {"business_date": business_date(at)} | head
        return services.save_document(
            head=Head(category=category, warehouse_id=self.stores[store].pk, **values),  # type: ignore[arg-type]
            lines=rows,
            by=by,
            at=at,
        )

    def _audited(self, document: Document, *, at: datetime, by: str = "accountant") -> Document:
        return services.audit_document(document=document, by=self.people[by], at=at)

    def _used(self, days_ago: int, store: str, by: User) -> None:
        chosen = self.chance.sample(DAILY, 3)
        lines = [(code, self.chance.randint(least, most)) for code, least, most in chosen]
        at = self.moment(days_ago, 15, self.chance.randint(0, 59))
        made = self._saved(Category.OWN_USE_OUT, store, lines, by=by, at=at, use=UseKind.CONSUMABLE)
        self._audited(made, at=self.moment(days_ago, 17, 20))

    def _bought(
        self, days_ago: int, store: str, lines: Sequence[tuple[str, object]], supplier: int
    ) -> Document:
        """Bought, counted and audited on the day; today: within the minutes that are left."""
        at = self.moment(days_ago, 10, 31) if days_ago else self.now - timedelta(minutes=140)
        made = self._saved(
            Category.PURCHASE_IN,
            store,
            lines,
            by=self.people["keeper"],
            at=at,
            priced=True,
            supplier_id=self.suppliers[supplier].pk,
            counted=True,
            requisition=f"LL-{days_ago:04d}",
        )
        return self._audited(made, at=at + timedelta(minutes=20))

    def _repair_cycle(self, days_ago: int) -> None:
        """A fitting is replaced, the old one comes in damaged, goes for repair, and comes back sound."""
        keeper, accountant = self.people["keeper"], self.people["accountant"]
        issued = self._saved(
            Category.OWN_USE_OUT,
            "BP-WH",
            [("BJ-33015", 2)],
            by=keeper,
            at=self.moment(days_ago, 9),
            use=UseKind.SPARE_REPLACEMENT,
        )
        issued = self._audited(issued, at=self.moment(days_ago, 11))
        worn = self._saved(
            Category.DAMAGE_IN,
            "BP-SH",
            [("BJ-33015", 2)],
            by=keeper,
            at=self.moment(days_ago, 12),
            cause=DamageCause.NORMAL_USE,
            original_id=issued.pk,
        )
        self._audited(worn, at=self.moment(days_ago, 13))
        sent = self._saved(
            Category.REPAIR_OUT, "BP-SH", [("BJ-33015", 4)], by=accountant, at=self.moment(days_ago - 3, 10)
        )
        sent = self._audited(sent, at=self.moment(days_ago - 3, 11))
        back = self._saved(
            Category.REPAIRED_IN,
            "BP-WH",
            [("BJ-33015", 3)],
            by=accountant,
            at=self.moment(days_ago - 14, 10),
            original_id=sent.pk,
        )
        self._audited(back, at=self.moment(days_ago - 14, 11))

    def _transfer(
        self,
        days_ago: int,
        kind: str,
        source: str,
        target: str,
        lines: Sequence[tuple[str, object]],
        *,
        by: str,
        **head: object,
    ) -> Transfer:
        at = self.moment(days_ago, 9)
        made = services.save_transfer(
            head=TransferHead(
                kind=kind,
                source_id=self.stores[source].pk,
                target_id=self.stores[target].pk,
                business_date=business_date(at),
                **head,  # type: ignore[arg-type]
            ),
            lines=[TransferLineIn(code, Decimal(str(quantity))) for code, quantity in lines],
            by=self.people[by],
            at=at,
        )
        return services.audit_transfer(transfer=made, by=self.people[by], at=self.moment(days_ago, 10))

    def _side(self, transfer: Transfer, direction: str) -> Document:
        return Document.objects.filter(transfer=transfer, direction=direction).latest("pk")

    def _received(self, document: Document, *, at: datetime, by: str, less: int = 0) -> Document:
        """The receiving side writes the day of arrival, and what really came."""
        lines = [
            Line(line.item.code, line.quantity - less, original_line=line.transfer_line.ordinal)
            for line in document.lines.select_related("item", "transfer_line").order_by("ordinal")
            if line.transfer_line is not None
        ]
        head = Head(
            category=document.category,
            warehouse_id=document.warehouse_id,
            business_date=business_date(at),
            requisition=document.requisition,
            remarks=document.remarks,
        )
        saved = services.save_document(head=head, lines=lines, document=document, by=self.people[by], at=at)
        return self._audited(saved, at=at, by=by)

    def _agreed_transfer(self, days_ago: int) -> None:
        """Two departments agreed; planning makes and audits it; each side audits its own (INV-41 to INV-43)."""
        made = self._transfer(
            days_ago,
            "negotiated",
            "JB-WH",
            "BP-WH",
            [("BJ-33071", 2), ("BJ-33060", 6)],
            by="planner",
            remarks="两业务部经理同意调拨",
        )
        self._audited(self._side(made, "out"), at=self.moment(days_ago, 14), by="chief")
        self._received(self._side(made, "in"), at=self.moment(days_ago - 3, 10), by="accountant")

    def _own_transfer(self, days_ago: int) -> None:
        """From the department's store to its site (INV-44)."""
        made = self._transfer(
            days_ago, "internal", "YB1-WH", "BP-WH", [("BJ-33040", 1), ("HC-20040", 2)], by="accountant"
        )
        self._audited(self._side(made, "out"), at=self.moment(days_ago, 14))
        self._received(self._side(made, "in"), at=self.moment(days_ago - 2, 11), by="accountant")

    def _on_its_way(self, days_ago: int) -> None:
        """By directive; one piece too few arrived and is still looked for (LED-06)."""
        made = self._transfer(
            days_ago,
            "directive",
            "BP-WH",
            "JB-WH",
            [("AQ-50004", 4), ("BJ-33044", 3)],
            by="planner",
            requisition="LL-0118",
        )
        self._audited(self._side(made, "out"), at=self.moment(days_ago, 15))
        self._received(self._side(made, "in"), at=self.moment(days_ago - 2, 10), by="chief", less=1)

    def _returned_to_maker(self, days_ago: int) -> None:
        """Goods that arrived broken go back by a red letter (INV-27 a)."""
        bought = self._bought(days_ago, "BP-WH", [("GJ-01108", 2), ("BJ-33002", 10)], 1)
        red = services.draft_red(
            original=bought,
            reason="arrived",
            quantities={1: Decimal(1)},
            business_date=business_date(self.moment(days_ago - 1, 9)),
            remarks="到货即损，表盘碎",
            by=self.people["accountant"],
            at=self.moment(days_ago - 1, 9),
        )
        self._audited(red, at=self.moment(days_ago - 1, 10))

    def _scrapped(self, days_ago: int) -> None:
        """Class I goods are scrapped with the manager's approval (INV-32)."""
        made = self._saved(
            Category.SCRAP_OUT,
            "BP-SH",
            [("BJ-33044", 2)],
            by=self.people["accountant"],
            at=self.moment(days_ago, 9),
            remarks="无维修价值",
        )
        made = services.approve_document(
            document=made, by=self.people["manager"], at=self.moment(days_ago, 10)
        )
        self._audited(made, at=self.moment(days_ago, 11))

    def _surplus(self, days_ago: int) -> None:
        """What was left of an issue comes back by a red outbound letter (INV-27 b, INV-Q1)."""
        issued = self._saved(
            Category.OWN_USE_OUT,
            "BP-WH",
            [("HC-20120", 10), ("HC-20112", 6)],
            by=self.people["keeper"],
            at=self.moment(days_ago, 9),
            use=UseKind.CONSUMABLE,
        )
        issued = self._audited(issued, at=self.moment(days_ago, 10))
        red = services.draft_red(
            original=issued,
            reason="surplus",
            quantities={1: Decimal(4)},
            business_date=business_date(self.moment(days_ago - 1, 16)),
            remarks="余料退库",
            by=self.people["accountant"],
            at=self.moment(days_ago - 1, 16),
        )
        self._audited(red, at=self.moment(days_ago - 1, 17))

    def _today(self) -> None:
        """What waits now: a purchase to audit, an issue beyond stock, one taken back, a transfer to issue, a draft."""
        keeper, accountant = self.people["keeper"], self.people["accountant"]
        at = self.now - timedelta(hours=3)  # which may still be yesterday: every act keeps its own day
        purchase = self._saved(
            Category.PURCHASE_IN,
            "BP-WH",
            [("GJ-01042", 12), ("GJ-01108", 2), ("HC-20031", 48), ("HC-20077", 60), ("BJ-33015", 32)],
            by=keeper,
            at=at,
            priced=True,
            supplier_id=self.suppliers[0].pk,
            counted=True,
            requisition="LL-0142",
        )
        self._saved(
            Category.OWN_USE_OUT,
            "BP-WH",
            [("GJ-01120", 3), ("BJ-33051", 4), ("HC-20120", 5)],
            by=keeper,
            at=at + timedelta(minutes=25),
            use=UseKind.SPARE_ISSUE,
            remarks="大修领用",
        )
        wrong = self._bought(0, "BP-WH", [("AQ-50001", 4)], 2)
        services.unaudit_document(document=wrong, by=accountant, at=at + timedelta(minutes=70))
        services.save_transfer(
            head=TransferHead(
                "internal", self.stores["YB1-WH"].pk, self.stores["BP-WH"].pk, business_date(at)
            ),
            lines=[TransferLineIn("BJ-33071", Decimal(4))],
            by=accountant,
            at=at + timedelta(minutes=80),
        )
        services.edit_document(document=purchase, by=keeper, at=at + timedelta(minutes=95))

    def _close(self) -> None:
        """Earlier months are closed, the oldest first, as far as everything of them is finished (LED-08)."""
        first = business_date(self.moment(WEEKS * 7, 9)).replace(day=1)
        this = business_date(self.now).replace(day=1)
        while first < this and not closing_obstacles(first, days=7, at=self.now):
            services.close_period(month=first, by=self.people["chief"], at=self.now)
            first = next_month(first)
