"""Reports: list, one with its figures, the rows behind a figure, making one, trying a failed making again."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from organization.models import Department
from organization.permissions import me
from reports import queries, services
from reports.api.serializers import MakeInput, ReportDetail, ReportRow, RowsAnswer, RunRow
from reports.domain.period import parse
from reports.filters import ReportFilter
from reports.models import Report, ReportRevision
from reports.permissions import ANY_VIEW, Right
from servicecenter.api import Holds, once
from servicecenter.figures import whole
from servicecenter.kernel.errors import RuleBroken
from servicecenter.trail import plain

REFUSED = OpenApiResponse(description="A rule refuses it: {code, message, fields}.")
PAGE = 200
REVISION = OpenApiParameter("revision", int, description="Left out: the newest one.")


class ReportViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Report]):
    """Periodic reports (chapter 06)."""

    lookup_field = "number"
    lookup_value_regex = "[A-Za-z0-9_-]+"
    permission_classes = (Holds,)
    rights: tuple[str, ...] = ANY_VIEW
    rights_by_action = {"make": (Right.MAKE_REPORT,), "retry": (Right.MAKE_REPORT,)}
    queryset = Report.objects.none()
    serializer_class = ReportRow
    filterset_class = ReportFilter
    keyset_order = queries.NEWEST

    def get_queryset(self) -> QuerySet[Report]:
        """Only what the user may read."""
        return queries.reports_visible_to(me(self.request))

    def filter_queryset(self, queryset: Any) -> Any:
        """The same filters as the page; bad values are told."""
        if self.action != "list":
            return queryset
        filters = ReportFilter(self.request.query_params, queryset=queryset, request=self.request)
        if not filters.is_valid():
            raise ValidationError(filters.errors)
        return filters.qs

    @extend_schema(parameters=[REVISION], responses=ReportDetail)
    def retrieve(self, request: Request, number: str) -> Response:
        """One report with the figures of a revision, and how its making goes."""
        report = self.get_object()
        context = {"revision": self._revision(report), "run": queries.last_run(report)}
        return Response(ReportDetail(report, context=context).data)

    @extend_schema(
        parameters=[
            REVISION,
            OpenApiParameter("key", str, required=True, description="The `rows` of a figure."),
            OpenApiParameter("after", int, description="`next` of the page before."),
        ],
        responses=RowsAnswer,
        filters=False,
    )
    @action(detail=True, methods=["get"], pagination_class=None)
    def rows(self, request: Request, number: str) -> Response:
        """The rows behind a figure, known up to the same moment as the report; at most 200 at once."""
        revision = self._revision(self.get_object())
        if revision is None:
            raise Http404
        key = request.query_params.get("key", "")
        sheet = queries.sheet_of(key)
        found = queries.rows_page(revision, key, after=self._number("after") or 0, size=PAGE + 1)
        return Response(
            {
                "columns": [column.code for column in sheet.columns],
                "rows": [plain(row.cells) for row in found[:PAGE]],
                "next": found[PAGE - 1].id if len(found) > PAGE else None,
            }
        )

    @extend_schema(request=MakeInput, responses={202: RunRow, 403: REFUSED, 409: REFUSED})
    @action(detail=False, methods=["post"])
    @once
    def make(self, request: Request) -> Response:
        """Have a report made; the making that is under way, if there is one. Never twice for a period by accident."""
        form = MakeInput(data=request.data)
        form.is_valid(raise_exception=True)
        said = form.validated_data
        department = None
        if "department" in said:
            department = Department.objects.filter(code=said["department"]).first()
            if department is None:
                raise ValidationError({"department": [_("There is no such department.")]})
        run = services.request_report(
            code=said["code"],
            period=parse(said["period"]),
            department=department,
            again=said["again"],
            basis=said["basis"],
            by=me(request),
        )
        return Response(RunRow(run).data, status=202)

    @extend_schema(request=None, responses={202: RunRow, 409: REFUSED})
    @action(detail=True, methods=["post"])
    @once
    def retry(self, request: Request, number: str) -> Response:
        """Try the newest making again, if it has failed."""
        run = queries.last_run(self.get_object())
        if run is None:
            raise RuleBroken("report.not_failed")
        return Response(RunRow(services.retry_report(run=run, by=me(request))).data, status=202)

    def _revision(self, report: Report) -> ReportRevision | None:
        """The revision asked for, else the newest; 404 for one that is not there."""
        wanted = self._number("revision")
        if wanted is None:
            return queries.latest(report)
        found = report.revisions.filter(ordinal=wanted).first()
        if found is None:
            raise Http404
        return found

    def _number(self, name: str) -> int | None:
        text = self.request.query_params.get(name, "")
        if not text:
            return None
        if (number := whole(text)) is None:
            raise ValidationError({name: [_("A whole number is needed.")]})
        return number
