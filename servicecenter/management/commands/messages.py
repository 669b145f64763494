"""`manage.py messages`: collect the texts, keep their translations, draft zh-Hant from zh-Hans, name all in the
glossary (D16)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import opencc
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from servicecenter import catalogues, glossary
from servicecenter.catalogues import BrokenCatalogue, Catalogue

OVERRIDES = "zh_Hant_overrides.tsv"
WORDS = "zh_Hant_words.tsv"
MOST_NAMED = 30


class Command(BaseCommand):
    """Write locale/zh_Hans and locale/zh_Hant; or check that they are what the code needs."""

    help = "Collects the texts of code and templates into locale/*.po; --check fails on anything missing or unused."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """--check, --merge, --overwrite."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit code 1 when anything is amiss"
        )
        parser.add_argument(
            "--merge",
            nargs="+",
            type=Path,
            default=[],
            metavar="FILE",
            help="fill zh-Hans from tables (English, tab, Chinese; a context may stand in front)",
        )
        parser.add_argument(
            "--overwrite", action="store_true", help="a table's translation replaces another one"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        locale = Path(settings.LOCALE_PATHS[0])
        try:
            texts = catalogues.texts_of(
                Path(settings.BASE_DIR), [*reversed(settings.LOCAL_APPS), "templates"]
            )
            simplified = _read(locale, "zh_Hans").taken_over(texts)
            for path in options["merge"]:
                self._merge(simplified, path, overwrite=options["overwrite"])
            overrides = catalogues.table(locale / OVERRIDES)
            draft = catalogues.keeping(catalogues.table(locale / WORDS), opencc.OpenCC("s2twp").convert)
        except (BrokenCatalogue, catalogues.CannotExtract, OSError) as problem:
            raise CommandError(str(problem)) from problem
        both = [simplified, catalogues.traditional(simplified, overrides, draft)]
        drafted = Catalogue("zh_Hant", {key: entry for key, entry in both[1].entries.items() if entry.text})
        problems = [*simplified.problems(), *drafted.problems()]
        known = {entry.msgid for entry in texts.values()}
        problems += [
            f"{OVERRIDES}: no such text: {english!r}" for english in overrides if english not in known
        ]
        words = Path(settings.BASE_DIR) / glossary.PLACE
        said = words.read_text(encoding="utf-8") if words.exists() else ""
        fresh = glossary.refreshed(said, both[0], both[1]) if said else ""
        if options["check"]:
            if said != fresh:
                problems.append(f"{glossary.PLACE} is not what the code says: run `make messages`")
            self._check(locale, both, problems)
            return
        if fresh:
            words.write_text(fresh, encoding="utf-8")
        for catalogue in both:
            path = _path(locale, catalogue.language)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(catalogue.written(), encoding="utf-8")
        self._tell(problems)
        if not any("places differ" in problem for problem in problems):
            # a catalogue whose places do not match does not compile
            call_command(
                "compilemessages",
                locale=["zh_Hans", "zh_Hant"],
                ignore_patterns=[".venv", "var"],
                verbosity=0,
            )
        self.stdout.write(f"{len(texts)} texts, {len(problems)} problems")

    def _merge(self, catalogue: Catalogue, path: Path, *, overwrite: bool) -> None:
        """Fill translations from a table. A text that has another translation already stays, unless `overwrite`."""
        by_english: dict[str, list[catalogues.Key]] = {}
        for key, entry in catalogue.entries.items():
            by_english.setdefault(entry.msgid, []).append(key)
            if entry.context:
                by_english[catalogues.BOUND.join(key)] = [key]
            if entry.plural:
                by_english.setdefault(entry.plural, []).append(key)
        filled = 0
        for english, translation in catalogues.table(path).items():
            keys = by_english.get(english, [])
            if not keys:
                self.stderr.write(f"{path.name}: the code does not say {english!r}")
            for key in keys:
                entry = catalogue.entries[key]
                if entry.text and entry.text != translation and not overwrite:
                    self.stderr.write(f"{path.name}: {english!r} stays {entry.text!r}, not {translation!r}")
                    continue
                catalogue.entries[key] = replace(entry, text=translation)
                filled += entry.text != translation
        self.stdout.write(f"{path.name}: {filled} filled")

    def _check(self, locale: Path, both: list[Catalogue], problems: list[str]) -> None:
        for catalogue in both:
            path = _path(locale, catalogue.language)
            if not path.exists() or path.read_text(encoding="utf-8") != catalogue.written():
                problems.append(
                    f"{path.relative_to(locale.parent)} is not what the code needs: run `make messages`"
                )
        self._tell(problems)
        if problems:
            raise CommandError(f"{len(problems)} problems with the translations")
        self.stdout.write(f"{len(both[0].entries)} texts, all translated")

    def _tell(self, problems: list[str]) -> None:
        for problem in problems[:MOST_NAMED]:
            self.stderr.write(problem)
        if len(problems) > MOST_NAMED:
            self.stderr.write(f"… {len(problems) - MOST_NAMED} more")


def _path(locale: Path, language: str) -> Path:
    return locale / language / "LC_MESSAGES" / "django.po"


def _read(locale: Path, language: str) -> Catalogue:
    path = _path(locale, language)
    return (
        catalogues.parse(path.read_text(encoding="utf-8"), language) if path.exists() else Catalogue(language)
    )
