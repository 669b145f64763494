"""An empty list says that nothing was found where it is narrowed, and that there is nothing where it is not."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import people

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "narrowed", "nothing", "not_found"),
    [
        ("/complaints/", "?state=closed", "No complaint is registered yet", "Nothing found"),
        ("/desk/?queue=all", "&category=late_delivery", "All open tickets", "No ticket fits these filters"),
        ("/claims/?queue=all", "&kind=loss", "No claim is open", "Nothing found"),
    ],
)
def test_an_empty_list_says_why_it_is_empty(path: str, narrowed: str, nothing: str, not_found: str) -> None:
    people.centre()
    browser = Client()
    browser.force_login(people.user("centre_manager", language="en"))
    whole = browser.get(path).content.decode()
    part = browser.get(path + narrowed).content.decode()
    assert not_found not in whole
    assert nothing in whole
    assert not_found in part
