"""Papers of a claim: the checklist stops the step that needs it, the letter names what is missing (CLM-02, CLM-20)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from claims import services
from claims.domain.papers import PaperPolicy, missing
from claims.models import Claim, ClaimPaper
from claims.queries import checklist, claims_visible_to, subject_paper
from claims.services import LineInput
from servicecenter import attachments
from servicecenter.kernel.errors import RuleBroken
from servicecenter.policies import set_policy
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, Crew
from tests.claims.test_papers import read
from tests.refusals import broken

pytestmark = pytest.mark.django_db


def priced(crew: Crew, **given: Any) -> Claim:
    """A claim whose price is agreed; no paper has come in."""
    row = cases.opened(crew, **given)
    services.set_lines(claim=row, lines=[LineInput("果酱", 2, Decimal("900"))], by=crew.adjuster, at=AT)
    services.assess(claim=row, by=crew.adjuster, at=AT)
    services.negotiate(claim=row, move="agree", amount=Decimal("900"), way="call", by=crew.adjuster, at=AT)
    return cases.fresh(row)


def test_a_list_of_papers_names_what_each_step_lacks() -> None:
    policy = PaperPolicy(request_approval=("waybill_copy", "value_proof"))
    assert missing(policy, {"incident_report", "value_proof"}) == {
        "request_approval": ("waybill_copy",), "close": ("release",),
    }  # fmt: skip
    with pytest.raises(RuleBroken, match=r"claim\.policy_papers"):
        PaperPolicy(assess=("passport",))


def test_an_incident_report_is_there_when_it_is_written_down_and_signed(crew: Crew) -> None:
    """CLM-01."""
    row = cases.opened(crew, reporter="")
    services.set_lines(claim=row, lines=[LineInput("果酱", 2, Decimal("9"))], by=crew.adjuster, at=AT)
    refusal = broken(services.assess, claim=row, by=crew.adjuster, at=AT)
    assert (refusal.code, refusal.params["papers"]) == ("claim.papers_missing", "incident_report")
    services.receive_papers(claim=row, papers=["incident_report"], by=crew.adjuster, at=AT)
    assert services.assess(claim=row, by=crew.adjuster, at=AT).amount == Decimal("9.00")


def test_a_missing_paper_stops_the_approval_and_nothing_else(crew: Crew) -> None:
    claim = priced(crew)
    refusal = broken(services.request_approval, claim=claim, by=crew.adjuster, at=AT)
    assert refusal.params["papers"] == "waybill_copy,claim_letter,value_proof"
    assert not claim.approvals.exists()
    services.receive_papers(claim=claim, papers=["waybill_copy", "claim_letter"], by=crew.adjuster, at=AT)
    assert (
        broken(services.request_approval, claim=claim, by=crew.adjuster, at=AT).params["papers"]
        == "value_proof"
    )
    services.receive_papers(claim=claim, papers=["value_proof"], by=crew.adjuster, at=AT)
    assert services.request_approval(claim=claim, by=crew.adjuster, at=AT).amount == Decimal("900.00")


def test_what_is_required_is_policy_by_kind(crew: Crew) -> None:
    set_policy(
        code="claims.papers", key="damage", value={"assess": [], "request_approval": [], "close": []}, by=None,
        reason="x", valid_from=AT,
    )  # fmt: skip
    damage = priced(crew, kind="damage")
    assert services.request_approval(claim=damage, by=crew.adjuster, at=AT)
    loss = priced(crew, pieces_group="B")
    assert (
        broken(services.request_approval, claim=loss, by=crew.adjuster, at=AT).code == "claim.papers_missing"
    )


def test_a_scan_belongs_to_one_paper_and_is_seen_with_the_claim(crew: Crew) -> None:
    claim = cases.opened(crew)
    scan = attachments.store(file=cases.photo(), by=crew.adjuster)
    several = broken(
        services.receive_papers, claim=claim, papers=["waybill_copy", "identity"],
        attachments=[scan.public_id], by=crew.adjuster, at=AT,
    )  # fmt: skip
    assert several.code == "paper.several" and not ClaimPaper.objects.exists()
    (row,) = services.receive_papers(
        claim=claim, papers=["waybill_copy"], attachments=[scan.public_id], by=crew.adjuster, at=AT
    )
    (again,) = services.receive_papers(claim=claim, papers=["waybill_copy"], by=crew.other, at=AT)
    assert (again.pk, again.received_by) == (row.pk, crew.adjuster), "one that came before keeps its day"
    item = next(one for one in checklist(claim).items if one.paper == "waybill_copy")
    assert [file.pk for file in item.files] == [scan.pk]
    west = people.user("department_manager", department="branch_west")
    assert claims_visible_to(west).count() == 0
    assert subject_paper(object_id=row.pk, user=west) is None
    assert subject_paper(object_id=row.pk, user=crew.agent) is not None


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_the_letter_names_what_the_claimant_can_bring_and_nothing_of_the_inside(
    crew: Crew, language: str
) -> None:
    claim = cases.investigated(crew)
    services.determine(claim=claim, by=crew.adjuster, at=AT)
    services.receive_papers(claim=claim, papers=["waybill_copy"], by=crew.adjuster, at=AT)
    made = services.print_letter(claim=claim, language=language, by=crew.adjuster, at=AT)
    assert made.data["papers"] == ["claim_letter", "value_proof"], "closing lies further ahead"
    said = read(made)
    assert claim.number in said
    for inside in ("周建国", "马强", "LR-03b", "560.11", "1/3"):
        assert inside not in said
    services.receive_papers(claim=claim, papers=["claim_letter", "value_proof"], by=crew.adjuster, at=AT)
    assert broken(services.print_letter, claim=claim, by=crew.adjuster, at=AT).code == "paper.nothing_missing"


@pytest.mark.parametrize("paper", ["release", "assignment", "salvage"])
def test_a_closing_paper_names_the_price_and_no_share(crew: Crew, paper: str) -> None:
    """CLM-07, CLM-20."""
    claim = cases.investigated(crew)
    assert (
        broken(services.print_paper, claim=claim, paper=paper, by=crew.adjuster, at=AT).code
        == "paper.no_price"
    )
    claim = cases.approved(crew, claim=claim)
    services.determine(claim=claim, by=crew.adjuster, at=AT)
    made = services.print_paper(claim=cases.fresh(claim), paper=paper, by=crew.adjuster, at=AT)
    said = read(made)
    assert "1,680.32" in said and "壹仟陆佰捌拾元零叁角贰分" in said
    assert "周建国" not in said and "LR-03b" not in said and "560.1" not in said
    assert [row.code for row in checklist(claim).printed] == [f"claims.{paper}"]
