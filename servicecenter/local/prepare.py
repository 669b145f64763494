"""Before the processes start: migrate, compile the translations, collect the static files, play the demo data.

Each step looks first whether there is anything to do, so that a second start takes a second or two. The database
and Redis are named by the environment. Runs in a process of its own:

    python -m servicecenter.local.prepare
"""

import hashlib
import os
import subprocess
import sys
import time
from pathlib import Path

from servicecenter.local import paths, postgres


def stale_catalogues(locale: Path) -> list[Path]:
    """The .po files under `locale` whose compiled .mo is missing or older."""
    return [
        po
        for po in sorted(locale.glob("*/LC_MESSAGES/*.po"))
        if not po.with_suffix(".mo").exists() or po.with_suffix(".mo").stat().st_mtime < po.stat().st_mtime
    ]


def migrate() -> None:
    """Bring the database to the newest migration."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    # the role's time limit protects the running service; building an index may take longer
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        _say(f"migrating the database ({len(plan)} steps)")
        call_command("migrate", interactive=False, verbosity=0)


def compile_messages() -> None:
    """Compile the translations that changed, in a process of its own.

    The command speaks, and whatever has spoken keeps the catalogues it found: the demo's papers, drawn and frozen in
    the process that had compiled them, were in English. Raises CalledProcessError with what the compiler says.
    """
    stale = stale_catalogues(paths.ROOT / "locale")
    if not stale:
        return
    _say("compiling the translations")
    codes = sorted({path.parent.parent.name for path in stale})
    command = [sys.executable, "manage.py", "compilemessages", "--verbosity=0"]
    command += [f"--locale={code}" for code in codes] + ["--ignore=.venv", "--ignore=var"]
    subprocess.run(command, cwd=paths.ROOT, check=True)


def collect_static() -> None:
    """Collect, compress and fingerprint the static files where one of them changed."""
    from django.conf import settings
    from django.contrib.staticfiles.finders import get_finders
    from django.core.management import call_command

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            digest.update(f"{path}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    root = Path(settings.STATIC_ROOT)
    stamp = root / ".collected"
    if stamp.exists() and stamp.read_text() == digest.hexdigest():
        return
    _say("collecting the static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(digest.hexdigest())


def seed_demo() -> None:
    """Play the demo data into an empty demo database; a command that does not exist is passed over.

    Whoever stops it half-way leaves a mark, by which the next start begins again (`forget_half_a_demo`).
    """
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.core.management import call_command, get_commands

    if not settings.DEMO or "seed_demo" not in get_commands() or get_user_model()._default_manager.exists():
        return
    _say("playing the demo data (about a minute, the first time only)")
    started = time.monotonic()
    mark = _mark("run")
    mark.touch()
    call_command("seed_demo")
    mark.unlink()
    _say(f"demo data played in {time.monotonic() - started:.0f} s")


def forget_half_a_demo(cluster: str, database_url: str) -> None:
    """Empty the database whose first demo data were interrupted: it holds nothing else.

    Only the embedded one; a database of somebody's own is left alone, and `seed_demo` says what it thinks of it.
    """
    mark = _mark(cluster)
    if not mark.exists() or database_url != postgres.url(cluster):
        return
    _say("the demo data were interrupted last time: beginning again with an empty database")
    postgres.empty(cluster)
    mark.unlink()


def _mark(cluster: str) -> Path:
    return paths.make_cluster_dir(cluster) / "playing-demo"


def main() -> int:
    """Do all of it; returns the exit code."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
    forget_half_a_demo("run", os.environ.get("DATABASE_URL", ""))
    compile_messages()
    django.setup()
    migrate()
    collect_static()
    seed_demo()
    return 0


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
