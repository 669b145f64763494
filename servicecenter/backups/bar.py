"""Progress on a terminal: a true bar; in a log, a line for each stage."""

from __future__ import annotations

import threading

from django.core.management.base import OutputWrapper

WIDTH = 40


class Bar:
    """Shows what is being done and how much of it is done; threads may call it."""

    def __init__(self, stream: OutputWrapper) -> None:
        """Draw on a terminal, write lines elsewhere."""
        self._stream = stream
        self._what, self._percent = "", -1
        self._lock = threading.Lock()

    def show(self, what: str, share: float) -> None:
        """Told of the share (0 to 1) of a stage."""
        percent = int(100 * share)
        with self._lock:
            if (what, percent) == (self._what, self._percent):
                return
            if self._stream.isatty():
                if what != self._what and self._what:
                    self._stream.write("")
                filled = WIDTH * percent // 100
                line = f"\r{what:<22} {'█' * filled}{'·' * (WIDTH - filled)} {percent:3} %"
                self._stream.write(line, ending="")
                self._stream.flush()
            elif what != self._what:
                self._stream.write(what)
            self._what, self._percent = what, percent

    def end(self) -> None:
        """The last stage is over, or has failed."""
        if self._stream.isatty() and self._what:
            self._stream.write("")
