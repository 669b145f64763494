"""Identity and bank numbers: encrypted at rest, found by a keyed hash, keys changed while running (PRV-02)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import FieldError
from django.db import connection, models
from django.test.utils import isolate_apps

from servicecenter import encryption
from servicecenter.encryption import CannotDecrypt, lookup_hashes

NUMBER = "330106199001011234"
OLD, NEW, OTHER = (Fernet.generate_key().decode() for _ in range(3))


@pytest.fixture
def person(settings: Any, db: None) -> Iterator[Any]:
    """A model with an encrypted number and its hash, and its table."""
    settings.FIELD_KEYS = [OLD]
    with isolate_apps("servicecenter"):

        class Person(models.Model):
            identity_hash = encryption.KeyedHashField(source="identity")
            identity = encryption.EncryptedTextField(blank=True, default="")
            bank = encryption.EncryptedTextField(null=True)

            class Meta:
                app_label = "servicecenter"
                db_table = "test_person"

        with connection.schema_editor() as editor:
            editor.create_model(Person)
        yield Person


def raw(column: str = "identity") -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM test_person ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


def test_what_is_written_comes_back_and_the_table_does_not_hold_it(person: Any) -> None:
    person.objects.create(identity=NUMBER, bank="6222 0000 𠮷")
    row = person.objects.get()
    assert (row.identity, row.bank) == (NUMBER, "6222 0000 𠮷")
    assert person.objects.values_list("identity", flat=True).get() == NUMBER
    assert NUMBER not in raw()[0]
    assert raw()[0].startswith("gAAAA")


def test_the_same_number_twice_gives_two_ciphers_and_one_hash(person: Any) -> None:
    person.objects.bulk_create([person(identity=NUMBER), person(identity=" 3301-0619 9001011234")])
    assert len(set(raw())) == 2
    assert len(set(raw("identity_hash"))) == 1


def test_empty_stays_empty_and_none_stays_none(person: Any) -> None:
    person.objects.create(identity="", bank=None)
    assert (raw(), raw("bank"), raw("identity_hash")) == ([""], [None], [""])
    row = person.objects.get()
    assert (row.identity, row.bank) == ("", None)
    assert lookup_hashes("") == []
    assert person.objects.filter(bank__isnull=True).count() == 1


def test_a_number_is_found_by_its_hash_and_another_is_not(person: Any) -> None:
    person.objects.create(identity="33010619900101123x")
    wanted = lookup_hashes("33010619900101123X")
    assert person.objects.filter(identity_hash__in=wanted).count() == 1
    assert person.objects.filter(identity_hash__in=lookup_hashes(NUMBER)).count() == 0


@pytest.mark.parametrize(
    "lookup", ["identity", "identity__contains", "identity__in", "identity__gt", "bank__exact"]
)
def test_a_cipher_cannot_be_compared_by_mistake(person: Any, lookup: str) -> None:
    with pytest.raises(FieldError, match="look it up by its keyed hash"):
        list(person.objects.filter(**{lookup: NUMBER}))


@pytest.mark.parametrize(
    "damage",
    ["overlay(identity placing 'AAAA' from 40)", "left(identity, 50)", "'plain text'", "'键'"],
    ids=["changed", "cut", "not a token", "not ASCII"],
)
def test_a_changed_value_is_an_error_and_never_an_empty_text(person: Any, damage: str) -> None:
    person.objects.create(identity=NUMBER)
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE test_person SET identity = {damage}")
    with pytest.raises(CannotDecrypt):
        person.objects.get()


def test_without_its_key_a_value_is_an_error_that_tells_nothing(person: Any, settings: Any) -> None:
    person.objects.create(identity=NUMBER)
    settings.FIELD_KEYS = [OTHER]
    with pytest.raises(CannotDecrypt) as caught:
        person.objects.get()
    assert raw()[0][:20] not in str(caught.value)


def test_keys_are_changed_while_the_system_runs(person: Any, settings: Any) -> None:
    first = person.objects.create(identity=NUMBER)
    settings.FIELD_KEYS = [NEW, OLD]
    second = person.objects.create(identity=NUMBER)
    both = person.objects.filter(identity_hash__in=lookup_hashes(NUMBER))
    assert set(both) == {first, second}
    before = raw("identity_hash")
    assert encryption._rotate(person) == 2
    settings.FIELD_KEYS = [NEW]
    assert [row.identity for row in person.objects.order_by("id")] == [NUMBER, NUMBER]
    assert set(person.objects.filter(identity_hash__in=lookup_hashes(NUMBER))) == {first, second}
    assert raw("identity_hash") == [before[1]] * 2


def test_rotation_goes_through_more_than_one_batch(
    person: Any, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encryption, "ROTATION_BATCH", 2)
    person.objects.bulk_create([person(identity=str(number)) for number in range(5)])
    settings.FIELD_KEYS = [NEW, OLD]
    assert encryption._rotate(person) == 5
    settings.FIELD_KEYS = [NEW]
    assert [row.identity for row in person.objects.order_by("id")] == ["0", "1", "2", "3", "4"]


def test_hash_and_cipher_share_no_key(settings: Any) -> None:
    settings.FIELD_KEYS = [OLD]
    import hashlib
    import hmac

    assert lookup_hashes(NUMBER) != [hmac.new(OLD.encode(), NUMBER.encode(), hashlib.sha256).hexdigest()]
    settings.FIELD_KEYS = [NEW]
    assert lookup_hashes(NUMBER) != lookup_hashes(NUMBER[:-1] + "5")


def test_rotating_an_installation_writes_every_model_with_encrypted_fields(db: None) -> None:
    assert set(encryption.rotate()) == {model._meta.label_lower for model in encryption.encrypted_models()}
