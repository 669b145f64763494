"""An act on a paper by one button, or by a dialog that asks first: once for documents, transfers and counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from inventory.views.bar import why_not
from servicecenter import answers
from servicecenter.kernel.errors import RuleBroken, RulesBroken


@dataclass(frozen=True)
class Desk:
    """A kind of paper: what its page's data and templates call it, how it is found, where its page is.

    `refused` shows the paper again with what stands against an act.
    """

    subject: str
    find: Callable[[HttpRequest, str], Any]
    page: str
    refused: Callable[[HttpRequest, str, RuleBroken | RulesBroken], HttpResponse]

    def there(self, number: str) -> str:
        """The address of its page."""
        return reverse(self.page, args=[number])

    def allowed(self, request: HttpRequest, number: str, code: str) -> Any:
        """The paper's page data, for an act that the user has the right to do on it (403 else; INV-01 to INV-05)."""
        shown = self.find(request, number)
        if not shown.answers[code].visible:
            raise PermissionDenied
        return shown

    def at_once(
        self, request: HttpRequest, number: str, code: str, act: Callable[[Any], Any], toast: str
    ) -> HttpResponse:
        """An act of one button: done, or the page again with everything that stands against it."""
        paper = getattr(self.allowed(request, number, code), self.subject)
        try:
            act(paper)
        except (RuleBroken, RulesBroken) as problem:
            return self.refused(request, number, problem)
        return answers.done(request, to=self.there(paper.number), toast=toast)

    def ask(
        self,
        request: HttpRequest,
        number: str,
        code: str,
        *,
        template: str,
        form: Callable[..., Any],
        act: Callable[[Any, Mapping[str, Any]], Any],
        toast: str,
    ) -> HttpResponse:
        """An act that asks first: a reason, or whether it is meant. A document that it makes is shown next."""
        shown = self.allowed(request, number, code)
        paper = getattr(shown, self.subject)
        asked = form(request.POST or None, of=paper)
        status = 200
        if request.method == "POST":
            if asked.is_valid():
                try:
                    made = act(paper, asked.cleaned_data)
                except (RuleBroken, RulesBroken) as problem:
                    asked.refuse(problem)
                else:
                    is_document = getattr(made, "direction", "") and made.number != paper.number
                    to = (
                        reverse("stock-document", args=[made.number])
                        if is_document
                        else self.there(paper.number)
                    )
                    return answers.done(request, to=to, toast=toast)
            status = 422
        context = {
            "form": asked,
            "document": paper,
            self.subject: paper,
            "shown": shown,
            "why": why_not(shown.answers.get(code)),
            "may_red": "red" in shown.answers and shown.answers["red"].allowed,
        }
        return render(request, template, context, status=status)
