"""`manage.py judge_liability FILE`: facts in, outcomes out, both as JSON lines."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from claims.domain.facts import BadFact, facts_from
from claims.domain.liability import judge
from claims.domain.plain import plain_verdict
from claims.domain.ruleset import RuleSet
from claims.queries.rulesets import read_fact_lines, rules_of, ruleset_for, ruleset_named, shipped_rules
from servicecenter import wording
from servicecenter.kernel.errors import RuleBroken


class Command(BaseCommand):
    """Judge cargo incidents by the liability rules: one JSON object of facts a line in, one outcome a line out.

    Facts and values are those of the decision table; yes/no may be booleans, `off_post` and `swapped_post` are lists of
    parties, an absent fact is unknown. A line that cannot be read is answered in its place by `{"line", "error"}`, told
    on standard error, and makes the exit code 1. Without a database it judges by the rules as they are shipped, and
    says so.
    """

    help = "Judges cargo incidents: JSON lines of facts in, JSON lines of outcomes out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="JSON lines or one JSON array; - is standard input")
        parser.add_argument("--trace", action="store_true", help="add for every row why it matched or failed")
        parser.add_argument("--ruleset", default="", help="version of the rules; default: the one of --on")
        parser.add_argument("--on", default="", help="day of the cargo incidents, YYYY-MM-DD; default: today")

    def handle(self, *args: Any, **options: Any) -> None:
        rules = self._rules(options["ruleset"], options["on"])
        bad = 0
        for number, item in read_fact_lines(self._text(options["file"])):
            if isinstance(item, str):
                found, bad = self._refused(number, item), bad + 1
            else:
                try:
                    found = plain_verdict(judge(facts_from(item), rules), rules, trace=options["trace"])
                except BadFact as problem:
                    found, bad = self._refused(number, str(problem)), bad + 1
            self.stdout.write(json.dumps(found, ensure_ascii=False))
        if bad:
            raise CommandError(f"{bad} line(s) could not be judged")

    def _refused(self, number: int, problem: str) -> dict[str, Any]:
        self.stderr.write(f"line {number}: {problem}")
        return {"line": number, "error": problem}

    def _rules(self, code: str, on: str) -> RuleSet:
        try:
            return rules_of(ruleset_for(date.fromisoformat(on)) if on and not code else ruleset_named(code))
        except DatabaseError:
            if code or on:
                raise
            self.stderr.write("No database with the rules in force: judged by the rules as shipped.")
            return shipped_rules()
        except ValueError as problem:
            raise CommandError(f"--on: {on} is not a day (YYYY-MM-DD)") from problem
        except RuleBroken as problem:
            raise CommandError(str(wording.rule_text(problem))) from problem

    def _text(self, name: str) -> str:
        try:
            content = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            return content.decode("utf-8")
        except OSError as problem:
            raise CommandError(f"{name}: {problem.strerror}") from problem
        except UnicodeDecodeError as problem:
            raise CommandError(f"{name} is not UTF-8: byte {problem.start}") from problem
