"""Requests for item codes as the demonstration shows them: made, refused, withdrawn, to decide, to pass on."""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from inventory import services
from inventory.choices import ItemClass, PhotoSlot
from inventory.domain.coding import Wanted
from inventory.models import ItemRequest, Warehouse
from organization.models import User
from servicecenter import attachments

SIZE = (640, 480)
# What a picture shows: the ground, and where on it the thing lies.
VIEWS = {
    PhotoSlot.FAR: ((196, 205, 212), (260, 200, 380, 290)),
    PhotoSlot.NEAR: ((214, 208, 196), (140, 100, 500, 390)),
    PhotoSlot.PLATE: ((226, 228, 230), (60, 60, 580, 420)),
}
STEEL, EDGE = (96, 110, 122), (52, 60, 68)


def play(*, people: Mapping[str, User], stores: Mapping[str, Warehouse], now: datetime) -> None:
    """Five requests of the site, each as far as it has come (INV-16)."""
    keeper, accountant, chief = (people[role] for role in ("keeper", "accountant", "chief"))
    store = stores["BP-WH"]

    def asked(days: int, name: str, spec: str, unit: str, item_class: str, reason: str) -> ItemRequest:
        at = now - timedelta(days=days, hours=2)
        photos = {slot.value: [_picture(slot, by=keeper)] for slot in PhotoSlot}
        wanted = Wanted(store.pk, name, spec, unit, item_class, reason)
        return services.ask_item_code(wanted=wanted, photos=photos, by=keeper, at=at)

    def passed(row: ItemRequest, days: int) -> ItemRequest:
        at = now - timedelta(days=days, hours=1)
        return services.pass_on_item_request(item_request=row, by=accountant, at=at)

    made = passed(
        asked(20, "液压扳手泵站", "HTP-700 电动", "台", ItemClass.TOOL, "塔筒螺栓年检，厂家随机配发，无编码"),
        19,
    )
    services.grant_item_request(item_request=made, code="GJ-01188", by=chief, at=now - timedelta(days=18))
    twice = passed(asked(9, "开口扳子", "24×27 mm", "把", ItemClass.TOOL, "班组新领，系统里没有查到"), 8)
    services.refuse_item_request(
        item_request=twice, reason="已有编码 GJ-01042 开口扳手", by=chief, at=now - timedelta(days=7)
    )
    needless = asked(5, "尼龙扎带", "4×300 mm", "包", ItemClass.CONSUMABLE, "班组反映没有编码")
    services.withdraw_item_request(
        item_request=needless, reason="已在目录中找到 HC-20120", by=keeper, at=now - timedelta(days=4)
    )
    passed(asked(2, "主轴承润滑泵", "P203-4XNBO", "台", ItemClass.SPARE, "6 号风机更换，到货无编码"), 1)
    asked(0, "防坠落自锁器", "AC-350 钢丝绳 8 mm", "套", ItemClass.SAFETY, "登塔防护新型号，首批到货")


def _picture(slot: PhotoSlot, *, by: User) -> str:
    """A drawn picture, uploaded as a telephone would: its public id."""
    ground, (left, top, right, bottom) = VIEWS[slot]
    picture = Image.new("RGB", SIZE, ground)
    pen = ImageDraw.Draw(picture)
    pen.rounded_rectangle((left, top, right, bottom), radius=18, fill=STEEL, outline=EDGE, width=4)
    middle, size = (top + bottom) // 2, (bottom - top) // 5
    pen.ellipse(
        (left + size, middle - size, left + 3 * size, middle + size), fill=ground, outline=EDGE, width=3
    )
    for line in range(3):
        y = middle - size + line * size
        pen.line((left + 4 * size, y, right - size, y), fill=ground, width=max(size // 4, 2))
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=80)
    file = SimpleUploadedFile(f"{slot.value}.jpg", target.getvalue())
    return attachments.store(file=file, by=by).public_id
