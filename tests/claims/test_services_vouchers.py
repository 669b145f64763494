"""Vouchers: parts, numbers, payment once, void and reissue, papers (CLM-07, CLM-09, CLM-10, CLM-20)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from claims import services
from claims.domain.voucher import is_well_formed
from claims.models import Part, Voucher, VoucherCounter
from claims.queries import find_voucher, stubs_of
from claims.services import PartInput
from servicecenter import attachments
from servicecenter.models import IssuedDocument, TrailEntry
from servicecenter.policies import set_policy
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, IDENTITY, PAYEE, Crew, after
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class TestParts:
    """CLM-09: one payee, one sum; together the approved amount."""

    @pytest.mark.parametrize(
        ("parts", "code"),
        [
            ([PartInput(PAYEE, Decimal("99.99"))], "part.sum"),
            ([PartInput(PAYEE, Decimal("60")), PartInput("乙", Decimal("60"))], "part.sum"),
            ([PartInput(" ", Decimal("100"))], "part.payee"),
            ([PartInput(PAYEE, Decimal("0")), PartInput("乙", Decimal("100"))], "claim.amount"),
            ([PartInput(PAYEE, Decimal("100"), method="gold")], "part.method"),
            ([PartInput(PAYEE, Decimal("100"), method="bank")], "part.account"),
            ([], "part.too_many"),
        ],
        ids=["too-little", "too-much", "payee", "nothing", "method", "account", "none"],
    )
    def test_what_is_no_division_is_refused(self, crew: Crew, parts: list[PartInput], code: str) -> None:
        claim = cases.approved(crew, "100.00")
        refused(code, services.set_parts, claim=claim, parts=parts, by=crew.adjuster, at=AT)
        assert not Part.objects.exists()

    def test_identity_and_account_are_kept_encrypted(self, crew: Crew) -> None:
        claim = cases.approved(crew, "100.00")
        part = PartInput(
            PAYEE, Decimal("100"), identity=IDENTITY, method="bank", account="6222 0211 0000 1234 567"
        )
        (made,) = services.set_parts(claim=claim, parts=[part], by=crew.adjuster, at=AT)
        raw = Part.objects.extra(select={"raw": "identity || account"}).values_list("raw", flat=True).get()
        assert IDENTITY not in raw and "6222" not in raw
        made.refresh_from_db()
        assert (made.identity_last_four, made.account) == ("2416", "6222021100001234567")


def test_a_voucher_carries_what_was_agreed_and_nothing_of_who_bears_it(crew: Crew) -> None:
    """CLM-07, CLM-09, and its whole life: issued, reissued, paid."""
    set_policy(
        code="claims.voucher", key="branch_east", value={"valid_days": 30, "branch_code": "0571"}, by=None,
        reason="编号", valid_from=AT,
    )  # fmt: skip
    claim = cases.investigated(crew)
    services.determine(claim=claim, by=crew.adjuster, at=AT)
    first = cases.issued(crew, claim=cases.fresh(claim))
    assert first.number == "LP-0571-202611-0001H" and is_well_formed(first.number)
    assert (first.amount, first.payee, first.identity_last_four) == (Decimal("1680.32"), PAYEE, "2416")
    assert first.valid_until == date(2026, 12, 18)
    document = first.document
    assert document is not None and document.number == first.number
    data = document.data
    assert data["capitals"]["zh-Hans"] == "人民币壹仟陆佰捌拾元零叁角贰分"
    assert (data["handled_by"], data["approved_by"]) == ("何静", ["周启明"])
    assert not {"shares", "fines", "determination"} & set(data)
    assert "周建国" not in str(data) and "LR-" not in str(data)
    code = data["qr"].rsplit("=", 1)[1]
    assert len(code) == 32 and code not in str(Voucher.objects.values().get())

    found = find_voucher(data["qr"], crew.cashier)
    assert found == first == find_voucher(" lp-0571-202611-0001h ", crew.cashier)
    assert find_voucher(code[:-1] + "z", crew.cashier) is None

    second = services.reissue_voucher(voucher=first, reason="客户遗失", by=crew.supervisor, at=after(hours=1))
    first.refresh_from_db()
    assert (first.state, first.void_reason, second.replaces, second.sequence) == (
        "void",
        "客户遗失",
        first,
        2,
    )
    refused("voucher.void", cases.pay, voucher=first, by=crew.cashier)
    refused(
        "voucher.replaced", services.reissue_voucher, voucher=first, reason="x", by=crew.supervisor, at=AT
    )

    stub = services.issue_stub(voucher=second, by=crew.adjuster, at=after(hours=1))
    assert (stub.kind, stub.number != second.number) == ("claims.determination", True)
    assert [row["amount"] for row in stub.data["shares"]] == ["560.11", "560.11", "560.10"]
    assert "qr" not in stub.data
    assert list(stubs_of(second)) == [stub]
    refused("lifecycle.no_right", services.issue_stub, voucher=second, by=crew.cashier)

    refused("document.reason_needed", services.reprint_voucher, voucher=second, reason=" ", by=crew.adjuster)
    copy = services.reprint_voucher(voucher=second, reason="打印机卡纸", by=crew.adjuster, at=after(hours=2))
    assert (copy.ordinal, copy.document) == (1, second.document)

    cases.pay(second, crew.cashier, at=after(hours=3))
    again = refused(
        "voucher.already_paid", cases.pay, voucher=second, by=crew.second_cashier, at=after(hours=4)
    )
    assert again.params == {
        "number": second.number, "who": "王秀兰", "paid_at": after(hours=3).isoformat(), "window": "1 号窗口",
        "amount": "1680.32", "receiver": PAYEE,
    }  # fmt: skip
    refused(
        "lifecycle.wrong_state", services.void_voucher, voucher=second, reason="x", by=crew.supervisor, at=AT
    )
    assert TrailEntry.objects.filter(code="voucher.paid").count() == 1
    counter = VoucherCounter.objects.get()
    assert (counter.branch_code, counter.last) == ("0571", 2)


class TestPaying:
    """CLM-10: the payee names the name, shows identity; the approver never pays."""

    def test_who_may_not_and_what_does_not_fit(self, crew: Crew) -> None:
        voucher = cases.issued(crew, at=AT)
        refused("lifecycle.no_right", cases.pay, voucher=voucher, by=crew.agent)
        for who in (crew.manager, crew.adjuster):
            people.assign(who, "cashier", "settlement")
            assert refused("voucher.approver_pays", cases.pay, voucher=voucher, by=who).status == 403
        for given, code in (
            ({"receiver": " "}, "voucher.receiver"),
            ({"receiver": "吴建军"}, "voucher.receiver"),
            ({"identity_last_four": "2417"}, "voucher.identity"),
            ({"identity_last_four": ""}, "voucher.identity"),
            ({"receiver": "吴建军", "is_proxy": True}, "voucher.proxy"),
            (
                {"receiver": "吴建军", "is_proxy": True, "proxy_identity": "33010619900101123X"},
                "voucher.authority",
            ),
            ({"method": "set_off"}, "voucher.consent"),
            ({"method": "gold"}, "part.method"),
            ({"at": after(days=31)}, "voucher.expired"),
        ):
            refused(code, cases.pay, voucher=voucher, by=crew.cashier, **given)
        voucher.refresh_from_db()
        assert voucher.state == "issued"

        upload = attachments.store(file=cases.photo("授权书.jpg"), by=crew.cashier)
        paid = cases.pay(
            voucher, crew.cashier, receiver="吴建军", is_proxy=True, proxy_identity="33010619900101123x",
            authority=(upload.public_id,), at=after(days=2),
        )  # fmt: skip
        assert (paid.state, paid.receiver, paid.is_proxy) == ("paid", "吴建军", True)
        paid.refresh_from_db()
        assert paid.proxy_identity == "33010619900101123X"
        assert [file.role for file in attachments.of(paid)] == ["authority"]
        assert "33010619900101123X" not in str(list(TrailEntry.objects.values_list("params", flat=True)))

    def test_an_expired_one_is_issued_anew(self, crew: Crew) -> None:
        voucher = cases.issued(crew)
        again = services.reissue_voucher(
            voucher=voucher, reason="过期", by=crew.supervisor, at=after(days=31)
        )
        assert cases.pay(again, crew.cashier, at=after(days=32)).state == "paid"

    def test_a_claim_is_paid_when_its_last_part_is(self, crew: Crew) -> None:
        first, second = cases.parted(crew, "100.00", "50.00")
        vouchers = [services.issue_voucher(part=part, by=crew.adjuster, at=AT) for part in (first, second)]
        refused("voucher.live", services.issue_voucher, part=first, by=crew.adjuster, at=AT)
        cases.pay(vouchers[0], crew.cashier)
        assert cases.fresh(first.claim).state == "voucher_issued"
        services.void_voucher(voucher=vouchers[1], reason="改付账户", by=crew.supervisor, at=AT)
        refused(
            "part.sum",
            services.set_parts,
            claim=first.claim,
            parts=[PartInput("乙", Decimal("60"))],
            by=crew.adjuster,
        )
        (_kept, new) = services.set_parts(
            claim=first.claim, parts=[PartInput("乙", Decimal("50"))], by=crew.adjuster, at=AT
        )
        refused("part.replaced", services.issue_voucher, part=second, by=crew.adjuster, at=AT)
        last = services.issue_voucher(part=new, by=crew.adjuster, at=AT)
        cases.pay(last, crew.cashier, receiver="乙", identity_last_four="000x")
        assert cases.fresh(first.claim).state == "paid"
        assert [row.sequence for row in Voucher.objects.order_by("pk")] == [1, 2, 3]


def test_what_cannot_be_drawn_is_not_issued_and_leaves_no_gap(crew: Crew) -> None:
    """I7: number, row and document come together or not at all."""
    claim = cases.approved(crew, "100.00")
    (part,) = services.set_parts(
        claim=claim, parts=[PartInput("阿里 😀", Decimal("100"))], by=crew.adjuster, at=AT
    )
    refused("document.character", services.issue_voucher, part=part, by=crew.adjuster, at=AT)
    refused("voucher.language", services.issue_voucher, part=part, language="tlh", by=crew.adjuster, at=AT)
    assert not Voucher.objects.exists() and not VoucherCounter.objects.exists()
    assert not IssuedDocument.objects.exists()
    assert cases.fresh(claim).state == "approved"
