"""The ground floor in the API: files, notices, values behind a mask, the search box.

(`servicecenter.api` is imported by the framework itself and can name no model's serializer.)
"""

from typing import Any

from servicecenter.endpoints.files import AttachmentViewSet
from servicecenter.endpoints.finding import SearchViewSet
from servicecenter.endpoints.notices import NoticeViewSet
from servicecenter.endpoints.reveals import RevealViewSet

ROUTES: list[tuple[str, Any, str]] = [
    ("attachments", AttachmentViewSet, "attachment"),
    ("notices", NoticeViewSet, "notice"),
    ("reveals", RevealViewSet, "reveal"),
    ("search", SearchViewSet, "search"),
]
