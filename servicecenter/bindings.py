"""What the settings bind by name: ports, the demonstration's parts, policies' types, the clock's jobs, kept numbers."""

# Ports: what a lower app asks of a higher one (docs/architecture.md). Name -> implementing function(s).
PORTS = {
    # A subject by kind: number, title, link and whether this user may see it (clock steps, attachments, notices).
    "servicecenter.subject": {
        "complaints.complaint": "complaints.queries.subject",
        "complaints.contact": "complaints.queries.subject_contact",
        "complaints.correctiveaction": "complaints.queries.subject_action",
        "complaints.serviceincident": "complaints.queries.subject_incident",
        "customers.customer": "customers.queries.subject_customer",
        "customers.telephone": "customers.queries.subject_telephone",
        "customers.address": "customers.queries.subject_address",
        "customers.tierround": "customers.queries.subject_round",
        "customers.waybill": "customers.queries.subject_waybill",
        "conduct.sanction": "conduct.queries.subject_sanction",
        "inventory.document": "inventory.queries.subject_document",
        "inventory.stocktake": "inventory.queries.subject_stocktake",
        "inventory.item": "inventory.queries.subject_item",
        "inventory.itemrequest": "inventory.queries.subject_item_request",
        "inventory.transfer": "inventory.queries.subject_transfer",
        "inventory.warehouse": "inventory.queries.subject_warehouse",
        "organization.employee": "organization.queries.subject",
        "reports.report": "reports.queries.subject_report",
        "reports.reportrevision": "reports.queries.subject_revision",
        "servicecenter.policy": "organization.queries.subject_policy",
        "claims.claim": "claims.queries.subject_claim",
        "claims.claimfact": "claims.queries.subject_fact",
        "claims.claimpaper": "claims.queries.subject_paper",
        "claims.evidencerequest": "claims.queries.subject_request",
        "claims.determination": "claims.queries.subject_determination",
        "claims.voucher": "claims.queries.subject_voucher",
    },
    # A clock step fired: the subject's app may add its own consequence inside the sweep's transaction.
    "deadlines.step_fired": {
        "complaints.complaint": "complaints.services.clock_step_fired",
    },
    # A loss that the stock has proven becomes a claim.
    "inventory.claim": {
        "claims": "claims.services.from_stock.open_from_stock",
    },
    # Whom the machine room tells: undeliverable messages, unusual reveals.
    "servicecenter.administrators": {
        "organization": "organization.queries.administrators",
    },
    # Everything that happened with a customer, merged on its page.
    "customers.timeline": {
        "customers": "customers.queries.timeline.own_entries",
        "complaints": "complaints.queries.life.life_of_customer",
        "claims": "claims.queries.life.life_of_customer",
    },
    # What happened with a waybill beside its own events, merged into its line of life.
    "customers.waybill_life": {
        "complaints": "complaints.queries.life.life_of_waybill",
        "claims": "claims.queries.life.life_of_waybill",
    },
    # What stands in the head of a customer's page.
    "customers.alerts": {
        "complaints": "complaints.queries.life.alerts_of_customer",
    },
    "servicecenter.search": {
        "complaints": "complaints.queries.search_hits",
        "customers": "customers.queries.search_hits",
        "claims": "claims.queries.search_hits",
        "inventory": "inventory.queries.search_hits",
        "organization": "organization.queries.search_hits",
    },
}

# Kind of record -> the list that shows all of what the search box found of it (`?q=`).
SEARCH_LISTS = {
    "complaints.complaint": "complaint-list",
    "customers.customer": "customer-list",
    "customers.waybill": "waybill-list",
    "claims.claim": "claim-list",
    "claims.voucher": "voucher-list",
    "inventory.document": "stock-document-list",
    "inventory.transfer": "stock-transfer-list",
    "inventory.stocktake": "stock-count-list",
    "inventory.item": "stock-item-list",
    "organization.employee": "people-list",
}

# The demonstration, in the order it is played (`manage.py seed_demo`): function(at=now).
DEMO_PARTS = [
    "organization.demo.seed",
    "customers.demo.seed",
    "complaints.demo.play",
    "claims.demo.play",
    "inventory.demo.seed",
    "reports.demo.play",
]

# One policy code -> the dataclass that checks its value (D19).
POLICY_TYPES = {
    "claims.approval": "claims.domain.policy.ApprovalPolicy",
    "claims.handling": "claims.domain.policy.ClaimPolicy",
    "claims.papers": "claims.domain.papers.PaperPolicy",
    "claims.payout": "claims.domain.policy.PayoutPolicy",
    "claims.voucher": "claims.domain.policy.VoucherPolicy",
    "deadlines.clock": "deadlines.domain.policy.ClockPolicy",
    "deadlines.ladder": "deadlines.domain.policy.LadderPolicy",
    "complaints.handling": "complaints.domain.policy.HandlingPolicy",
    "complaints.recurrence": "complaints.domain.policy.RecurrencePolicy",
    "conduct.points": "conduct.domain.policy.PointsPolicy",
    "conduct.fine": "conduct.domain.policy.FinePolicy",
    "customers.grading": "customers.domain.policy.GradingPolicy",
    "customers.grading_sales": "customers.domain.policy.SalesCriteria",
    "customers.grading_trade": "customers.domain.policy.TradeCriteria",
    "customers.standing": "customers.domain.policy.StandingPolicy",
    "customers.tier_service": "customers.domain.policy.TierService",
    "inventory.rules": "inventory.domain.policy.StockPolicy",
    "inventory.site": "inventory.domain.policy.SitePolicy",
    "organization.duty": "organization.domain.policy.DutyPolicy",
    "reports.schedule": "reports.domain.policy.SchedulePolicy",
    "reports.targets": "reports.domain.policy.TargetPolicy",
    "servicecenter.uploads": "servicecenter.kernel.policy.UploadPolicy",
    "servicecenter.reveals": "servicecenter.kernel.policy.RevealPolicy",
}

# What `manage.py run_clock` does, each in a thread of its own: name, function without arguments, every so many seconds.
CLOCK_JOBS = [
    ("sweep", "deadlines.services.sweep_once", 2),
    ("relay", "servicecenter.outbox.relay", 2),
    ("relay_parked", "servicecenter.outbox.relay_parked", 60),
    ("seal", "servicecenter.trail.seal", 60),
    ("duty", "complaints.services.hand_to_duty", 60),
    ("pauses", "complaints.services.resume_overdue_pauses", 60),
    ("recurrences", "complaints.services.end_recurrences", 3600),
    ("objections", "claims.services.finalise_due", 3600),
    ("kept", "servicecenter.kept.compute", 60),
    ("reports_due", "reports.services.make_due", 60),
    ("reports_waiting", "reports.services.remind", 15),
    ("clean", "servicecenter.cleaning.clean", 3600),
    ("standings", "customers.services.refresh_standings", 3600),
    ("grades", "customers.services.apply_grades", 300),
    ("tiers", "customers.services.propose_tiers", 3600),
    ("digest", "servicecenter.trail.log_digest", 86_400),
    ("calendar", "organization.services.keep_calendar", 86_400),
    ("verify", "servicecenter.invariants.verify_and_report", 86_400),
]

# Figures the clock keeps fresh each minute (D12): name -> function that answers JSON. Who changes what a figure says
# gives it a new name: during an upgrade the former version's clock still keeps its own, in its own shape.
KEPT_NUMBERS: dict[str, str] = {
    "board.open": "reports.queries.boards_tickets.open_tickets",
    "board.intake": "reports.queries.boards_tickets.intake",
    "board.incidents": "reports.queries.boards_tickets.incidents_today",
    "board.months": "reports.queries.boards_management.keep_months",
    "board.costs": "reports.queries.boards_management.costs",
    "board.tiers": "reports.queries.boards_management.tiers",
    "board.claims": "reports.queries.boards_claims.open_claims",
    "board.debts": "reports.queries.boards_claims.shares_owed",
    "board.papers": "reports.queries.boards_stock.documents_waiting",
    "board.transfers": "reports.queries.boards_stock.transfers_under_way",
    "board.goods": "reports.queries.boards_stock.stock_on_hand",
    "board.gone": "reports.queries.boards_stock.gone",
}
