"""The web of `make run` for fault tests: static files are found where they stand, as in every test."""

import pytest  # noqa: F401 - the settings know a test by it

from servicecenter.wsgi import application

__all__ = ["application"]
