"""The people of the tests are themselves sound."""

import pytest

from organization.models import Role
from tests import people

pytestmark = pytest.mark.django_db


def test_the_tree_of_the_tests_has_paths_from_the_root() -> None:
    tree = people.centre()
    root, branch = tree["head_office"], tree["branch_east"]
    assert root.path == f"/{root.pk}/"
    assert branch.path == f"/{root.pk}/{tree['branch_management'].pk}/{branch.pk}/"


def test_building_it_twice_adds_nothing() -> None:
    first, second = people.centre(), people.centre()
    assert first["site"].pk == second["site"].pk
    assert len(second.departments) == len(people.TREE) == 18


def test_every_seeded_role_has_a_home_and_a_person() -> None:
    assert set(people.ROLE_CODES) == set(Role.objects.values_list("code", flat=True))
    agent = people.user("agent")
    assert agent.check_password(people.PASSWORD)
    assert agent.has_right("complaints.register_contact", people.department("service_centre"))
    assert not agent.has_right("complaints.register_contact", people.department("branch_east"))
