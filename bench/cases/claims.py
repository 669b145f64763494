"""Liability judgements beside the same table as an if-chain without trace; the voucher's PDF beside bare WeasyPrint.

Incidents look alike: a thousand different ones come again and again, as they do in a year's claims. The second case
judges incidents of which none was seen before.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import weasyprint
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from weasyprint.text.fonts import FontConfiguration

from bench.ground import Ground
from bench.harness import Case, Target
from claims.domain.facts import ENUMS, YES_NO, facts_from
from claims.domain.liability import judge
from claims.queries.rulesets import rules_of, ruleset_named
from servicecenter import pdf
from servicecenter.clock import centre_zone
from servicecenter.pdf import Head
from tests.claims.table import outcome

KINDS = 1_000
AT_ONCE = 100
TEMPLATE = "claims/paper/voucher.html"
# How often an answer is yes; the others are as likely as each other.
YES = {
    "refused": 0.1,
    "slip": 0.3,
    "entered": 0.8,
    "system_up": 0.9,
    "return_label_covered": 0.03,
    "traffic_or_theft": 0.02,
}
DATA = {
    "number": "LP-0571-202611-0018T", "qr": "https://centre.example/counter?number=" + "5" * 32, "payee": "黄立新",
    "payee_kind": "consignee", "identity_last_four": "2416", "amount": "1680.32",
    "capitals": {"zh-Hans": "人民币壹仟陆佰捌拾元零叁角贰分", "zh-Hant": "人民幣壹仟陸佰捌拾元零參角貳分"},
    "waybill": "86204398117", "claim": "LC261118-0031", "goods": "果酱 2 件", "cause": "灭失 2 件，双方协商一致",
    "issued_on": "2026-11-18", "valid_until": "2026-12-18", "branch": {"zh-Hans": "杭州分公司"}, "method": "cash",
    "handled_by": "何静", "approved_by": ["林志远"], "replaces": "", "language": "zh-hans",
    "_centre": {"name": "远桥物流·客户服务中心", "email": "centre@example.invalid"},
}  # fmt: skip


def cases(ground: Ground) -> Iterator[Case]:
    """A hundred judgements a turn; one voucher a turn."""
    rules = rules_of(ruleset_named(""))
    chance = random.Random(217)
    plain = [_incident(chance) for _n in range(KINDS)]
    pairs = [(facts_from(values), values) for values in plain]
    known = itertools.cycle([pairs[start : start + AT_ONCE] for start in range(0, KINDS, AT_ONCE)])
    for facts, _values in pairs:
        judge(facts, rules).trace  # noqa: B018
    yield Case(
        "claims.judge",
        f"{AT_ONCE} liability judgements with full trace",
        lambda batch: [judge(facts, rules).trace for facts, _values in batch],
        lambda batch: [outcome(values) for _facts, values in batch],
        Target(speed=0.25, milliseconds=AT_ONCE / 20),
        prepare=lambda: (next(known),),
        rows=False,
    )
    yield Case(
        "claims.judge.new",
        f"{AT_ONCE} judgements of incidents not seen before, reasons unread",
        lambda batch: [judge(facts, rules) for facts, _values in batch],
        lambda batch: [outcome(values) for _facts, values in batch],
        Target(speed=0.25, milliseconds=AT_ONCE / 20),
        prepare=lambda: ([(facts_from(values), values) for values in _incidents(chance)],),
        rows=False,
    )
    fonts = FontConfiguration()
    paper = weasyprint.CSS(filename=settings.BASE_DIR / "templates/paper/paper.css", font_config=fonts)
    page = _page()
    yield Case(
        "claims.voucher",
        "PDF of a voucher, QR code and checks included",
        lambda: pdf.render(TEMPLATE, _context(), language="zh-hans"),
        lambda: weasyprint.HTML(string=page).write_pdf(stylesheets=[paper], font_config=fonts),
        Target(speed=0.8, milliseconds=300),
        calls=1,
        rows=False,
    )


def _incident(chance: random.Random) -> dict[str, Any]:
    found: dict[str, Any] = {name: str(chance.choice(list(kind))) for name, kind in ENUMS.items()}
    found |= {name: "yes" if chance.random() < YES[name] else "no" for name in YES_NO}
    found["noter"] = chance.choice(["unknown", "driver", "loader", "branch"])
    found["off_post"] = ["driver"] if chance.random() < 0.04 else []
    found["swapped_post"] = []
    return found


def _incidents(chance: random.Random) -> list[dict[str, Any]]:
    return [_incident(chance) for _n in range(AT_ONCE)]


def _context() -> dict[str, Any]:
    at = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
    head = Head("claims.voucher", str(DATA["number"]), at, "zh-hans")
    return {"document": head, "data": DATA, "centre": DATA["_centre"], "copy": 0, "printed_at": at}


def _page() -> str:
    with translation.override("zh-hans"), timezone.override(centre_zone()):
        return render_to_string(TEMPLATE, _context())
