"""`manage.py`: Django's commands; a database that is away is said in one line, not in a page of Python."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from django.core.management import execute_from_command_line
from django.db import DatabaseError, InterfaceError, connection
from django.utils.translation import gettext as _

from servicecenter.frames import with_room
from servicecenter.retry import is_away, sqlstate

# Shutting down, starting up, no connection free; 08… is the connection itself, '' one that was never made.
AWAY = ("57P01", "57P02", "57P03", "53300", "08")
FAILED = 1


def run(arguments: Sequence[str]) -> int:
    """One command; returns the exit code. With `--traceback` the whole story is shown, as everywhere in Django."""
    try:
        with_room(execute_from_command_line)(list(arguments))
    except (DatabaseError, InterfaceError) as problem:
        state = sqlstate(problem)
        if "--traceback" in arguments or not is_away(problem) or not (state == "" or state.startswith(AWAY)):
            raise
        print(_said(problem), file=sys.stderr)
        return FAILED
    return 0


def _said(problem: Exception) -> str:
    """What is wrong and what to do, with the server's own words behind it."""
    told = " ".join(str(problem).split())
    return _("The database %(name)s does not answer. Start it, or correct DATABASE_URL. (%(told)s)") % {
        "name": connection.settings_dict["NAME"],
        "told": told,
    }
