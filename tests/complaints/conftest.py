"""Fixtures of the complaints' tests."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests import people
from tests.complaints.cases import Crew


@pytest.fixture
def make_file() -> Callable[[str], SimpleUploadedFile]:
    """A small real image under any name."""

    def make(name: str) -> SimpleUploadedFile:
        content = io.BytesIO()
        Image.new("RGB", (4, 4), "white").save(content, "JPEG")
        return SimpleUploadedFile(name, content.getvalue(), content_type="image/jpeg")

    return make


@pytest.fixture
def crew() -> Crew:
    """The centre at work, and everybody whom the tests name."""
    people.centre()
    return Crew()
