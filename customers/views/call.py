"""The page that pops up with a call: who it is, what stands open, and where to register (CMP-01)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from customers import permissions, queries
from customers.domain import telephones
from customers.permissions import Right
from customers.services.rows import read_telephone
from customers.views.door import intake_url, slot
from organization.views.door import needs
from servicecenter import components
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_telephone
from servicecenter.wording import rule_text


@needs(Right.VIEW_CUSTOMER)
@require_GET
def call(request: HttpRequest, telephone: str) -> HttpResponse:
    """Who calls from this number. A malformed number is said to be one, with what was meant to be typed."""
    user: Any = request.user
    problem, kept = "", ""
    try:
        kept = read_telephone(telephone[:40]).number
    except RuleBroken as refused:
        problem = rule_text(refused)
    found = queries.look_up(kept, user) if kept else None
    intake = intake_url(request)
    return render(
        request,
        "customers/call.html",
        {
            "telephone": kept,
            "spaced": telephones.spaced(kept),
            "masked": mask_telephone(kept),
            "typed": telephone[:40],
            "problem": problem,
            "found": found,
            "crumbs": [
                components.Crumb(_("Call")),
                components.Crumb(mask_telephone(kept) or _("unknown number")),
            ],
            "register_url": f"{intake}?{urlencode({'tel': kept})}" if intake and kept else "",
            "intake_url": intake,
            "complaints_url": slot("complaints-of-call", kept) if kept else "",
            "may_add": permissions.Right.EDIT_CUSTOMER in user.rights.by_right,
        },
        status=200 if kept else 422,
    )
