"""Logged-in browsers for the tests of the pages."""

from django.test import Client

from tests import people


def logged_in(*roles: str, **kwargs: object) -> Client:
    """A browser in which a new user with these roles is logged in; the user is its `user`."""
    client = Client()
    client.user = people.user(*roles, **kwargs)  # type: ignore[attr-defined]
    client.force_login(client.user)
    return client
