"""What version 1 of the interface has promised stays: held to the committed promise, whatever tags there are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from servicecenter.local import openapi

WRITTEN = json.loads(openapi.FILE.read_text())
Change = Callable[[dict[str, Any]], Any]


def text(schema: dict[str, Any]) -> str:
    return json.dumps(schema)


@pytest.fixture
def promised(tmp_path: Path) -> Path:
    """The interface of today, promised."""
    file = tmp_path / "openapi-v1.json"
    assert openapi.promise(text(WRITTEN), promised=file) == []
    return file


def wrong(change: Change, promised: Path) -> list[str]:
    """What the check says of an interface changed so and written down."""
    schema = json.loads(text(WRITTEN))
    change(schema)
    written = promised.with_name("openapi.json")
    written.write_text(text(schema))
    return openapi.broken_promises(text(schema), written=written, promised=promised)


def add(schema: dict[str, Any]) -> None:
    """A path, an optional field that is taken, a field that is answered, a value that is taken."""
    schema["paths"]["/api/v1/new/"] = {"get": {"responses": {"200": {"description": ""}}}}
    shapes = schema["components"]["schemas"]
    shapes["ReasonRequest"]["properties"]["remark"] = {"type": "string"}
    shapes["ComplaintRow"]["properties"]["remark"] = {"type": "string"}
    shapes["ChannelEnum"]["enum"].append("pigeon")


def lose_a_path(schema: dict[str, Any]) -> None:
    del schema["paths"]["/api/v1/complaints/{number}/resolve/"]


def lose_a_field(schema: dict[str, Any]) -> None:
    del schema["components"]["schemas"]["ComplaintRow"]["properties"]["due_at"]


def narrow_a_choice(schema: dict[str, Any]) -> None:
    schema["components"]["schemas"]["ChannelEnum"]["enum"].remove("telephone")


def need_a_field(schema: dict[str, Any]) -> None:
    schema["components"]["schemas"]["IntakeInputRequest"]["required"].append("demand")


def lose_a_file(schema: dict[str, Any]) -> None:
    content = schema["paths"]["/api/v1/vouchers/{number}/paper/"]["get"]["responses"]["200"]["content"]
    content["text/html"] = content.pop("application/pdf")


def test_what_is_added_breaks_no_promise(promised: Path) -> None:
    assert wrong(add, promised) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lose_a_path, "POST /api/v1/complaints/{number}/resolve/ is gone"),
        (lose_a_field, "GET /api/v1/complaints/ answer 200: field results items: field due_at is gone"),
        (narrow_a_choice, "POST /api/v1/complaints/ body: field channel takes 'telephone' no more"),
        (need_a_field, "POST /api/v1/complaints/ body: field demand is newly required"),
        (lose_a_file, "GET /api/v1/vouchers/{number}/paper/ answer 200: application/pdf is gone"),
    ],
    ids=["path", "field", "choice", "required", "file"],
)
def test_what_is_lost_or_narrowed_fails_the_check(change: Change, said: str, promised: Path) -> None:
    assert f"v1 promised more: {said}" in wrong(change, promised)


def test_a_promise_grows_and_is_never_taken_back(promised: Path) -> None:
    grown = json.loads(text(WRITTEN))
    add(grown)
    assert openapi.promise(text(grown), promised=promised) == []
    before = promised.read_text()
    assert "GET /api/v1/new/ is gone" in openapi.promise(text(WRITTEN), promised=promised)
    assert promised.read_text() == before


def test_without_a_promise_and_with_another_file_the_check_fails(tmp_path: Path) -> None:
    nowhere = tmp_path / "openapi-v1.json"
    said = openapi.broken_promises(text(WRITTEN), written=tmp_path / "openapi.json", promised=nowhere)
    assert [sentence.split(" is ")[0] for sentence in said] == ["docs/openapi.json", "docs/openapi-v1.json"]


def test_the_interface_written_down_keeps_the_committed_promise() -> None:
    promise = json.loads(openapi.PROMISED.read_text())
    assert len(promise["paths"]) > 100
    assert openapi.losses(promise, WRITTEN) == []
