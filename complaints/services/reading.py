"""What an intake means, read from the database: waybill, caller, rules, earlier tickets (CMP-06, CMP-40).

The same reading serves the preview (nothing written, nothing locked) and the registration (waybill locked first, what
is missing made), so that what was shown is what is done.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from complaints.choices import MACHINE_CHANNELS
from complaints.domain.events import Earlier, Matter, Party, Verdict, event_key, judge, party_key
from complaints.domain.intake import Intake, problems
from complaints.domain.routing import by_cod_state
from complaints.models import Complaint, Subcase
from complaints.queries.earlier import linked, of, on_waybill
from complaints.queries.routing import Reference, reference
from customers.domain import parties, telephones
from customers.domain import waybills as waybill_numbers
from customers.domain.cod import with_branch
from customers.models import Customer, Waybill
from customers.queries import find_waybill
from customers.queries.parties import customers_of
from customers.services import find_or_create_caller, register_stub_waybill
from organization.models import Department, Employee, User
from servicecenter.kernel.errors import RuleBroken, RulesBroken
from servicecenter.prepared import Prepared, given
from servicecenter.trail import keyed_hash


@dataclass(frozen=True)
class Reading:
    """An intake as understood."""

    intake: Intake
    reference: Reference
    waybill: Waybill | None
    customer: Customer | None
    telephone: str
    subcase: Subcase | None
    matter: Matter
    verdict: Verdict
    linked_to: Complaint | None
    chosen: Department | None
    respondent_department: Department | None
    respondent_employee: Employee | None

    @property
    def is_machine(self) -> bool:
        """Nobody speaks with the customer on this channel (CMP-40)."""
        return self.intake.channel in MACHINE_CHANNELS

    @property
    def is_contested(self) -> bool:
        """The agent says that it is another matter although the book's test finds the same event."""
        return self.intake.other_matter and self.verdict.of is not None

    @property
    def is_suspected(self) -> bool:
        """If this is a second complaint, somebody has yet to confirm it."""
        return self.is_machine or self.is_contested

    @property
    def key(self) -> str | None:
        """The key under which the event is found again."""
        return event_key(self.matter, telephone_mark=self._mark)

    @property
    def party(self) -> str:
        """The complaining party as the event keeps it."""
        return party_key(self.matter.party, telephone_mark=self._mark)

    @property
    def _mark(self) -> str:
        return keyed_hash(self.telephone)[:16] if self.telephone else ""

    def destination(self, on: date) -> Department | None:
        """Where it goes: where the agent sends it, else by category; None: the supervisor decides."""
        return self.chosen or self.reference.destination(self.subcase.code if self.subcase else "", on=on)


def refuse_bad(intake: Intake) -> str:
    """Raise RulesBroken with everything the intake alone shows to be wrong; the telephone as it is kept."""
    found = problems(intake)
    telephone = ""
    if intake.caller_telephone.strip():
        try:
            telephone = telephones.normalise(intake.caller_telephone).number
        except RuleBroken as problem:
            found.append(_at_field(problem, "telephone"))
    if intake.waybill_number.strip():
        try:
            waybill_numbers.normalise(intake.waybill_number)
        except RuleBroken as problem:
            found.append(_at_field(problem, "waybill"))
    if found:
        raise RulesBroken(found)
    return telephone


def _at_field(problem: RuleBroken, field: str) -> RuleBroken:
    return RuleBroken(problem.code, field=problem.field or field, status=problem.status, **problem.params)


def read(
    intake: Intake,
    *,
    telephone: str,
    by: User | None,
    waybill: Waybill | None,
    find_customer: Callable[[Waybill | None], Customer | None],
) -> Reading:
    """Everything the registration decides by. `waybill` is locked by a registration, so that what is read holds."""
    category, subcase_code = intake.category, intake.subcase
    if waybill is not None:
        category, subcase_code = by_cod_state(
            category, subcase_code, with_branch=with_branch(waybill.cod_state)
        )
    employee = _employee(intake.respondent_employee_id)
    against = intake.respondent_department_id
    if against is None and employee is not None:
        against = employee.department_id
    rules = reference(category, departments=[intake.department_id, against])
    customer = find_customer(waybill)
    party = Party(intake.party_role, customer.pk if customer else None, telephone)
    matter = Matter(party, category, waybill.pk if waybill else None)
    linked_to = linked(intake.linked_number, user=by) if intake.linked_number else None
    earlier: list[Earlier] = on_waybill(waybill.pk) if waybill is not None and party.is_known else []
    verdict = judge(matter, earlier, linked=of(linked_to) if linked_to else None)
    return Reading(
        intake=replace(intake, category=category, subcase=subcase_code),
        reference=rules,
        waybill=waybill,
        customer=customer,
        telephone=telephone,
        subcase=rules.subcase(subcase_code),
        matter=matter,
        verdict=verdict,
        linked_to=linked_to,
        chosen=rules.department(intake.department_id, field="department"),
        respondent_department=rules.department(against, field="respondent_department"),
        respondent_employee=employee,
    )


def _employee(pk: int | None) -> Employee | None:
    if pk is None:
        return None
    found = Employee.objects.select_related("department").filter(pk=pk).first()
    if found is None:
        raise RuleBroken("complaint.employee_unknown", field="respondent", status=400)
    return found


# For searching only, and long.
NOT_ASKED = (
    "search", "search_text", "consignor__search", "consignor__search_text", "consignee__search",
    "consignee__search_text",
)  # fmt: skip
_LOCKED = Prepared(
    lambda: (
        Waybill.objects.select_for_update(of=("self",), no_key=True)
        .select_related("consignor", "consignee")
        .defer(*NOT_ASKED)
        .filter(number=given("number"))
    )
)


def waybill_for_update(number: str, *, by: User | None, at: datetime | None) -> Waybill | None:
    """The waybill, locked; an unknown one becomes a stub and blocks nothing (WBL-08). None without a number."""
    if not number.strip():
        return None
    kept = waybill_numbers.normalise(number)
    found = _LOCKED.first(number=kept)
    if found is None:
        register_stub_waybill(number=kept, by=by, at=at)
        found = _LOCKED.first(number=kept)
    return found


def party_of_waybill(intake: Intake, waybill: Waybill | None) -> Customer | None:
    """The waybill's consignor or consignee, when the caller says to be that."""
    if waybill is None:
        return None
    sides = {"consignor": waybill.consignor, "consignee": waybill.consignee}
    return sides.get(intake.party_role)


def known_customer(intake: Intake, telephone: str, waybill: Waybill | None) -> Customer | None:
    """The caller as far as known, for a preview: chosen, the waybill's party, or the only owner of the number."""
    if intake.customer_id is not None:
        return Customer.objects.filter(pk=intake.customer_id).first()
    if (party := party_of_waybill(intake, waybill)) is not None:
        return party
    owners = customers_of(telephone) if telephone else []
    chosen = parties.choose([candidate for _row, candidate in owners], intake.caller_name)
    return next((row for row, _candidate in owners if row.pk == chosen), None)


def caller(
    intake: Intake, telephone: str, waybill: Waybill | None, *, by: User | None, at: datetime | None
) -> Customer | None:
    """The caller's customer: chosen, the waybill's party, found by number, else made (CMP-01). None: nobody named.

    Raises RuleBroken `caller.ambiguous` where an agent can be asked, `complaint.customer_unknown`.
    """
    if intake.customer_id is not None:
        found = Customer.objects.filter(pk=intake.customer_id).first()
        if found is None:
            raise RuleBroken("complaint.customer_unknown", field="customer", status=400)
        return found
    if (party := party_of_waybill(intake, waybill)) is not None:
        return party
    if not telephone:
        return None
    return find_or_create_caller(
        telephone=telephone,
        name=intake.caller_name,
        by=by,
        at=at,
        ask=intake.channel not in MACHINE_CHANNELS,
    )


def find_for_preview(number: str) -> tuple[Waybill | None, bool]:
    """(the waybill, whether the number is good but unknown) without making anything."""
    if not number.strip():
        return None, False
    found = find_waybill(number)
    return found, found is None
