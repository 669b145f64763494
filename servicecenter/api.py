"""What every API endpoint shares: token login, error shape, keyset pages, idempotent viewsets."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.exceptions import ValidationError as DjangoValidationError
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions, permissions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response

from servicecenter import keyset
from servicecenter.clock import now_db
from servicecenter.idempotency import idempotent
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.models import ApiToken
from servicecenter.wording import messages_of


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`; the token is stored hashed, may expire, may be read-only."""

    def authenticate(self, request: Request) -> tuple[Any, ApiToken] | None:
        """(user, token), or None when another scheme is used; AuthenticationFailed when the token is not good."""
        parts = get_authorization_header(request).decode("latin-1").split()
        if not parts or parts[0].lower() != "token":
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("The token is not valid."))
        digest = hashlib.sha256(parts[1].encode()).hexdigest()
        token = (
            ApiToken.objects.filter(token_hash=digest, revoked_at=None)
            .select_related("user__employee")
            .first()
        )
        now = now_db()
        if token is None or (token.expires_at and token.expires_at <= now) or not token.user.may_log_in:
            raise exceptions.AuthenticationFailed(_("The token is not valid."))
        if token.read_only and request.method not in {"GET", "HEAD", "OPTIONS"}:
            raise exceptions.PermissionDenied(_("This token may only read."))
        if token.last_used_at is None or (now - token.last_used_at).total_seconds() > 60:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """Makes the answer a 401."""
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describes the token in the OpenAPI file."""

    target_class = "servicecenter.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An API key in the Authorization header."""
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <key>"}


def exception_handler(problem: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as `{"code", "message", "fields"}`."""
    if isinstance(problem, RuleBroken | RulesBroken):
        told = messages_of(problem)
        broken = {field: [message] for field, message in told if field}
        status = problem.status if isinstance(problem, RuleBroken) else 409
        code = problem.code if isinstance(problem, RuleBroken) else "rules"
        return Response(
            {"code": code, "message": " ".join(m for _f, m in told), "fields": broken}, status=status
        )
    if isinstance(problem, Http404):
        problem = exceptions.NotFound()
    elif isinstance(problem, PermissionDenied):
        problem = exceptions.PermissionDenied()
    elif isinstance(problem, DjangoValidationError):
        problem = exceptions.ValidationError(problem.messages)
    if not isinstance(problem, exceptions.APIException):
        return None
    fields: dict[str, Any] = {}
    if isinstance(problem, exceptions.ValidationError):
        message = _("Some of the input is not valid.")
        if isinstance(problem.detail, dict):
            fields = problem.detail
        else:
            message = " ".join(str(part) for part in problem.detail)
        code = "invalid"
    else:
        message, code = str(problem.detail), str(problem.get_codes())
    response = Response({"code": code, "message": message, "fields": fields}, status=problem.status_code)
    if isinstance(problem, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        response["WWW-Authenticate"] = "Token"
        response.status_code = 401
    return response


class KeysetPagination(BasePagination):
    """`{"next", "previous", "results"}` with signed cursors. The view names its order in `keyset_order`."""

    page_size = 50
    max_page_size = 200

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> list[Any]:
        """One page; `?cursor=` and `?page_size=`."""
        self.request = request
        query = request.query_params.copy()
        cursor = query.pop("cursor", [""])[-1]
        try:
            size = max(1, min(int(query.pop("page_size", [self.page_size])[-1]), self.max_page_size))
        except ValueError as wrong:
            raise exceptions.ValidationError({"page_size": [_("A whole number is needed.")]}) from wrong
        self.page: keyset.Page[Any] = keyset.paginate(
            queryset, order=view.keyset_order, cursor=cursor, size=size, filters=query.urlencode()
        )
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """The page with cursors (not addresses: proxies rewrite those)."""
        return Response(
            {"next": self.page.next_cursor, "previous": self.page.previous_cursor, "results": data}
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI file."""
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {"type": "string", "description": "Cursor of the next page, empty on the last."},
                "previous": {
                    "type": "string",
                    "description": "Cursor of the previous page, empty on the first.",
                },
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """For the OpenAPI file."""
        return [
            {"name": "cursor", "in": "query", "required": False, "schema": {"type": "string"}},
            {
                "name": "page_size",
                "in": "query",
                "required": False,
                "schema": {"type": "integer", "maximum": 200},
            },
        ]


class AnyAccepted(DefaultContentNegotiation):
    """For endpoints that answer files: in the file's own type whatever `Accept` says; errors are JSON as everywhere."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[Any, str]:
        """The only one there is."""
        return renderers[0], renderers[0].media_type


class Holds(permissions.BasePermission):
    """Lets in whoever holds one of the rights that the endpoint names in `rights`; rows are `visible_to`'s business."""

    def has_permission(self, request: Any, view: Any) -> bool:
        """Login, and one of the rights."""
        rights = getattr(view, "rights_by_action", {}).get(view.action, view.rights)
        return bool(request.user.is_authenticated and request.user.rights.has_any(rights))


def once(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a writing endpoint honour `Idempotency-Key`: the same key is done once and answered alike (D20)."""

    @wraps(method)
    def wrapped(self: Any, request: Any, *args: Any, **kwargs: Any) -> Any:
        def act(asked: Any, *more: Any, **named: Any) -> Any:
            return method(self, asked, *more, **named)

        return idempotent(act)(request, *args, **kwargs)

    return wrapped
