"""`manage.py run_clock`: the loop that keeps the deadlines (D4). Needs PostgreSQL and nothing else."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicecenter import clockwork

log = logging.getLogger("servicecenter.clock")


class Command(BaseCommand):
    """Sweep, relay, seal, keep numbers, clean up: each job by itself, until SIGTERM."""

    help = "Runs the clock loop: deadlines, outbox, seals, kept numbers, clean-up. SIGTERM or Ctrl-C ends it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--once for one turn of every job; --jobs for some of them."""
        parser.add_argument("--once", action="store_true", help="do every job once, one after the other")
        parser.add_argument("--jobs", nargs="+", metavar="NAME", help="only these jobs")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run. A failed job of --once, and a job that hangs, end with exit code 1."""
        jobs = clockwork.configured_jobs()
        if chosen := options["jobs"]:
            if unknown := set(chosen) - {job.name for job in jobs}:
                raise CommandError(f"no such job: {', '.join(sorted(unknown))}")
            jobs = [job for job in jobs if job.name in chosen]
        if options["once"]:
            self._once(jobs)
        else:
            self._loop(jobs)

    def _once(self, jobs: list[clockwork.Job]) -> None:
        failed = []
        for job in jobs:
            try:
                result = job.do()
            except Exception as problem:  # the others still get their turn
                log.error("%s failed", job.name, exc_info=problem)
                failed.append(job.name)
            else:
                self.stdout.write(f"{job.name}: {result}")
        if failed:
            raise CommandError(f"failed: {', '.join(failed)}")

    def _loop(self, jobs: list[clockwork.Job]) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda number, frame: stop.set())
        self.stdout.write(f"the clock runs: {', '.join(job.name for job in jobs)}")
        try:
            clockwork.run(jobs, stop)
        except clockwork.Stuck as problem:
            log.critical("%s hangs or has died; ending, to be started anew", problem)
            logging.shutdown()
            sys.stdout.flush()
            # a hanging thread would keep an ordinary exit waiting
            os._exit(1)
        self.stdout.write("the clock has stopped")
