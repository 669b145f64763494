"""PostgreSQL and Redis around a command: start what is missing, run, stop when the last user has gone.

    python -m servicecenter.local.services [run] --cluster test -- pytest -q
    python -m servicecenter.local.services up --cluster test      leaves both running, prints their addresses
    python -m servicecenter.local.services down --cluster test
    python -m servicecenter.local.services destroy --cluster test   and deletes the data

DATABASE_URL and REDIS_URL that are already set are respected, and their server is not started. The command
also gets FONTCONFIG_FILE, so that PDFs and the browser find the fonts, and SERVICECENTER_BROWSER, the Chromium
that tests drive. Several commands may share a cluster; it is stopped by the one that ends last, unless `up`
asked for it to stay.
"""

import argparse
import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from servicecenter.local import assets, bootstrap, locks, paths, postgres, redis
from servicecenter.local.programs import PostgresError


@contextmanager
def around(cluster: str, environ: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Have the cluster's servers running meanwhile; yields the environment for the commands that use them.

    Raises PostgresError or RedisError when a server cannot be started.
    """
    directory = paths.make_cluster_dir(cluster)
    with locks.exclusive(directory / "services.lock"):
        use = locks.Use(directory / "users.lock")
        try:
            environment = start(cluster, environ)
        except BaseException:
            use.release()
            _stop_unused(cluster)
            raise
    try:
        yield environment
    finally:
        with locks.exclusive(directory / "services.lock"):
            use.release()
            _stop_unused(cluster)


def start(cluster: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Start what the environment does not already name, and return the environment completed."""
    environment = dict(environ)
    if not environment.get("DATABASE_URL"):
        environment["DATABASE_URL"] = postgres.start(cluster)
    if not environment.get("REDIS_URL"):
        environment["REDIS_URL"] = redis.start(cluster)
    fonts = assets.fonts_conf()
    if not environment.get("FONTCONFIG_FILE") and fonts.exists():
        environment["FONTCONFIG_FILE"] = str(fonts)
    found = bootstrap.browser()
    if found:
        environment.setdefault("SERVICECENTER_BROWSER", found)
    return environment


def up(cluster: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Start the cluster's servers and let them run until `down`."""
    directory = paths.make_cluster_dir(cluster)
    with locks.exclusive(directory / "services.lock"):
        environment = start(cluster, environ)
        (directory / "keep").touch()
    return environment


def down(cluster: str) -> None:
    """Stop the cluster's servers, whoever uses them."""
    directory = paths.make_cluster_dir(cluster)
    with locks.exclusive(directory / "services.lock"):
        (directory / "keep").unlink(missing_ok=True)
        redis.stop(cluster)
        postgres.stop(cluster)


def destroy(cluster: str) -> None:
    """Stop the cluster's servers and delete its data for good."""
    down(cluster)
    redis.destroy(cluster)
    postgres.destroy(cluster)
    shutil.rmtree(paths.cluster_dir(cluster), ignore_errors=True)


def run(cluster: str, command: list[str]) -> int:
    """Run one command with the servers up; returns its exit code, 128 + n when signal n ended it."""
    with around(cluster, os.environ) as environment:
        process = subprocess.Popen(command, env=environment)

        def pass_on(number: int, frame: object) -> None:
            process.send_signal(number)

        former = {
            # the terminal sends Ctrl-C to the command as well: here it only must not end the waiting
            signal.SIGINT: signal.signal(signal.SIGINT, lambda number, frame: None),
            signal.SIGTERM: signal.signal(signal.SIGTERM, pass_on),
        }
        try:
            code = process.wait()
        finally:
            for number, handler in former.items():
                signal.signal(number, handler)
    return code if code >= 0 else 128 - code


def _stop_unused(cluster: str) -> None:
    directory = paths.cluster_dir(cluster)
    if (directory / "keep").exists() or locks.in_use(directory / "users.lock"):
        return
    redis.stop(cluster)
    postgres.stop(cluster)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    command: list[str] = []
    if "--" in given:
        cut = given.index("--")
        given, command = given[:cut], given[cut + 1 :]
    parser = argparse.ArgumentParser(
        prog="servicecenter.local.services", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("action", nargs="?", default="run", choices=["run", "up", "down", "destroy"])
    parser.add_argument("--cluster", default="run", choices=paths.CLUSTERS)
    asked = parser.parse_args(given)
    try:
        if asked.action == "up":
            environment = up(asked.cluster, os.environ)
            for key in ("DATABASE_URL", "REDIS_URL", "FONTCONFIG_FILE", "SERVICECENTER_BROWSER"):
                if environment.get(key):
                    print(f"export {key}={shlex.quote(environment[key])}")
            return 0
        if asked.action == "down":
            down(asked.cluster)
            return 0
        if asked.action == "destroy":
            if paths.cluster_dir(asked.cluster).exists():
                destroy(asked.cluster)
            return 0
        if not command:
            parser.error("name the command to run after --")
        return run(asked.cluster, command)
    except (PostgresError, redis.RedisError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
