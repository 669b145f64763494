"""`python -m tests.screenshots`: plays the demonstration and takes a picture of every page.

Both sizes, both themes, three languages; the pictures go to var/screenshots with an index.html to look through them.
What is wrong on a page (an error in the console, a page wider than its window, a word that is no word) is named at the
end, and the exit code is 1. Without a choice of pages, or when `tour` is chosen, the pictures of README and tour in
docs/images are made anew too.

    make screenshots
    python -m tests.screenshots --pages desk 'ticket-*' --sizes phone --langs en --keep
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from fnmatch import fnmatch
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "servicecenter.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

SIZES = ("desktop", "phone")
THEMES = ("light", "dark")
LANGS = ("zh-hans", "zh-hant", "en")


def main(arguments: list[str]) -> int:
    """The command line; returns the exit code."""
    given = _options(arguments)
    # A test's settings: static files are found where they stand.
    import django
    import pytest  # noqa: F401

    django.setup()
    from servicecenter.local.prepare import compile_messages

    compile_messages()
    logging.disable(logging.WARNING)  # who may not see a page is asked too: no news
    from tests.screenshots import camera, pages, stage, tour

    stage.prepare(keep=given.keep)
    with stage.clock(), stage.web() as address:
        found = pages.shots()
        chosen = [
            one for one in found if not given.pages or any(fnmatch(one.name, want) for want in given.pages)
        ]
        if given.list:
            print("\n".join(f"{one.name:28} {one.who or '-':5} {one.path}" for one in chosen))
            return 0
        wanted = not given.pages or "tour" in given.pages
        if not chosen and not wanted:
            print("No page has such a name; --list names them all.", file=sys.stderr)
            return 2
        print(f"{len(chosen)} pages")
        with camera.Camera(address, given.out) as taking:
            for size in given.sizes:
                for lang in given.langs:
                    taking.take(chosen, size=size, lang=lang, themes=given.themes)
            if wanted:
                taking.tour(found, tour.PLACES)
            taking.index()
        for line in taking.problems:
            print(line, file=sys.stderr)
        print(f"{taking.count} pictures in {given.out}, {len(taking.problems)} problems")
    return 1 if taking.problems else 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.screenshots", description="Pictures of every page.")
    parser.add_argument("--pages", nargs="+", metavar="NAME", help="only these (* stands for anything)")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=SIZES)
    parser.add_argument("--themes", nargs="+", choices=THEMES, default=THEMES)
    parser.add_argument("--langs", nargs="+", choices=LANGS, default=LANGS)
    parser.add_argument("--out", type=Path, default=Path("var/screenshots"), help="where the pictures go")
    parser.add_argument(
        "--keep", action="store_true", help="use the demonstration that was played the last time"
    )
    parser.add_argument("--list", action="store_true", help="only name the pages")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
