"""The figures at the rail: my open tickets, papers that wait for my department, follow-ups, service incidents; and
those beside the saved views of lists of tickets."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.http import QueryDict

from complaints import queries
from complaints.filters import ComplaintFilter
from complaints.permissions import HANDLING, Right

LISTS = ("desk", "complaint-list")
# No view is counted further: beyond it the page says 1,000+.
COUNTED_TO = 1_001


def counts(user: Any) -> dict[str, dict[str, Any]]:
    """Each figure with whether it burns; a place the user may not enter gets none."""
    found: dict[str, dict[str, Any]] = {}
    if user.rights.has_any(HANDLING):
        figures = queries.queue_counts(user)
        found["desk"] = {"n": figures["mine"].count, "hot": False}
        found["follow_ups"] = {"n": figures["follow_ups"].extra, "hot": False}
    if user.has_right(Right.HAND_IN_STATEMENT):
        waiting, late = queries.inbox_burden(user)
        found["inbox"] = {"n": waiting, "hot": late > 0}
    return found


def view_counts(user: Any, route: str, views: list[str]) -> dict[str, int]:
    """How many tickets each saved view of a list holds, in one statement; a view that can hold none has 0."""
    if route not in LISTS:
        return {}
    found = dict.fromkeys(views, 0)
    asked: list[tuple[str, str, tuple[Any, ...]]] = []
    for view in found:
        data = QueryDict(view, mutable=True)
        if route == "desk":
            data.setdefault("queue", "mine")
        rows = ComplaintFilter(data, queryset=queries.visible_to(user), user=user).qs
        try:
            statement, params = rows.order_by().values("pk")[:COUNTED_TO].query.sql_with_params()
        except EmptyResultSet:
            continue
        asked.append((view, f"(SELECT count(*) FROM ({statement}) counted)", params))
    if asked:
        with connection.cursor() as cursor:
            columns = ", ".join(statement for _view, statement, _params in asked)
            cursor.execute(
                f"SELECT {columns}", [param for _view, _statement, params in asked for param in params]
            )
            found |= dict(zip((view for view, *_rest in asked), cursor.fetchone(), strict=True))
    return found
