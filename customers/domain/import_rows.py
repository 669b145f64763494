"""Rows of a file of waybills, read: which column is what, what a cell means, and every problem of every row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from customers.choices import CodState, EventKind, FreightTerms
from customers.domain import waybills
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.rows import Problem

# field -> the headings it goes by, besides its own name
HEADINGS: dict[str, tuple[str, ...]] = {
    "number": ("配送单", "配送单号", "运单", "运单号", "单号", "waybill", "waybill number"),
    "shipped_on": ("发货日期", "日期", "开单日期", "shipped on", "date"),
    "consignor_number": ("发货客户", "发货人客户号", "客户编号", "consignor number"),
    "consignor_name": ("发货人", "发货方", "寄件人", "consignor"),
    "consignor_telephone": ("发货人电话", "发货电话", "寄件电话", "consignor telephone"),
    "consignee_number": ("收货客户", "收货人客户号", "consignee number"),
    "consignee_name": ("收货人", "收货方", "收件人", "consignee"),
    "consignee_telephone": ("收货人电话", "收货电话", "收件电话", "consignee telephone"),
    "origin": ("始发", "发站", "始发站", "起运地", "from"),
    "destination": ("到达", "到站", "目的站", "目的地", "to"),
    "goods": ("品名", "货物", "货名", "goods name"),
    "packing": ("包装",),
    "pieces": ("件数",),
    "weight": ("重量", "重量(kg)", "weight (kg)", "kg"),
    "volume": ("体积", "体积(m3)", "volume (m3)", "m3"),
    "service": ("服务", "运输方式", "服务方式"),
    "promised_at": ("承诺时间", "承诺送达", "promised", "promised for"),
    "cod_state": ("代收状态", "代收货款状态", "cod"),
    "cod_amount": ("代收", "代收货款", "代收金额", "cod amount"),
    "freight_terms": ("付款方式", "运费付款方式", "运费方式", "freight terms"),
    "freight_amount": ("运费", "运费金额", "freight"),
    "freight_due_on": ("运费到期日", "应付日期", "freight due"),
    "freight_paid_on": ("运费付款日", "付款日期", "freight paid"),
    "event": ("轨迹", "事件", "动态"),
    "event_at": ("轨迹时间", "事件时间", "时间"),
    "event_place": ("轨迹地点", "地点", "place"),
    "event_remarks": ("备注", "轨迹备注", "remarks"),
}
WORDS_OF_COD = {
    "": "", "未知": "unknown", "无": "none", "无代收": "none", "待收": "due", "未收": "due", "已收": "collected",
    "已代收": "collected", "已交": "handed_in", "已上交": "handed_in", "已转": "remitted", "已转账": "remitted",
    "已返": "remitted", "取消": "cancelled", "已取消": "cancelled",
}  # fmt: skip
WORDS_OF_FREIGHT = {
    "": "", "现付": "prepaid", "预付": "prepaid", "寄付": "prepaid", "到付": "collect", "提付": "collect",
    "回单付": "on_receipt", "回付": "on_receipt", "月结": "monthly",
}  # fmt: skip
WORDS_OF_EVENTS = {
    "": "", "揽收": "collected", "收件": "collected", "装车": "loaded", "发车": "departed", "出发": "departed",
    "到达": "arrived", "到站": "arrived", "通知": "notified", "已通知": "notified", "派送": "out_for_delivery",
    "派件": "out_for_delivery", "送达": "delivered", "签收": "signed", "已签收": "signed", "拒收": "refused",
    "退回": "returned", "返回": "returned",
}  # fmt: skip
DAY = re.compile(
    r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?)?$"
)
DAYS = frozenset({"shipped_on", "freight_due_on", "freight_paid_on"})
EVENT_FIELDS = ("event", "event_at", "event_place", "event_remarks")
LENGTHS = {
    "consignor_name": 120, "consignee_name": 120, "goods": 120, "packing": 60, "service": 40, "origin": 60,
    "destination": 60, "event_place": 60, "event_remarks": 200,
}  # fmt: skip


@dataclass(frozen=True)
class Event:
    """One event of a row."""

    line: int
    kind: str
    occurred_at: datetime
    place: str
    remarks: str


@dataclass(frozen=True)
class Row:
    """A row read. `facts` holds only the fields whose cells are filled, as kept values."""

    line: int
    number: str
    facts: Mapping[str, object]
    event: Event | None


@dataclass(frozen=True)
class Columns:
    """Which field a column is; columns that mean nothing to us are named, never swallowed."""

    by_column: Mapping[str, str]
    ignored: tuple[str, ...]

    def name_of(self, wanted: str) -> str:
        """The file's own name of a field, for messages."""
        return next((column for column, found in self.by_column.items() if found == wanted), wanted)


def plain(heading: str) -> str:
    """A heading as headings are compared."""
    text = unicodedata.normalize("NFKC", heading).strip().lower().replace("（", "(").replace("）", ")")
    return re.sub(r"[\s_]+", " ", text)


KNOWN = {plain(name): code for code, names in HEADINGS.items() for name in (code, *names)}


def read_columns(header: Iterable[str], given: Mapping[str, str] | None = None) -> Columns:
    """The meaning of each column: as `given` says (column → field), else by its heading.

    Raises RuleBroken `import.unknown_field` for a field that does not exist, `import.column` when no column is the
    waybill number.
    """
    asked = {plain(column): code for column, code in (given or {}).items()}
    if wrong := sorted(set(asked.values()) - set(HEADINGS)):
        raise RuleBroken(
            "import.unknown_field", status=400, fields=", ".join(wrong), known=", ".join(HEADINGS)
        )
    by_column: dict[str, str] = {}
    ignored = []
    for column in header:
        code = asked.get(plain(column)) or KNOWN.get(plain(column))
        if code and code not in by_column.values():
            by_column[column] = code
        elif column.strip():
            ignored.append(column)
    if "number" not in by_column.values():
        raise RuleBroken("import.column", status=400)
    return Columns(by_column, tuple(ignored))


def read_row(
    line: int, cells: Mapping[str, str], columns: Columns, zone: ZoneInfo
) -> tuple[Row, list[Problem]]:
    """A row with its kept values, and every problem in it. Times without zone are the centre's."""
    values = {
        code: unicodedata.normalize("NFKC", cells.get(column) or "").strip()
        for column, code in columns.by_column.items()
    }
    reader = _Reader(line, columns, zone)
    number = reader.number(values.pop("number", ""))
    event = reader.event({code: values.pop(code, "") for code in EVENT_FIELDS})
    facts = {
        code: found
        for code, text in values.items()
        if text and (found := reader.fact(code, text)) is not None
    }
    return Row(line, number, facts, event), reader.problems


@dataclass
class _Reader:
    """Reads the cells of one row and collects what is wrong."""

    line: int
    columns: Columns
    zone: ZoneInfo
    problems: list[Problem] = field(default_factory=list)

    def _refuse(self, code: str, name: str, **params: object) -> None:
        self.problems.append(Problem(self.line, self.columns.name_of(code), name, params))

    def number(self, text: str) -> str:
        """The waybill's number in its kept form; '' when it is malformed."""
        try:
            return waybills.normalise(text)
        except RuleBroken as problem:
            self._refuse("number", problem.code, **problem.params)
            return ""

    def fact(self, code: str, text: str) -> object:
        """The kept value of a cell; None when it is wrong."""
        if code in DAYS:
            moment = self._moment(code, text)
            return moment.astimezone(self.zone).date() if moment else None
        if code == "promised_at":
            return self._moment(code, text)
        if code == "pieces":
            return self._whole(code, text)
        if code in {"weight", "volume", "cod_amount", "freight_amount"}:
            return self._decimal(code, text)
        if code == "cod_state":
            return self._choice(code, text, WORDS_OF_COD, CodState.values)
        if code == "freight_terms":
            return self._choice(code, text, WORDS_OF_FREIGHT, FreightTerms.values)
        most = LENGTHS.get(code)
        if most is not None and len(text) > most:
            self._refuse(code, "import.too_long", length=len(text), most=most)
            return None
        return text

    def event(self, values: Mapping[str, str]) -> Event | None:
        """The event of the row, if there is a whole one."""
        if not values["event"] and not values["event_at"]:
            return None
        if not values["event"] or not values["event_at"]:
            self._refuse("event", "import.event")
            return None
        kind = self._choice("event", values["event"], WORDS_OF_EVENTS, EventKind.values)
        moment = self._moment("event_at", values["event_at"])
        place, remarks = (
            self.fact("event_place", values["event_place"]),
            self.fact("event_remarks", values["event_remarks"]),
        )
        if kind is None or moment is None or place is None or remarks is None:
            return None
        return Event(self.line, kind, moment, str(place), str(remarks))

    def _moment(self, code: str, text: str) -> datetime | None:
        found = DAY.match(text)
        try:
            if found:
                parts = [int(part) if part else 0 for part in found.groups()]
                return datetime(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], tzinfo=self.zone)
            moment = datetime.fromisoformat(text)
        except ValueError:
            self._refuse(code, "import.date", value=text[:40])
            return None
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def _whole(self, code: str, text: str) -> int | None:
        amount = self._decimal(code, text)
        if amount is None:
            return None
        if amount != amount.to_integral_value():
            self._refuse(code, "import.number", value=text[:40])
            return None
        return int(amount)

    def _decimal(self, code: str, text: str) -> Decimal | None:
        cleaned = re.sub(r"^[¥￥]|元$|kg$|m3$|件$|[,\s]", "", text.lower())
        try:
            amount = Decimal(cleaned)
        except InvalidOperation:
            amount = None
        if amount is None or not amount.is_finite():
            self._refuse(code, "import.number", value=text[:40])
            return None
        return amount

    def _choice(self, code: str, text: str, words: Mapping[str, str], known: Iterable[str]) -> str | None:
        found = words.get(text, text.lower().replace(" ", "_"))
        if found not in set(known):
            self._refuse(
                code, "import.choice", value=text[:40], known="、".join(word for word in words if word)
            )
            return None
        return found
