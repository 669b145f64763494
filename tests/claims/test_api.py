"""Claims over the API: the whole course, refusals as data, repeats told apart, liability for the inside alone."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from claims.models import Claim, Instalment, Voucher
from organization.models import User
from servicecenter.clock import now_db
from tests.claims import cases
from tests.claims.cases import Crew
from tests.claims.incidents import ORDINARY, P23
from tests.claims.test_services_outside import charged
from tests.doors import client_of

pytestmark = pytest.mark.django_db
AMOUNT = "1680.32"


class Api:
    """One user's way to the API."""

    def __init__(self, user: User) -> None:
        self.client: Client = client_of(user)

    def get(self, path: str, status: int = 200) -> Any:
        """What an address answers."""
        answer = self.client.get(f"/api/v1/{path}")
        assert answer.status_code == status, (path, answer.status_code, answer.content[:600])
        return answer.json()

    def post(self, path: str, sent: dict[str, Any] | None = None, status: int = 200, key: str = "") -> Any:
        """What an act answers."""
        headers = {"Idempotency-Key": key} if key else {}
        answer = self.client.post(
            f"/api/v1/{path}", json.dumps(sent or {}), content_type="application/json", headers=headers
        )
        assert answer.status_code == status, (path, answer.status_code, answer.content[:600])
        return answer.json()


def opening() -> dict[str, Any]:
    return {
        "kind": "loss", "incident_on": "2026-11-16", "branch": "branch_east", "waybill": cases.waybill().number,
        "claimant": cases.PAYEE,
    }  # fmt: skip


def test_a_claim_goes_from_opening_to_a_paid_voucher(crew: Crew) -> None:
    """CLM-01 to CLM-10, LR-33, MON-02."""
    adjuster = Api(crew.adjuster)
    claim = adjuster.post("claims/", opening(), status=201)
    here = f"claims/{claim['number']}"
    assert (claim["state"], "take" in claim["allowed_actions"]) == ("reported", True)
    adjuster.post(f"{here}/take/")
    adjuster.post(f"{here}/set_lines/", {"lines": [{"goods": "果酱", "pieces": 2, "claimed": AMOUNT}]})
    facts = {**ORDINARY, **P23, "noter": "driver"}
    said = [{"name": name, "value": value} for name, value in facts.items() if value is not None]
    adjuster.post(f"{here}/record_facts/", {"facts": said})
    for role, number in (("driver", crew.driver.work_number), ("loader", crew.loader.work_number)):
        adjuster.post(f"{here}/bind_party/", {"role": role, "employee": number})
    adjuster.post(f"{here}/bind_party/", {"role": "branch", "department": "branch_east"})
    wanted = [row["paper"] for row in claim["papers"] if row["needed_for"] != "close"]
    assert wanted == ["incident_report", "waybill_copy", "claim_letter", "value_proof"]
    assert Api(crew.adjuster).post(f"{here}/assess/", status=409)["code"] == "claim.papers_missing"
    adjuster.post(f"{here}/receive_papers/", {"papers": wanted})
    adjuster.post(f"{here}/assess/")
    adjuster.post(f"{here}/negotiate/", {"move": "agree", "amount": AMOUNT, "way": "signed"})
    adjuster.post(f"{here}/request_approval/")
    manager = Api(crew.manager)
    (step,) = manager.get("claim-approvals/")
    assert (step["claim"], step["amount"]) == (claim["number"], AMOUNT)
    manager.post(f"claim-approvals/{step['id']}/sign/", {"approved": True})
    found = adjuster.post(f"{here}/determine/")["determination"]
    assert (found["outcome"], found["status"]) == ("LR-03b", "final")
    assert [(row["party"], row["share"]) for row in found["shares"]] == [
        ("loader", "1/3"), ("driver", "1/3"), ("branch", "1/3"),
    ]  # fmt: skip
    assert [(row["rule"], row["minimum"]) for row in found["fines"]] == [("LR-02", "100.00")]
    assert len(found["trace"]) == 18
    part = {"payee": cases.PAYEE, "amount": AMOUNT, "identity": cases.IDENTITY}
    detail = adjuster.post(f"{here}/set_parts/", {"parts": [part]})
    assert detail["parts"][0]["identity_last_four"] == "2416"
    assert cases.IDENTITY not in json.dumps(detail)
    (voucher,) = adjuster.post(f"{here}/issue_voucher/", {"part": 1})["vouchers"]
    cashier = Api(crew.cashier)
    seen = cashier.get(f"vouchers/find/?code={voucher['number'].lower()}")
    assert (seen["standing"], seen["capitals"]) == ("ready", "壹仟陆佰捌拾元零叁角贰分")
    pay = {"receiver": cases.PAYEE, "identity_last_four": "2416", "window": "1 号窗口"}
    paid = cashier.post(f"vouchers/{voucher['number']}/pay/", pay)
    assert (paid["state"], paid["paid_by"]) == ("paid", crew.cashier.work_number)
    assert adjuster.get(f"{here}/")["state"] == "paid"


def test_a_second_payment_is_refused_as_data_and_a_retry_answers_as_the_first_time(crew: Crew) -> None:
    """CLM-10, D20."""
    voucher = cases.issued(crew, at=now_db())
    there = f"vouchers/{voucher.number}/pay/"
    pay = {"receiver": cases.PAYEE, "identity_last_four": "2416", "window": "1 号窗口"}
    cashier = Api(crew.cashier)
    first = cashier.post(there, pay, key="one")
    assert cashier.post(there, pay, key="one") == first
    refused = Api(crew.second_cashier).post(there, {**pay, "window": "2 号窗口"}, status=409)
    assert refused["code"] == "voucher.already_paid"
    assert "1 号窗口" in refused["message"]
    assert Voucher.objects.get().window == "1 号窗口"


def test_the_verdict_is_asked_without_recording_anything(crew: Crew) -> None:
    """LR-33."""
    claim = cases.opened(crew)
    facts = {name: value for name, value in {**ORDINARY, **P23}.items() if name != "position"}
    card = Api(crew.adjuster).post(f"claims/{claim.number}/verdict/", {"facts": facts})
    assert "position" in card["depends_on"]
    assert not claim.facts.exists()
    wrong = Api(crew.adjuster).post(
        f"claims/{claim.number}/verdict/", {"facts": {"kind": "stolen"}}, status=400
    )
    assert wrong["code"] == "fact.value"


def test_who_may_not_see_liability_gets_none_of_it(crew: Crew) -> None:
    """CLM-07, CLM-16."""
    made = cases.determined(crew)
    seen = Api(crew.agent).get(f"claims/{made.claim.number}/")
    assert (seen["determination"], seen["facts"], seen["parties"], seen["liability_state"]) == (None,) * 4
    inside = Api(crew.adjuster).get(f"claims/{made.claim.number}/")
    assert inside["determination"]["number"] == made.number


def test_a_refusal_names_what_is_wrong_and_nothing_is_kept(crew: Crew) -> None:
    refused = Api(crew.adjuster).post("claims/", {**opening(), "waybill": "86209999999"}, status=400)
    assert list(refused["fields"]) == ["waybill"]
    assert not Claim.objects.exists()


def test_the_committed_description_of_the_api_has_every_claims_endpoint() -> None:
    paths = json.loads((settings.BASE_DIR / "docs/openapi.json").read_text(encoding="utf-8"))["paths"]
    for act in ("determine", "sign", "pay", "verdict"):
        assert any(path.endswith(f"/{act}/") for path in paths), act


def test_instalments_that_would_go_beyond_the_calendar_are_refused_at_their_month(crew: Crew) -> None:
    """CLM-11: no month follows the last of year 9999."""
    plan = {"party": "loader", "monthly": "1.00", "first": "9999-12-01"}
    here = f"claims/{charged(crew, '300.00').number}/plan_recovery/"
    assert list(Api(crew.adjuster).post(here, plan, status=400)["fields"]) == ["first"]
    assert not Instalment.objects.exists()
    Api(crew.adjuster).post(here, {**plan, "first": "2026-12-01", "monthly": "50.00"})
    assert Instalment.objects.count() == 2
