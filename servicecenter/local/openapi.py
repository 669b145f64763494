"""The committed OpenAPI file: written, compared with the code, and held to what version 1 has promised.

    python -m servicecenter.local.openapi            writes docs/openapi.json
    python -m servicecenter.local.openapi --check    fails when it differs, or when v1 loses or narrows anything

What was promised is the file of the newest release: the newest tag `v…` that is an ancestor of this commit.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from servicecenter.local import paths

FILE = paths.ROOT / "docs" / "openapi.json"
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


def promised() -> dict[str, Any] | None:
    """The schema of the newest release, None before the first one."""
    tag = _git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*")
    text = _git("show", f"{tag}:docs/openapi.json") if tag else ""
    schema: dict[str, Any] | None = json.loads(text) if text else None
    return schema


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
    former, present = _content(before.get("requestBody", {})), _content(after.get("requestBody", {}))
    if not former:
        if after.get("requestBody", {}).get("required"):
            yield f"{where}: a body is newly required"
        return
    yield from _schema_losses(f"{where} body", old, new, former, present, sent=True, seen=())


def _answer_losses(
    where: str, old: dict[str, Any], new: dict[str, Any], before: dict[str, Any], after: dict[str, Any]
) -> Iterator[str]:
    for status, answer in before.get("responses", {}).items():
        if status not in after.get("responses", {}):
            yield f"{where}: answer {status} is gone"
            continue
        former, present = _content(answer), _content(after["responses"][status])
        yield from _schema_losses(f"{where} answer {status}", old, new, former, present, sent=False, seen=())


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


def _content(holder: dict[str, Any]) -> dict[str, Any]:
    content = holder.get("content", {})
    found: dict[str, Any] = content.get("application/json", {}).get("schema", {})
    return found


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=paths.ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else ""


def main() -> int:
    """The command line; returns the exit code."""
    import django

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    django.setup()
    if not asked.check:
        FILE.parent.mkdir(exist_ok=True)
        generate(FILE)
        print(FILE.relative_to(paths.ROOT))
        return 0
    fresh = paths.make_cluster_dir("test") / "openapi.json"
    generate(fresh)
    text = fresh.read_text()
    code = 0
    if not FILE.exists() or FILE.read_text() != text:
        print(
            "docs/openapi.json is not what the code says: run `make openapi` and commit it", file=sys.stderr
        )
        code = 1
    former = promised()
    for sentence in losses(former, json.loads(text)) if former else []:
        print(f"v1 promised more: {sentence}", file=sys.stderr)
        code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
