"""How claims look in pages and on paper: capitals, QR codes, facts, parties, reasons and outcomes in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import segno
from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from claims.choices import (
    FACT_VALUES,
    LIVE_VOUCHERS,
    ClaimKind,
    ClosingPaper,
    EvidenceKind,
    FactName,
    LiabilityState,
    ManualOutcome,
    Paper,
    PaperStep,
    PartyRole,
    PayoutState,
    RequestState,
    RuleSetState,
    SalvageKeeper,
    VoucherState,
)
from claims.domain.money import capitals as in_capitals
from claims.queries.checklist import LETTER
from claims.reasons import ROLES, SUB_CODES, step_text
from servicecenter import charts, figures
from servicecenter.i18n import listed, say
from servicecenter.templatetags.wb import signs

register = template.Library()
SCRIPTS = {"zh-hant": "zh-Hant"}
PARTY_SETS = ("off_post", "swapped_post")
# Facts that answer in the same words.
ANSWERS = {
    **dict.fromkeys(("copy_1", "copy_2", "copy_3", "copy_4"), "copy"),
    **dict.fromkeys(("driver_record", "loader_record"), "record"),
    **dict.fromkeys(
        ("refused", "slip", "entered", "system_up", "return_label_covered", "traffic_or_theft"), "yes_no"
    ),
}


@register.simple_tag
def capitals(amount: str | Decimal | None, language: str = "zh-hans") -> str:
    """An amount in Chinese capitals with 人民币 before it (MON-04); in English papers too: they are the legal form."""
    if amount in (None, ""):
        return ""
    return in_capitals(Decimal(str(amount)), SCRIPTS.get(language, "zh-Hans"))


@register.simple_tag
def frozen_capitals(data: Mapping[str, Any], language: str = "zh-hans") -> str:
    """The capitals that were frozen with a paper, in its script."""
    words = data.get("capitals") or {}
    return str(words.get(SCRIPTS.get(language, "zh-Hans")) or capitals(data.get("amount"), language))


@register.simple_tag
def qr_code(text: str) -> SafeString:
    """A QR code as inline SVG, drawn by attributes alone (a `<style>` inside an SVG would be printed as text)."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(border=0, dark="#000", light=None, svgclass=None, lineclass=None, omitsize=True)
    return mark_safe(drawn)  # only paths and figures


@register.filter
def in_words(texts: Any) -> str:
    """A text that is data, in the reader's language."""
    return say(texts) if isinstance(texts, dict) else str(texts or "")


@register.simple_tag
def payout_pill(claim: Any) -> str:
    """The claim's payout track as a pill."""
    return signs.pill(PayoutState(claim.state))


LIABILITY_ICONS = {
    "open": "dot", "provisional": "clock", "determined": "scale", "objected": "alert", "final": "lock",
    "recovering": "rotate", "recovered": "okcirc", "written_off": "ban",
}  # fmt: skip


@register.simple_tag
def liability_pill(claim: Any) -> str:
    """The claim's liability track as a pill."""
    state = LiabilityState(claim.liability_state)
    return signs.pill(state, icon=LIABILITY_ICONS[state.value])


@register.simple_tag(takes_context=True)
def claim_sla(context: template.Context, claim: Any) -> str:
    """The deadline chip of a claim; `claim.clock` is the one that speaks for it (`queries.with_clocks`)."""
    return signs.sla(context, claim.clock)


@register.simple_tag(takes_context=True)
def claim_edge(context: template.Context, claim: Any) -> str:
    """The left edge of a claim's row: time, and nothing else."""
    return signs.edge(context, claim.clock)


@register.inclusion_tag("components/_clock_track.html", takes_context=True)
def claim_clock(context: template.Context, clock: Any) -> dict[str, Any]:
    """A clock of the claim with its track; the second answer and any after it say which one it is."""
    label = capfirst(clock.label)
    if clock.round > 1:
        label = _("%(clock)s · no. %(n)s") % {"clock": label, "n": clock.round}
    return signs.clock_track(context, clock, label)


@register.simple_tag
def claimant(claim: Any) -> str:
    """Who claims: as it is recorded, else the customer; the number where neither is known."""
    return str(claim.claimant or (claim.customer.name if claim.customer else "") or claim.number)


@register.simple_tag
def payable(claim: Any) -> Decimal | None:
    """What the customer is or will be paid: approved, else agreed, else assessed."""
    for amount in (claim.approved_amount, claim.agreed_amount, claim.assessed_amount):
        if amount is not None:
            return Decimal(amount)
    return None


@register.simple_tag
def claim_amount(claim: Any) -> str:
    """The amount of a claim in a list: what is payable, else what is claimed, in grey."""
    amount = payable(claim)
    if amount is not None:
        return figures.money(amount)
    if claim.claimed_amount is None:
        return ""
    return format_html('<span class="faint">{}</span>', figures.money(claim.claimed_amount))


VOUCHER_ICONS = {"issued": "clock", "paid": "okcirc", "void": "ban"}


@register.simple_tag
def voucher_pill(voucher: Any) -> str:
    """The state of a voucher; what was not fetched in time says so."""
    if voucher.is_expired(timezone.now()):
        return signs.pill(VoucherState.ISSUED, tone="red line", icon="clock", text=_("expired"))
    return signs.pill(VoucherState(voucher.state), icon=VOUCHER_ICONS[voucher.state])


@register.simple_tag
def standing_pill(card: Any) -> str:
    """Whether the counter may pay it."""
    words = {
        "ready": (_("may be paid"), "green", "okcirc"),
        "paid": (_("paid"), "green", "okcirc"),
        "void": (pgettext("voucher", "void"), "off void", "ban"),
        "expired": (_("expired"), "red line", "clock"),
    }
    text, tone, icon = words[str(card.standing)]
    return signs.tag(text, tone=tone, icon=icon)


REQUEST_LOOKS = {
    "waiting": ("amber", "clock"), "approved": ("green", "okcirc"), "declined": ("red", "x"),
    "withdrawn": ("off", "rotate"),
}  # fmt: skip


@register.simple_tag
def approval_pill(request: Any) -> str:
    """Where a request for approval stands."""
    tone, icon = REQUEST_LOOKS[request.state]
    return signs.pill(RequestState(request.state), tone=tone, icon=icon)


@register.simple_tag
def ruleset_pill(version: Any) -> str:
    """The state of a version of the rules."""
    icons = {"draft": "pencil", "published": "okcirc", "retired": "lock"}
    return signs.pill(RuleSetState(version.state), icon=icons[version.state])


@register.simple_tag
def live_voucher(card: Any, part: Any) -> Any:
    """The voucher of a part that is to be paid or has been."""
    return next((row for row in card.vouchers if row.part_id == part.pk and row.state in LIVE_VOUCHERS), None)


@register.simple_tag
def dead_vouchers(card: Any) -> list[Any]:
    """Vouchers that are void."""
    return [row for row in card.vouchers if row.state not in LIVE_VOUCHERS]


@register.simple_tag
def verdict_pill(card: Any, saved: Any = None) -> str:
    """How firm a verdict is."""
    status = (
        saved.status if saved else "provisional" if card.depends_on else "final" if card.by_rule else "manual"
    )
    words = {
        "provisional": (_("provisional"), "amber", "clock"),
        "final": (_("the only outcome"), "green", "okcirc"),
        "manual": (_("decided by hand") if saved else _("to be decided by hand"), "violet", "pencil"),
        "overridden": (_("decided against the rules"), "violet", "flag"),
    }
    text, tone, icon = words[status]
    return signs.tag(text, tone=tone, icon=icon)


@register.simple_tag
def share_bar(shares: Iterable[Any]) -> SafeString:
    """The shares side by side."""
    return charts.sharebar([float(line.fraction) for line in shares])


@register.simple_tag
def share_mark(place: int) -> SafeString:
    """The colour of a share beside its name, the same as in the bar."""
    css, _stroke, colour = charts.parts.SERIES[place % len(charts.parts.SERIES)]
    return format_html(
        '<svg class="sw" width="10" height="10" viewBox="0 0 10 10" aria-hidden="true">'
        '<rect class="{}" width="10" height="10" fill="{}"/></svg>',
        css,
        colour,
    )


@register.filter
def held_count(card: Any) -> int:
    """How many rows hold."""
    return sum(line.holds == "yes" for line in card.trace)


@register.filter
def tier_words(tier: str) -> str:
    """A tier of the decision table: the gate and the fines by name, the others by their letter."""
    return {"gate": pgettext("rules", "gate"), "fine": pgettext("rules", "fine")}.get(tier, tier)


@register.filter
def evidence_words(code: str) -> str:
    """What kind of evidence."""
    return capfirst(str(EvidenceKind(code).label)) if code in EvidenceKind.values else code


@register.simple_tag
def yes_no(value: bool | None) -> str:
    """Yes, no, not known."""
    if value is None:
        return "—"
    return str(FACT_VALUES["yes_no"]["yes" if value else "no"])


@register.filter
def paper_words(code: str) -> str:
    """A paper of the checklist, or the step that needs it."""
    words = {**dict(Paper.choices), **dict(PaperStep.choices)}
    return capfirst(str(words.get(code, code)))


@register.filter
def printed_words(code: str) -> str:
    """A paper that was printed for the claimant."""
    if code == LETTER:
        return _("Notice of missing papers")
    return capfirst(str(ClosingPaper(code.removeprefix("claims.")).label))


@register.filter
def keeper_words(code: str) -> str:
    """Who keeps the salvage."""
    return capfirst(str(SalvageKeeper(code).label)) if code in SalvageKeeper.values else code


@register.filter
def kind_words(code: str) -> str:
    """What happened to the goods."""
    return capfirst(str(ClaimKind(code).label)) if code in ClaimKind.values else code


@register.simple_tag
def goods_words(lines: Any) -> str:
    """The goods of a paper in one line."""
    if isinstance(lines, str):
        return lines
    return listed(
        (
            line
            if isinstance(line, str)
            else _("%(goods)s, %(n)s pieces") % {"goods": line["goods"], "n": line["pieces"]}
            for line in lines or ()
        ),
        "；",
    )


@register.filter
def party_words(code: str) -> str:
    """A party, or a role that a row names (the noter …)."""
    if code in ROLES:
        return str(ROLES[code])
    return capfirst(str(PartyRole(code).label)) if code in PartyRole.values else code


@register.filter
def fact_words(code: str) -> str:
    """What a fact is called."""
    return capfirst(str(FactName(code).label)) if code in FactName.values else code


@register.simple_tag
def fact_value(fact: str, value: Any) -> str:
    """The answer to a fact, in words; unknown facts say so."""
    if value is None or value == "":
        return _("not known yet")
    if fact in PARTY_SETS:
        return listed(party_words(party) for party in value) if value else _("nobody")
    if fact == "noter":
        return _("cannot be found out") if value == "unknown" else party_words(str(value))
    if isinstance(value, bool):
        value = "yes" if value else "no"
    words = FACT_VALUES.get(ANSWERS.get(fact, fact), {})
    return str(words.get(str(value), value))


@register.filter
def two_by_two(facts: Iterable[Iterable[Any]]) -> list[list[tuple[str, Any]]]:
    """The facts of a paper in the order of the screen, two on a line."""
    known = {str(name): value for name, value in facts}
    found = [(name, known[name]) for name in FactName.values if name in known]
    return [found[start : start + 2] for start in range(0, len(found), 2)]


@register.filter
def outcome_words(code: str, sub_code: str = "") -> str:
    """The row's id, or the manual reason in words with its pattern."""
    if code not in ManualOutcome.values:
        return code
    words = capfirst(str(ManualOutcome(code).label))
    return f"{words} ({sub_code}: {SUB_CODES[sub_code]})" if sub_code in SUB_CODES else words


@register.simple_tag
def step_words(row: Mapping[str, Any]) -> str:
    """One step of the payout's computation, worded when it is read."""
    return step_text(str(row["code"]), dict(row.get("params") or {}))


@register.simple_tag
def fine_range(low: Any, high: Any) -> str:
    """From–to in yuan; one figure where they are equal."""
    if Decimal(str(low)) == Decimal(str(high)):
        return figures.money(low)
    return f"{figures.money(low)}–{figures.money(high)}"
