"""`make check`: format, lint, types, import contracts, migrations, messages, OpenAPI file, deployment check.

All of them run, each is told with its time; what a failed one printed follows it. Exit code 1 when one failed.
"""

import os
import secrets
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

from servicecenter.local import paths


@dataclass(frozen=True)
class Check:
    """One check: its name, its command and what it needs in the environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)


def production_environment() -> dict[str, str]:
    """What a well-kept production sets, with secrets made for this one check."""
    return {
        "SERVICECENTER_MODE": "production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "ALLOWED_HOSTS": "centre.example",
        "CSRF_TRUSTED_ORIGINS": "https://centre.example",
    }


def checks() -> list[Check]:
    """Every check, the quick ones first."""
    tools = Path(sys.executable).parent
    python, manage = sys.executable, [sys.executable, "manage.py"]
    found = [
        Check(
            "format", [str(tools / "ruff"), "format", "--check", "--quiet", "--output-format", "concise", "."]
        ),
        Check("lint", [str(tools / "ruff"), "check", "--quiet", "--output-format", "concise", "."]),
        Check("import contracts", [str(tools / "lint-imports"), "--no-cache", "--no-logo"]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        Check("messages", [*manage, "messages", "--check"]),
        Check("rule index", [*manage, "rules", "--check"]),
        Check("OpenAPI file", [python, "-m", "servicecenter.local.openapi", "--check"]),
        Check(
            "deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"], production_environment()
        ),
        Check("types", [str(tools / "mypy")]),
    ]
    if (paths.ROOT / "docker-compose.yml").exists():
        compose = ["--builtin-schema", "vendor.compose-spec", "docker-compose.yml"]
        found.append(Check("compose file", [str(tools / "check-jsonschema"), *compose]))
    if (paths.ROOT / "Dockerfile").exists():
        found.append(Check("Dockerfile", [str(tools / "hadolint"), "Dockerfile"]))
    return found


def main() -> int:
    """Run them all (or those whose name is given); returns the exit code."""
    wanted = set(sys.argv[1:])
    failed = []
    for check in checks():
        if wanted and check.name not in wanted:
            continue
        started = time.monotonic()
        done = subprocess.run(
            check.command,
            cwd=paths.ROOT,
            env={**os.environ, **check.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{check.name:<18} {verdict:<7} {time.monotonic() - started:5.1f} s", flush=True)
        if done.returncode != 0:
            failed.append(check.name)
            print("\n".join(f"    {line}" for line in done.stdout.rstrip().splitlines()), flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
