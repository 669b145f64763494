"""The sentences of this app's codes: history, notices, rules."""

from __future__ import annotations

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from claims.choices import (
    ClaimKind,
    ConfirmationWay,
    Level,
    ManualOutcome,
    Paper,
    PartyRole,
    PayMethod,
    PayoutMethod,
)


def _label_of(*choices: type[TextChoices]) -> Any:
    """Says a code by its label; a code that is none of these stays itself."""
    labels = {value: label for kind in choices for value, label in kind.choices}
    return lambda code: str(labels.get(code, code))


# Parameters that are codes, and how they are said. `way` and `kind` of other parts stay what they are.
PARAMS: dict[str, Any] = {
    "claim_kind": _label_of(ClaimKind),
    "confirmed_by": _label_of(ConfirmationWay),
    "level": _label_of(Level),
    "papers": lambda codes: "、".join(_label_of(Paper)(code) for code in str(codes).split(",")),
    "outcome": _label_of(ManualOutcome),
    "party": _label_of(PartyRole),
    "pay_method": _label_of(PayMethod),
    "payout_method": _label_of(PayoutMethod),
}

TRAIL: dict[str, object] = {
    "claim.opened": _("opened the claim (%(claim_kind)s) on waybill %(waybill)s"),
    "claim.reopened_from": _("opened in place of %(number)s, which has ended"),
    "claim.reopen": _("opened again as %(number)s: %(reason)s"),
    "claim.take": _("took the claim"),
    "claim.take_over": _("took the claim over from %(before)s"),
    "claim.change": _("corrected what the claim says"),
    "claim.set_reserve": _("changed the reserve: %(reason)s"),
    "claim.receive_papers": _("papers have come in: %(papers)s %(text)s"),
    "claim.record_facts": _("recorded %(count)s facts"),
    "claim.bind_party": _("%(party)s: %(who)s"),
    "claim.unbind_party": _("%(party)s is no longer %(who)s"),
    "claim.set_lines": _("recorded the goods"),
    "claim.assess": _("assessed the payout at ¥%(amount)s (%(payout_method)s)"),
    "claim.offer": _("offered ¥%(amount)s: %(text)s"),
    "claim.counter": _("the customer asks for ¥%(amount)s: %(text)s"),
    "claim.refuse": _("the customer refuses: %(text)s"),
    "claim.agree": _("agreed with the customer on ¥%(amount)s (%(confirmed_by)s)"),
    "claim.request_approval": _("asked for approval of ¥%(amount)s (waybill in all ¥%(cumulative)s)"),
    "claim.withdraw_request": _("took the request for approval back"),
    "claim.signed": _("approved as %(level)s, the next signature is missing"),
    "claim.approve": _("approved the payout of ¥%(amount)s (%(level)s)"),
    "claim.decline": _("did not approve the payout: %(reason)s"),
    "claim.nothing_to_pay": _("nothing is to be paid"),
    "claim.charged": _("charged the liable parties with ¥%(amount)s in all"),
    "claim.set_parts": _("divided ¥%(amount)s into %(count)s parts"),
    "claim.vouchers_begun": _("the vouchers are being issued"),
    "claim.issue_voucher": _("issued voucher %(voucher)s over ¥%(amount)s for %(payee)s"),
    "claim.void_voucher": _("made voucher %(voucher)s void: %(reason)s"),
    "claim.last_voucher_void": _("no voucher is live any more"),
    "claim.pay_voucher": _("paid ¥%(amount)s on voucher %(voucher)s to %(who)s"),
    "claim.all_paid": _("everything is paid"),
    "claim.close": _("closed the claim"),
    "claim.reject": _("rejected the claim: %(reason)s"),
    "claim.withdraw": _("the customer withdrew the claim: %(reason)s"),
    "claim.go_to_court": _("the matter is before a court: %(reason)s"),
    "claim.leave_court": _("handled on after court: %(reason)s"),
    "claim.draw_up_opinion": _("drew up the handling opinion on %(determination)s"),
    "claim.approve_opinion": _("approved the handling opinion on %(determination)s: %(document)s"),
    "liability.determine": _("determined the liability: %(outcome)s (%(determination)s, rules %(rules)s)"),
    "liability.determine_provisionally": _(
        "determined the liability provisionally: %(outcome)s (%(determination)s, rules %(rules)s)"
    ),
    "liability.override": _(
        "decided otherwise than the rules: %(outcome)s (%(determination)s, rules %(rules)s): %(reason)s"
    ),
    "liability.file_objection": _("objection of %(party)s %(who)s"),
    "liability.decide_objection": _("decided an objection: %(answer)s"),
    "liability.uphold": _("the objection is upheld: the liability is to be determined anew"),
    "liability.dismiss": _("the objections are dismissed: the determination is final"),
    "liability.make_final": _("the term for objections is over: the determination is final"),
    "liability.record_recovery": _("recovered ¥%(amount)s from %(party)s %(who)s"),
    "liability.recover": _("nothing is owed any more"),
    "liability.write_off": _("wrote off ¥%(amount)s: %(reason)s"),
    "voucher.paid": _("paid ¥%(amount)s to %(who)s (%(pay_method)s), identity card ending in %(last_four)s"),
    "voucher.voided": _("made void: %(reason)s"),
    "ruleset.drafted": _("drew up version %(version)s of the liability rules"),
    "ruleset.published": _("published version %(version)s of the liability rules, from %(valid_from)s"),
}

NOTICES: dict[str, object] = {
    "claim.opened": _("New claim %(number)s (%(claim_kind)s) on waybill %(waybill)s waits to be taken"),
    "claim.to_approve": _("%(number)s waits for your approval: ¥%(amount)s"),
    "claim.approved": _("%(number)s is approved: ¥%(amount)s"),
    "claim.declined": _("%(number)s was not approved: %(reason)s"),
    "claim.liable": _(
        "%(number)s: you bear %(share)s by %(outcome)s, ¥%(amount)s. You may object within the term. Fine: %(fine)s"
    ),
    "claim.fined": _("%(number)s: a fine is proposed: %(fine)s"),
    "claim.objection_decided": _("The objection in %(number)s is decided: %(answer)s"),
}

RULES: dict[str, object] = {
    "claim.policy_amount": _("An amount is in yuan, not negative, with two decimal places at most."),
    "claim.policy_uninsured": _("Choose how uninsured goods are compensated."),
    "claim.policy_limits": _(
        "The limit is a whole number of freights from 0 to 1000, the deductible a percentage from 0 to 100."
    ),
    "claim.policy_levels": _("Each level approves more than the one below it."),
    "claim.policy_above": _("At least two levels sign the highest sums."),
    "claim.policy_term": _("Give from %(least)s to %(most)s."),
    "claim.policy_counted": _("Count in working days or in calendar days."),
    "claim.policy_branch_code": _("The branch's code has at most %(most)s letters and figures."),
    "claim.policy_branch_codes": _("Each branch has a code of its own; the general row has none."),
    "ruleset.none": _("There are no liability rules for %(day)s."),
    "ruleset.unknown": _("There is no version %(version)s of the liability rules."),
    "ruleset.bad": _("The rules cannot be used: %(problem)s"),
    "ruleset.published": _("Version %(version)s is published; draw up a new one."),
    "ruleset.own": _("Whoever drew the version up does not publish it."),
    "ruleset.overlap": _(
        "%(first)s and %(second)s hold together and share differently. Give them another order."
    ),
    "ruleset.case": _("A golden case is decided otherwise: %(problem)s"),
    "ruleset.gaps": _("Acknowledge the situations without a rule: %(gaps)s"),
    "ruleset.order": _("A version for %(day)s or later is published already."),
    "claim.no_waybill": _("A claim needs a waybill. Name its number first."),
    "claim.duplicate": _(
        "%(number)s is a live claim for the same pieces. Name another group of pieces, or use that claim."
    ),
    "claim.kind": _("Say what happened to the goods."),
    "claim.gravity": _("Say whether the case is simple or serious."),
    "claim.profile": _("Choose whose terms hold for the claim."),
    "claim.branch": _("Choose the branch that pays out."),
    "claim.incident_later": _("The cargo incident cannot lie in the future."),
    "claim.too_long": _("The text is too long: at most %(limit)s characters."),
    "claim.amount": _("“%(amount)s” is not an amount that fits here."),
    "claim.waits_for_approval": _("The payout waits for approval. Take the request back first."),
    "claim.no_request": _("Nothing waits for approval."),
    "claim.policy_papers": _("Choose from the papers of the list."),
    "claim.papers_missing": _("Missing: %(papers)s. Record it when it has come in, or ask for it by letter."),
    "paper.none": _("Choose the papers that have come in."),
    "paper.several": _("Scans belong to one paper: record the papers one by one."),
    "paper.nothing_missing": _("Nothing is missing that the claimant could bring."),
    "paper.kind": _("Choose what is to be printed."),
    "paper.no_price": _("Agree on a price with the customer first: the paper names it."),
    "claim.no_lines": _("Record the goods first: the payout is worked out from them."),
    "claim.not_agreed": _("Agree on a price with the customer first."),
    "claim.no_voucher": _("There is no voucher to be made void."),
    "claim.liability_open": _(
        "The liability is not recovered or written off yet; the claim stays open until then."
    ),
    "claim.objection_open": _("An objection waits to be decided."),
    "claim.no_shares": _("Nobody bears a share yet."),
    "fact.unknown": _("There is no fact “%(name)s”."),
    "fact.value": _("%(name)s: “%(value)s” is not an answer. Allowed: %(allowed)s."),
    "fact.evidence": _("Say what the fact rests on."),
    "party.role": _("Say which party it is."),
    "party.one": _("Name a person, a department, or somebody outside: exactly one."),
    "line.goods": _("Line %(line)s: name the goods."),
    "line.pieces": _("Line %(line)s: at least one piece."),
    "line.reason": _("Line %(line)s: say why less is assessed than claimed."),
    "line.too_many": _("At most %(limit)s lines of goods."),
    "offer.move": _("Say what was said: offer, demand, refusal or agreement."),
    "offer.way": _("Say how the customer confirmed the price."),
    "approval.done": _("%(number)s was decided already."),
    "approval.not_yours": _("This signature is the %(level)s’s, and never of those who made the payout."),
    "approval.order": _("Another signature comes first."),
    "approval.twice": _("You have signed already; the second signature is another person’s."),
    "determination.by_hand_needed": _("No rule decides (%(outcome)s). Decide by hand, with a reason."),
    "determination.rule_decides": _("%(rule)s decides. Deciding otherwise is an override, one level up."),
    "determination.other_outcome": _("The facts give: %(outcome)s."),
    "determination.outcome": _("“%(outcome)s” is not a reason to decide by hand."),
    "determination.party_unbound": _("Say first who was the %(party)s."),
    "determination.shares": _("The shares are fractions that sum to one, each party once."),
    "determination.none": _("The liability is not determined yet."),
    "override.own": _("Whoever investigated or determined does not override."),
    "override.level": _("Overriding this needs one level more: %(level)s."),
    "objection.text": _("Write what the objection says."),
    "objection.answer": _("Write the decision with its reason."),
    "objection.late": _("The term for objections ended %(until_at)s."),
    "objection.replaced": _("Another determination has taken its place."),
    "objection.open": _("An objection of %(who)s waits to be decided already."),
    "objection.decided": _("This objection is decided already."),
    "objection.not_yours": _("Whoever investigated, determined or approved does not decide the objection."),
    "liability.term_runs": _("The parties may object until %(until_at)s."),
    "recovery.too_much": _("Only ¥%(left)s is owed."),
    "opinion.cause": _("Write the cause."),
    "opinion.approved": _("The handling opinion is approved; it does not change any more."),
    "opinion.own": _("Whoever drew the opinion up does not approve it."),
    "part.sum": _("The parts must come to ¥%(approved)s."),
    "part.payee": _("Name the payee."),
    "part.method": _("Say how it is paid."),
    "part.account": _("A bank payment needs the payee’s own account."),
    "part.too_many": _("Between one and %(limit)s parts."),
    "part.replaced": _("The parts were changed meanwhile."),
    "voucher.live": _("This part has a voucher already: %(number)s."),
    "voucher.language": _("This language is not there."),
    "voucher.already_paid": _(
        "%(number)s was paid already: ¥%(amount)s to %(receiver)s, by %(who)s at %(window)s, %(paid_at)s."
    ),
    "voucher.void": _("%(number)s is void: %(reason)s"),
    "voucher.expired": _("%(number)s was valid until %(until)s. It has to be issued anew."),
    "voucher.identity": _("The last four signs of the identity card are not those of the payee."),
    "voucher.receiver": _("The name is not the payee’s. A proxy shows both identity cards and an authority."),
    "voucher.proxy": _("Enter the proxy’s own identity number."),
    "voucher.authority": _("Attach the signed authority of the payee."),
    "voucher.consent": _("Attach the customer’s written consent to the set-off."),
    "voucher.approver_pays": _("Whoever approved or issued a voucher does not pay it."),
    "voucher.replaced": _("%(number)s was issued anew already."),
}
