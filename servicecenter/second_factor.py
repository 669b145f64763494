"""One-time codes as the second step of a login (TOTP): set-up with a QR code, check, removal."""

from __future__ import annotations

from base64 import b32encode
from typing import Any
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.db import transaction
from django.utils.safestring import SafeString, mark_safe
from django_otp.plugins.otp_totp.models import TOTPDevice

from servicecenter import trail
from servicecenter.clock import now_db

DIGITS, STEP = 6, 30


def unconfirmed(user: Any) -> TOTPDevice:
    """The device that is being set up: the same one until it is confirmed, so that a reload shows the same code."""
    device = TOTPDevice.objects.filter(user_id=user.pk, confirmed=False).order_by("id").first()
    return device or TOTPDevice.objects.create(
        user_id=user.pk, name=settings.CENTRE_NAME, confirmed=False, digits=DIGITS, step=STEP
    )


def verify(device: TOTPDevice, code: str) -> bool:
    """Whether the code is right now; used codes and too quick tries are refused by the device itself."""
    digits = "".join(code.split())
    allowed, _why = device.verify_is_allowed()
    return bool(allowed and digits.isdigit() and device.verify_token(digits))


@transaction.atomic
def confirm(user: Any, device: TOTPDevice) -> None:
    """The set-up is proven by one right code: from now on every login asks for one."""
    TOTPDevice.objects.filter(user_id=user.pk).exclude(pk=device.pk).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    trail.record(user, "second_factor.on", by=user, at=now_db())


@transaction.atomic
def remove(user: Any) -> None:
    """No second step any more."""
    removed, _kinds = TOTPDevice.objects.filter(user_id=user.pk).delete()
    if removed:
        trail.record(user, "second_factor.off", by=user, at=now_db())


def secret(device: TOTPDevice) -> str:
    """The secret in base 32, as authenticator apps want it."""
    return b32encode(device.bin_key).decode().rstrip("=")


def secret_text(device: TOTPDevice) -> str:
    """The secret in groups of four, for typing."""
    plain = secret(device)
    return " ".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def address(user: Any, device: TOTPDevice) -> str:
    """The `otpauth:` address the QR code holds. The label names the installation and the work number."""
    label = quote(f"{settings.CENTRE_NAME}:{user.work_number}")
    values = {"secret": secret(device), "issuer": settings.CENTRE_NAME, "digits": DIGITS, "period": STEP}
    return f"otpauth://totp/{label}?{urlencode(values)}"


def qr_svg(user: Any, device: TOTPDevice) -> SafeString:
    """The QR code as inline SVG: drawn by attributes and classes, no style, dark on light in both themes."""
    code = segno.make(address(user, device), error="m", micro=False)
    return mark_safe(
        code.svg_inline(scale=4, border=3, dark="black", light="white", svgclass="qr", lineclass=None)
    )
