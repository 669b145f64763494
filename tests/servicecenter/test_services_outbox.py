"""The outbox delivers at least once, in the reader's language; a bad message never holds up the others (D5, I10)."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from servicecenter import channels, invariants, notices, outbox
from servicecenter.clock import now_db
from servicecenter.models import Notice, OutboxMessage
from tests import people
from tests.faults.races import race, values
from tests.servicecenter import mailserver
from tests.servicecenter.messages import due_now, message

AT = datetime(2026, 11, 18, 7, 20, tzinfo=UTC)


def pause_of(row: OutboxMessage) -> float:
    """Seconds until the next try."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM next_try_at - clock_timestamp()) FROM servicecenter_outboxmessage "
            "WHERE id = %s",
            [row.pk],
        )
        return float(cursor.fetchone()[0])


@pytest.mark.django_db
def test_a_message_leaves_once_and_is_marked(settings: Any) -> None:
    row = message()
    assert outbox.relay() == outbox.Relayed(sent=1)
    assert outbox.relay() == outbox.Relayed()
    assert len(mail.outbox) == 1
    row.refresh_from_db()
    assert row.sent_at is not None
    assert (row.tries, row.parked_at, row.last_error) == (1, None, "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("zh-hans", "[远桥物流] "),
        ("en", "[远桥物流] Messages that could not be delivered: 3. First recipient: b@example.invalid"),
    ],
)
def test_an_email_speaks_its_readers_language(settings: Any, language: str, sentence: str) -> None:
    reader = people.user("administrator", language=language, email=True)
    message(user=reader, recipient=reader.email)
    outbox.relay()
    assert mail.outbox[0].subject.startswith(sentence)
    assert mail.outbox[0].to == [reader.email]


@pytest.mark.django_db
def test_the_link_is_there_only_for_a_reader_who_may_see_the_record(settings: Any) -> None:
    settings.SITE_URL = "https://centre.example.invalid"
    settings.PORTS = settings.PORTS | {
        "servicecenter.subject": {"organization.department": "tests.servicecenter.subjects.department"}
    }
    department = people.department("branch_east")
    about = {"kind": "organization.department", "object_id": department.pk, "number": "TS261118-10421"}
    for key, reader in (
        ("in", people.user("handler", department="branch_east", email=True)),
        ("out", people.user("agent", email=True)),
    ):
        message(key, user=reader, recipient=reader.email, **about)
    outbox.relay()
    inside, outside = (str(sent.body) for sent in mail.outbox)
    assert "https://centre.example.invalid/departments/branch_east/" in inside
    assert "https://" not in outside
    assert "TS261118-10421" in inside
    assert "TS261118-10421" in outside


@pytest.mark.django_db
def test_the_same_message_has_the_same_message_id_whenever_it_is_sent() -> None:
    row = message("clock:7:1:2:9")
    outbox.relay()
    OutboxMessage.objects.update(sent_at=None)
    due_now()
    outbox.relay()
    first, second = (sent.message()["Message-ID"] for sent in mail.outbox)
    assert first == second == channels.message_id(row)
    assert first.endswith("@127.0.0.1>")
    assert message("another").dedup_key != row.dedup_key
    assert channels.message_id(OutboxMessage(dedup_key="another")) != first


@pytest.mark.django_db
def test_a_poison_message_does_not_hold_up_the_others_and_is_parked_and_reported_after_eight_tries() -> None:
    administrator = people.user("administrator", email=True)
    poison = message("poison", code="reveal.many", params={"name": "%(", "count": 1}, channel="pigeon")
    for turn in range(8):
        good = message(f"good{turn}")
        outbox.relay()
        good.refresh_from_db()
        assert good.sent_at is not None
        poison.refresh_from_db()
        assert poison.tries == turn + 1
        assert (poison.parked_at is None) == (turn < 7)
        due_now()
    told = Notice.objects.get(code="outbox.parked")
    assert (told.user, told.params["count"], told.object_id) == (administrator, 1, poison.pk)
    assert poison.last_error == "KeyError"
    outbox.relay_parked()
    outbox.relay()
    assert Notice.objects.filter(code="outbox.parked").count() == 1
    poison.refresh_from_db()
    assert (poison.tries, poison.sent_at) == (9, None)


@pytest.mark.django_db
def test_pauses_double_and_the_eighth_try_comes_within_five_minutes() -> None:
    row = message(channel="pigeon")
    pauses = [1.5, 3, 6, 12, 24, 48, 96]
    assert sum(pauses) < 240
    tries = [(outbox.relay, pause) for pause in [*pauses, 600]]
    for attempt, pause in [*tries, (outbox.relay_parked, 1200)]:
        began = now_db()
        attempt()
        ended = now_db()
        row.refresh_from_db()
        assert began <= row.next_try_at - timedelta(seconds=pause) <= ended
        due_now()
    assert row.tries == 9


@pytest.mark.django_db
def test_what_reports_an_undelivered_report_is_not_reported_itself() -> None:
    people.user("administrator")
    message("report", code="outbox.parked", channel="pigeon", tries=7)
    outbox.relay()
    assert OutboxMessage.objects.get().parked_at is not None
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_a_refused_recipient_fails_alone_and_a_dropped_line_is_opened_anew(settings: Any) -> None:
    with mailserver.running(settings) as server:
        server.refused, server.dropped = {"no@example.invalid"}, {"drop@example.invalid"}
        for number, name in enumerate(["a", "no", "b", "drop", "c"]):
            message(f"m{number}", recipient=f"{name}@example.invalid")
        assert outbox.relay() == outbox.Relayed(sent=3, failed=2)
        assert [sent["To"] for sent in server.taken] == [f"{name}@example.invalid" for name in "abc"]
        assert server.sessions == 2
    errors = dict(OutboxMessage.objects.exclude(last_error="").values_list("recipient", "last_error"))
    assert errors == {
        "no@example.invalid": "the mail server refuses the recipient",
        "drop@example.invalid": "SMTPServerDisconnected",
    }


@pytest.mark.django_db
def test_while_the_mail_server_is_away_every_mail_counts_the_try_one_notice_tells_and_all_go_when_it_is_back(
    settings: Any,
) -> None:
    people.user("administrator")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 2
    for number in range(3):
        message(f"m{number}", code="reveal.many", params={"name": "甲", "count": 9})
    for _ in range(8):
        assert outbox.relay().sent == 0
        due_now()
    rows = OutboxMessage.objects.filter(code="reveal.many")
    assert set(rows.values_list("tries", flat=True)) == {8}
    assert not rows.filter(parked_at=None).exists()
    assert set(rows.values_list("last_error", flat=True)) == {
        "the mail server is not reachable (ConnectionRefusedError)"
    }
    assert [told.params["count"] for told in Notice.objects.all()] == [3]
    with mailserver.running(settings, port=port) as server:
        assert outbox.relay_parked() == outbox.Relayed(sent=3)
        assert len(server.taken) == 3
    assert not outbox.waiting_too_long()


@pytest.mark.django_db
def test_after_three_days_a_parked_message_is_given_up() -> None:
    message(parked_at=AT, created_at=datetime.now(UTC) - timedelta(days=3, minutes=1))
    message("young", parked_at=AT, created_at=datetime.now(UTC) - timedelta(days=2, hours=23))
    assert outbox.relay_parked() == outbox.Relayed(sent=1)
    assert OutboxMessage.objects.get(sent_at=None).dedup_key == "k1"


@pytest.mark.django_db
def test_the_administrator_has_a_message_sent_again(django_user_model: Any) -> None:
    administrator = people.user("administrator")
    row = message(parked_at=AT, tries=8, last_error="x")
    sent = message("sent", sent_at=AT)
    assert outbox.retry([row.pk, sent.pk], by=administrator) == 1
    assert outbox.relay() == outbox.Relayed(sent=1)
    row.refresh_from_db()
    assert row.sent_at is not None


@pytest.mark.django_db
def test_a_message_that_kills_the_relay_each_time_is_parked_unsent() -> None:
    message(tries=8)
    assert outbox.relay() == outbox.Relayed(failed=1, parked=1)
    assert mail.outbox == []
    assert OutboxMessage.objects.get().last_error == "the relay died while sending it"


@pytest.mark.django_db
def test_a_line_break_in_a_name_cannot_add_a_header(settings: Any) -> None:
    message(params={"count": 1, "recipient": "x\r\nBcc: evil@example.invalid"})
    outbox.relay()
    assert "\n" not in mail.outbox[0].subject
    assert mail.outbox[0].recipients() == ["a@example.invalid"]


@pytest.mark.django_db
def test_i10_names_a_message_that_is_neither_sent_nor_parked_after_five_minutes() -> None:
    late = message("late", created_at=datetime.now(UTC) - timedelta(minutes=6))
    message("young")
    message("sent", created_at=datetime.now(UTC) - timedelta(minutes=6), sent_at=AT)
    message("parked", created_at=datetime.now(UTC) - timedelta(minutes=6), parked_at=AT)
    found = list(invariants.unsent_messages())
    assert [violation.subject for violation in found] == [f"servicecenter.outboxmessage {late.pk}"]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_send_every_message_once() -> None:
    for number in range(60):
        message(f"m{number}")
    results = values(race(*[outbox.relay] * 4))
    assert sum(done.sent for done in results) == 60
    assert len({sent.message()["Message-ID"] for sent in mail.outbox}) == len(mail.outbox) == 60


@pytest.mark.django_db(transaction=True)
def test_a_relay_killed_in_the_act_leaves_the_message_to_the_next_one(tmp_path: Path) -> None:
    row = message()
    killed = subprocess.run(
        [
            sys.executable,
            "-c",
            "import os, signal, django; django.setup()\n"
            "from servicecenter import outbox\n"
            "outbox._send = lambda *a: os.kill(os.getpid(), signal.SIGKILL)\n"
            "outbox.relay()",
        ],
        env={**__import__("os").environ, "DJANGO_SETTINGS_MODULE": "servicecenter.settings"},
        timeout=60,
        check=False,
    )
    assert killed.returncode == -9
    row.refresh_from_db()
    assert (row.sent_at, row.tries) == (None, 1)
    assert outbox.relay() == outbox.Relayed()
    assert pause_of(row) == pytest.approx(120, abs=20)
    due_now()
    assert outbox.relay() == outbox.Relayed(sent=1)


@pytest.mark.django_db(transaction=True)
def test_what_a_rolled_back_act_wanted_to_say_is_never_sent() -> None:
    administrator = people.user("administrator", email=True)
    with pytest.raises(RuntimeError), transaction.atomic():
        notices.tell([administrator], "reveal.many", about=None, at=AT, key="x", name="甲", count=40)
        raise RuntimeError
    assert outbox.relay() == outbox.Relayed()
    assert not Notice.objects.exists()
