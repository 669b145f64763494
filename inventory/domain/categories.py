"""What each category of stock document may do: the one declarative table (LED-13, INV-20 to INV-35).

The database's guard is filled from it by the migration, forms and API offer from it, services ask it, and a test
compares them all. A change here comes with a migration that calls `load` of the guard's table again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from inventory.choices import Category, Colour, Direction, RedReason, TransferKind, WarehouseKind

SOUND, DAMAGED = WarehouseKind.SOUND, WarehouseKind.DAMAGED
QUARANTINE, TRANSIT = WarehouseKind.QUARANTINE, WarehouseKind.TRANSIT
BOTH = frozenset({Colour.BLUE, Colour.RED})
BLUE = frozenset({Colour.BLUE})
RED = frozenset({Colour.RED})


@dataclass(frozen=True)
class CategoryRule:
    """One row: direction, number prefix, kinds of warehouse, colours, and what the head must carry.

    `is_transfer`: made by a transfer alone, with a second leg in transit (LED-06). `needs_approval`: another person
    of the department approves before audit (INV-32). `of_count`: made and posted by an approved count alone (INV-55).
    `kinds` keep damaged and returned goods apart (INV-28); damaged ones leave by their own categories alone (INV-35).
    `origin`: the category of the document it may follow from.
    """

    direction: Direction
    prefix: str
    kinds: frozenset[WarehouseKind]
    colours: frozenset[Colour] = BOTH
    needs_supplier: bool = False
    needs_count: bool = False
    needs_application: bool = False
    needs_cause: bool = False
    needs_use: bool = False
    needs_approval: bool = False
    is_transfer: bool = False
    of_count: bool = False
    origin: Category | None = None
    origin_needed: bool = False

    @property
    def is_by_hand(self) -> bool:
        """Whether a person may begin one: neither made by a transfer or a count, nor by a return alone."""
        return not self.is_transfer and not self.of_count and Colour.BLUE in self.colours

    @property
    def sign(self) -> int:
        """+1 where a blue document adds stock to its warehouse, -1 where it takes it."""
        return 1 if self.direction == Direction.IN else -1


TABLE: Mapping[Category, CategoryRule] = MappingProxyType(
    {
        Category.PURCHASE_IN: CategoryRule(
            Direction.IN, "CR", frozenset({SOUND, QUARANTINE}), needs_supplier=True, needs_count=True
        ),
        # INV-21: the application it rests on.
        Category.PETTY_IN: CategoryRule(
            Direction.IN, "LR", frozenset({SOUND}), needs_application=True, needs_count=True
        ),
        Category.DAMAGE_IN: CategoryRule(
            Direction.IN, "SR", frozenset({DAMAGED}), needs_cause=True, origin=Category.OWN_USE_OUT
        ),
        # INV-23: what comes back sound closes what went out for repair.
        Category.REPAIRED_IN: CategoryRule(
            Direction.IN, "XR", frozenset({SOUND}), origin=Category.REPAIR_OUT, origin_needed=True
        ),
        Category.SOUND_TRANSFER_IN: CategoryRule(Direction.IN, "DR", frozenset({SOUND}), is_transfer=True),
        Category.DAMAGED_TRANSFER_IN: CategoryRule(
            Direction.IN, "DSR", frozenset({DAMAGED}), is_transfer=True
        ),
        Category.OPENING_IN: CategoryRule(Direction.IN, "QC", frozenset({SOUND, DAMAGED, QUARANTINE})),
        Category.RETURN_IN: CategoryRule(
            Direction.IN, "TR", frozenset({SOUND, DAMAGED, QUARANTINE}), colours=RED, origin_needed=True
        ),
        Category.SURPLUS_IN: CategoryRule(
            Direction.IN, "PY", frozenset({SOUND, DAMAGED, QUARANTINE}), colours=BLUE, of_count=True
        ),
        Category.OWN_USE_OUT: CategoryRule(Direction.OUT, "LY", frozenset({SOUND}), needs_use=True),
        Category.REPAIR_OUT: CategoryRule(Direction.OUT, "FX", frozenset({DAMAGED})),
        Category.SCRAP_OUT: CategoryRule(Direction.OUT, "BF", frozenset({DAMAGED}), needs_approval=True),
        Category.SOUND_TRANSFER_OUT: CategoryRule(Direction.OUT, "DC", frozenset({SOUND}), is_transfer=True),
        Category.DAMAGED_TRANSFER_OUT: CategoryRule(
            Direction.OUT, "DSC", frozenset({DAMAGED}), is_transfer=True
        ),
        Category.TRANSIT_LOSS_OUT: CategoryRule(
            Direction.OUT, "ZS", frozenset({TRANSIT}), needs_approval=True, is_transfer=True
        ),
        Category.RETURN_OUT: CategoryRule(
            Direction.OUT, "TC", frozenset({SOUND, DAMAGED}), colours=RED, origin_needed=True
        ),
        Category.SHORTAGE_OUT: CategoryRule(
            Direction.OUT, "PK", frozenset({SOUND, DAMAGED, QUARANTINE}), colours=BLUE, of_count=True
        ),
    }
)

# Where differences of a count may stand: what their documents may.
COUNTED_KINDS = TABLE[Category.SHORTAGE_OUT].kinds
# The pairs of a transfer by the kind of both its warehouses (INV-24, INV-25).
TRANSFER_PAIRS: Mapping[WarehouseKind, tuple[Category, Category]] = MappingProxyType(
    {
        SOUND: (Category.SOUND_TRANSFER_OUT, Category.SOUND_TRANSFER_IN),
        DAMAGED: (Category.DAMAGED_TRANSFER_OUT, Category.DAMAGED_TRANSFER_IN),
    }
)
# Which documents a reason of return looks back at, and the category of the return (INV-27, INV-Q1).
RETURNS: Mapping[RedReason, tuple[Direction, Category]] = MappingProxyType(
    {
        RedReason.ARRIVED: (Direction.IN, Category.RETURN_IN),
        RedReason.SURPLUS: (Direction.OUT, Category.RETURN_OUT),
        RedReason.DAMAGED_BACK: (Direction.OUT, Category.RETURN_OUT),
    }
)
# What goods can be returned from: bought ones, issued ones, damaged ones sent away.
RETURNABLE: Mapping[RedReason, frozenset[Category]] = MappingProxyType(
    {
        RedReason.ARRIVED: frozenset({Category.PURCHASE_IN, Category.PETTY_IN}),
        RedReason.SURPLUS: frozenset({Category.OWN_USE_OUT}),
        RedReason.DAMAGED_BACK: frozenset({Category.REPAIR_OUT}),
    }
)
CROSS_KINDS = frozenset({TransferKind.DIRECTIVE, TransferKind.NEGOTIATED})


def rule_of(category: str) -> CategoryRule:
    """The row of a category. Raises ValueError for an unknown one."""
    return TABLE[Category(category)]


def allowed_kinds(category: str) -> frozenset[WarehouseKind]:
    """The kinds of warehouse a document of that category may stand in."""
    return rule_of(category).kinds


def by_hand(direction: str | None = None) -> list[Category]:
    """The categories a person may begin."""
    return [
        category
        for category, rule in TABLE.items()
        if rule.is_by_hand and direction in (None, rule.direction)
    ]


def rows() -> Iterator[tuple[str, str, str, str, bool]]:
    """The table as the database holds it: category, kind of warehouse, direction, colour, is it a transfer's."""
    for category, rule in TABLE.items():
        for kind in sorted(rule.kinds):
            for colour in sorted(rule.colours):
                yield str(category), str(kind), str(rule.direction), str(colour), rule.is_transfer
