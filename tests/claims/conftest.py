"""Who takes part in a claim."""

from __future__ import annotations

import pytest

from tests.claims.cases import Crew


@pytest.fixture
def crew(db: None) -> Crew:
    """Who takes part; each person is made when a test first names them."""
    return Crew()
