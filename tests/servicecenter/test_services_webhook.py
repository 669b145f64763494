"""Messages that leave as webhooks."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from servicecenter import outbox
from servicecenter.models import OutboxMessage
from tests.servicecenter.messages import due_now, message


class _Hook(BaseHTTPRequestHandler):
    server: Any

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((dict(self.headers), body))
        status = self.server.answers.pop(0) if self.server.answers else 200
        self.send_response(status)
        if status == 302:
            self.send_header("Location", "https://127.0.0.1/elsewhere")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """An https server with a certificate that this test trusts."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = tmp_path / "hook.pem"
    pem.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(pem))
    monkeypatch.setenv("no_proxy", "*")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    with HTTPServer(("localhost", 0), _Hook) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.taken, server.answers = [], []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(60)


@pytest.mark.django_db
def test_a_webhook_gets_json_with_key_and_signature(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.WEBHOOK_HOSTS = ["localhost"]
    with hook(tmp_path, monkeypatch) as server:
        message("clock:1", channel="webhook", recipient=f"https://localhost:{server.server_port}/robot")
        assert outbox.relay() == outbox.Relayed(sent=1)
        headers, body = server.taken[0]
    payload = json.loads(body)
    assert headers["Idempotency-Key"] == "clock:1"
    assert headers["X-Signature"].startswith("sha256=")
    assert payload["msgtype"] == "text"
    assert payload["text"]["content"]
    assert payload["key"] == "clock:1"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("status", "reason"), [(500, "the host answered 500"), (302, "the host answered 302")]
)
def test_a_webhook_that_answers_otherwise_is_tried_again_and_never_follows(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, reason: str
) -> None:
    settings.WEBHOOK_HOSTS = ["localhost"]
    with hook(tmp_path, monkeypatch) as server:
        server.answers = [status]
        message(channel="webhook", recipient=f"https://localhost:{server.server_port}/robot")
        assert outbox.relay() == outbox.Relayed(failed=1)
        assert OutboxMessage.objects.get().last_error == reason
        assert len(server.taken) == 1
        due_now()
        assert outbox.relay() == outbox.Relayed(sent=1)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["https://evil.invalid/x", "http://localhost/x", "file:///etc/passwd", "https://localhost@evil.invalid/"],
)
def test_a_webhook_goes_to_allowed_hosts_over_https_only(settings: Any, address: str) -> None:
    settings.WEBHOOK_HOSTS = ["localhost"]
    message(channel="webhook", recipient=address)
    assert outbox.relay() == outbox.Relayed(failed=1)
    assert OutboxMessage.objects.get().last_error.startswith("the host is not one of WEBHOOK_HOSTS")
