"""What is done before the processes start: translations compiled once, and before anything speaks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from servicecenter.local import prepare

ROOT = Path(__file__).resolve().parent.parent
SAYS = """
import sys
from servicecenter.local import prepare
def say():
    from django.utils import translation
    with translation.override("zh-hans"):
        print("said:", translation.gettext("Payout voucher"))
prepare.forget_half_a_demo = lambda cluster, url: None
prepare.migrate = prepare.collect_static = lambda: None
prepare.seed_demo = say
sys.exit(prepare.main())
"""


def test_a_fresh_clone_plays_its_demo_in_the_translations_compiled_for_it(tmp_path: Path) -> None:
    """Its papers are frozen as they were drawn: in English, they stay so."""
    clone = tmp_path / "clone"
    unneeded = shutil.ignore_patterns(".venv", ".git", "var", "docs", "tests", "__pycache__", "*.mo")
    shutil.copytree(ROOT, clone, ignore=unneeded)
    done = subprocess.run(
        [sys.executable, "-c", SAYS], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["compiling the translations", "said: 理赔款领取凭证"]


def test_only_changed_catalogues_are_compiled_again(tmp_path: Path) -> None:
    folder = tmp_path / "zh_Hans" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source, compiled = folder / "django.po", folder / "django.mo"
    source.write_text("")
    assert prepare.stale_catalogues(tmp_path) == [source]
    compiled.write_bytes(b"")
    os.utime(source, (1_000, 1_000))
    assert prepare.stale_catalogues(tmp_path) == []
    os.utime(compiled, (999, 999))
    assert prepare.stale_catalogues(tmp_path) == [source]
