"""Working a page by keyboard alone, as an agent does whose other hand holds the telephone."""

from __future__ import annotations

from typing import Any


def tab_to(page: Any, name: str, *, most: int = 25) -> None:
    """Press Tab until the control of that id has the focus. AssertionError when it is not reached."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == name:
            return
    raise AssertionError(f"{name} is not reached by {most} times Tab")


def choose(page: Any, words: str) -> None:
    """Choose the option of these words in the focused select, with the arrow key."""
    chosen = "document.activeElement.selectedOptions[0].textContent.trim()"
    for _press in range(page.evaluate("document.activeElement.options.length")):
        if page.evaluate(chosen) == words:
            return
        page.keyboard.press("ArrowDown")
    assert page.evaluate(chosen) == words
