"""Template tags of the workbench: a builtin library, so templates need no `load`."""

from servicecenter.templatetags.wb import forms, lists, parts, signs, words
from servicecenter.templatetags.wb.library import register

__all__ = ["forms", "lists", "parts", "register", "signs", "words"]
