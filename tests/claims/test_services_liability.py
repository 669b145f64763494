"""Determinations, overrides, objections, recovery, opinions, rule sets (LR-20 to LR-34, CLM-11, CLM-15, CLM-16)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from claims import services
from claims.models import Claim, Determination, LiabilityEntry, RuleSetVersion
from claims.queries import ruleset_for
from claims.services import ShareInput
from claims.services.objections import term_of
from conduct.models import Sanction
from organization.models import User
from servicecenter.kernel.errors import RuleBroken
from servicecenter.models import Notice
from tests import people
from tests.claims import cases
from tests.claims.cases import AT, Crew, after
from tests.claims.incidents import DATA
from tests.refusals import refused

pytestmark = pytest.mark.django_db


class TestDetermining:
    """LR-23, LR-31, LR-33."""

    def test_what_was_known_is_frozen_with_the_reason_for_every_row(self, crew: Crew) -> None:
        made = cases.determined(crew)
        services.record_facts(
            claim=made.claim, facts=[services.FactInput("position", "origin")], by=crew.adjuster, at=AT
        )
        services.bind_party(claim=made.claim, role="driver", outside="别人", by=crew.adjuster, at=AT)
        made = Determination.objects.get()
        assert made.facts["position"] == "arrived" and made.persons["driver"]["who"] == "周建国"
        assert len(made.trace) == 18
        assert {row["row"]: row["holds"] for row in made.trace}["LR-03b"] == "yes"
        assert [share.who for share in made.shares.order_by("ordinal")] == ["马强", "周建国", "城东分公司"]
        assert (made.ruleset.code, made.other_version) == ("2026-1", False)

    def test_with_an_open_fact_it_is_provisional_and_charges_fines_and_tells_nobody(self, crew: Crew) -> None:
        claim = cases.investigated(crew, off_post=None)
        cases.approved(crew, claim=claim)
        made = services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        assert (made.status, made.outcome, made.depends_on) == ("provisional", "LR-03b", ["off_post"])
        assert cases.fresh(claim).liability_state == "provisional"
        assert not LiabilityEntry.objects.exists() and not Sanction.objects.exists()
        assert not Notice.objects.filter(code="claim.liable").exists()

    def test_a_new_one_reverses_the_former_and_edits_nothing(self, crew: Crew) -> None:
        """MON-03."""
        claim = cases.investigated(crew)
        cases.approved(crew, "100.00", claim=claim)
        first = services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        services.record_facts(
            claim=claim, facts=[services.FactInput("position", "origin")], by=crew.adjuster, at=AT
        )
        second = services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=after(hours=1))
        assert (first.outcome, second.outcome, second.ordinal) == ("LR-03b", "LR-03a", 2)
        posted = LiabilityEntry.objects.order_by("pk").values_list("share__party", "kind", "amount")
        assert list(posted) == [
            ("loader", "charge", Decimal("33.34")), ("driver", "charge", Decimal("33.33")),
            ("branch", "charge", Decimal("33.33")), ("loader", "reversal", Decimal("-33.34")),
            ("driver", "reversal", Decimal("-33.33")), ("branch", "reversal", Decimal("-33.33")),
            ("loader", "charge", Decimal("50.00")), ("driver", "charge", Decimal("50.00")),
        ]  # fmt: skip
        states = Sanction.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["withdrawn", "proposed"], "the fine follows the determination that counts"

    def test_a_liable_party_must_be_somebody(self, crew: Crew) -> None:
        claim = cases.opened(crew)
        cases.known(claim, crew)
        problem = refused(
            "determination.party_unbound", services.determine, claim=claim, by=crew.adjuster, at=AT
        )
        assert problem.params == {"party": "branch"}
        assert not Determination.objects.exists()

    def test_where_no_rule_decides_a_person_does_with_a_reason(self, crew: Crew) -> None:
        claim = cases.investigated(crew, kind="damage", copy_2="clean", copy_3="clean", noter="unknown")
        refused("determination.by_hand_needed", services.determine, claim=claim, by=crew.adjuster, at=AT)
        hand = {"claim": claim, "outcome": "DAMAGE_NO_RULE", "by": crew.adjuster, "at": AT}
        refused("lifecycle.reason_needed", services.determine, **hand)
        refused(
            "determination.shares",
            services.determine,
            reason="x",
            shares=[ShareInput("driver", "1/2")],
            **hand,
        )
        refused(
            "determination.shares", services.determine, reason="x", shares=[ShareInput("pilot", "1")], **hand
        )
        refused(
            "determination.other_outcome",
            services.determine,
            reason="x",
            **{**hand, "outcome": "LOSS_PATTERN"},
        )
        shares = [ShareInput("driver", "1/3"), ShareInput("loader", Fraction(2, 3))]
        made = services.determine(reason="司机承认超载。", shares=shares, **hand)
        assert (made.status, made.outcome, made.rule_outcome) == (
            "manual",
            "DAMAGE_NO_RULE",
            "DAMAGE_NO_RULE",
        )
        assert [(share.party, str(share.fraction)) for share in made.shares.order_by("ordinal")] == [
            ("loader", "2/3"), ("driver", "1/3"),
        ]  # fmt: skip
        assert len(made.nearest) == 3

    def test_what_nobody_bears_the_company_bears(self, crew: Crew) -> None:
        claim = cases.investigated(crew, kind="damage", copy_2="clean", copy_3="clean", noter="unknown")
        made = services.determine(
            claim=claim, outcome="DAMAGE_NO_RULE", reason="无法认定", by=crew.adjuster, at=AT
        )
        assert [(share.party, share.who) for share in made.shares.all()] == [("company", "")]

    def test_where_a_rule_decides_nobody_decides_by_hand_but_for_altered_evidence(self, crew: Crew) -> None:
        claim = cases.investigated(crew)
        hand = {"claim": claim, "reason": "x", "by": crew.adjuster, "at": AT}
        refused("determination.rule_decides", services.determine, outcome="LOSS_PATTERN", **hand)
        refused("determination.outcome", services.determine, outcome="LR-02", **hand)
        made = services.determine(outcome="CORRUPT_EVIDENCE", shares=[ShareInput("driver", "1")], **hand)
        assert (made.status, made.rule_outcome) == ("manual", "LR-03b")

    def test_a_breach_of_discipline_only_fines(self, crew: Crew) -> None:
        made = cases.determined(crew, kind="none")
        assert (made.status, made.outcome, made.shares.count(), made.fines.count()) == (
            "final",
            "NO_INCIDENT",
            0,
            1,
        )

    def test_the_liable_are_told_in_writing_with_rule_share_and_fine(self, crew: Crew) -> None:
        """CLM-15."""
        login = User.objects.create(work_number=crew.driver.work_number, employee=crew.driver)
        cases.determined(crew)
        notice = Notice.objects.get(code="claim.liable", user=login)
        assert (notice.params["share"], notice.params["outcome"]) == ("1/3", "LR-03b")
        assert "LR-02 ¥100.00" in notice.params["fine"]


class TestOverride:
    """CLM-08: a reason and one level more."""

    def test_the_rules_outcome_stays_beside_it(self, crew: Crew) -> None:
        claim = cases.determined(crew).claim
        shares = [ShareInput("company", "1")]
        act = {"claim": claim, "shares": shares, "at": AT}
        refused("lifecycle.no_right", services.override, reason="x", by=crew.adjuster, **act)
        refused("lifecycle.reason_needed", services.override, reason=" ", by=crew.leader, **act)
        made = services.override(reason="当天台风", by=crew.leader, **act)
        assert (made.status, made.outcome, made.rule_outcome, made.reason) == (
            "overridden", "LR-03b", "LR-03b", "当天台风",
        )  # fmt: skip
        assert [share.party for share in made.shares.all()] == ["company"]

    def test_the_sum_says_how_high(self, crew: Crew) -> None:
        claim = cases.investigated(crew)
        cases.agreed(crew, "1680.32", claim=claim)
        services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        act = {"claim": claim, "shares": [ShareInput("company", "1")], "reason": "x", "at": AT}
        problem = refused("override.level", services.override, by=crew.manager, **act)
        assert problem.params == {"level": "management"}
        services.override(by=crew.leader, **act)

    def test_who_determined_does_not_override(self, crew: Crew) -> None:
        claim = cases.determined(crew).claim
        people.assign(crew.adjuster, "management", "head_office")
        refused(
            "override.own", services.override, claim=claim, shares=[ShareInput("company", "1")], reason="x",
            by=crew.adjuster, at=AT,
        )  # fmt: skip


class TestObjections:
    """CLM-15: in three working days, decided by somebody else."""

    def test_the_term_is_three_working_days(self, crew: Crew) -> None:
        # Wednesday ten o'clock; eight working hours a day: Monday ten o'clock
        assert term_of(cases.determined(crew)) == AT + timedelta(days=5)

    def test_an_upheld_one_opens_the_liability_again(self, crew: Crew) -> None:
        made = cases.determined(crew)
        share = made.shares.get(party="driver")
        objection = services.file_objection(
            share=share, text="不是我写的。", by=crew.adjuster, at=after(days=1)
        )
        assert cases.fresh(made.claim).liability_state == "objected"
        refused("objection.open", services.file_objection, share=share, text="x", by=crew.adjuster, at=AT)
        assert services.finalise_due(at=after(days=9)) == 0, "an objection keeps it from becoming final"
        refused("objection.not_yours", services.decide_objection, objection=objection, upheld=True, answer="x",
               by=_also(crew.adjuster, "centre_manager"), at=AT)  # fmt: skip
        services.decide_objection(
            objection=objection, upheld=True, answer="笔迹不符。", by=crew.manager, at=AT
        )
        assert cases.fresh(made.claim).liability_state == "provisional"

    def test_a_dismissed_one_makes_it_final(self, crew: Crew) -> None:
        made = cases.determined(crew)
        share = made.shares.get(party="loader")
        objection = services.file_objection(share=share, text="冤枉。", by=crew.adjuster, at=AT)
        refused("objection.answer", services.decide_objection, objection=objection, upheld=False, answer=" ",
               by=crew.manager, at=AT)  # fmt: skip
        services.decide_objection(
            objection=objection, upheld=False, answer="有录像。", by=crew.manager, at=AT
        )
        assert cases.fresh(made.claim).liability_state == "final"
        refused("lifecycle.wrong_state", services.decide_objection, objection=objection, upheld=True, answer="x",
               by=crew.manager, at=AT)  # fmt: skip

    def test_late_is_late(self, crew: Crew) -> None:
        share = cases.determined(crew).shares.get(party="driver")
        refused(
            "objection.late",
            services.file_objection,
            share=share,
            text="x",
            by=crew.adjuster,
            at=after(days=6),
        )
        refused(
            "liability.term_runs",
            services.make_final,
            claim=share.determination.claim,
            by=crew.adjuster,
            at=AT,
        )


def _also(user: User, role: str) -> User:
    people.assign(user, role, "service_centre")
    return user


class TestRecovery:
    """CLM-11, CLM-18: never more than the share."""

    def _final(self, crew: Crew) -> Claim:
        claim = cases.investigated(crew)
        cases.approved(crew, "100.00", claim=claim)
        services.determine(claim=cases.fresh(claim), by=crew.adjuster, at=AT)
        services.finalise_due(at=after(days=9))
        return cases.fresh(claim)

    def test_nobody_pays_more_than_is_owed(self, crew: Crew) -> None:
        claim = self._final(crew)
        share = claim.determinations.get().shares.get(party="loader")
        services.record_recovery(share=share, amount=Decimal("30.00"), note="工资", by=crew.adjuster, at=AT)
        problem = refused(
            "recovery.too_much",
            services.record_recovery,
            share=share,
            amount=Decimal("3.35"),
            by=crew.adjuster,
            at=AT,
        )
        assert problem.params == {"left": "3.34"}
        assert cases.fresh(claim).liability_state == "recovering"

    def test_what_is_given_up_is_written_off_one_level_up(self, crew: Crew) -> None:
        claim = self._final(crew)
        refused("lifecycle.no_right", services.write_off, claim=claim, reason="x", by=crew.adjuster, at=AT)
        services.write_off(claim=claim, reason="责任人离职", by=crew.manager, at=AT)
        assert cases.fresh(claim).liability_state == "written_off"
        assert sum(LiabilityEntry.objects.values_list("amount", flat=True)) == 0

    def test_what_the_company_bears_is_recovered_at_once(self, crew: Crew) -> None:
        claim = cases.investigated(crew, kind="damage", copy_2="clean", copy_3="clean", noter="unknown")
        cases.approved(crew, "100.00", claim=claim)
        services.determine(
            claim=cases.fresh(claim), outcome="DAMAGE_NO_RULE", reason="无法认定", by=crew.adjuster, at=AT
        )
        services.finalise_due(at=after(days=9))
        assert cases.fresh(claim).liability_state == "recovered"


class TestOpinion:
    """CLM-16."""

    def test_it_is_drawn_up_by_one_and_approved_by_another(self, crew: Crew) -> None:
        made = cases.determined(crew)
        opinion = services.draw_up_opinion(claim=made.claim, cause="私自加注。", by=crew.adjuster, at=AT)
        refused("lifecycle.no_right", services.approve_opinion, opinion=opinion, by=crew.adjuster, at=AT)
        opinion = services.approve_opinion(opinion=opinion, by=crew.supervisor, at=AT)
        assert opinion.document is not None
        assert (opinion.document.kind, opinion.document.data["drawn_up_by"]) == (
            "claims.determination",
            "何静",
        )
        assert [row["share"] for row in opinion.document.data["shares"]] == ["1/3", "1/3", "1/3"]
        refused(
            "opinion.approved", services.draw_up_opinion, claim=made.claim, cause="x", by=crew.adjuster, at=AT
        )

    def test_it_rests_on_a_determination(self, crew: Crew) -> None:
        refused(
            "determination.none",
            services.draw_up_opinion,
            claim=cases.opened(crew),
            cause="x",
            by=crew.adjuster,
        )


class TestRuleSets:
    """LR-30 to LR-32."""

    def _draft(self, crew: Crew, **columns: object) -> RuleSetVersion:
        return services.draft_ruleset(
            code="2027-1", data={**DATA, **columns}, valid_from=date(2027, 1, 1), by=crew.adjuster, at=AT
        )

    def test_a_version_is_published_by_another_with_its_gaps_acknowledged(self, crew: Crew) -> None:
        draft = self._draft(crew, switches={**DATA["switches"], "lr05_before_lr09": False})
        act = {"ruleset": draft, "by": crew.manager, "at": AT}
        problem = refused("ruleset.gaps", services.publish_ruleset, acknowledged=["U1"], **act)
        assert "U2" in str(problem.params["gaps"])
        known = [
            "U1",
            "U2",
            "U3",
            "U4",
            "U5",
            "U6",
            "DAMAGE_NO_RULE",
            "NOTE_AUTHOR_UNKNOWN",
            "MULTIPLE_SOLE_LIABILITY",
        ]
        row = services.publish_ruleset(acknowledged=known, **act)
        assert (row.state, row.changes, row.gaps) == ("published", 48, known)
        assert ruleset_for(date(2026, 12, 31)).code == "2026-1"
        assert ruleset_for(date(2027, 1, 1)).code == "2027-1"
        refused("ruleset.published", services.publish_ruleset, acknowledged=known, **act)
        refused("ruleset.published", self._draft, crew=crew)

    def test_contradictions_and_broken_golden_cases_block(self, crew: Crew) -> None:
        rows = [{**row, "priority": 1} if row["id"] == "LR-09" else row for row in DATA["rows"]]
        draft = self._draft(crew, rows=rows)
        problem = refused(
            "ruleset.overlap", services.publish_ruleset, ruleset=draft, acknowledged=[], by=crew.manager
        )
        assert problem.params == {"first": "LR-05", "second": "LR-09"}
        draft = self._draft(crew, switches={**DATA["switches"], "p23_before_note": False})
        refused("ruleset.case", services.publish_ruleset, ruleset=draft, acknowledged=[], by=crew.manager)

    def test_a_bad_draft_is_refused_with_its_row(self, crew: Crew) -> None:
        problem = refused(
            "ruleset.bad", self._draft, crew=crew, rows=[{**DATA["rows"][1], "shares": {"loader": "1/2"}}]
        )
        assert "LR-13" in str(problem.params["problem"])

    def test_the_author_does_not_publish_and_others_may_not_edit(self, crew: Crew) -> None:
        draft = self._draft(crew)
        author = _also(crew.adjuster, "centre_manager")
        refused("ruleset.own", services.publish_ruleset, ruleset=draft, acknowledged=[], by=author)
        with pytest.raises(RuleBroken, match="no_right"):
            services.draft_ruleset(code="2028-1", data=DATA, valid_from=date(2028, 1, 1), by=crew.cashier)

    def test_a_judgement_under_another_version_is_marked(self, crew: Crew) -> None:
        """LR-31."""
        other = self._draft(crew)
        claim = cases.investigated(crew)
        made = services.determine(claim=claim, ruleset=other, by=crew.adjuster, at=AT)
        assert (made.ruleset.code, made.other_version) == ("2027-1", True)
