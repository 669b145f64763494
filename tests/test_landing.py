"""Where a login leads: to the place of the day's work, which stands first on the rail."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import people


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("agent", "/desk/"),
        ("handler", "/inbox/"),
        ("adjuster", "/claims/"),
        ("cashier", "/counter/"),
        ("storekeeper", "/stock/"),
        ("stock_accountant", "/stock/"),
        ("business_management_planner", "/stock/"),
        ("supervisor", "/board/"),
        ("centre_manager", "/board/"),
        ("management", "/board/"),
        ("department_manager", "/inbox/"),
    ],
)
def test_a_login_leads_to_the_place_of_the_days_work(role: str, address: str) -> None:
    client = Client()
    client.force_login(people.user(role))
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, address)
