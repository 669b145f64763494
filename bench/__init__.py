"""The benchmarks: what must be fast, measured beside its floor (`make bench`).

How to add a case: write `bench/cases/<room>.py` with a function `cases(ground)` that yields `Case` objects, and name
the module in `bench.cases.MODULES`. A case is what is measured (`run`), its floor (the same work by hand-written SQL or
by the bare library), and the target. `bench/README.md` shows one whole.
"""
