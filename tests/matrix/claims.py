"""The claims' routes: desk, claims and the acts on them, determination, approvals, vouchers, counter, rules, slots."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from claims import services
from claims.api.acts import ACTS as API_ACTS
from claims.api.acts import RIGHTS
from claims.models import Claim, OwnSettlement, RuleSetVersion, Voucher
from claims.permissions import ANY_APPROVAL, Right
from claims.views.table import ACTS
from tests import people
from tests.claims import cases
from tests.matrix.clones import clones
from tests.matrix.roles import Roles, roles
from tests.matrix.rows import Row, World, api

# Who works for the whole company on claims and their money, or reads everything.
ALL = roles(
    "agent supervisor centre_manager adjuster cashier finance inspector management enterprise_management controller"
    " administrator"
)
VIEW = ALL | roles("finance cashier department_manager inspector enterprise_management")
LIABILITY = roles(
    "adjuster supervisor centre_manager management finance inspector enterprise_management controller administrator"
)
RULES = LIABILITY
VOUCHERS = roles(
    "adjuster supervisor centre_manager management finance enterprise_management controller administrator cashier"
)
ALL_VOUCHERS = roles("adjuster supervisor centre_manager management controller administrator cashier")
OPEN = roles("agent adjuster supervisor centre_manager")
ADJUSTER = roles("adjuster")
HEADS = roles("supervisor centre_manager")
ABOVE = roles("centre_manager management")
SIGN = roles("supervisor centre_manager management finance")
CASHIER = roles("cashier")
EXPORT = roles("adjuster supervisor centre_manager finance")
ANSWER = roles(
    "inspector adjuster handler site_representative department_manager department_supervisor business_manager"
)
SETTLE = roles("agent adjuster supervisor centre_manager department_manager")
# The roles that hold a right, written out.
HOLD: dict[str, Roles] = {
    Right.VIEW_LIABILITY: LIABILITY,
    Right.WORK_CLAIM: ADJUSTER,
    Right.DETERMINE_LIABILITY: ADJUSTER,
    Right.ISSUE_VOUCHER: ADJUSTER,
    Right.REJECT_CLAIM: HEADS,
    **dict.fromkeys(ANY_APPROVAL, SIGN),
    Right.WRITE_OFF: ABOVE,
    Right.OVERRIDE_LIABILITY: ABOVE,
    Right.DECIDE_OBJECTION: ABOVE,
    Right.APPROVE_OPINION: roles("supervisor centre_manager management"),
}
THINGS: dict[str, Roles] = {
    "east claim": ALL | roles("department_manager"),
    "west claim": ALL,
    "east fact": ALL | roles("department_manager"),
    "east question": roles("department_manager handler"),
    "east asked": ALL | roles("department_manager"),
    "east result": ALL | roles("department_manager"),
    "east settlement": ALL | roles("department_manager"),
    "east paper": ALL | roles("department_manager"),
    "east party": ALL | roles("department_manager"),
    "east part": ALL | roles("department_manager"),
    "east objection": ALL | roles("department_manager"),
    "east voucher": ALL_VOUCHERS,
    # A signature of up to 5 000 waits: for that level, and for nobody who made the payout.
    "west step": ABOVE,
    "rules": RULES,
    "draft": RULES,
}
CLAIMS = ("east claim", "west claim")
ASK = "GET POST"
NARROW = (
    "?queue=all",
    "?queue=to_determine",
    "?q=862022",
    "?state=negotiated",
    "?liability=open",
    "?kind=loss",
    "?branch=branch_west",
    "?adjuster={adjuster}",
    "?reported_after=2020-01-01",
    "?waybill=86202222002",
    "?customer={customer}",
    "?complaint=TS",
    "?age=under_3d",
    "?to_recover=true",
    "?owed_by=outside:x",
    "?queue=all&order=newest",
)


def build(world: World) -> None:
    """A claim at the east branch as far as an objection and a voucher; one at the west branch waits for approval."""
    crew = cases.Crew()
    east = cases.opened(crew, bill=cases.waybill("86202222001"))
    cases.known(east, crew, **{**cases.P23, "noter": "driver"})
    cases.bound(east, crew)
    (part,) = cases.parted(crew, claim=cases.fresh(east))
    made = services.determine(claim=cases.fresh(east), by=crew.adjuster, at=cases.AT)
    voucher = services.issue_voucher(part=part, by=crew.adjuster, at=cases.AT)
    services.issue_stub(voucher=voucher, by=crew.adjuster, at=cases.AT)
    asked = services.ask_evidence(
        claim=cases.fresh(east), department=people.department("branch_east"), text="请交送货通知单。", by=crew.adjuster,
        at=cases.AT,
    )  # fmt: skip
    result = services.report_result(
        claim=cases.fresh(east), text="司机未点数。", by=crew.adjuster, at=cases.AT
    )
    settlement = services.record_settlement(
        settled_on=date(2026, 11, 17), settled_by="driver", person="周建国", waybill=east.waybill,
        department=people.department("branch_east"), amount=Decimal("60"), agreed_by="城东经理", by=crew.adjuster,
        at=cases.AT,
    )  # fmt: skip
    paper = services.print_paper(claim=cases.fresh(east), paper="release", by=crew.adjuster, at=cases.AT)
    opinion = services.draw_up_opinion(
        claim=cases.fresh(east), cause="清点少 2 件。", by=crew.adjuster, at=cases.AT
    )
    services.approve_opinion(opinion=opinion, by=crew.manager, at=cases.AT)
    share = made.shares.order_by("ordinal")[0]
    objection = services.file_objection(share=share, text="不是我加注的。", by=crew.adjuster, at=cases.AT)
    west = cases.agreed(
        crew, bill=cases.waybill("86202222002"), branch_id=people.department("branch_west").pk
    )
    step = services.request_approval(claim=west, by=crew.adjuster, at=cases.AT).steps.get()
    _put(world, "east", east)
    _put(world, "west", west)
    world.put("east question", {"pk": asked.pk})
    world.put("east asked", {"number": east.number, "pk": asked.pk})
    world.put("east result", {"number": east.number, "pk": result.pk})
    world.put("east settlement", {"pk": settlement.pk}, "8620 2222 001")
    world.put("east paper", {"number": east.number, "document": paper.number})
    world.put("east fact", {"number": east.number, "fact": "kind"})
    world.put("east party", {"number": east.number, "role": "driver"})
    world.put("east part", {"number": east.number, "pk": part.pk})
    world.put("east objection", {"number": east.number, "pk": objection.pk})
    world.put("east voucher", {"number": voucher.number, "pk": voucher.pk}, voucher.number)
    world.put("west step", {"pk": step.pk}, west.number)
    world.put("rules", {"code": "2026-1"})
    data = RuleSetVersion.objects.get(code="2026-1").data
    services.draft_ruleset(
        code="2027-1", data=data, valid_from=date(2027, 1, 1), by=crew.adjuster, at=cases.AT
    )
    world.put("draft", {"code": "2027-1"})
    world.words |= {"adjuster": crew.adjuster.work_number, "voucher": voucher.number}


def grow(world: World, count: int) -> None:
    """Claims like the east one, each with a part and a voucher for it."""
    claim = Claim.objects.get(number=world.args("east claim", "")["number"])
    voucher = Voucher.objects.select_related("part").get(number=world.args("east voucher", "")["number"])
    claims = clones(
        claim,
        count,
        number=lambda n: f"LC000000-{n}",
        public_id=lambda n: f"clone-{n}",
        pieces_group=lambda n: f"{n}",
    )
    of_parts, of_vouchers = iter(claims), iter(claims)
    parts = iter(clones(voucher.part, count, claim=lambda n: next(of_parts)))
    clones(OwnSettlement.objects.get(pk=world.args("east settlement", "")["pk"]), count)
    clones(
        voucher,
        count,
        number=lambda n: f"CLONE-{n}",
        sequence=lambda n: 900_000 + n,
        code_hash=lambda n: f"clone-{n}",
        claim=lambda n: next(of_vouchers),
        part=lambda n: next(parts),
    )


def _put(world: World, name: str, claim: Claim) -> None:
    world.put(f"{name} claim", {"number": claim.number, "pk": claim.pk}, claim.number)


def _held(rights: tuple[str, ...]) -> Roles:
    return frozenset[str]().union(*(HOLD[right] for right in rights))


ROWS = [
    Row("claim-list", VIEW, lists=CLAIMS, narrow=NARROW),
    Row("claim-new", OPEN, methods=ASK),
    Row("claim-export", EXPORT, methods="POST", lists=CLAIMS),
    Row("voucher-export", EXPORT, methods="POST", lists=("east voucher",)),
    Row("claim-approvals", SIGN),
    Row("claim-sign", SIGN, methods=ASK, takes=("west step",)),
    Row("claim-rules", RULES, opens=(302,)),
    Row("claim-ruleset", RULES, takes=("rules",)),
    Row("claim-ruleset-new", ADJUSTER, methods=ASK, takes=("rules",)),
    Row("claim-ruleset-edit", ADJUSTER, methods=ASK, takes=("draft",)),
    Row("claim-ruleset-publish", roles("centre_manager"), methods=ASK, takes=("draft",)),
    Row("complaint-claims", VIEW, takes=("east ticket", "west ticket")),
    Row("claims-of-waybill", VIEW, takes=("east waybill", "west waybill")),
    Row("claims-of-customer", VIEW, takes=("customer of tickets",)),
    Row("claim-people", ADJUSTER, query="?employee=周"),
    Row("claim-detail", VIEW, takes=CLAIMS),
    Row("claim-change", ADJUSTER, methods=ASK, takes=("west claim",), opens=(200, 302, 403, 422)),
    Row("claim-goods", ADJUSTER, methods=ASK, takes=CLAIMS),
    Row("claim-party", ADJUSTER, methods=ASK, takes=CLAIMS),
    Row("claim-party-remove", ADJUSTER, methods=ASK, takes=("east party",)),
    Row("claim-parts", ADJUSTER, methods=ASK, takes=CLAIMS),
    Row("claim-issue", ADJUSTER, methods=ASK, takes=("east part",)),
    Row("claim-determine", ADJUSTER, methods=ASK, takes=CLAIMS),
    Row("claim-verdict", LIABILITY, takes=CLAIMS),
    Row("claim-by-hand", ADJUSTER, methods=ASK, takes=CLAIMS),
    Row("claim-override", ABOVE, methods=ASK, takes=CLAIMS),
    Row("claim-evidence", ADJUSTER, methods=ASK, takes=("east fact",)),
    Row("claim-asked", ANSWER),
    Row("claim-asked-one", ANSWER, methods=ASK, takes=("east question",)),
    Row("claim-ask-withdraw", ADJUSTER, methods=ASK, takes=("east asked",)),
    Row("claim-confirm-result", SIGN, methods=ASK, takes=("east result",)),
    Row("claim-accounts", LIABILITY),
    Row("claim-account", LIABILITY, query="?party=outside:nobody", opens=(404,)),
    Row("claim-account-pdf", LIABILITY, query="?party=outside:nobody", opens=(404,), page=False),
    Row("claim-settlements", SETTLE, lists=("east settlement",), narrow=(
        "", "?settled_by=driver", "?department=branch_east", "?settled_after=2020-01-01",
    )),
    Row("claim-settlement-new", SETTLE, methods=ASK),
    Row("claim-paper-pdf", VIEW | roles("department_manager"), takes=("east paper",), page=False),
    Row("claim-opinion-pdf", LIABILITY, takes=("east claim",), page=False),
    Row("claim-decide-objection", ABOVE, methods=ASK, takes=("east objection",)),
    *(Row(act.url_name, _held(act.rights), methods=ASK, takes=CLAIMS) for act in ACTS),
    Row(
        "voucher-list",
        VOUCHERS,
        lists=("east voucher",),
        narrow=(
            "", "?number=LP", "?state=issued", "?branch=branch_east", "?paid_after=2020-01-01", "?expiring=365",
            "?q=LP",
        ),
    ),
    Row("voucher-pdf", VOUCHERS, takes=("east voucher",), page=False),
    Row("voucher-detail", VOUCHERS, takes=("east voucher",)),
    Row("voucher-stub", LIABILITY, methods="POST", takes=("east voucher",)),
    Row("voucher-stub-pdf", LIABILITY, takes=("east voucher",), page=False),
    Row("voucher-reprint", roles("adjuster supervisor centre_manager"), methods=ASK, takes=("east voucher",)),
    Row("voucher-void", HEADS, methods=ASK, takes=("east voucher",)),
    Row("voucher-reissue", HEADS, methods=ASK, takes=("east voucher",)),
    Row("counter", CASHIER),
    Row("counter-voucher", CASHIER, methods=ASK, takes=("east voucher",)),
    api("claims-list", VIEW, lists=CLAIMS, narrow=("", *NARROW[1:-1], "?order=due")),
    api("claims-list", OPEN, methods="POST"),
    api("claims-detail", VIEW, takes=CLAIMS),
    api("claims-verdict", LIABILITY, methods="POST", takes=CLAIMS),
    api("claims-reopen", ADJUSTER, methods="POST", takes=CLAIMS),
    *(
        api(f"claims-{act.code.replace('_', '-')}", _held(RIGHTS[act.code]), methods="POST", takes=CLAIMS)
        for act in API_ACTS
    ),
    api("claim-approvals-list", SIGN),
    api("claim-approvals-sign", SIGN, methods="POST", takes=("west step",), sends=lambda world: {"approved": True}),
    api("vouchers-list", VOUCHERS, lists=("east voucher",), narrow=(
        "", "?number=LP", "?state=issued", "?branch=branch_east", "?paid_after=2020-01-01", "?expiring=365",
        "?q=LP",
    )),
    api("vouchers-detail", VOUCHERS, takes=("east voucher",)),
    api("vouchers-find", VOUCHERS, query="?code=LP-9-202611-00019", opens=(404,)),
    api("vouchers-paper", VOUCHERS, takes=("east voucher",)),
    api("vouchers-pay", CASHIER, methods="POST", takes=("east voucher",)),
    api("vouchers-void", HEADS, methods="POST", takes=("east voucher",)),
    api("vouchers-reissue", HEADS, methods="POST", takes=("east voucher",)),
    api("vouchers-reprint", roles("adjuster supervisor centre_manager"), methods="POST", takes=("east voucher",)),
    api("liability-rules-list", RULES),
    api("liability-rules-detail", RULES, takes=("rules",)),
]  # fmt: skip
