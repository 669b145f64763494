"""What the lines of a spreadsheet say of items, opening stock and document lines: every problem of every line."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from inventory.choices import DifferenceCause, ItemClass, RepairClass
from inventory.domain.counting import Counted
from inventory.domain.documents import Line
from servicecenter.kernel.rows import Problem

# field -> its headings; case, width, blanks and a star for "required" do not matter
LINE_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("存货编码", "存貨編碼", "物资编码", "編碼", "编码", "item code", "code"),
    "quantity": ("数量", "數量", "入库数量", "出库数量", "quantity"),
    "price": ("单价", "單價", "price"),
    "location": ("货位", "貨位", "物资存放地点", "location"),
    "expires_on": ("有效期至", "有效期", "usable until", "expires on"),
    "remarks": ("备注", "備註", "備注", "remarks"),
}
OPENING_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "warehouse": ("仓库编码", "倉庫編碼", "库房编码", "仓库", "倉庫", "warehouse code", "warehouse"),
    **LINE_HEADINGS,
}
ITEM_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("存货编码", "存貨編碼", "编码", "編碼", "item code", "code"),
    "name": ("存货名称", "存貨名稱", "名称", "名稱", "item name", "name"),
    "name_en": ("英文名称", "英文名稱", "english name"),
    "spec": ("规格型号", "規格型號", "规格", "specification", "spec"),
    "item_class": ("存货大类", "存貨大類", "大类", "大類", "item class", "class"),
    "unit": ("单位", "單位", "计量单位", "unit"),
    "aux_unit": ("辅助单位", "輔助單位", "auxiliary unit"),
    "aux_factor": ("换算率", "換算率", "factor"),
    "repair_class": ("商修类别", "商修類別", "repair class"),
    "reserve_least": ("最低储备", "最低儲備", "least reserve"),
    "reserve_most": ("最高储备", "最高儲備", "greatest reserve"),
}
COUNT_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": LINE_HEADINGS["code"],
    "counted": ("实盘数量", "實盤數量", "实盘数", "盘点数量", "counted quantity", "counted"),
    "location": LINE_HEADINGS["location"],
    "cause": ("差异原因", "差異原因", "cause of the difference", "cause"),
    "reason": ("差异说明", "差異說明", "说明", "原因", "explanation"),
}
CAUSE_WORDS: Mapping[str, DifferenceCause] = {
    "未开单出入库": DifferenceCause.NOT_BOOKED,
    "未開單出入庫": DifferenceCause.NOT_BOOKED,
    "收发时点数有误": DifferenceCause.MISCOUNTED,
    "收發時點數有誤": DifferenceCause.MISCOUNTED,
    "与其他存货混淆": DifferenceCause.MIXED_UP,
    "與其他存貨混淆": DifferenceCause.MIXED_UP,
    "库存损坏变质": DifferenceCause.DAMAGED,
    "庫存損壞變質": DifferenceCause.DAMAGED,
    "丢失或被盗": DifferenceCause.LOST,
    "丟失或被盜": DifferenceCause.LOST,
    "自然损耗": DifferenceCause.NATURAL,
    "自然損耗": DifferenceCause.NATURAL,
    "其他原因": DifferenceCause.OTHER,
    "moved without a document": DifferenceCause.NOT_BOOKED,
    "counted wrongly when it came or went": DifferenceCause.MISCOUNTED,
    "mixed up with another item": DifferenceCause.MIXED_UP,
    "damaged or spoilt in the store": DifferenceCause.DAMAGED,
    "lost or stolen": DifferenceCause.LOST,
    "natural loss": DifferenceCause.NATURAL,
    "another cause": DifferenceCause.OTHER,
}
CLASS_WORDS: Mapping[str, ItemClass] = {
    "工具": ItemClass.TOOL,
    "备品备件": ItemClass.SPARE,
    "備品備件": ItemClass.SPARE,
    "备件": ItemClass.SPARE,
    "備件": ItemClass.SPARE,
    "耗材": ItemClass.CONSUMABLE,
    "仓储搬运设备": ItemClass.HANDLING,
    "倉儲搬運設備": ItemClass.HANDLING,
    "搬运设备": ItemClass.HANDLING,
    "安全设备": ItemClass.SAFETY,
    "安全設備": ItemClass.SAFETY,
    "存储设备": ItemClass.STORAGE,
    "存儲設備": ItemClass.STORAGE,
}
REPAIR_WORDS: Mapping[str, RepairClass] = {
    "": RepairClass.NONE,
    "无": RepairClass.NONE,
    "i": RepairClass.ONE,
    "i类": RepairClass.ONE,
    "一类": RepairClass.ONE,
    "一類": RepairClass.ONE,
    "1": RepairClass.ONE,
    "ii": RepairClass.TWO,
    "ii类": RepairClass.TWO,
    "二类": RepairClass.TWO,
    "二類": RepairClass.TWO,
    "2": RepairClass.TWO,
}
# The order of cells in text pasted without headings: short, or as the whole grid stands on the page.
PASTED = ("code", "quantity", "price", "location", "expires_on", "remarks")
PASTED_GRID = ("code", "", "", "", "quantity", "price", "", "location", "expires_on", "remarks")
_WITH_UNIT = re.compile(r"^([-−+]?[0-9][0-9.,]*)\s*([^\W\d_]+)$")
_DAY = re.compile(r"^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T]00:00(?::00)?)?$")


@dataclass(frozen=True)
class ReadLine:
    """A line of a file that could be read: where it stood, its document line, its warehouse's code where it has one.

    `unit` is the unit written behind the quantity (`2箱`); '' means the item's own.
    """

    at: int
    line: Line
    warehouse: str = ""
    unit: str = ""


@dataclass(frozen=True)
class ItemRow:
    """An item as a file gives it."""

    at: int
    code: str
    values: Mapping[str, object]


def _plain(text: str) -> str:
    return re.sub(r"[\s*＊]", "", unicodedata.normalize("NFKC", text)).casefold()


def split_unit(text: str) -> tuple[str, str]:
    """`2箱` as figure and unit (LED-12); the text as it is, and '', where no unit stands behind a figure."""
    found = _WITH_UNIT.match(unicodedata.normalize("NFKC", text).strip())
    return (found[1], found[2]) if found is not None else (text, "")


def columns_of(cells: Iterable[str], headings: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """field -> the heading of the file that means it; the first that fits."""
    wanted = {_plain(word): name for name, words in headings.items() for word in (*words, name)}
    found: dict[str, str] = {}
    for heading in cells:
        name = wanted.get(_plain(heading))
        if name is not None:
            found.setdefault(name, heading)
    return found


class _Reader:
    """Reads one line and collects what is wrong with it."""

    def __init__(self, at: int, cells: Mapping[str, str], columns: Mapping[str, str]) -> None:
        self.at, self.columns = at, columns
        self.cells = {
            name: unicodedata.normalize("NFKC", cells.get(heading) or "").strip()
            for name, heading in columns.items()
        }
        self.problems: list[Problem] = []

    def refuse(self, name: str, code: str, **params: object) -> None:
        """Note what is wrong in a column."""
        self.problems.append(Problem(self.at, self.columns.get(name, name), code, params))

    def text(self, name: str) -> str:
        """A cell as text."""
        return self.cells.get(name, "")

    def code(self) -> str:
        """The code, in capitals."""
        found = self.text("code").upper()
        if not found:
            self.refuse("code", "stock.import_code")
        return found

    def number(self, name: str, *, needed: bool = False) -> Decimal | None:
        """A figure; None when the cell is empty or wrong."""
        typed = re.sub(r"[¥￥,\s]|元$", "", self.text(name)).replace("−", "-")
        if not typed and not needed:
            return None
        try:
            found = Decimal(typed)
        except InvalidOperation:
            found = Decimal("NaN")
        if not found.is_finite():
            self.refuse(name, "stock.import_number", value=self.text(name)[:40])
            return None
        return found

    def take_unit(self, name: str) -> str:
        """The unit behind a figure, taken off the cell; '' where there is none."""
        self.cells[name], unit = split_unit(self.text(name))
        return unit

    def day(self, name: str) -> date | None:
        """A date; None when the cell is empty or wrong."""
        typed = self.text(name)
        if not typed:
            return None
        found = _DAY.match(typed)
        try:
            if found is None:
                raise ValueError(typed)
            year, month, day = (int(part) for part in found.groups())
            return date(year, month, day)
        except ValueError:
            self.refuse(name, "stock.import_date", value=typed[:40])
            return None

    def choice(
        self, name: str, words: Mapping[str, ItemClass | RepairClass | DifferenceCause], values: Sequence[str]
    ) -> str | None:
        """The value that a word means; None when it is not known."""
        typed = self.text(name).casefold()
        found = words.get(typed)
        if found is not None:
            return str(found.value)
        if typed in values:
            return typed
        self.refuse(
            name,
            "stock.import_choice",
            value=self.text(name)[:40],
            known="、".join(word for word in words if word),
        )
        return None


def read_line(
    at: int, cells: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[ReadLine | None, list[Problem]]:
    """A line of a document; None when something needed is wrong."""
    reader = _Reader(at, cells, columns)
    code, unit = reader.code(), reader.take_unit("quantity")
    quantity = reader.number("quantity", needed=True)
    price, expires = reader.number("price"), reader.day("expires_on")
    if reader.problems or quantity is None:
        return None, reader.problems
    line = Line(code, quantity, price, reader.text("location"), expires, reader.text("remarks"))
    return ReadLine(at, line, reader.text("warehouse").upper(), unit), []


def read_item(
    at: int, cells: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[ItemRow | None, list[Problem]]:
    """An item; a column that the file does not have leaves what is known of it."""
    reader = _Reader(at, cells, columns)
    values: dict[str, object] = {}
    if "name" in columns:
        values["name"] = reader.text("name")
    for name in ("name_en", "spec", "unit", "aux_unit"):
        if name in columns:
            values[name] = reader.text(name)
    if "item_class" in columns:
        values["item_class"] = reader.choice("item_class", CLASS_WORDS, ItemClass.values)
    if "repair_class" in columns:
        values["repair_class"] = reader.choice("repair_class", REPAIR_WORDS, RepairClass.values)
    for name in ("aux_factor", "reserve_least", "reserve_most"):
        if name in columns:
            values[name] = reader.number(name)
    code = reader.code()
    return (ItemRow(at, code, values), []) if not reader.problems else (None, reader.problems)


def read_counted(
    at: int, cells: Mapping[str, str], columns: Mapping[str, str]
) -> tuple[Counted | None, str, list[Problem]]:
    """A line of a count sheet that was filled in, and the unit behind its figure; None for one left empty (INV-52)."""
    reader = _Reader(at, cells, columns)
    code, unit = reader.code(), reader.take_unit("counted")
    counted = reader.number("counted")
    cause = reader.choice("cause", CAUSE_WORDS, DifferenceCause.values) if reader.text("cause") else None
    if reader.problems or counted is None:
        return None, unit, reader.problems
    texts = {name: reader.text(name) or None for name in ("location", "reason")}
    return Counted(code, counted, cause, texts["reason"], texts["location"], at), unit, []


def pasted_rows(text: str) -> list[tuple[int, dict[str, str]]]:
    """Cells copied from a spreadsheet, as rows with headings: the first line's own, else by the order of the cells."""
    lines = [(at, row.split("\t")) for at, row in enumerate(text.splitlines(), 1) if row.strip()]
    if not lines:
        return []
    first = lines[0][1]
    if "code" in columns_of(first, LINE_HEADINGS):
        heads = [cell.strip() for cell in first]
        lines = lines[1:]
    else:
        heads = list(PASTED_GRID if len(first) >= 8 else PASTED)
    return [
        (at, {head: cell for head, cell in zip(heads, cells, strict=False) if head}) for at, cells in lines
    ]
