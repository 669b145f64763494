"""Structured logs: every line carries the request id and the user's id, never personal data."""

from __future__ import annotations

import logging

from servicecenter import context


class RequestFilter(logging.Filter):
    """Adds `request_id` and `user_id` to each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record through."""
        act = context.current()
        record.request_id = act.request_id
        record.user_id = act.user_id
        return True
