"""What the policy and the browser floor ask of every template, stylesheet and script in the repository."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
STYLES = sorted((ROOT / "static").rglob("*.css"))
# Documents drawn by WeasyPrint are no pages of the browser: their styles stand in the file.
PAPER = ROOT / "templates" / "paper"
PAGES = [path for path in TEMPLATES if PAPER not in path.parents]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


FORBIDDEN_IN_PAGES = {
    "inline style": r"\sstyle\s*=",
    "inline handler": r"\son[a-z]+\s*=\s*[\"']",
    "hx-on": r"\bhx-on\b",
    "javascript address": r"javascript:",
    "evaluated values": r"\bjs:",
    "trigger filter, which fires always without eval": r"hx-trigger=\"[^\"]*\[",
    "inline script": r"<script(?![^>]*\bsrc=)[^>]*>",
    "style element": r"<style\b",
    "foreign address": r"(?:src|href)=\"(?:https?:)?//",
    "hex colour": r"[\"' ]#[0-9a-fA-F]{6}\b",
}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_holds_nothing_the_policy_forbids(path: Path) -> None:
    text = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", path.read_text(encoding="utf-8"), flags=re.S)
    found = [what for what, pattern in FORBIDDEN_IN_PAGES.items() if re.search(pattern, text)]
    assert found == []


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_a_template_opens_with_what_it_expects(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    opening = re.match(r"\s*(\{% extends [^%]*%\})?\s*\{% comment %\}\s*\S", text)
    assert opening, "begin with {% comment %}, after {% extends %} if there is one"


def test_the_guard_sees_what_it_is_there_for() -> None:
    """Each pattern finds its own sin: a guard that cannot fail guards nothing."""
    sins = {
        "inline style": '<p style="color:red">',
        "inline handler": '<a onclick="x()">',
        "hx-on": '<a hx-on:click="x()">',
        "javascript address": '<a href="javascript:x()">',
        "evaluated values": "<a hx-vals='js:{x:1}'>",
        "trigger filter, which fires always without eval": '<a hx-trigger="click[ctrlKey]">',
        "inline script": "<script>x()</script>",
        "style element": "<style>p{}</style>",
        "foreign address": '<script src="https://cdn.example/x.js">',
        "hex colour": '<rect fill="#aabbcc">',
    }
    assert {what for what, sin in sins.items() if re.search(FORBIDDEN_IN_PAGES[what], sin)} == set(sins)


# Newer than Chrome 109, Firefox 102, Safari 16.4.
TOO_NEW_CSS = {
    ":has() (Firefox 121)": r":has\(",
    "nesting": r"\{[^{}]*&[\s.:#\[]",
    "container queries (Firefox 110)": r"@container\b|\bcontainer-type\b",
    "color-mix (Firefox 113)": r"\bcolor-mix\(",
    "oklch (Firefox 113)": r"\boklch\(|\boklab\(",
    "light-dark (Chrome 123)": r"\blight-dark\(",
    "popover": r":popover-open",
    "text-wrap (Chrome 114)": r"\btext-wrap\s*:",
    "subgrid (Chrome 117)": r"\bsubgrid\b",
    "@layer statement from a tool": r"@scope\b|@starting-style\b",
    "anchor positioning": r"\banchor\(|\bposition-anchor\b",
    "view transitions": r"::view-transition|\bview-transition-name\b",
    "scrollbar-gutter in Safari": r"\bfield-sizing\b",
    "@property (Firefox 128)": r"@property\b",
}
TOO_NEW_JS = {
    "Object.groupBy (Chrome 117)": r"\.groupBy\(",
    "toSorted and kin (Chrome 110)": r"\.(toSorted|toReversed|toSpliced)\(|\.with\(",
    "Set methods (Chrome 122)": r"\.(isSubsetOf|symmetricDifference|intersection|union)\(",
    "Promise.withResolvers (Chrome 119)": r"withResolvers",
    "Array.fromAsync": r"fromAsync",
    "URL.canParse (Chrome 120)": r"canParse",
    "AbortSignal.any (Chrome 116)": r"AbortSignal\.any",
    "AbortSignal.timeout (Firefox 100, Safari 16)": r"AbortSignal\.timeout",
    "popover": r"showPopover|hidePopover|togglePopover",
    "view transitions": r"startViewTransition",
    "requestIdleCallback (Safari has none)": r"requestIdleCallback",
    "regular expression v flag": r"/[a-z]*v[a-z]*\.test\(",
    "import attributes": r"\bimport\b.*\bwith\b\s*\{",
    "scheduler": r"\bscheduler\.",
    "eval": r"\beval\(|new Function\(",
}


@pytest.mark.parametrize("path", STYLES, ids=name)
def test_a_stylesheet_stays_within_the_browser_floor(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert [what for what, pattern in TOO_NEW_CSS.items() if re.search(pattern, text)] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_a_script_stays_within_the_browser_floor(path: Path) -> None:
    text = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    assert [what for what, pattern in TOO_NEW_JS.items() if re.search(pattern, text)] == []


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = set(re.findall(r'id="i-([a-z]+)"', (ROOT / "static" / "icons.svg").read_text(encoding="utf-8")))
    named = {
        (icon, name(path))
        for path in TEMPLATES
        for icon in re.findall(r'\{% icon "([a-z-]+)"|\bicon="([a-z-]+)"', path.read_text(encoding="utf-8"))
        for icon in icon
        if icon
    }
    assert {(icon, where) for icon, where in named if icon not in sprite} == set()


def test_every_script_of_ours_is_loaded_somewhere() -> None:
    loaded = "".join(path.read_text(encoding="utf-8") for path in TEMPLATES)
    assert [path.name for path in SCRIPTS if f"js/{path.name}" not in loaded] == []
