"""`manage.py close_stock_month` (LED-08)."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from inventory.models import Period
from tests.inventory.stores import TODAY, Stores, line, purchase, stocked


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("close_stock_month", *arguments, stdout=out)
    return out.getvalue()


def test_a_month_is_closed_and_opened_again_by_who_may(s: Stores) -> None:
    stocked(s, line(s.wrench, 1), day=TODAY.replace(month=10))
    with pytest.raises(CommandError, match="权限"):
        run("2026-10", "--by", s.accountant.work_number)
    assert run("2026-10", "--by", s.chief.work_number).endswith(", 1 balances\n")
    assert Period.objects.get().state == "closed"
    with pytest.raises(CommandError):
        run("2026-10", "--by", s.chief.work_number, "--reopen")
    run("2026-10", "--by", s.chief.work_number, "--reopen", "--reason", "补单")
    assert Period.objects.get().state == "open"


def test_what_stands_in_the_way_is_named(s: Stores) -> None:
    waiting = purchase(s, line(s.wrench, 1), day=TODAY.replace(month=10))
    with pytest.raises(CommandError, match=waiting.number):
        run("2026-10", "--by", s.chief.work_number)
    for wrong in (("2026-13", "--by", s.chief.work_number), ("2026-10", "--by", "no-one")):
        with pytest.raises(CommandError):
            run(*wrong)
    assert not Period.objects.exists()
