"""The committed OpenAPI file: written, compared with the code, and held to what version 1 has promised.

    python -m servicecenter.local.openapi            writes docs/openapi.json
    python -m servicecenter.local.openapi --check    fails when it differs, or when v1 loses or narrows anything
    python -m servicecenter.local.openapi --promise  makes the interface of today what version 1 promises from now on

What was promised stands in docs/openapi-v1.json. It changes on purpose alone, and only grows: what it has promised
once can be taken back by a version 2, not by a new promise.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servicecenter.local import paths

FILE = paths.ROOT / "docs" / "openapi.json"
PROMISED = paths.ROOT / "docs" / "openapi-v1.json"
METHODS = ("get", "post", "put", "patch", "delete")


def generate(target: Path) -> None:
    """Write the schema of the code as it stands, in English; a warning of the generator is a failure.

    Never in the reader's language: before the translations are compiled the file would be another one.
    """
    from django.core.management import call_command

    call_command(
        "spectacular",
        file=str(target),
        format="openapi-json",
        api_version="v1",
        lang="en",
        validate=True,
        fail_on_warn=True,
    )
    text = json.dumps(json.loads(target.read_text()), ensure_ascii=False, indent=2, sort_keys=True)
    target.write_text(text + "\n")


def broken_promises(fresh: str, *, written: Path = FILE, promised: Path = PROMISED) -> list[str]:
    """What is wrong with the interface that the code has now (`fresh`, as JSON): one sentence each, empty when nothing.

    The written file must be this interface, and the interface must keep what is promised; without a promise there is
    nothing that would keep v1, which is wrong as well.
    """
    found = []
    if not written.exists() or written.read_text() != fresh:
        found.append(f"docs/{written.name} is not what the code says: run `make openapi` and commit it")
    if not promised.exists():
        return [*found, f"docs/{promised.name} is missing: nothing says what v1 promises"]
    lost = losses(json.loads(promised.read_text()), json.loads(fresh))
    return found + [f"v1 promised more: {sentence}" for sentence in lost]


def promise(fresh: str, *, promised: Path = PROMISED) -> list[str]:
    """Promise the interface of today (`fresh`, as JSON). Nothing is written when it loses what was promised before.

    Returns what it would lose.
    """
    lost = losses(json.loads(promised.read_text()), json.loads(fresh)) if promised.exists() else []
    if not lost:
        promised.write_text(fresh)
    return lost


def losses(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What a client of `old` could do and a client of `new` cannot: one sentence each, empty when nothing is lost.

    Lost: a path, method, parameter, answer or field. Narrowed: a parameter or field newly required, a changed
    type, a value taken from an enumeration that clients send, a value added to none of theirs is no loss.
    """
    found: list[str] = []
    for path, operations in old.get("paths", {}).items():
        for method in METHODS:
            before = operations.get(method)
            if before is None:
                continue
            after = new.get("paths", {}).get(path, {}).get(method)
            where = f"{method.upper()} {path}"
            if after is None:
                found.append(f"{where} is gone")
                continue
            found += _parameter_losses(where, before, after)
            found += _body_losses(where, old, new, before, after)
            found += _answer_losses(where, old, new, before, after)
    return found


def _parameter_losses(where: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    former = {(item["in"], item["name"]): item for item in before.get("parameters", [])}
    present = {(item["in"], item["name"]): item for item in after.get("parameters", [])}
    for key, item in former.items():
        if key not in present:
            yield f"{where}: parameter {key[1]} is gone"
        else:
            yield from _type_losses(
                f"{where}: parameter {key[1]}", item.get("schema", {}), present[key].get("schema", {})
            )
    for key, item in present.items():
        if item.get("required") and not former.get(key, {}).get("required"):
            yield f"{where}: parameter {key[1]} is newly required"


def _body_losses(
    where: str, old: dict[str, Any], new: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[str]:
    taken = before.get("requestBody", {}).get("content", {})
    takes = after.get("requestBody", {}).get("content", {})
    if after.get("requestBody", {}).get("required") and not before.get("requestBody", {}).get("required"):
        yield f"{where}: a body is newly required"
    for kind, body in taken.items():
        if kind not in takes:
            yield f"{where}: a body of {kind} is taken no more"
            continue
        former, present = body.get("schema", {}), takes[kind].get("schema", {})
        yield from _schema_losses(f"{where} body", old, new, former, present, sent=True, seen=())


def _answer_losses(
    where: str, old: dict[str, Any], new: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[str]:
    for status, answer in before.get("responses", {}).items():
        if status not in after.get("responses", {}):
            yield f"{where}: answer {status} is gone"
            continue
        given = after["responses"][status].get("content", {})
        for kind, body in answer.get("content", {}).items():
            if kind not in given:
                yield f"{where} answer {status}: {kind} is gone"
                continue
            former, present = body.get("schema", {}), given[kind].get("schema", {})
            yield from _schema_losses(
                f"{where} answer {status}", old, new, former, present, sent=False, seen=()
            )


def _schema_losses(
    where: str,
    old: dict[str, Any],
    new: dict[str, Any],
    before: dict[str, Any],
    after: dict[str, Any],
    *,
    sent: bool,
    seen: tuple[str, ...],
) -> Iterator[str]:
    name = before.get("$ref", "")
    if name and name in seen:
        return
    seen = (*seen, name) if name else seen
    before, after = _resolve(old, before), _resolve(new, after)
    yield from _type_losses(where, before, after, sent=sent)
    fields, present = before.get("properties", {}), after.get("properties", {})
    for field, schema in fields.items():
        if field not in present:
            yield f"{where}: field {field} is gone"
            continue
        yield from _schema_losses(
            f"{where}: field {field}", old, new, schema, present[field], sent=sent, seen=seen
        )
    required, formerly = set(after.get("required", [])), set(before.get("required", []))
    if sent:
        for field in sorted(required - formerly):
            yield f"{where}: field {field} is newly required"
    else:
        for field in sorted((formerly - required) & set(present)):
            yield f"{where}: field {field} may now be missing"
    if "items" in before and "items" in after:
        yield from _schema_losses(
            f"{where} items", old, new, before["items"], after["items"], sent=sent, seen=seen
        )


def _type_losses(
    where: str, before: dict[str, Any], after: dict[str, Any], *, sent: bool = True
) -> Iterator[str]:
    if before.get("type") != after.get("type"):
        yield f"{where} was {before.get('type')}, is {after.get('type')}"
    if sent and "enum" in after:
        if "enum" not in before:
            yield f"{where} takes only listed values now"
        for value in before.get("enum", []):
            if value not in after["enum"]:
                yield f"{where} takes {value!r} no more"
    longest = float("inf")
    if sent and before.get("maxLength", longest) > after.get("maxLength", longest):
        yield f"{where} takes fewer characters now"
    if sent and before.get("nullable") and not after.get("nullable"):
        yield f"{where} takes no null any more"
    if not sent and after.get("nullable") and not before.get("nullable"):
        yield f"{where} may now be null"


def _resolve(schema: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    for _ in range(20):
        if "$ref" in part:
            part = schema["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]]
        elif len(part.get("allOf", [])) == 1:
            part = part["allOf"][0]
        else:
            break
    return part


def main() -> int:
    """The command line; returns the exit code."""
    import django

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--check", action="store_true", help="compare the file and the promise with the code")
    chosen.add_argument("--promise", action="store_true", help="promise the interface of today")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    django.setup()
    if not asked.check and not asked.promise:
        FILE.parent.mkdir(exist_ok=True)
        generate(FILE)
        print(FILE.relative_to(paths.ROOT))
        return 0
    fresh = paths.make_cluster_dir("test") / "openapi.json"
    generate(fresh)
    if asked.promise:
        wrong = promise(fresh.read_text())
        told = [f"v1 promised more: {sentence}" for sentence in wrong] or [
            str(PROMISED.relative_to(paths.ROOT))
        ]
        print("\n".join(told), file=sys.stderr if wrong else sys.stdout)
        return 1 if wrong else 0
    wrong = broken_promises(fresh.read_text())
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
