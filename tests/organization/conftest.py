"""Fixtures of the organization's tests."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.organization.doors import logged_in


@pytest.fixture
def admin() -> Client:
    """A browser in which an administrator is logged in."""
    return logged_in("administrator")
