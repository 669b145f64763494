"""What the endpoints that read a spreadsheet share: the file, a trial, every fault of it at once (INV-16, INV-52)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.response import Response

from inventory.forms.catalogue import LARGEST_FILE
from servicecenter import spreadsheet
from servicecenter.wording import rule_text


class FileInput(serializers.Serializer[Any]):
    """XLSX or CSV, the first row its headings; `dry_run` tells what would be done, and writes nothing."""

    file = serializers.FileField()
    dry_run = serializers.BooleanField(default=False)

    def validate_file(self, value: Any) -> Any:
        """Small enough to be read at once."""
        if value.size > LARGEST_FILE:
            raise serializers.ValidationError(_("The file is larger than 10 MB. Split it."))
        return value


class OpeningInput(FileInput):
    """The opening stock: the day it holds from, and whether its documents are audited at once."""

    business_date = serializers.DateField(required=False, allow_null=True, default=None)
    audit = serializers.BooleanField(default=False)


class FaultOfFile(serializers.Serializer[Any]):
    """What is wrong with a line of the file."""

    line = serializers.IntegerField()
    column = serializers.CharField()
    code = serializers.CharField()
    message = serializers.CharField()


class ItemsLoaded(serializers.Serializer[Any]):
    """How many items were, or in a trial would be, added, changed, left; nothing is done while there are problems."""

    created = serializers.IntegerField()
    changed = serializers.IntegerField()
    unchanged = serializers.IntegerField()
    problems = FaultOfFile(many=True)


class OpeningLoaded(serializers.Serializer[Any]):
    """The numbers of the opening documents, one a warehouse; nothing is done while there are problems."""

    documents = serializers.ListField(child=serializers.CharField())
    lines = serializers.IntegerField()
    problems = FaultOfFile(many=True)


def loaded(file: Any, load: Callable[..., Any], told_by: type[serializers.Serializer[Any]]) -> Response:
    """Read the file and answer with what was done: 200, or 422 with every fault of it."""
    made = load(rows=spreadsheet.rows(file, name=file.name))
    problems = [
        {
            "line": one.line,
            "column": one.column,
            "code": one.code,
            "message": rule_text(one.code, **one.params),
        }
        for one in made.problems
    ]
    said = {name: getattr(made, name, None) for name in ("created", "changed", "unchanged", "lines")}
    documents = [document.number for document in getattr(made, "documents", ())]
    told = told_by({**said, "documents": documents, "problems": problems}).data
    return Response(told, status=422 if problems else 200)
