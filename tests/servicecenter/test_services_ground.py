"""Small services everybody stands on: numbers, notices, policies, trail entries, lifecycle, kept numbers, cleaning."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, connections, transaction
from django.utils.translation import gettext_lazy

from organization.models import User
from servicecenter import cleaning, context, kept, notices, numbering, policies, trail, wording
from servicecenter.kernel.errors import RuleBroken
from servicecenter.kernel.masking import mask_name, mask_telephone
from servicecenter.kernel.policy import RevealPolicy, UploadPolicy
from servicecenter.models import (
    Draft,
    IdempotencyKey,
    KeptNumber,
    LoginAttempt,
    LoginSession,
    Notice,
    OutboxMessage,
    Policy,
    Presence,
    TrailEntry,
)
from tests import people
from tests.faults.races import race, values

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


# Numbers (D22)


@pytest.mark.django_db
def test_a_number_carries_the_centres_date_and_a_running_figure() -> None:
    just_after_midnight = datetime(2026, 11, 17, 16, 1, tzinfo=UTC)
    first, second = numbering.next_numbers("complaint", 2, at=just_after_midnight)
    assert first.startswith("TS261118-")
    assert int(second.split("-")[1]) == int(first.split("-")[1]) + 1
    assert numbering.next_number("service_incident", at=AT).startswith("SG2611-")
    assert numbering.next_number("customer", at=AT).startswith("KH-")
    assert numbering.next_numbers("document", 0, at=AT) == []
    with pytest.raises(KeyError):
        numbering.next_number("nothing", at=AT)


@pytest.mark.django_db(transaction=True)
def test_numbers_are_never_the_same_twice_and_nobody_waits_for_anybodys_transaction() -> None:
    found: list[str] = []
    barrier = threading.Barrier(6)

    def draw() -> None:
        barrier.wait(60)
        for _ in range(40):
            with transaction.atomic():
                found.extend(numbering.next_numbers("complaint", 2, at=AT))
        connections.close_all()

    with transaction.atomic():
        open_one = numbering.next_number("complaint", at=AT)
        threads = [threading.Thread(target=draw) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert len(set(found)) == len(found) == 480
        assert open_one not in found


@pytest.mark.django_db
def test_a_number_that_was_rolled_back_is_not_given_again() -> None:
    with transaction.atomic():
        lost = numbering.next_number("complaint", at=AT)
        transaction.set_rollback(True)
    assert numbering.next_number("complaint", at=AT) != lost


# Notices


@pytest.mark.django_db
def test_each_person_is_told_once_in_the_inbox_and_by_mail() -> None:
    one, two = people.user("agent", email=True), people.user("supervisor", email=True)
    department = people.department("site")
    made = notices.tell(
        [one, two, one],
        "reveal.many",
        about=department,
        at=AT,
        level=Notice.Level.GRAVE,
        key="k",
        name="甲",
        count=3,
    )
    assert {notice.user for notice in made} == {one, two}
    told = Notice.objects.filter(user=one).get()
    assert (told.kind, told.object_id, told.level, told.at) == (
        "organization.department",
        department.pk,
        "grave",
        AT,
    )
    assert told.params == {"name": "甲", "count": 3}
    assert sorted(OutboxMessage.objects.values_list("recipient", "dedup_key")) == sorted(
        (user.email, f"reveal.many:k:{user.pk}") for user in (one, two)
    )


@pytest.mark.django_db
def test_the_same_key_mails_once_however_often_it_is_told() -> None:
    reader = people.user("agent", email=True)
    for _ in range(2):
        notices.tell([reader], "reveal.many", about=None, at=AT, key="k")
    assert OutboxMessage.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("readers", [0, 1])
def test_without_anybody_who_has_an_address_the_centre_is_mailed(settings: Any, readers: int) -> None:
    told = [people.user("agent") for _ in range(readers)]
    notices.tell(told, "reveal.many", about=None, at=AT, key="k")
    assert OutboxMessage.objects.get().recipient == settings.CENTRE_EMAIL
    assert Notice.objects.count() == readers


@pytest.mark.django_db
def test_a_very_long_key_still_keeps_doubles_apart() -> None:
    reader = people.user("agent", email=True)
    for key in ("x" * 200 + "1", "x" * 200 + "2", "x" * 200 + "2"):
        notices.tell([reader], "reveal.many", about=None, at=AT, key=key)
    assert OutboxMessage.objects.count() == 2


# Policies (D19)

CODE = "servicecenter.uploads"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"code": "nothing.known"}, "policy.unknown"),
        ({"value": {"max_files": 0}}, "attachment.policy_caps"),
        ({"value": {"max_bytes": None}}, "policy.invalid"),
        ({"value": {"unheard": 1}}, "policy.unknown_field"),
        ({"reason": "  "}, "lifecycle.reason_needed"),
    ],
)
def test_a_policy_that_does_not_fit_is_refused_and_leaves_no_version(
    values: dict[str, Any], broken: str
) -> None:
    before = Policy.objects.count()
    with pytest.raises(RuleBroken) as caught:
        policies.set_policy(**({"code": CODE, "value": {"max_files": 3}, "by": None, "reason": "x"} | values))
    assert (caught.value.code, caught.value.status) == (broken, 400)
    assert Policy.objects.count() == before
    assert not TrailEntry.objects.exists()


@pytest.mark.django_db
def test_a_new_version_says_in_the_trail_what_was_and_what_is() -> None:
    administrator = people.user("administrator")
    policies.set_policy(code=CODE, value={"max_files": 3}, by=administrator, reason="较小")
    policies.set_policy(code=CODE, value={"max_files": 5}, by=administrator, reason="较大")
    entry = TrailEntry.objects.filter(code="policy.set").order_by("-id")[0]
    assert entry.changes == {CODE: [{"max_files": 3}, {"max_files": 5}]}
    assert (entry.by, entry.params["reason"]) == (administrator, "较大")


@pytest.mark.django_db
def test_the_most_specific_key_wins_then_the_general_one_then_the_default() -> None:
    since = AT - timedelta(days=1)
    assert policies.find(CODE, at=AT, keys=("a|b", "a", "")).value == UploadPolicy()
    for key, files in (("", 1), ("a", 2), ("a|b", 3)):
        policies.set_policy(
            code=CODE, key=key, value={"max_files": files}, by=None, reason="x", valid_from=since
        )
    assert policies.find(CODE, at=AT, keys=("a|b", "a", "")).value.max_files == 3
    assert policies.find(CODE, at=AT, keys=("a|c", "a", "")).value.max_files == 2
    found = policies.find(CODE, at=AT, keys=("z", ""))
    assert (found.value.max_files, found.key) == (1, "")
    assert policies.find(CODE, at=since - timedelta(seconds=1), keys=("a",)).policy_id is None


@pytest.mark.django_db(transaction=True)
def test_two_administrators_at_once_make_two_versions() -> None:
    def run(number: int) -> None:
        policies.set_policy(code=CODE, value={"max_files": number + 1}, by=None, reason="x")

    values(race(*(partial(run, number) for number in range(6))))
    versions = Policy.objects.filter(code=CODE).values_list("version", flat=True)
    assert sorted(versions) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "values", [{"per_hour": 0}, {"per_hour": 5, "unusual_per_hour": 6}, {"unusual_per_hour": 0}]
)
def test_prv_03_a_limit_of_reveals_is_at_least_one_and_reported_no_later_than_refused(
    values: dict[str, int],
) -> None:
    with pytest.raises(RuleBroken) as caught:
        RevealPolicy(**values)
    assert (caught.value.code, caught.value.field) == ("reveal.policy", "unusual_per_hour")


# Trail


@dataclass
class Thing:
    """Something without a plain form."""


@pytest.mark.parametrize(
    ("value", "form"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("a\0b", "a\ufffdb"),
        (gettext_lazy("number"), str(gettext_lazy("number"))),
        (AT, "2026-11-18T07:20:00+00:00"),
        (date(2026, 2, 28), "2026-02-28"),
        (time(7, 20), "07:20:00"),
        (timedelta(minutes=2), 120.0),
        (Decimal("1680.30"), "1680.30"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        ({"a": {1: (Decimal("1"), {2})}}, {"a": {"1": ["1", [2]]}}),
        (frozenset({"b", "a"}), ["a", "b"]),
    ],
)
def test_values_enter_the_trail_in_a_plain_form(value: Any, form: Any) -> None:
    assert trail.plain(value) == form


def test_what_has_no_plain_form_is_an_error_not_an_address_in_memory() -> None:
    with pytest.raises(TypeError, match="Thing has no plain form"):
        trail.plain({"x": Thing()})


def test_only_what_differs_is_a_change_and_personal_values_are_masked_with_a_hash() -> None:
    before = {"name": "刘海涛", "telephone": "13900000421", "tier": "A"}
    found = trail.changes_between(
        before, before | {"telephone": "13900000422"}, {"name": mask_name, "telephone": mask_telephone}
    )
    assert list(found) == ["telephone"]
    old, new = found["telephone"]
    assert (old["masked"], new["masked"]) == ("139****0421", "139****0422")
    assert old["hash"] != new["hash"]
    assert "13900000421" not in str(found)


@pytest.mark.django_db
def test_an_entry_knows_door_request_and_address_of_its_act() -> None:
    agent = people.user("agent")
    with context.acting("api", request_id="req-1234", address="10.0.0.7"):
        entry = trail.record(agent, "login", by=agent, at=AT)
    entry.refresh_from_db()
    assert (entry.via, entry.request_id, entry.address) == ("api", "req-1234", "10.0.0.7")
    assert entry.at == AT
    assert abs((datetime.now(UTC) - entry.recorded_at).total_seconds()) < 60
    assert list(trail.entries_of(agent)) == [entry]


def test_every_code_of_this_app_has_a_sentence() -> None:
    for table, codes in {
        "TRAIL": [
            "document.issued",
            "document.reprinted",
            "export",
            "reveal",
            "attachment.added",
            "token.made",
        ],
        "NOTICES": ["outbox.parked", "reveal.many", "verify.violations"],
        "RULES": [
            "attachment.type",
            "document.character",
            "import.digits_lost",
            "reveal.too_many",
            "token.days",
        ],
    }.items():
        known = wording.all_codes(table)
        assert [code for code in codes if code not in known] == []


# Kept numbers (D12)


def good_figure() -> dict[str, Any]:
    """A figure."""
    return {"open": 128, "until": AT}


def bad_figure() -> dict[str, Any]:
    """A figure whose query is broken."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1/0")
    return {}


@pytest.mark.django_db
def test_kept_numbers_are_recomputed_and_one_that_fails_leaves_the_others_fresh(settings: Any) -> None:
    here = "tests.servicecenter.test_services_ground"
    settings.KEPT_NUMBERS = {"a.bad": f"{here}.bad_figure", "b.good": f"{here}.good_figure"}
    assert kept.value("b.good") is None
    with pytest.raises(kept.NotAllComputed, match=r"^a\.bad$"):
        kept.compute()
    found = kept.value("b.good")
    assert found is not None
    assert found.value == {"open": 128, "until": "2026-11-18T07:20:00+00:00"}
    assert abs((datetime.now(UTC) - found.computed_at).total_seconds()) < 60
    settings.KEPT_NUMBERS = {"b.good": f"{here}.good_figure"}
    assert kept.compute() == 1
    assert KeptNumber.objects.count() == 1


# Cleaning


@pytest.mark.django_db
def test_what_has_served_its_time_goes_and_nothing_younger(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    monkeypatch.setattr(cleaning, "BATCH", 2)
    agent: User = people.user("agent")
    now = datetime.now(UTC)
    for number, days in enumerate((0, 1, 8, 9, 40, 41, 42)):
        at = now - timedelta(days=days, minutes=1)
        Presence.objects.create(kind="k", object_id=number, user=agent, seen_at=at)
        Draft.objects.create(user=agent, form=str(number), data={}, saved_at=at)
        IdempotencyKey.objects.create(
            key=str(number), user=agent, route="/", request_hash="", status=302, created_at=at
        )
        LoginAttempt.objects.create(account_hash="x", at=at)
        LoginSession.objects.create(session_key=str(number), user=agent, opened_at=at)
        KeptNumber.objects.create(name=f"figure.{number}", value=number, computed_at=at)
    with django_capture_on_commit_callbacks(execute=True):
        gone = cleaning.clean()
    assert gone == {
        "presence": 6,
        "drafts": 3,
        "keys": 5,
        "login_attempts": 5,
        "login_sessions": 6,
        "figures": 5,
        "unbound": 0,
        "files": 0,
    }
    assert (Presence.objects.count(), Draft.objects.count(), IdempotencyKey.objects.count()) == (1, 4, 2)
