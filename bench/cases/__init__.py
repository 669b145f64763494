"""The cases, by room. A further room names its module here."""

MODULES = (
    "bench.cases.queue",
    "bench.cases.ticket",
    "bench.cases.lookup",
    "bench.cases.registering",
    "bench.cases.importing",
    "bench.cases.sweep",
    "bench.cases.search",
    "bench.cases.stock",
    "bench.cases.inventory_counts",
    "bench.cases.boards",
    "bench.cases.claims",
    "bench.cases.reports",
    "bench.cases.storms",
)
