"""The processes that `make run` watches, and the terminal they share."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import IO

from servicecenter.local import paths

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a dead process is started again: doubled each time, back to the first after a good while."""

GOOD_WHILE = 60.0

# looked up beforehand: between fork and exec another thread may hold the loader's lock
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1

COLOURS = {"web": 36, "worker": 35, "beat": 33, "clock": 32, "set-up": 34}


@dataclass
class Child:
    """One supervised process: its command, its life and the pause before its next start."""

    name: str
    command: list[str]
    process: subprocess.Popen[str] | None = None
    started: float = 0.0
    pause: float = FIRST_PAUSE
    due: float = 0.0
    threads: list[threading.Thread] = field(default_factory=list)

    def start(self, environment: Mapping[str, str], show: Callable[[str, str], None]) -> None:
        """Start the process in a session of its own, so that the terminal's Ctrl-C reaches the supervisor alone."""
        self.process = subprocess.Popen(
            self.command,
            cwd=paths.ROOT,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            bufsize=1,
            start_new_session=True,
            preexec_fn=die_with_parent if sys.platform == "linux" else None,
        )
        self.started = time.monotonic()
        assert self.process.stdout is not None
        reader = threading.Thread(target=read_lines, args=(self.name, self.process.stdout, show), daemon=True)
        reader.start()
        self.threads = [reader]

    def check(self, now: float, show: Callable[[str, str], None]) -> bool:
        """Whether the process must be started now; notes a death and sets the pause."""
        if self.process is None:
            return now >= self.due
        code = self.process.poll()
        if code is None:
            return False
        _kill_group(self.process.pid)  # what it started must not outlive it and hold its port or its tasks
        self.pause = FIRST_PAUSE if now - self.started >= GOOD_WHILE else self.pause
        show("set-up", f"{self.name} ended ({how(code)}); starting it again in {self.pause:.0f} s")
        self.due = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None
        return False

    def signal(self, number: int) -> None:
        """Send a signal to the process and, when it is SIGKILL, to everything it started."""
        if self.process is None or self.process.poll() is not None:
            return
        if number == signal.SIGKILL:
            _kill_group(self.process.pid)
        else:
            self.process.send_signal(number)


class Screen:
    """Writes whole lines from several threads, each with the name of its process before it."""

    def __init__(self, stream: IO[str]) -> None:
        """Colour the names when the stream is a terminal."""
        self._stream = stream
        self._colour = stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def show(self, name: str, line: str) -> None:
        """One line of one process."""
        label = f"{name:>6} │ "
        if self._colour:
            label = f"\x1b[{COLOURS.get(name, 37)}m{label}\x1b[0m"
        with self._lock:
            try:
                print(label + line, file=self._stream, flush=True)
            except (BrokenPipeError, ValueError):
                pass  # the terminal is gone; stopping cleanly matters more than saying so


def how(code: int) -> str:
    """How a process ended, for people: its exit code or the signal's name."""
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def read_lines(name: str, stream: IO[str], show: Callable[[str, str], None]) -> None:
    """Show a process's output line by line until it closes it; empty lines are left out."""
    for line in stream:
        if line.strip():
            show(name, line.rstrip())
    stream.close()


def _kill_group(leader: int) -> None:
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass  # nothing of it is left
    except PermissionError:
        pass  # macOS says this of a group of zombies


def die_with_parent() -> None:
    """Between fork and exec on Linux: have the kernel end this child when the supervisor is killed outright."""
    if _prctl is not None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
