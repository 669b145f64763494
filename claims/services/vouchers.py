"""Vouchers: parts, numbers without gaps, paid once, void and issued anew, reprinted (CLM-09, CLM-10, CLM-20)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import connection, transaction
from django.utils import translation

from claims.choices import LIVE_VOUCHERS, PayeeKind, PayMethod, VoucherState
from claims.domain.intake import MAX_PARTS, PartInput
from claims.domain.money import to_fen
from claims.domain.policy import VoucherPolicy
from claims.domain.voucher import number_of
from claims.models import Claim, Part, Voucher
from claims.models.voucher import token_hash
from claims.permissions import Right, holds
from claims.queries.actions import guard_facts
from claims.queries.papers import cause_of, goods_of, stub_data, voucher_data
from claims.services.acting import Act, amount_or_refuse, lock
from claims.services.ledger import current
from organization.models import Department, User
from servicecenter import attachments, pdf, policies, trail
from servicecenter.clock import business_date, now_db
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import DocumentCopy, IssuedDocument
from servicecenter.search import searchable

VOUCHER, VOUCHER_TEMPLATE = "claims.voucher", "claims/paper/voucher.html"
STUB, STUB_TEMPLATE = "claims.stub", "claims/paper/stub.html"
NEXT = """
INSERT INTO claims_vouchercounter (branch_code, month, last) VALUES (%s, %s, 1)
ON CONFLICT (branch_code, month) DO UPDATE SET last = claims_vouchercounter.last + 1 RETURNING last
"""


@transaction.atomic
def set_parts(
    *,
    claim: Claim,
    parts: Sequence[PartInput],
    by: User,
    at: datetime | None = None,
    version: int | None = None,
) -> list[Part]:
    """The payees and their sums, which make the approved amount; parts without a live voucher are replaced (CLM-09).

    Parts with a live voucher stay: the new ones are for the rest. Raises RuleBroken `part.sum`, `part.payee`,
    `part.account`, `part.method`, `part.too_many`, `claim.amount`.
    """
    act = Act.begin(claim, "set_parts", by=by, at=at, version=version)
    row = act.claim
    if not parts or len(parts) > MAX_PARTS:
        raise RuleBroken("part.too_many", status=400, limit=MAX_PARTS)
    standing = list(Part.objects.select_for_update().filter(claim=row, replaced_at=None).order_by("pk"))
    vouchered = set(
        Voucher.objects.filter(part__in=standing, state__in=LIVE_VOUCHERS).values_list("part_id", flat=True)
    )
    kept = [part for part in standing if part.pk in vouchered]
    first = row.parts.count() + 1
    made = [_part(act, ordinal, item) for ordinal, item in enumerate(parts, first)]
    total = sum((to_fen(part.amount) for part in (*kept, *made)), 0)
    approved = row.approved_amount or Decimal("0.00")
    if total != to_fen(approved):
        rest = approved - sum((part.amount for part in kept), start=Decimal("0.00"))
        raise RuleBroken("part.sum", field="amount", status=400, approved=str(rest))
    Part.objects.filter(pk__in=[part.pk for part in standing if part.pk not in vouchered]).update(
        replaced_at=act.at, replaced_by=by
    )
    Part.objects.bulk_create(made)
    act.note("claim.set_parts", count=len(made), amount=str(approved))
    act.finish()
    return [*kept, *made]


def _part(act: Act, ordinal: int, item: PartInput) -> Part:
    payee = " ".join(item.payee.split())[:60]
    if not payee:
        raise RuleBroken("part.payee", field="payee", status=400)
    if item.method not in PayMethod.values or item.payee_kind not in PayeeKind.values:
        raise RuleBroken("part.method", field="method", status=400)
    account = "".join(item.account.split())
    if item.method == PayMethod.BANK and not account:
        raise RuleBroken("part.account", field="account", status=400)
    return Part(
        claim=act.claim,
        ordinal=ordinal,
        payee=payee,
        payee_kind=item.payee_kind,
        identity="".join(item.identity.split()).upper(),
        telephone="".join(item.telephone.split())[:20],
        method=item.method,
        account=account,
        bank=item.bank.strip()[:80],
        amount=amount_or_refuse(item.amount, "amount", least=Decimal("0.01")),
        made_at=act.at,
        made_by=act.by,
    )


@transaction.atomic
def issue_voucher(*, part: Part, language: str = "zh-hans", by: User, at: datetime | None = None) -> Voucher:
    """Issue the voucher of a part: number without gaps, document kept with its data (CLM-09).

    It waits for nothing on the liability track (CLM-07). Raises RuleBroken `voucher.live` when the part has one,
    `part.replaced`, `voucher.language`, `document.character`.
    """
    act = Act.begin(part.claim, "issue_voucher", by=by, at=at)
    return _issue(act, part, language)


def _issue(act: Act, part: Part, language: str, replaces: Voucher | None = None) -> Voucher:
    if language not in dict(settings.LANGUAGES):
        raise RuleBroken("voucher.language", field="language", status=400)
    locked = Part.objects.select_for_update().get(pk=part.pk)
    if locked.replaced_at is not None:
        raise RuleBroken("part.replaced")
    live = Voucher.objects.filter(part=locked, state__in=LIVE_VOUCHERS).first()
    if live is not None:
        raise RuleBroken("voucher.live", number=live.number)
    row, code = act.claim, secrets.token_hex(16)
    policy: VoucherPolicy = policies.value("claims.voucher", at=act.at, key=row.branch.code)
    with translation.override(language):
        goods, cause = goods_of(row), cause_of(row)
    made = Voucher(
        claim=row,
        part=locked,
        branch=row.branch,
        branch_code=branch_code_of(row.branch, policy),
        month=business_date(act.at).replace(day=1),
        code_hash=token_hash(code),
        payee=locked.payee,
        search_text=searchable(locked.payee),
        identity_last_four=locked.identity_last_four,
        amount=locked.amount,
        goods=goods,
        cause=cause,
        language=language,
        valid_until=business_date(act.at) + timedelta(days=policy.valid_days),
        replaces=replaces,
        issued_at=act.at,
        issued_by=act.by,  # type: ignore[misc]  # a person issues: the column refuses None
    )
    if row.state == "approved":
        act.move("issue_voucher", code="claim.vouchers_begun")
    made.sequence = _next(made.branch_code, made.month)
    made.number = number_of(made.branch_code, made.month, made.sequence)
    made.save(force_insert=True)
    made.document = pdf.store_document(
        code=VOUCHER,
        template=VOUCHER_TEMPLATE,
        data=voucher_data(made, code=code),
        of=made,
        language=language,
        by=act.by,
        at=act.at,
        number=made.number,
    )
    made.save(update_fields=["document"])
    act.note("claim.issue_voucher", voucher=made.number, payee=made.payee, amount=str(made.amount))
    act.finish()
    return made


def _next(branch_code: str, month: date) -> int:
    """The branch's next figure of the month; its row stays locked until the transaction ends, so no gap arises."""
    with connection.cursor() as cursor:
        cursor.execute(NEXT, [branch_code, month])
        found: int = cursor.fetchone()[0]
    return found


def branch_code_of(branch: Department, policy: VoucherPolicy) -> str:
    """How a branch stands in a voucher's number: by policy, else its own figure."""
    return (policy.branch_code or f"{branch.pk:04d}").upper()


@transaction.atomic
def issue_stub(*, voucher: Voucher, by: User, at: datetime | None = None) -> IssuedDocument:
    """The inside stub of a voucher, with the split: a file of its own that is never handed out (CLM-07).

    Raises RuleBroken `determination.none`.
    """
    if not holds(by, Right.VIEW_LIABILITY):
        raise RuleBroken("lifecycle.no_right", status=403, action="issue_stub")
    row = Voucher.objects.select_related(
        "claim__waybill", "claim__branch", "part", "issued_by__employee"
    ).get(pk=voucher.pk)
    determination = current(row.claim)
    if determination is None:
        raise RuleBroken("determination.none")
    moment = at or now_db()
    return pdf.store_document(
        code=STUB,
        template=STUB_TEMPLATE,
        data=stub_data(row, determination),
        of=determination,
        language=row.language,
        by=by,
        at=moment,
    )


def _locked(act: Act, voucher: Voucher) -> Voucher:
    return (
        Voucher.objects.select_for_update(of=("self",))
        .select_related("part", "branch", "paid_by__employee", "document")
        .get(pk=voucher.pk, claim=act.claim)
    )


@transaction.atomic
def pay_voucher(
    *,
    voucher: Voucher,
    receiver: str,
    identity_last_four: str,
    method: str | None = None,
    window: str = "",
    is_proxy: bool = False,
    proxy_identity: str = "",
    authority: Sequence[str] = (),
    consent: Sequence[str] = (),
    by: User,
    at: datetime | None = None,
) -> Voucher:
    """Pay a voucher, once, whatever happens at the same moment (CLM-10).

    `identity_last_four` is read from the payee's identity card. A proxy shows the own one too and leaves a signed
    authority; set-off needs the customer's written consent (CLM-20): uploads by public id. Raises RuleBroken
    `voucher.already_paid` (by whom, when, where), `voucher.void`, `voucher.expired`, `voucher.identity`,
    `voucher.receiver`, `voucher.proxy`, `voucher.authority`, `voucher.consent`, `voucher.approver_pays`.
    """
    if not holds(by, Right.PAY_VOUCHER):
        raise RuleBroken("lifecycle.no_right", status=403, action="pay_voucher")
    row = lock(voucher.claim)
    act = Act(row, by, at or now_db(), known=guard_facts(row))
    locked = _locked(act, voucher)
    _check_payable(locked, act.at)
    act.ask("pay_voucher")
    paid_method = method or locked.part.method
    name = " ".join(receiver.split())[:60]
    own = "".join(proxy_identity.split()).upper()
    _check_receiver(locked, name, identity_last_four, is_proxy, own, authority)
    if paid_method not in PayMethod.values:
        raise RuleBroken("part.method", field="method", status=400)
    if paid_method == PayMethod.SET_OFF and not consent:
        raise RuleBroken("voucher.consent", field="consent", status=400)
    _check_payer(act, locked)
    locked.state, locked.version = VoucherState.PAID, locked.version + 1
    locked.paid_at, locked.paid_by, locked.paid_method = act.at, by, paid_method
    locked.window, locked.receiver, locked.is_proxy = window.strip()[:40], name, is_proxy
    locked.proxy_identity = own if is_proxy else ""
    locked.save()
    _file(act, locked, authority, "authority")
    _file(act, locked, consent, "consent")
    act.note(
        "claim.pay_voucher", voucher=locked.number, amount=str(locked.amount), who=name, window=locked.window
    )
    trail.record(
        locked, "voucher.paid", by=by, at=act.at, amount=str(locked.amount), who=name, pay_method=paid_method,
        window=locked.window, last_four=identity_last_four.strip()[-4:].upper(),
    )  # fmt: skip
    if _all_paid(row):
        act.move("all_paid")
    act.finish()
    return locked


def _check_payable(row: Voucher, at: datetime) -> None:
    if row.state == VoucherState.PAID:
        raise RuleBroken(
            "voucher.already_paid",
            number=row.number,
            who=str(row.paid_by),
            paid_at=row.paid_at.isoformat() if row.paid_at else "",
            window=row.window or str(row.branch),
            amount=str(row.amount),
            receiver=row.receiver,
        )
    if row.state == VoucherState.VOID:
        raise RuleBroken("voucher.void", number=row.number, reason=row.void_reason)
    if row.is_expired(at):
        raise RuleBroken("voucher.expired", number=row.number, until=row.valid_until.isoformat())


def _check_receiver(
    row: Voucher, receiver: str, last_four: str, is_proxy: bool, own: str, authority: Sequence[str]
) -> None:
    """The payee names the name and shows identity; a proxy both cards and an authority (CLM-10)."""
    if not receiver:
        raise RuleBroken("voucher.receiver", field="receiver", status=400)
    given = "".join(last_four.split()).upper()
    if len(given) != 4 or (row.identity_last_four and given != row.identity_last_four.upper()):
        raise RuleBroken("voucher.identity", field="identity_last_four", status=400)
    if not is_proxy and receiver != " ".join(row.payee.split()):
        raise RuleBroken("voucher.receiver", field="receiver", status=400)
    if is_proxy and len(own) < 8:
        raise RuleBroken("voucher.proxy", field="proxy_identity", status=400)
    if is_proxy and not authority:
        raise RuleBroken("voucher.authority", field="authority", status=400)


def _check_payer(act: Act, row: Voucher) -> None:
    """Whoever approved or issued never pays (CLM-08)."""
    signers = set(
        act.claim.approvals.filter(steps__approved=True).values_list("steps__decided_by", flat=True)
    )
    payer = act.by.pk if act.by else None
    if payer in signers or payer == row.issued_by_id:
        raise RuleBroken("voucher.approver_pays", status=403)


def _file(act: Act, row: Voucher, uploads: Sequence[str], role: str) -> None:
    attachments.bind(public_ids=uploads, to=row, by=act.by, at=act.at, role=role)


def _all_paid(row: Claim) -> bool:
    parts = Part.objects.filter(claim=row, replaced_at=None)
    paid = Voucher.objects.filter(claim=row, state=VoucherState.PAID).values("part_id")
    return not parts.exclude(pk__in=paid).exists()


@transaction.atomic
def void_voucher(*, voucher: Voucher, reason: str, by: User, at: datetime | None = None) -> Voucher:
    """Make a voucher void, with a reason: its number stays, its code no longer works (CLM-10).

    Raises RuleBroken `voucher.already_paid`, `voucher.void`.
    """
    act = Act.begin(voucher.claim, "void_voucher", by=by, at=at, reason=reason)
    locked = _void(act, voucher)
    if not Voucher.objects.filter(claim=act.claim, state__in=LIVE_VOUCHERS).exists():
        act.move("last_voucher_void")
    act.finish()
    return locked


def _void(act: Act, voucher: Voucher) -> Voucher:
    locked = _locked(act, voucher)
    if locked.state != VoucherState.ISSUED:
        _check_payable(locked, act.at)
    locked.state, locked.version = VoucherState.VOID, locked.version + 1
    locked.voided_at, locked.voided_by, locked.void_reason = act.at, act.by, act.reason[:300]
    locked.save()
    act.note("claim.void_voucher", voucher=locked.number, reason=act.reason)
    trail.record(locked, "voucher.voided", by=act.by, at=act.at, reason=act.reason)
    return locked


@transaction.atomic
def reissue_voucher(
    *, voucher: Voucher, reason: str, language: str | None = None, by: User, at: datetime | None = None
) -> Voucher:
    """Void a voucher (lost, expired, wrong) and issue another for the same part; a void one is issued anew (CLM-10).

    Raises as `void_voucher` and `issue_voucher`; `voucher.replaced` when another one replaces it already.
    """
    act = Act.begin(voucher.claim, "reissue_voucher", by=by, at=at, reason=reason)
    locked = _locked(act, voucher)
    if Voucher.objects.filter(replaces=locked).exists():
        raise RuleBroken("voucher.replaced", number=locked.number)
    if locked.state != VoucherState.VOID:
        locked = _void(act, locked)
    return _issue(act, locked.part, language or locked.language, replaces=locked)


@transaction.atomic
def reprint_voucher(*, voucher: Voucher, reason: str, by: User, at: datetime | None = None) -> DocumentCopy:
    """Print a voucher again: counted and marked 补打 n, drawn from what was issued (CLM-09). RuleBroken `voucher.void`,
    `document.reason_needed`."""
    if not holds(by, Right.REPRINT_VOUCHER):
        raise RuleBroken("lifecycle.no_right", status=403, action="reprint_voucher")
    row = Voucher.objects.select_related("document").get(pk=voucher.pk)
    if row.state == VoucherState.VOID or row.document is None:
        raise RuleBroken("voucher.void", number=row.number, reason=row.void_reason)
    return pdf.reprint(document=row.document, by=by, reason=reason, at=at)
