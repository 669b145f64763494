"""The page of the search box."""

from __future__ import annotations

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from servicecenter import finding


def _plain(number: str) -> str:
    """A number as it is compared: any spelling of blanks and hyphens."""
    return re.sub(r"[\s\-—–]", "", number).casefold()


@require_safe
@login_required
def search(request: HttpRequest) -> HttpResponse:
    """All hits of the box. A single one that is exactly the number typed is opened at once."""
    text = request.GET.get("q", "").strip()[: finding.MOST_SIGNS]
    answer = finding.search(request.user, text)
    exact = [hit for hit in answer.hits if hit.number and _plain(hit.number) == _plain(text)]
    if len(exact) == 1 and not request.headers.get("HX-Request"):
        return redirect(exact[0].url)
    template = (
        "servicecenter/_search_hits.html"
        if request.headers.get("HX-Request")
        else "servicecenter/search.html"
    )
    return render(request, template, {"q": text, "answer": answer, "total": len(answer.hits)})
