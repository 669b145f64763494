"""The decision table once more, written as an if-chain from the sentences of chapter 03, not from the seeded data.

`outcome(facts)` takes facts that are all known, as plain values, and answers (outcome, shares). It is the second
opinion of the enumeration, and the floor of the benchmark.
"""

from __future__ import annotations

from typing import Any

HALF, THIRD, ALL = "1/2", "1/3", "1"


def outcome(f: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """The rule or manual reason (with its pattern as `LOSS_PATTERN/U1`) and who bears what."""
    if f["traffic_or_theft"] == "yes":
        return "LR-00", {}
    kind = f["kind"]
    if kind == "none":
        return "NO_INCIDENT", {}
    # Tier A: every row that holds names its people.
    sole: list[tuple[str, str]] = []
    sole += [("LR-13", party) for party in f["off_post"]]
    sole += [("LR-14", party) for party in f["swapped_post"]]
    if kind == "loss" and f["driver_record"] == "copied":
        sole.append(("LR-06", "driver"))
    if kind == "loss" and f["loader_record"] == "copied":
        sole.append(("LR-06", "loader"))
    copies = [f["copy_1"], f["copy_2"], f["copy_3"], f["copy_4"]]
    writer_known = f["noter"] != "unknown"
    if f["refused"] == "yes" and "noted" in copies and f["slip"] == "no" and writer_known:
        sole.append(("LR-01", f["noter"]))
    if sole:
        if len({party for _row, party in sole}) > 1:
            return "MULTIPLE_SOLE_LIABILITY", {}
        return sole[0][0], {sole[0][1]: ALL}
    if f["return_label_covered"] == "yes":
        return "LR-15", {"branch": ALL}
    # Tier C: notes.
    p23 = copies[:3] == ["clean", "noted", "noted"]
    incomplete = "noted" in copies and copies.count("noted") < 4
    if p23 and f["position"] == "origin":
        return "LR-03a", {"loader": HALF, "driver": HALF}
    if p23 and f["position"] == "arrived":
        return "LR-03b", {"loader": THIRD, "driver": THIRD, "branch": THIRD}
    if incomplete and writer_known:
        return "LR-02", {f["noter"]: ALL}
    if incomplete:
        return "NOTE_AUTHOR_UNKNOWN", {}
    return papers(f, kind, copies)


def papers(f: dict[str, Any], kind: str, copies: list[str]) -> tuple[str, dict[str, str]]:
    """Tiers D and E, and what is left."""
    found = copies[:3] != ["missing", "missing", "missing"]
    driver, loader = f["driver_record"] != "none", f["loader_record"] != "none"
    entered, up, notice = f["entered"] == "yes", f["system_up"] == "yes", f["notice"]
    if kind == "loss":
        if driver and loader and not entered and not found:
            return "LR-08", {"loader": HALF, "driver": HALF}
        if driver != loader and entered:
            return "LR-05", {"loader": HALF, "driver": HALF}
        if notice != "absent" and not driver and not loader:
            return "LR-12", {"loader": "7/10", "driver": "3/10"}
        if found and notice == "absent" and driver and loader and up:
            return "LR-10", {"driver": HALF, "sorter": HALF}
        if found and driver and loader and f["position"] == "arrived" and notice == "noted":
            return "LR-04a", {"driver": ALL}
        if found and driver and loader and f["position"] == "arrived" and notice == "clean":
            return "LR-04b", {"branch": ALL}
    if notice == "absent" and not found and driver and not loader:
        return "LR-09", {"loader": ALL}
    if kind == "damage":
        return "DAMAGE_NO_RULE", {}
    if copies[0] == "missing" and f["loader_signature"] == "not_provable" and not loader:
        return "LR-07", {"waybill_clerk": ALL}
    return "LOSS_PATTERN/" + pattern(f, driver, loader, found), {}


def pattern(f: dict[str, Any], driver: bool, loader: bool, found: bool) -> str:
    """LR-23: how a loss looks that no row covers."""
    notice, entered = f["notice"], f["entered"] == "yes"
    if loader and not driver and not entered:
        return "U1"
    if driver and loader and entered and not found:
        return "U2"
    if not driver and not loader and notice == "absent":
        return "U3"
    if driver and loader and found and notice != "absent" and f["position"] != "arrived":
        return "U4"
    if driver and loader and found and notice == "absent" and f["system_up"] == "no":
        return "U5"
    if driver and not loader and not entered:
        return "U6"
    raise AssertionError(f"no pattern: {f}")
