"""`make clean`: stop the local servers and remove what set-up and the tools made.

The data of `make run` are kept unless `--data` is given. Runs with the interpreter of the machine, since it
removes the virtual environment; the servers are stopped through it while it is still there.
"""

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CACHES = (".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis", ".import_linter_cache")


def main() -> int:
    """The command line; returns the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", action="store_true", help="also the data of `make run`")
    asked = parser.parse_args()
    python = ROOT / ".venv" / "bin" / "python"
    if python.exists():
        command = [str(python), "-m", "servicecenter.local.services", "destroy"]
        for cluster in ("test", "bench", "faults", "pg15", *(["run"] if asked.data else [])):
            if subprocess.run([*command, "--cluster", cluster], cwd=ROOT, check=False).returncode != 0:
                return 1
    state = Path("/var/lib/servicecenter")
    for left in state.glob("*") if asked.data and state.is_dir() else []:
        if left.is_dir() and not any(left.iterdir()):
            left.rmdir()  # the empty frame of a checkout whose clusters are gone
    for name in (*CACHES, ".venv", "var/static"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    for cache in [path for path in ROOT.rglob("__pycache__") if "node_modules" not in path.parts]:
        shutil.rmtree(cache, ignore_errors=True)
    print(
        "clean" if asked.data else "clean; the data of `make run` are kept (make clean DATA=1 removes them)"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
