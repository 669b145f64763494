"""A process whose wall clock is wrong by SKEW_SECONDS; Python imports this by itself when it starts."""

import datetime
import os
import time

_SKEW = float(os.environ["SKEW_SECONDS"])
_time, _time_ns, _real = time.time, time.time_ns, datetime.datetime


class _Is(type):
    def __instancecheck__(cls, value: object) -> bool:
        return isinstance(value, _real)

    def __subclasscheck__(cls, other: type) -> bool:
        return issubclass(other, _real)


class _Shifted(_real, metaclass=_Is):
    """The class of the standard library, whose now is another; its values are ordinary ones."""

    def __new__(cls, *args, **given):
        return _real(*args, **given)

    @classmethod
    def now(cls, tz=None):
        return _real.fromtimestamp(time.time(), tz)

    @classmethod
    def utcnow(cls):
        return _real.fromtimestamp(time.time(), datetime.UTC).replace(tzinfo=None)


time.time = lambda: _time() + _SKEW
time.time_ns = lambda: _time_ns() + int(_SKEW * 1e9)
datetime.datetime = _Shifted

if os.environ.get("FAULTS_MUTATION"):
    import tests.faults.mutate  # noqa: F401 - a guard is taken away from this process too
