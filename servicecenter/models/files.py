"""Files of business records: attachments, and documents that were issued."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from servicecenter.models.base import ClockTimestamp, public_id


def upload_path(instance: Attachment, filename: str) -> str:
    """A random name outside the web root; the user's file name is data only."""
    return f"{instance.public_id[:2]}/{instance.public_id}"


class Attachment(models.Model):
    """附件: a file of a business record. Belongs to its uploader until the form that names it is saved."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id)
    kind = models.CharField(max_length=60, blank=True, default="")
    object_id = models.BigIntegerField(null=True, blank=True)
    role = models.CharField(max_length=30, blank=True, default="")
    name = models.CharField(_("file name"), max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=upload_path, max_length=200)
    internal = models.BooleanField(_("internal"), default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField(db_default=ClockTimestamp())
    bound_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        indexes = [
            models.Index(fields=["kind", "object_id"], name="attachment_object"),
            models.Index(
                fields=["uploaded_at"], name="attachment_unbound", condition=models.Q(bound_at=None)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="attachment_bound",
                condition=models.Q(bound_at=None, object_id=None)
                | models.Q(bound_at__isnull=False, object_id__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name


def document_path(instance: IssuedDocument | DocumentCopy, filename: str) -> str:
    """A random name; what is printed on the paper is the number."""
    return f"documents/{instance.public_id[:2]}/{instance.public_id}.pdf"


class IssuedDocument(models.Model):
    """签发文书: a PDF that left the centre, with its SHA-256 and the frozen data it was drawn from. Append-only."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id)
    number = models.CharField(_("number"), max_length=40, unique=True)
    code = models.CharField(_("code"), max_length=60)
    template = models.CharField(max_length=100)
    kind = models.CharField(max_length=60)
    object_id = models.BigIntegerField()
    language = models.CharField(_("language"), max_length=10)
    data = models.JSONField()
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    file = models.FileField(upload_to=document_path, max_length=200)
    issued_at = models.DateTimeField(_("issued at"))
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("issued document")
        verbose_name_plural = _("issued documents")
        indexes = [models.Index(fields=["kind", "object_id"], name="document_object")]

    def __str__(self) -> str:
        return self.number


class DocumentCopy(models.Model):
    """补打: the n-th reprint of an issued document, drawn from its frozen data as a file of its own. Append-only."""

    public_id = models.CharField(max_length=32, unique=True, default=public_id)
    document = models.ForeignKey(IssuedDocument, models.PROTECT, related_name="copies")
    ordinal = models.PositiveIntegerField(_("reprint no."))
    reason = models.CharField(_("reason"), max_length=300)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    file = models.FileField(upload_to=document_path, max_length=200)
    printed_at = models.DateTimeField(_("printed at"))
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("reprint")
        verbose_name_plural = _("reprints")
        constraints = [
            models.UniqueConstraint(fields=["document", "ordinal"], name="document_copy_once"),
            models.CheckConstraint(name="document_copy_counts", condition=models.Q(ordinal__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.ordinal})"
