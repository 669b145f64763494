"""`make lock`: requirements/*.txt and package-lock.json from pyproject.toml and package.json.

Every package is fixed with its hashes, for Linux and macOS and every supported CPython, and neither lock names
the index it was made from: it installs from whatever index a machine is set to. `--upgrade` takes newer versions.
"""

import argparse
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from servicecenter.local import assets, paths

HEADER = "# Made by `make lock` from pyproject.toml; do not edit.\n"
_ADDRESS = re.compile(r"https?://|file:|--(?:extra-)?index-url|--find-links|--trusted-host", re.IGNORECASE)


class LockError(RuntimeError):
    """The lock cannot be made; the message says why."""


def addresses(text: str) -> list[str]:
    """The lines of a requirements file that name an index or any other address; a lock has none."""
    return [line for line in text.splitlines() if _ADDRESS.search(line)]


def lock_python(level: str, *, upgrade: bool) -> None:
    """Write requirements/<level>.txt: `base`, `dev` (on top of base's versions) or `node` alone. Raises LockError."""
    target = paths.ROOT / "requirements" / f"{level}.txt"
    command = [
        sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11",
        "--generate-hashes", "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate",
        "--output-file", str(target),
    ]  # fmt: skip
    if upgrade:
        command.append("--upgrade")
    with tempfile.TemporaryDirectory() as work:
        if level == "node":
            project = tomllib.loads((paths.ROOT / "pyproject.toml").read_text())["project"]
            wanted = Path(work) / "node.in"
            wanted.write_text("\n".join(project["optional-dependencies"]["node"]) + "\n")
            command.append(str(wanted))
        else:
            command.append("pyproject.toml")
        if level == "dev":
            command += ["--extra", "dev", "--constraint", str(paths.ROOT / "requirements" / "base.txt")]
        done = subprocess.run(command, cwd=paths.ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise LockError(done.stderr.strip())
    text = target.read_text().removeprefix(HEADER)
    if found := addresses(text):
        raise LockError(f"{target.name} names an address: {found[0].strip()}")
    target.write_text(HEADER + text)


def lock_npm(*, upgrade: bool) -> None:
    """Write package-lock.json without download addresses. Raises LockError."""
    action = ["update"] if upgrade else ["install"]
    done = subprocess.run(
        [*assets.npm(), *action, "--package-lock-only", "--omit-lockfile-registry-resolved",
         "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        cwd=paths.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        raise LockError(done.stderr.strip())
    if '"resolved"' in (paths.ROOT / "package-lock.json").read_text():
        raise LockError("package-lock.json names download addresses; remove it and run `make lock` again")


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions pyproject.toml allows"
    )
    asked = parser.parse_args()
    try:
        for level in ("base", "dev", "node"):
            lock_python(level, upgrade=asked.upgrade)
            print(f"requirements/{level}.txt")
        lock_npm(upgrade=asked.upgrade)
        print("package-lock.json")
    except (LockError, assets.AssetsError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
