"""Set-up on a fresh machine: virtual environment, locked packages, system libraries, front-end files.

    python3 servicecenter/local/bootstrap.py            what `make run` needs
    python3 servicecenter/local/bootstrap.py --dev      and what the tests and checks need
    python3 servicecenter/local/bootstrap.py --faults   and PostgreSQL 15, for `make faults`

It is a script for whatever interpreter the machine has, so it imports the standard library alone. It never asks
a question, does nothing twice, and where it may not install something it prints the exact command to type.
SERVICECENTER_SYSTEM_PACKAGES=skip leaves the system alone and goes on without what is missing.
"""

from __future__ import annotations

import argparse
import ctypes
import fcntl
import hashlib
import os
import platform
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "installed"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PG15 = Path(os.environ.get("SERVICECENTER_PG15_BIN", "/usr/lib/postgresql/15/bin")) / "postgres"


class SetupError(RuntimeError):
    """Set-up cannot go on; the message says what to type."""


@dataclass(frozen=True)
class Part:
    """Something the system must provide: why, what it is called on Debian and in Homebrew, and how vital it is."""

    why: str
    apt: tuple[str, ...]
    brew: tuple[str, ...]
    present: bool
    vital: bool = True


def has_library(*names: str) -> bool:
    """Whether one of these shared libraries can be loaded."""
    for name in names:
        try:
            ctypes.CDLL(name)
        except OSError:
            continue
        return True
    return False


def has_font(pattern: str) -> bool:
    """Whether a font file of this name stands where fontconfig looks."""
    home = Path.home()
    places = (
        Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path("/Library/Fonts"),
        home / ".local/share/fonts", home / ".fonts", home / "Library/Fonts",
    )  # fmt: skip
    return any(next(place.rglob(pattern), None) is not None for place in places if place.is_dir())


def has_redis() -> bool:
    """Whether a redis-server is there: on PATH, or in the wheel for this machine."""
    wheel = sys.platform == "linux" and platform.machine() == "x86_64" and sys.version_info[:2] < (3, 13)
    return wheel or shutil.which("redis-server") is not None


def parts(*, dev: bool, faults: bool) -> list[Part]:
    """What the system must provide for this kind of set-up, and whether it does."""
    wanted = [
        Part(
            "WeasyPrint draws text with Pango",
            ("libpango-1.0-0", "libpangoft2-1.0-0", "fontconfig"),
            ("pango",),
            has_library("libpango-1.0.so.0", "libpango-1.0.0.dylib", "/opt/homebrew/lib/libpango-1.0.0.dylib")
            and has_library(
                "libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib", "/opt/homebrew/lib/libpangoft2-1.0.0.dylib"
            ),
        ),
        Part(
            "gettext compiles the translations (msgfmt)",
            ("gettext",),
            ("gettext",),
            shutil.which("msgfmt") is not None,
        ),
        Part(
            "without HarfBuzz's subsetter a PDF takes twenty times as long",
            ("libharfbuzz-subset0",),
            ("harfbuzz",),
            has_library(
                "libharfbuzz-subset.so.0",
                "libharfbuzz-subset.0.dylib",
                "/opt/homebrew/lib/libharfbuzz-subset.0.dylib",
            ),
            vital=False,
        ),
        Part(
            "rare characters of names in PDFs (HanaMin)",
            ("fonts-hanazono",),
            (),
            has_font("HanaMinB*"),
            vital=False,
        ),
        Part(
            "Redis carries the background work; clock and web run without it",
            ("redis-server",),
            ("redis",),
            has_redis(),
            vital=dev,
        ),
    ]
    if dev:
        wanted += [
            Part(
                "the tests drive a browser",
                ("chromium",),
                ("--cask chromium",),
                browser() is not None,
            ),
            Part(
                "the tests read PDFs back (pdftotext, pdffonts)",
                ("poppler-utils",),
                ("poppler",),
                shutil.which("pdftotext") is not None,
            ),
        ]
    if faults:
        wanted.append(
            Part("the oldest supported server is tested too", ("postgresql-15",), (), PG15.exists())
        )
    return wanted


def browser() -> str | None:
    """The Chromium or Chrome the tests drive: SERVICECENTER_BROWSER, else the first on PATH."""
    named = os.environ.get("SERVICECENTER_BROWSER")
    return named or next(filter(None, map(shutil.which, BROWSERS)), None)


def install_system(*, dev: bool, faults: bool) -> None:
    """Install what the system lacks where that is allowed, else say what to type. Raises SetupError."""
    missing = [part for part in parts(dev=dev, faults=faults) if not part.present]
    if not missing:
        return
    prefix = _may_install()
    if prefix is not None and os.environ.get("SERVICECENTER_SYSTEM_PACKAGES") != "skip":
        packages = [package for part in missing for package in part.apt]
        _say(f"installing system packages: {' '.join(packages)}")
        _apt(prefix, packages)
        missing = [part for part in parts(dev=dev, faults=faults) if not part.present]
    if not missing:
        return
    for part in missing:
        _say(f"missing: {part.why}")
    advice = _command(missing)
    vital = any(part.vital for part in missing)
    if vital and os.environ.get("SERVICECENTER_SYSTEM_PACKAGES") != "skip":
        raise SetupError(
            f"Type this, then start again:\n\n    {advice}\n\n"
            "(or set SERVICECENTER_SYSTEM_PACKAGES=skip to go on without)"
        )
    _say(f"going on without; to have it: {advice}")


def make_venv() -> Path:
    """Make the virtual environment where it is missing or broken and return its interpreter. Raises SetupError."""
    python = VENV / "bin" / "python"
    if (
        python.exists()
        and subprocess.run([python, "-c", ""], check=False, capture_output=True).returncode == 0
    ):
        return python
    _say(f"making {VENV.name} with Python {platform.python_version()}")
    shutil.rmtree(VENV, ignore_errors=True)
    command = [sys.executable, "-m", "venv", str(VENV)]
    done = _quiet(command)
    if done.returncode != 0 and "ensurepip" in done.stdout + done.stderr:
        package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        prefix = _may_install()
        if prefix is None:
            raise SetupError(
                f"Python's venv module is missing. Type this, then start again:\n\n    sudo apt-get install {package}"
            )
        _apt(prefix, [package])
        shutil.rmtree(VENV, ignore_errors=True)
        done = _quiet(command)
    if done.returncode != 0:
        raise SetupError(f"cannot make a virtual environment: {done.stdout}{done.stderr}")
    return python


def stamp(level: str) -> str:
    """What `.venv/installed` says when the packages of this level are there: level and hash of its lock file."""
    lock = (ROOT / "requirements" / f"{level}.txt").read_bytes()
    return f"{level} {hashlib.sha256(lock).hexdigest()}\n"


def is_installed(level: str) -> bool:
    """Whether the packages of this level are installed as locked; `dev` holds everything of `base`."""
    try:
        found = STAMP.read_text()
    except FileNotFoundError:
        return False
    return stamp(level) in found or (level == "base" and stamp("dev") in found and _stands_on_base(found))


def install_packages(python: Path, level: str) -> None:
    """Install the locked packages, each checked against its hash. Raises SetupError."""
    if is_installed(level):
        return
    _say(f"installing the packages of requirements/{level}.txt (some minutes the first time)")
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
               "--require-hashes", "-r", str(ROOT / "requirements" / f"{level}.txt")]  # fmt: skip
    done = _quiet(command)
    if done.returncode != 0:
        raise SetupError(
            f"the packages could not be installed:\n{done.stderr.strip()[-3000:]}\n\n"
            f"Is the package index reachable? Try: {shlex.join(command)}"
        )
    # `dev` is locked on top of `base`: having it means having that too
    STAMP.write_text(stamp("base") if level == "base" else stamp("dev") + stamp("base"))


def newest_python() -> str | None:
    """Another interpreter on PATH that is new enough, None when there is none."""
    for minor in (13, 12, 11, 14):
        found = shutil.which(f"python3.{minor}")
        if found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0:
            return found
    return None


def _stands_on_base(found: str) -> bool:
    return stamp("base") in found


def _may_install() -> list[str] | None:
    """The words to put before apt-get, None where this process may not install (or there is no apt)."""
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return []
    if os.environ.get("CI") and _quiet(["sudo", "-n", "true"]).returncode == 0:
        return ["sudo", "-n", "-E"]
    return None


def _apt(prefix: list[str], packages: list[str]) -> None:
    if any(package.startswith("postgresql-") for package in packages):
        # Debian would otherwise make and start a server of its own; set-up makes its clusters itself
        own = Path("/etc/postgresql-common/createcluster.conf")
        if not own.exists():
            write = f"mkdir -p {own.parent} && echo 'create_main_cluster = false' > {own}"
            _quiet([*prefix, "sh", "-c", write])
    install = [*prefix, "apt-get", "install", "-y", "-q", "--no-install-recommends", *packages]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = _quiet(install, environment)
    if done.returncode != 0:  # no package lists yet, or stale ones
        _quiet([*prefix, "apt-get", "update", "-q"], environment)
        done = _quiet(install, environment)
    if done.returncode != 0:
        _say(f"apt-get failed: {done.stderr.strip()[-1500:]}")


def _command(missing: list[Part]) -> str:
    if sys.platform == "darwin":
        return (
            " && ".join(f"brew install {name}" for part in missing for name in part.brew)
            or "(nothing in Homebrew)"
        )
    packages = " ".join(package for part in missing for package in part.apt)
    sudo = "" if os.geteuid() == 0 else "sudo "
    if shutil.which("apt-get"):
        return f"{sudo}apt-get update && {sudo}apt-get install -y {packages}"
    return f"install with your system's package manager what Debian calls: {packages}"


def _quiet(command: list[str], environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as error:
        return subprocess.CompletedProcess(command, 127, "", str(error))


def _say(text: str) -> None:
    print(f"set-up: {text}", flush=True)


def set_up(*, dev: bool, faults: bool) -> None:
    """Everything in order; a second call takes a fraction of a second. Raises SetupError."""
    with (ROOT / "pyproject.toml").open() as lock:  # two set-ups of one checkout take turns
        fcntl.flock(lock, fcntl.LOCK_EX)
        python = make_venv()
        install_packages(python, "dev" if dev else "base")
        install_system(dev=dev, faults=faults)
        assets = [
            str(python),
            str(ROOT / "servicecenter" / "local" / "assets.py"),
            *(["--dev"] if dev else []),
        ]
        done = _quiet(assets)
        if done.returncode != 0:
            raise SetupError(done.stderr.strip())


def main() -> int:
    """The command line; returns the exit code."""
    if sys.version_info[:2] < OLDEST:
        newer = newest_python()
        if newer is None:
            print(f"Python 3.11 or newer is needed; this is {platform.python_version()}.", file=sys.stderr)
            return 1
        os.execv(newer, [newer, *sys.argv])
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--dev", action="store_true", help="also what the tests and checks need")
    parser.add_argument("--faults", action="store_true", help="also PostgreSQL 15")
    asked = parser.parse_args()
    try:
        set_up(dev=asked.dev or asked.faults, faults=asked.faults)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
