"""Catalogues of translations (D16): read and written as PO, made from the texts of the code and one reviewed table.

English is the msgid itself. zh_Hans is translated by people; zh_Hant is drafted from it by OpenCC, sentence by sentence
replaced where `locale/zh_Hant_overrides.tsv` says better. Nothing is fuzzy, nothing unused, the order is fixed.
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from django.utils.translation.template import templatize

PLACES = re.compile(r"%\(\w+\)[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]|%[sd%]|\{\w*\}")
KEYWORDS = (
    "gettext_noop",
    "gettext_lazy",
    "ngettext_lazy:1,2",
    "pgettext:1c,2",
    "npgettext:1c,2,3",
    "pgettext_lazy:1c,2",
    "npgettext_lazy:1c,2,3",
)
HEADER = """# Translations of Service Centre. Written by `manage.py messages`; edit the texts, not the order.
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""

Key = tuple[str, str]
# Between context and English, as in gettext's own tables.
BOUND = "\4"


@dataclass(frozen=True)
class Entry:
    """One text: where it stands, what the code says, what the reader reads (Chinese has one form)."""

    msgid: str
    context: str = ""
    plural: str = ""
    text: str = ""
    places: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        """What makes it one text: its context and its English."""
        return self.context, self.msgid

    def written(self) -> str:
        """The entry as it stands in a PO file."""
        lines = [f"#. {comment}" for comment in self.comments]
        lines += [f"#: {place}" for place in self.places]
        if self.flags:
            lines.append(f"#, {', '.join(self.flags)}")
        if self.context:
            lines.append(f"msgctxt {_quoted(self.context)}")
        lines.append(f"msgid {_quoted(self.msgid)}")
        if self.plural:
            lines += [f"msgid_plural {_quoted(self.plural)}", f"msgstr[0] {_quoted(self.text)}"]
        else:
            lines.append(f"msgstr {_quoted(self.text)}")
        return "\n".join(lines) + "\n"


@dataclass
class Catalogue:
    """All texts of one language."""

    language: str
    entries: dict[Key, Entry] = field(default_factory=dict)

    def written(self) -> str:
        """The PO file: entries by their English, so that two people's additions rarely touch."""
        ordered = sorted(
            self.entries.values(), key=lambda entry: (entry.msgid.casefold(), entry.msgid, entry.context)
        )
        return "\n".join([HEADER.format(language=self.language), *(entry.written() for entry in ordered)])

    def taken_over(self, texts: Mapping[Key, Entry]) -> Catalogue:
        """The texts of the code with this catalogue's translations; what the code no longer says is gone."""
        old = self.entries
        return Catalogue(
            self.language,
            {key: replace(entry, text=old[key].text if key in old else "") for key, entry in texts.items()},
        )

    def problems(self) -> Iterator[str]:
        """What a reader would stumble over: missing translations, places that do not match."""
        for entry in self.entries.values():
            if not entry.text:
                yield f"{self.language}: not translated: {entry.msgid!r}"
            elif reason := mismatch(entry):
                yield f"{self.language}: {reason}: {entry.msgid!r} → {entry.text!r}"


class BrokenCatalogue(ValueError):
    """A PO file that cannot be read; the message says where."""


def mismatch(entry: Entry) -> str:
    """Why the translation does not fit its English, '' when it does."""
    wanted, given = set(PLACES.findall(entry.plural or entry.msgid)), set(PLACES.findall(entry.text))
    if wanted != given:
        return "places differ " + ", ".join(sorted(wanted ^ given))
    if _line_breaks(entry.msgid) != _line_breaks(entry.text):
        return "line breaks at the ends differ"
    return ""


def _line_breaks(text: str) -> tuple[bool, bool]:
    """gettext insists that both begin, and both end, with a line break, or neither."""
    return text.startswith("\n"), text.endswith("\n")


def parse(text: str, language: str) -> Catalogue:
    """A PO file. Raises BrokenCatalogue for what is not one, or is fuzzy, which nothing here ever is."""
    found = Catalogue(language)
    for number, block in _blocks(text):
        entry = _entry(block, number)
        if entry is None or not entry.msgid:
            continue
        if "fuzzy" in entry.flags:
            raise BrokenCatalogue(f"line {number}: fuzzy: {entry.msgid!r}")
        if entry.key in found.entries:
            raise BrokenCatalogue(f"line {number}: twice: {entry.msgid!r}")
        found.entries[entry.key] = entry
    return found


def texts_of(root: Path, folders: Sequence[str]) -> dict[Key, Entry]:
    """Every text that the code under these folders marks for translation, by xgettext.

    Raises CannotExtract when xgettext (package gettext) is missing or refuses a file.
    """
    sources = sorted(path for folder in folders for path in (root / folder).rglob("*") if _has_texts(path))
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        for source in sources:
            place = work / source.relative_to(root)
            place.parent.mkdir(parents=True, exist_ok=True)
            content = source.read_text(encoding="utf-8")
            place.write_text(content if source.suffix == ".py" else templatize(content), encoding="utf-8")
        listed = "\n".join(str(source.relative_to(root)) for source in sources)
        found = parse(_xgettext(work, listed), "").entries
    return {key: _without_guess(entry) for key, entry in found.items()}


class CannotExtract(RuntimeError):
    """xgettext is not there, or found a text that it cannot read."""


def table(path: Path) -> dict[str, str]:
    """A table of translations: English, a tab, the translation; line breaks as `\\n`. A missing file is empty.

    A third column before them is the context of one meaning among several; the key is then as gettext writes it,
    context and English with `BOUND` between.
    """
    if not path.exists():
        return {}
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        *context, english, translation = ["", *line.rstrip("\t\r").split("\t")]
        if len(context) not in (1, 2) or not english.strip() or not translation.strip():
            raise BrokenCatalogue(f"{path.name} line {number}: English, a tab and the translation are needed")
        found[BOUND.join([*context[1:], _unescaped(english)])] = _unescaped(translation)
    return found


def traditional(
    simplified: Catalogue, overrides: Mapping[str, str], convert: Callable[[str], str]
) -> Catalogue:
    """zh_Hant: each sentence from zh_Hans by `convert` (OpenCC), or as the overrides have it."""
    return Catalogue(
        "zh_Hant",
        {
            key: replace(entry, text=overrides.get(entry.msgid) or convert(entry.text))
            for key, entry in simplified.entries.items()
        },
    )


def keeping(words: Mapping[str, str], convert: Callable[[str], str]) -> Callable[[str], str]:
    """`convert`, but for these words, which become what the table says: an audit is 審核, whatever OpenCC thinks."""
    if not words:
        return convert
    longest_first = sorted(words, key=len, reverse=True)
    parts = re.compile("|".join(map(re.escape, longest_first)))

    def converted(text: str) -> str:
        found, at = [], 0
        for match in parts.finditer(text):
            found += [convert(text[at : match.start()]), words[match.group()]]
            at = match.end()
        return "".join([*found, convert(text[at:])])

    return converted


def _without_guess(entry: Entry) -> Entry:
    """xgettext takes "% of the term" for a format with a place; a text without places is none."""
    if PLACES.search(f"{entry.msgid} {entry.plural}"):
        return entry
    return replace(entry, flags=tuple(flag for flag in entry.flags if not flag.endswith("-format")))


def _has_texts(path: Path) -> bool:
    return path.suffix in {".py", ".html", ".txt"} and path.is_file() and "__pycache__" not in path.parts


def _xgettext(work: Path, listed: str) -> str:
    command = [
        "xgettext",
        "--language=Python",
        "--from-code=UTF-8",
        "--add-comments=Translators",
        "--no-wrap",
        "--add-location=file",
        "--output=-",
        "--files-from=-",
        *(f"--keyword={keyword}" for keyword in KEYWORDS),
    ]
    try:
        done = subprocess.run(command, cwd=work, input=listed.encode(), capture_output=True, check=False)
    except FileNotFoundError as problem:
        raise CannotExtract("xgettext is missing: install the package gettext") from problem
    if done.returncode != 0:
        raise CannotExtract(done.stderr.decode().strip())
    return done.stdout.decode()


def _blocks(text: str) -> Iterator[tuple[int, list[str]]]:
    """Entries as lines, parted by empty lines, each with the number of its first line."""
    block: list[str] = []
    start = 1
    for number, line in enumerate([*text.split("\n"), ""], start=1):
        if line.strip():
            if not block:
                start = number
            block.append(line.strip())
        elif block:
            yield start, block
            block = []


def _entry(block: Iterable[str], number: int) -> Entry | None:
    values = {"msgctxt": "", "msgid": "", "msgid_plural": "", "msgstr": "", "msgstr[0]": ""}
    places: list[str] = []
    flags: list[str] = []
    comments: list[str] = []
    into = ""
    for line in block:
        if line.startswith("#~"):
            return None
        if line.startswith("#:"):
            places += line[2:].split()
        elif line.startswith("#,"):
            flags += [flag.strip() for flag in line[2:].split(",")]
        elif line.startswith("#."):
            comments.append(line[2:].strip())
        elif line.startswith("#"):
            continue
        elif line.startswith('"') and into:
            values[into] += _unquoted(line, number)
        else:
            into, _space, rest = line.partition(" ")
            if into.startswith("msgstr[") and into != "msgstr[0]":
                into = "other"
            elif into not in values:
                raise BrokenCatalogue(f"line {number}: {line[:60]!r}")
            values[into] = _unquoted(rest.strip(), number)
    return Entry(
        values["msgid"],
        values["msgctxt"],
        values["msgid_plural"],
        values["msgstr[0]"] or values["msgstr"],
        tuple(sorted(set(places))),
        tuple(flags),
        tuple(comments),
    )


ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
UNESCAPES = {written[1]: meant for meant, written in ESCAPES.items()}


def _quoted(text: str) -> str:
    """A text in quotes; one of several lines begins empty, each line in its own quotes."""
    lines = [
        "".join(ESCAPES.get(character, character) for character in line)
        for line in re.findall(r"[^\n]*\n|[^\n]+", text)
    ]
    return f'"{"".join(lines)}"' if len(lines) < 2 else "\n".join(['""', *(f'"{line}"' for line in lines)])


def _unquoted(quoted: str, number: int) -> str:
    if len(quoted) < 2 or quoted[0] != '"' or quoted[-1] != '"':
        raise BrokenCatalogue(f"line {number}: a quoted text is needed: {quoted[:60]!r}")
    return _unescaped(quoted[1:-1])


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: UNESCAPES.get(found[1], found[0]), text)
