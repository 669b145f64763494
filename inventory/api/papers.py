"""What the endpoints of numbered papers share: one of them, an act on it, a shortage told line by line (LED-11)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import mixins, serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from inventory.api.door import NUMBER, READ
from inventory.api.inputs import StockVersion
from inventory.api.serializers import ShortSerializer
from inventory.domain.shortage import Shortage
from organization.permissions import me
from servicecenter.api import Holds
from servicecenter.wording import messages_of


class Papers(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Any]):
    """A kind of paper: `subject` is what the services call it, `page_of` its query, `told_by` its serializer."""

    lookup_field = "number"
    lookup_value_regex = NUMBER
    permission_classes = (Holds,)
    rights: tuple[str, ...] = READ
    filter_backends = (DjangoFilterBackend,)
    subject: str
    page_of: Any
    told_by: type[serializers.BaseSerializer[Any]]

    def page_or_404(self, number: str) -> Any:
        """The paper with all that its page shows; one that the user may not see is not there."""
        found = self.page_of(me(self.request), number.upper())
        if found is None:
            raise Http404
        return found

    def allowed(self, number: str, code: str) -> Any:
        """The paper, for an act that the user has the right to do on it (403 else; INV-01 to INV-05)."""
        found = self.page_or_404(number)
        if not found.answers[code].visible:
            raise PermissionDenied
        return getattr(found, self.subject)

    def answered(self, number: str, status: int = 200) -> Response:
        """The paper as it is now."""
        page = self.page_or_404(number)
        context = {**self.get_serializer_context(), "page": page}
        return Response(self.told_by(getattr(page, self.subject), context=context).data, status=status)

    def read(self, form: type[serializers.Serializer[Any]], request: Request) -> Any:
        """What was sent, in its right shape (400 else)."""
        read = form(data=request.data, context=self.get_serializer_context())
        read.is_valid(raise_exception=True)
        return read

    def act(
        self,
        request: Request,
        number: str,
        service: Callable[..., Any],
        form: type[serializers.Serializer[Any]] = StockVersion,
    ) -> Response:
        """The act of this endpoint's name: `form`'s fields are the service's arguments; a shortage is told whole."""
        paper = self.allowed(number, self.action)
        said = self.read(form, request).validated_data
        try:
            service(**{self.subject: paper}, **said, by=me(request))
        except Shortage as problem:
            return short_answer(problem)
        return self.answered(number)


def short_answer(problem: Shortage) -> Response:
    """409 with every short item in `short` (LED-11)."""
    told = messages_of(problem)
    return Response(
        {
            "code": "stock.short",
            "message": " ".join(message for _field, message in told),
            "fields": {field: [message] for field, message in told if field},
            "short": ShortSerializer(problem.lines, many=True).data,
        },
        status=409,
    )
