"""What every app stands on: settings, trail, notices, outbox, attachments, numbering, paging, PDF, shell."""

from servicecenter.celery import app as celery_app

__all__ = ["celery_app"]
