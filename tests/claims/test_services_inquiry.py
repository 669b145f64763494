"""Evidence asked of departments with a due time; the result confirmed by a higher level (CLM-03)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from claims import services
from claims.models import ClaimFact, EvidenceRequest
from claims.queries import subject_request
from deadlines.models import Clock
from servicecenter import attachments
from servicecenter.models import Notice
from tests import people
from tests.claims import cases
from tests.claims.attacks import refused, run
from tests.claims.cases import AT, Crew, after
from tests.refusals import broken

pytestmark = pytest.mark.django_db


def asked(crew: Crew, **given: Any) -> EvidenceRequest:
    """The loading record of the operations department is asked for."""
    return services.ask_evidence(
        **{
            "claim": cases.opened(crew), "department": people.department("operations"), "text": "请交司机上车记录单。",
            "fact": "driver_record", "by": crew.adjuster, "at": AT, **given,
        }
    )  # fmt: skip


def test_a_department_has_twenty_four_hours_and_is_told(crew: Crew) -> None:
    handler = people.user("handler", department="operations")
    made = asked(crew)
    clock = Clock.objects.get(kind="claim_evidence")
    assert (made.due_at, clock.due_at, clock.department) == (
        AT + timedelta(hours=24), AT + timedelta(hours=24), made.department,
    )  # fmt: skip
    assert list(Notice.objects.filter(code="claim.evidence_asked").values_list("user", flat=True)) == [
        handler.pk
    ]
    assert cases.fresh(made.claim).state == "investigating"


def test_the_answer_comes_once_from_that_department_and_its_files_are_evidence(crew: Crew) -> None:
    made = asked(crew)
    handler, other = (
        people.user("handler", department="operations"),
        people.user("handler", department="branch_east"),
    )
    scan = attachments.store(file=cases.photo(), by=handler)
    assert (
        broken(services.answer_evidence, request=made, answer="x", by=other, at=AT).code
        == "request.not_yours"
    )
    services.answer_evidence(
        request=made, answer="记录单在此。", attachments=[scan.public_id], by=handler, at=after(hours=3)
    )
    fact = ClaimFact.objects.get()
    assert (fact.name, fact.value, fact.evidence) == ("driver_record", None, "account"), (
        "the answer is the adjuster's"
    )
    assert [file.pk for file in attachments.of(fact)] == [scan.pk]
    assert Clock.objects.get(kind="claim_evidence").state == "met"
    assert (
        broken(services.answer_evidence, request=made, answer="y", by=handler, at=AT).code == "request.over"
    )
    for change in ("answer = 'z'", "text = 'z'"):
        with refused("evidence_stands"):
            run(f"UPDATE claims_evidencerequest SET {change}")


def test_a_question_may_be_taken_back(crew: Crew) -> None:
    made = asked(crew, fact="")
    services.withdraw_evidence(request=made, by=crew.other, at=after(hours=1))
    assert Clock.objects.get(kind="claim_evidence").state == "cancelled"
    handler = people.user("handler", department="operations")
    assert (
        broken(services.answer_evidence, request=made, answer="x", by=handler, at=AT).code == "request.over"
    )


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"text": " "}, "request.text"),
        ({"fact": "weather"}, "fact.unknown"),
        ({"due_at": AT}, "request.due"),
    ],
)
def test_what_cannot_be_asked(crew: Crew, given: dict[str, Any], code: str) -> None:
    assert broken(asked, crew=crew, **given).code == code
    assert not EvidenceRequest.objects.exists()


def test_a_question_is_seen_by_whom_it_is_asked_of_and_by_the_inside(crew: Crew) -> None:
    made = asked(crew)
    assert subject_request(object_id=made.pk, user=people.user("handler", department="operations"))
    assert subject_request(object_id=made.pk, user=crew.adjuster)
    assert subject_request(object_id=made.pk, user=people.user("handler", department="branch_west")) is None
    assert subject_request(object_id=made.pk, user=crew.cashier) is None


@pytest.mark.parametrize(("gravity", "level"), [("simple", "supervisor"), ("serious", "centre_manager")])
def test_the_supervisor_confirms_and_in_grave_cases_the_centre_manager(
    crew: Crew, gravity: str, level: str
) -> None:
    claim = cases.opened(crew, gravity=gravity)
    made = services.report_result(claim=claim, text="司机未点数。", by=crew.adjuster, at=AT)
    assert made.level == level
    assert (
        broken(services.report_result, claim=claim, text="x", by=crew.adjuster, at=AT).code == "result.waits"
    )
    wrong = crew.supervisor if level == "centre_manager" else crew.adjuster
    assert (
        broken(services.confirm_result, result=made, confirmed=True, by=wrong, at=AT).code
        == "result.not_yours"
    )
    who = crew.manager if level == "centre_manager" else crew.supervisor
    assert (
        broken(services.confirm_result, result=made, confirmed=False, by=who, at=AT).code == "result.remark"
    )
    services.confirm_result(result=made, confirmed=True, by=who, at=AT)
    assert (
        broken(services.confirm_result, result=made, confirmed=True, by=who, at=AT).code == "result.decided"
    )
    with refused("result_stands"):
        run("UPDATE claims_investigationresult SET text = 'z'")


def test_a_result_sent_back_is_reported_anew(crew: Crew) -> None:
    claim = cases.opened(crew)
    made = services.report_result(claim=claim, text="x", by=crew.adjuster, at=AT)
    services.confirm_result(result=made, confirmed=False, remark="补装卸记录", by=crew.supervisor, at=AT)
    assert Notice.objects.filter(code="claim.result_returned", user=crew.adjuster).exists()
    again = services.report_result(claim=claim, text="y", by=crew.adjuster, at=AT)
    assert again.pk != made.pk
