"""Archives of backups as files: whole, cut, altered; their names, how many are kept, when the next is due (PRV-07)."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime, time
from hashlib import sha256
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from servicecenter import backups
from servicecenter.backups import keeping, tools
from servicecenter.backups.manifest import (
    BackupError,
    Broken,
    Content,
    Figures,
    Manifest,
    check,
    opened,
    read,
)

DUMP = b"PGDMP and so on"


def content(of: bytes) -> Content:
    return Content(len(of), sha256(of).hexdigest())


def archive(path: Path, *, file: bytes = b"a scan", named: str = "ab/abcdef") -> Manifest:
    """A small archive whose manifest says that its one file is `a scan`."""
    manifest = Manifest(
        made_at="2026-11-18T18:30:00+00:00",
        version="0.1.0",
        server="18.4",
        tool="18.4",
        migrations=["servicecenter.0001_initial"],
        trail_digest="0" * 64,
        tables={"servicecenter_trailentry": Figures(2, "-17")},
        database=content(DUMP),
        files={"ab/abcdef": content(b"a scan")},
    )
    with zipfile.ZipFile(path, "w") as file_:
        file_.writestr("database.dump", DUMP)
        file_.writestr(f"files/{named}", file)
        file_.writestr("manifest.json", manifest.written())
    return manifest


def looked_at(path: Path) -> Manifest:
    return backups.examine(path, lambda what, share: None)


def test_a_whole_archive_says_what_is_in_it_and_has_a_mark(tmp_path: Path) -> None:
    """PRV-07."""
    written = archive(tmp_path / "a.zip")
    found = looked_at(tmp_path / "a.zip")
    assert found == written
    assert (found.rows, found.size, found.server_major) == (2, len(DUMP) + 6, 18)
    assert found.mark == sha256(written.written()).hexdigest()


@pytest.mark.parametrize("kept", [0, 10, 200])
def test_a_cut_archive_is_refused(tmp_path: Path, kept: int) -> None:
    """Fault 28: whatever is cut off, the ZIP's end is."""
    path = tmp_path / "a.zip"
    archive(path)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(Broken, match="cut off"):
        looked_at(path)


def test_an_altered_and_a_missing_and_a_foreign_file_are_named(tmp_path: Path) -> None:
    """Fault 28."""
    path = tmp_path / "a.zip"
    archive(path, file=b"a scam")
    with pytest.raises(Broken, match="files/ab/abcdef is not what was backed up"):
        looked_at(path)
    archive(path, named="ab/other")
    with pytest.raises(Broken, match="files/ab/other, which its manifest does not name"):
        looked_at(path)
    with zipfile.ZipFile(path) as source:
        manifest = source.read("manifest.json")
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("database.dump", DUMP)
        target.writestr("manifest.json", manifest)
    with pytest.raises(Broken, match="files/ab/abcdef is missing"):
        looked_at(path)


def test_a_name_that_leads_out_of_the_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    archive(path)
    with opened(path) as file:
        manifest = read(file)
        manifest.files["../../etc/cron.d/x"] = content(b"")
        with pytest.raises(Broken, match="no place inside"):
            check(file, manifest, lambda what, share: None)


@pytest.mark.parametrize(
    ("inside", "why"),
    [
        ({}, "no readable manifest.json"),
        ({"manifest.json": b"{"}, "no readable manifest.json"),
        ({"manifest.json": b'{"product": "other"}'}, "not of this product"),
        ({"manifest.json": b'{"product": "servicecenter", "format": 9}'}, "its format is 9"),
        (
            {"manifest.json": b'{"product": "servicecenter", "format": 1, "tables": {}, "files": {}}'},
            "lacks something",
        ),
    ],
)
def test_a_file_that_is_no_backup_is_refused(tmp_path: Path, inside: dict[str, bytes], why: str) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for name, held in inside.items():
            file.writestr(name, held)
    with pytest.raises(Broken, match=why):
        looked_at(path)


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="there is no file"):
        looked_at(tmp_path / "none.zip")


def test_the_newest_archives_are_kept_and_nothing_else_is_touched(tmp_path: Path) -> None:
    for day in (18, 19, 20, 21):
        (tmp_path / keeping.name_at(datetime(2026, 11, day, 18, 30, tzinfo=UTC))).touch()
    (tmp_path / "servicecenter-before-the-move.zip").touch()
    (tmp_path / "servicecenter-20261117T183000Z.zip.part").touch()
    gone = keeping.forget(tmp_path, 2)
    assert [path.name for path in gone] == [
        "servicecenter-20261118T183000Z.zip",
        "servicecenter-20261119T183000Z.zip",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "servicecenter-20261117T183000Z.zip.part",
        "servicecenter-20261120T183000Z.zip",
        "servicecenter-20261121T183000Z.zip",
        "servicecenter-before-the-move.zip",
    ]


def test_the_nightly_backup_is_at_an_hour_of_the_centre() -> None:
    """02:30 in Shanghai is 18:30 UTC of the day before."""
    before = datetime(2026, 11, 18, 18, 29, tzinfo=UTC)
    assert keeping.next_at(before, time(2, 30)) == datetime(2026, 11, 18, 18, 30, tzinfo=UTC)
    assert keeping.next_at(datetime(2026, 11, 18, 18, 30, tzinfo=UTC), time(2, 30)) == datetime(
        2026, 11, 19, 18, 30, tzinfo=UTC
    )


def test_programs_fit_the_server_and_are_never_older(monkeypatch: pytest.MonkeyPatch) -> None:
    there = [tools.Tools(Path("/old"), "15.20"), tools.Tools(Path("/new"), "18.4")]
    monkeypatch.setattr(tools, "_installed", lambda: there)
    assert tools.fitting(15).directory == Path("/old")
    assert tools.fitting(16).directory == Path("/new")
    # what a newer pg_dump wrote, an older pg_restore cannot read
    assert tools.fitting(15, least=18).directory == Path("/new")
    with pytest.raises(BackupError, match="apt-get install postgresql-client-19"):
        tools.fitting(19)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [(["--keep", "3"], "need a directory"), (["--daily", "02:30"], "need a directory")],
)
def test_keeping_some_and_making_one_each_night_need_a_directory(
    tmp_path: Path, arguments: list[str], why: str
) -> None:
    with pytest.raises(CommandError, match=why):
        call_command("backup", str(tmp_path / "a.zip"), *arguments)
