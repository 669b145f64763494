"""The customers' routes: files, waybills, the call pop-up, the look-up."""

from __future__ import annotations

from datetime import date
from typing import Any

from customers import services
from customers.models import Consent, Customer, TierProposal, TierRound, Waybill
from tests import people
from tests.customers import samples
from tests.matrix.clones import clones
from tests.matrix.roles import CENTRE, EVERYBODY, HEADS, Roles, roles
from tests.matrix.rows import Row, World, api

VIEW = CENTRE | roles(
    "inspector adjuster account_manager business_manager management finance controller administrator"
)
EDIT = CENTRE | roles("account_manager business_manager")
WAYBILLS = VIEW | roles(
    "cashier handler site_representative department_manager department_supervisor enterprise_management"
)
# A branch or a site sees the consignments that touch it.
LOCAL = roles("handler site_representative department_manager department_supervisor")
AT_EAST = roles("handler department_manager")
EXPORT = HEADS | roles("business_manager")
ENTRUST = roles("centre_manager business_manager")
GRADES = roles("centre_manager business_manager")
VISITS = HEADS | roles("account_manager business_manager")
THINGS: dict[str, Roles] = {
    "customer": VIEW,
    "marked customer": VIEW,
    "closed customer": VIEW,
    "contact person": VIEW,
    "telephone": VIEW,
    "postal address": VIEW,
    "consent": VIEW,
    "east waybill": (WAYBILLS - LOCAL) | AT_EAST,
    "west waybill": WAYBILLS - LOCAL,
    "east event": (WAYBILLS - LOCAL) | AT_EAST,
    "caller": EVERYBODY,
    "proposal": GRADES,
}


def build(world: World) -> None:
    """A company with everything on its file, one that is marked, one that is closed; a waybill of each branch."""
    row = samples.customer()
    marked = samples.customer("难缠贸易", telephone="13600000011")
    services.mark_difficult(customer=marked, reason="辱骂客服", by=people.user("agent", name="标记人"))
    closed = samples.person(telephone="13600000012")
    services.close_customer(customer=closed, reason="倒闭", by=None)
    person = row.contact_people.get()
    address = services.add_address(customer=row, text="杭州市滨江区江南大道 100 号", by=None)
    consent: Consent = services.record_consent(
        customer=row, purpose="surveys", given_on=date(2026, 11, 1), by=None
    )
    for name, one in (("customer", row), ("marked customer", marked), ("closed customer", closed)):
        world.put(name, {"number": one.number, "customer": one.number, "pk": one.pk}, one.number)
    world.put("contact person", {"number": row.number, "customer": row.number, "pk": person.pk})
    world.put("telephone", {"number": row.number, "customer": row.number, "pk": row.telephones.get().pk})
    world.put("postal address", {"number": row.number, "customer": row.number, "pk": address.pk})
    world.put("consent", {"number": row.number, "customer": row.number, "pk": consent.pk})
    graded = samples.customer("要升级的机电", telephone="13600000013")
    proposal = _proposal(graded)
    world.put("proposal", {"number": graded.number, "pk": proposal.pk}, graded.number)
    world.put("caller", {"telephone": "13900000421"})
    for name, number in (("east", "86209900011"), ("west", "86209900022")):
        branch = people.department(f"branch_{name}")
        waybill = samples.waybill(
            number,
            origin_id=branch.pk,
            destination_id=branch.pk,
            origin_text=branch.name,
            destination_text=branch.name,
        )
        event = services.record_event(
            waybill=waybill, kind="collected", occurred_at=samples.AT, place=branch.name, remarks="", by=None
        )
        world.put(f"{name} waybill", {"number": number, "pk": waybill.pk}, number)
        if name == "east":
            world.put("east event", {"number": number, "pk": event.pk})


def _proposal(customer: Customer) -> TierProposal:
    """A tier that waits to be confirmed."""
    month, _made = TierRound.objects.get_or_create(
        period=date(2026, 11, 1),
        defaults={"started_at": samples.AT, "finished_at": samples.AT, "examined": 1, "proposed": 1},
    )
    return TierProposal.objects.create(
        customer=customer,
        round=month,
        tier="C",
        points="50.0",
        line=45,
        reasons=[],
        value_contribution="middle",
        growth_potential="middle",
        proposed_at=samples.AT,
    )


def _chosen(world: World) -> dict[str, Any]:
    return {"row": world.args("proposal", "")["number"], "reason": "再看一季度"}


def _new_customer(world: World) -> dict[str, Any]:
    return {"name": "新客户"}


def grow(world: World, count: int) -> None:
    """Customers and waybills like the first."""
    customer = Customer.objects.get(number=world.args("customer", "")["number"])
    for row in clones(customer, count, number=lambda n: f"KH-9{n:05}"):
        _proposal(row)
    waybill = Waybill.objects.get(number=world.args("east waybill", "")["number"])
    clones(waybill, count, number=lambda n: f"8999{n:07}")


ASK = "GET POST"
LISTED = ("customer", "marked customer", "closed customer")
BOTH = ("east waybill", "west waybill")
NARROW_WAYBILLS = (
    "",
    "?q=五金",
    "?stub=false",
    "?cod=none",
    "?shipped_after=2026-01-01",
    "?shipped_min=2026-01-01",
    "?origin=branch_west",
    "?destination=branch_west",
    "?customer={customer}",
    "?order=shipped",
)
NARROW_CUSTOMERS = (
    "",
    "?q=华茂",
    "?tier=none",
    "?standing=prospect",
    "?kind=company",
    "?mark=marked",
    "?visit=overdue",
    "?region=杭",
    "?manager=0001",
    "?order=name",
)
NARROW_TIERS = ("", "?state=waiting", "?tier=C", "?before=none", "?way=up", "?manager=0711")
ROWS = [
    Row("customer-list", VIEW, lists=LISTED, narrow=NARROW_CUSTOMERS),
    Row("customer-new", EDIT, methods=ASK),
    Row("customer-export", EXPORT, methods="POST", lists=LISTED),
    Row("customer", VIEW, takes=LISTED),
    Row(
        "customer-edit",
        EDIT,
        methods=ASK,
        takes=("customer", "closed customer"),
        acts={"closed customer": roles("")},
    ),
    Row(
        "customer-mark",
        CENTRE,
        methods=ASK,
        takes=("customer", "marked customer"),
        acts={"marked customer": roles("")},
    ),
    Row(
        "customer-confirm-mark",
        HEADS,
        methods=ASK,
        takes=("marked customer", "customer"),
        acts={"customer": roles("")},
    ),
    Row(
        "customer-lift-mark",
        HEADS,
        methods=ASK,
        takes=("marked customer", "customer"),
        acts={"customer": roles("")},
    ),
    Row(
        "customer-close",
        EDIT,
        methods=ASK,
        takes=("customer", "closed customer"),
        acts={"closed customer": roles("")},
    ),
    Row(
        "customer-reopen",
        EDIT,
        methods=ASK,
        takes=("closed customer", "customer"),
        acts={"customer": roles("")},
    ),
    Row("customer-entrust", ENTRUST, methods=ASK, takes=("customer",)),
    *(
        Row(f"customer-{part}-new", EDIT, methods=ASK, takes=("customer",))
        for part in ("person", "telephone", "address", "consent")
    ),
    Row("customer-person", EDIT, methods=ASK, takes=("contact person",)),
    Row("customer-person-remove", EDIT, methods=ASK, takes=("contact person",)),
    Row("customer-telephone-remove", EDIT, methods=ASK, takes=("telephone",)),
    Row("customer-address-remove", EDIT, methods=ASK, takes=("postal address",)),
    Row("customer-consent-end", EDIT, methods=ASK, takes=("consent",)),
    Row("customer-tiers", GRADES, lists=("proposal",), narrow=NARROW_TIERS),
    *(
        Row(
            f"customer-tiers-{act}",
            GRADES,
            methods="POST",
            takes=("proposal",),
            query="?row={number}",
            sends=_chosen,
        )
        for act in ("confirm", "reject")
    ),
    Row(
        "customer-tier",
        GRADES,
        methods=ASK,
        takes=("customer", "closed customer"),
        acts={"closed customer": roles("")},
    ),
    Row("customer-visit-new", VISITS, methods=ASK, takes=("customer",)),
    Row("customer-timeline", VIEW, takes=LISTED),
    Row("customer-call", VIEW, takes=("caller",)),
    Row("waybill-list", WAYBILLS, lists=BOTH, narrow=NARROW_WAYBILLS),
    Row("waybill-new", CENTRE, methods=ASK),
    Row("waybill-export", EXPORT, methods="POST", lists=BOTH),
    Row("waybill", WAYBILLS, takes=BOTH),
    Row("waybill-facts", CENTRE, methods=ASK, takes=BOTH),
    Row("waybill-cod", CENTRE, methods=ASK, takes=BOTH),
    Row("waybill-event", CENTRE, methods=ASK, takes=BOTH),
    Row("waybill-event-correct", CENTRE, methods=ASK, takes=("east event",)),
    api("customer-list", lists=LISTED, narrow=NARROW_CUSTOMERS),
    api("customer-list", EDIT, methods="POST", sends=_new_customer),
    api("customer-detail", takes=LISTED),
    api("customer-detail", EDIT, methods="PATCH", takes=("customer",)),
    api("customer-telephones", EDIT, methods="POST", takes=("customer",)),
    api(
        "customer-close",
        EDIT,
        methods="POST",
        takes=("customer", "closed customer"),
        acts={"closed customer": roles("")},
    ),
    api("customer-reopen", EDIT, methods="POST", takes=("closed customer",)),
    api("customer-entrust", ENTRUST, methods="POST", takes=("customer",)),
    *(
        api(
            f"customer-{part}-list",
            EDIT,
            methods="POST",
            takes=("customer", "closed customer"),
            acts={"closed customer": roles("")},
        )
        for part in ("people", "address", "consent")
    ),
    api("customer-people-detail", EDIT, methods="PUT DELETE", takes=("contact person",)),
    api("customer-telephone-detail", EDIT, methods="DELETE", takes=("telephone",)),
    api("customer-address-detail", EDIT, methods="DELETE", takes=("postal address",)),
    api("customer-consent-end", EDIT, methods="POST", takes=("consent",)),
    api("customer-mark-difficult", CENTRE, methods="POST", takes=("customer",)),
    api("customer-confirm-mark", HEADS, methods="POST", takes=("marked customer",)),
    api("customer-lift-mark", HEADS, methods="POST", takes=("marked customer",)),
    api("customer-grades", takes=LISTED),
    api("customer-grade-by-hand", GRADES, methods="POST", takes=("customer",)),
    api("customer-visits", VISITS, methods="POST", takes=("customer",)),
    api("tier-proposal-list", lists=("proposal",), narrow=NARROW_TIERS),
    api("tier-proposal-detail", takes=("proposal",)),
    *(
        api(f"tier-proposal-{act}", GRADES, methods="POST", takes=("proposal",))
        for act in ("confirm", "reject")
    ),
    api("waybill-list", lists=BOTH, narrow=NARROW_WAYBILLS),
    api("waybill-list", CENTRE, methods="POST"),
    api("waybill-detail", takes=BOTH),
    *(api(f"waybill-{act}", CENTRE, methods="POST", takes=BOTH) for act in ("complete", "cod", "events")),
    api("lookup-list", query="?telephone=13900000421"),
]
