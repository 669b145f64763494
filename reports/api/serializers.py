"""What the API says of reports, and what it takes."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from reports.choices import Basis, PeriodKind, ReportCode, RunState, RunStep
from reports.models import Report, ReportRevision, ReportRun
from servicecenter.wording import rule_text


class RunRow(serializers.ModelSerializer[ReportRun]):
    """How the making of a report goes: `done` of `total` steps."""

    id = serializers.CharField(source="public_id")
    state = serializers.ChoiceField(choices=RunState.choices)
    step = serializers.ChoiceField(choices=RunStep.choices)
    basis = serializers.ChoiceField(choices=Basis.choices)
    problem = serializers.SerializerMethodField(help_text="Why it failed, or what the last try ran into.")
    report = serializers.CharField(source="report.number")
    revision = serializers.IntegerField(source="revision.ordinal", default=None, allow_null=True)

    class Meta:
        model = ReportRun
        fields = (
            "id", "report", "basis", "as_of", "state", "step", "done", "total", "problem", "revision",
            "requested_at", "finished_at",
        )  # fmt: skip

    def get_problem(self, row: ReportRun) -> str:
        """In words."""
        return rule_text(row.problem, **row.problem_params) if row.problem else ""


class RevisionRow(serializers.ModelSerializer[ReportRevision]):
    """A revision without its figures."""

    drawn_by = serializers.CharField(
        source="drawn_by.work_number", default=None, allow_null=True, help_text="Null: the clock."
    )
    basis = serializers.ChoiceField(choices=Basis.choices)

    class Meta:
        model = ReportRevision
        fields = ("ordinal", "basis", "as_of", "sha256", "trail_digest", "drawn_at", "drawn_by")


class ReportRow(serializers.ModelSerializer[Report]):
    """A report in a list."""

    code = serializers.ChoiceField(choices=ReportCode.choices)
    period = serializers.SerializerMethodField(help_text="`2026-10`, `2026-W43`, `2026-Q3` or `2026`.")
    period_kind = serializers.ChoiceField(choices=PeriodKind.choices)
    department = serializers.CharField(
        source="department.code", default=None, allow_null=True, help_text="Null: the whole company."
    )

    class Meta:
        model = Report
        fields = ("number", "code", "period", "period_kind", "start", "end", "department")

    def get_period(self, row: Report) -> str:
        """As it is typed."""
        return str(row.period)


class ReportDetail(ReportRow):
    """A report: its revisions, the figures of the one asked for, and how its making goes."""

    revisions = serializers.SerializerMethodField()
    revision = serializers.SerializerMethodField(help_text="The one whose figures are shown; null: none yet.")
    snapshot = serializers.SerializerMethodField(
        help_text="The frozen figures; shares in parts of ten thousand, money in fen, spans in seconds."
    )
    run = serializers.SerializerMethodField(help_text="The newest making; null: none.")

    class Meta(ReportRow.Meta):
        fields = (*ReportRow.Meta.fields, "revisions", "revision", "snapshot", "run")  # type: ignore[assignment]

    def get_revisions(self, row: Report) -> list[dict[str, Any]]:
        """Newest first."""
        rows = row.revisions.defer("snapshot").select_related("drawn_by__employee").order_by("-ordinal")
        return [dict(RevisionRow(one).data) for one in rows]

    def get_revision(self, row: Report) -> int | None:
        """The one whose figures are shown."""
        shown: ReportRevision | None = self.context["revision"]
        return shown.ordinal if shown else None

    def get_snapshot(self, row: Report) -> dict[str, Any] | None:
        """As it was frozen."""
        shown: ReportRevision | None = self.context["revision"]
        return shown.snapshot if shown else None

    def get_run(self, row: Report) -> dict[str, Any] | None:
        """How the newest making goes."""
        run: ReportRun | None = self.context["run"]
        return dict(RunRow(run).data) if run else None


class MakeInput(serializers.Serializer[Any]):
    """Which report, of which period, and whether anew."""

    code = serializers.ChoiceField(choices=ReportCode.choices)
    period = serializers.CharField(max_length=20, help_text="`2026-10`, `2026-W43`, `2026-Q3` or `2026`.")
    department = serializers.CharField(
        max_length=40, required=False, help_text="Left out: the whole company."
    )
    again = serializers.BooleanField(
        default=False, help_text="As the next revision of one that has been made."
    )
    basis = serializers.ChoiceField(
        choices=Basis.choices, default=Basis.CLOSING, help_text="`now` takes in what was recorded since."
    )


class RowsAnswer(serializers.Serializer[Any]):
    """Rows behind a figure."""

    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField())
    next = serializers.IntegerField(allow_null=True, help_text="For `after`; null on the last page.")
