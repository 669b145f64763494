"""Files: uploaded before their form is saved, downloaded by whoever may see their record."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from servicecenter import answers, attachments
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Attachment
from servicecenter.wording import rule_text

SHOWN_IN_PLACE = {"image/jpeg", "image/png", "image/gif", "image/webp"}


@require_POST
@login_required
def upload(request: HttpRequest) -> JsonResponse:
    """One file; answers its public id. It belongs to its uploader until the form that names it is saved."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse(
            {"code": "attachment.empty", "message": rule_text("attachment.empty", name="")}, status=400
        )
    try:
        kept = attachments.store(file=file, by=request.user)
    except RuleBroken as problem:
        return JsonResponse({"code": problem.code, "message": rule_text(problem)}, status=422)
    return JsonResponse(
        {
            "id": kept.public_id,
            "name": kept.name,
            "size": kept.size,
            "url": reverse("attachment", args=[kept.public_id]),
        },
        status=201,
    )


@require_safe
@login_required
def download(request: HttpRequest, public_id: str) -> FileResponse:
    """The file, after the visibility of its record; always as an attachment of unguessable type."""
    try:
        kept = attachments.open_for(request.user, public_id)
    except Attachment.DoesNotExist as hidden:
        raise Http404 from hidden
    return answers.file(kept)
