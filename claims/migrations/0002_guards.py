"""Guards in the database: shares and sums, the life of a voucher, gapless numbers, what is append-only (MON-03, I6, I7)."""

from django.db import migrations

APPEND_ONLY = {
    "assessment": "claims_assessment",
    "offer": "claims_offer",
    "determination": "claims_determination",
    "share": "claims_share",
    "entry": "claims_liabilityentry",
}
NEVER_DELETED = {
    "claim": "claims_claim",
    "voucher": "claims_voucher",
    "part": "claims_part",
    "fine": "claims_fineproposal",
    "approval": "claims_approvalrequest",
    "approval_step": "claims_approvalstep",
    "objection": "claims_objection",
    "opinion": "claims_handlingopinion",
    "counter": "claims_vouchercounter",
}


def kept() -> str:
    rows = []
    for name, table in APPEND_ONLY.items():
        rows.append(
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();"
        )
    for name, table in NEVER_DELETED.items():
        rows.append(
            f"CREATE TRIGGER {name}_never_deleted BEFORE DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();"
        )
    for name, table in (APPEND_ONLY | NEVER_DELETED).items():
        rows.append(
            f"CREATE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();"
        )
    return "\n".join(rows)


def unkept() -> str:
    rows = [f"DROP TRIGGER {name}_append_only ON {table};" for name, table in APPEND_ONLY.items()]
    rows += [f"DROP TRIGGER {name}_never_deleted ON {table};" for name, table in NEVER_DELETED.items()]
    rows += [
        f"DROP TRIGGER {name}_no_truncate ON {table};"
        for name, table in (APPEND_ONLY | NEVER_DELETED).items()
    ]
    return "\n".join(rows)


FORWARD = r"""
CREATE SEQUENCE number_claim START 1001;
CREATE SEQUENCE number_determination START 1001;

CREATE FUNCTION claims_refuse(what text, why text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%', why USING ERRCODE = 'check_violation', CONSTRAINT = what;
END $$;

-- A claim keeps what it is about.
CREATE FUNCTION claims_claim_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (NEW.number, NEW.public_id, NEW.kind, NEW.waybill_id, NEW.former_id, NEW.reported_at)
     IS DISTINCT FROM (OLD.number, OLD.public_id, OLD.kind, OLD.waybill_id, OLD.former_id, OLD.reported_at) THEN
    PERFORM public.claims_refuse('claim_keeps_identity', 'a claim keeps its number, kind and waybill');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER claim_guard BEFORE UPDATE ON claims_claim
  FOR EACH ROW EXECUTE FUNCTION claims_claim_guard();

-- LR-30: what is published does not change; a draft alone may go.
CREATE FUNCTION claims_ruleset_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.state <> 'draft' AND (TG_OP = 'DELETE' OR NEW.state = 'draft' OR
     (NEW.code, NEW.data, NEW.valid_from, NEW.created_at, NEW.created_by_id, NEW.published_at, NEW.published_by_id)
     IS DISTINCT FROM
     (OLD.code, OLD.data, OLD.valid_from, OLD.created_at, OLD.created_by_id, OLD.published_at, OLD.published_by_id))
  THEN
    PERFORM public.claims_refuse('ruleset_published_stands', 'a published version does not change');
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER ruleset_guard BEFORE UPDATE OR DELETE ON claims_rulesetversion
  FOR EACH ROW EXECUTE FUNCTION claims_ruleset_guard();

-- MON-03: the shares of a determination sum to one, exactly; asked when the transaction ends.
CREATE FUNCTION claims_shares_sum() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  n numeric := 0; d numeric := 1; g numeric; row record;
BEGIN
  FOR row IN SELECT numerator, denominator FROM public.claims_share WHERE determination_id = NEW.determination_id LOOP
    n := n * row.denominator + row.numerator * d;
    d := d * row.denominator;
    g := gcd(n, d);
    n := n / g;
    d := d / g;
  END LOOP;
  IF n <> d THEN
    PERFORM public.claims_refuse('shares_sum_to_one', 'the shares of a determination sum to one');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER shares_sum_to_one AFTER INSERT ON claims_share DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_shares_sum();

-- MON-03, I6: the charges of the newest determination that is not provisional are the approved payout, each within a
-- fen of its exact part; those of former ones are reversed; nobody pays more than the share.
CREATE FUNCTION claims_charges_check(claim bigint) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  total numeric; current bigint; bad integer;
BEGIN
  SELECT approved_amount INTO total FROM public.claims_claim WHERE id = claim;
  SELECT id INTO current FROM public.claims_determination
   WHERE claim_id = claim AND status <> 'provisional' ORDER BY ordinal DESC LIMIT 1;
  SELECT count(*) INTO bad FROM (
    SELECT s.id,
           coalesce(sum(e.amount) FILTER (WHERE e.kind IN ('charge', 'reversal')), 0) AS charged,
           coalesce(sum(e.amount), 0) AS owed,
           CASE WHEN s.determination_id = current THEN coalesce(total, 0) * s.numerator / s.denominator ELSE 0 END AS exact
      FROM public.claims_share s
      JOIN public.claims_determination d ON d.id = s.determination_id AND d.claim_id = claim
      LEFT JOIN public.claims_liabilityentry e ON e.share_id = s.id
     GROUP BY s.id) part
   WHERE abs(charged - exact) >= 0.01 OR owed < 0;
  IF bad > 0 THEN
    PERFORM public.claims_refuse('charges_follow_shares', 'what a party is charged is its share of the approved payout');
  END IF;
  IF EXISTS (SELECT FROM public.claims_share WHERE determination_id = current) AND coalesce(total, 0) <> (
     SELECT coalesce(sum(e.amount), 0) FROM public.claims_liabilityentry e
      WHERE e.claim_id = claim AND e.kind IN ('charge', 'reversal')) THEN
    PERFORM public.claims_refuse('charges_sum_to_payout', 'the charges sum to the approved payout');
  END IF;
END $$;
CREATE FUNCTION claims_charges_of_entry() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM public.claims_share s JOIN public.claims_determination d ON d.id = s.determination_id
                  WHERE s.id = NEW.share_id AND d.claim_id = NEW.claim_id) THEN
    PERFORM public.claims_refuse('entry_of_its_claim', 'an entry and its share are of one claim');
  END IF;
  PERFORM public.claims_charges_check(NEW.claim_id);
  RETURN NULL;
END $$;
CREATE FUNCTION claims_charges_of_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM public.claims_charges_check(NEW.id);
  RETURN NULL;
END $$;
CREATE FUNCTION claims_charges_of_determination() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM public.claims_charges_check(NEW.claim_id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER charges_of_entry AFTER INSERT ON claims_liabilityentry DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_charges_of_entry();
CREATE CONSTRAINT TRIGGER charges_of_claim AFTER UPDATE OF approved_amount ON claims_claim DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.approved_amount IS DISTINCT FROM NEW.approved_amount)
  EXECUTE FUNCTION claims_charges_of_claim();
CREATE CONSTRAINT TRIGGER charges_of_determination AFTER INSERT ON claims_determination DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_charges_of_determination();

-- A fine may be given its sanction, and nothing else.
CREATE FUNCTION claims_fine_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF to_jsonb(NEW) - 'sanction_id' IS DISTINCT FROM to_jsonb(OLD) - 'sanction_id'
     OR (OLD.sanction_id IS NOT NULL AND NEW.sanction_id IS DISTINCT FROM OLD.sanction_id) THEN
    PERFORM public.claims_refuse('fine_stands', 'a fine only gets its sanction');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fine_guard BEFORE UPDATE ON claims_fineproposal
  FOR EACH ROW EXECUTE FUNCTION claims_fine_guard();

-- CLM-08: a signature given stands; the adjuster does not sign.
CREATE FUNCTION claims_approval_step_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.decided_at IS NOT NULL
     OR (NEW.request_id, NEW.ordinal, NEW.level, NEW.requested_by_id, NEW.requested_at)
        IS DISTINCT FROM (OLD.request_id, OLD.ordinal, OLD.level, OLD.requested_by_id, OLD.requested_at) THEN
    PERFORM public.claims_refuse('approval_signature_stands', 'a signature stands as it was given');
  END IF;
  IF NEW.decided_by_id IN (SELECT c.adjuster_id FROM public.claims_claim c
       JOIN public.claims_approvalrequest r ON r.claim_id = c.id WHERE r.id = NEW.request_id) THEN
    PERFORM public.claims_refuse('approval_not_by_its_maker', 'the adjuster does not approve the own claim');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_step_guard BEFORE UPDATE ON claims_approvalstep
  FOR EACH ROW EXECUTE FUNCTION claims_approval_step_guard();

-- CLM-09: a part stands; it may be replaced while no live voucher is for it.
CREATE FUNCTION claims_part_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.replaced_at IS NOT NULL
     OR (NEW.claim_id, NEW.ordinal, NEW.amount, NEW.made_at) IS DISTINCT FROM
        (OLD.claim_id, OLD.ordinal, OLD.amount, OLD.made_at) THEN
    PERFORM public.claims_refuse('part_stands', 'a part keeps its sum; another one replaces it');
  END IF;
  IF NEW.replaced_at IS NOT NULL AND EXISTS (
     SELECT FROM public.claims_voucher WHERE part_id = NEW.id AND state IN ('issued', 'paid')) THEN
    PERFORM public.claims_refuse('part_has_a_voucher', 'a part with a live voucher is not replaced');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER part_guard BEFORE UPDATE ON claims_part
  FOR EACH ROW EXECUTE FUNCTION claims_part_guard();

-- CLM-09: the live parts of a claim sum to the approved amount; its live vouchers are never more (MON-03).
CREATE FUNCTION claims_parts_check(claim bigint) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  total numeric; parts numeric; vouchers numeric;
BEGIN
  SELECT approved_amount INTO total FROM public.claims_claim WHERE id = claim;
  SELECT sum(amount) INTO parts FROM public.claims_part WHERE claim_id = claim AND replaced_at IS NULL;
  IF parts IS NOT NULL AND parts IS DISTINCT FROM total THEN
    PERFORM public.claims_refuse('parts_sum_to_payout', 'the parts sum to the approved amount');
  END IF;
  SELECT coalesce(sum(amount), 0) INTO vouchers FROM public.claims_voucher
   WHERE claim_id = claim AND state IN ('issued', 'paid');
  IF vouchers > coalesce(total, 0) THEN
    PERFORM public.claims_refuse('vouchers_within_payout', 'live vouchers are never more than the approved amount');
  END IF;
END $$;
CREATE FUNCTION claims_parts_of_row() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM public.claims_parts_check(NEW.claim_id);
  RETURN NULL;
END $$;
CREATE FUNCTION claims_parts_of_claim() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM public.claims_parts_check(NEW.id);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER parts_of_part AFTER INSERT OR UPDATE ON claims_part DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_parts_of_row();
CREATE CONSTRAINT TRIGGER parts_of_voucher AFTER INSERT OR UPDATE ON claims_voucher DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_parts_of_row();
CREATE CONSTRAINT TRIGGER parts_of_claim AFTER UPDATE OF approved_amount ON claims_claim DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (OLD.approved_amount IS DISTINCT FROM NEW.approved_amount)
  EXECUTE FUNCTION claims_parts_of_claim();

-- CLM-09, CLM-10: a voucher is issued for its part, then paid or void; both are ends. Whoever approved never pays.
CREATE FUNCTION claims_voucher_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  ends text[] := ARRAY['state', 'version', 'document_id', 'paid_at', 'paid_by_id', 'paid_method', 'window', 'receiver',
                       'is_proxy', 'proxy_identity', 'voided_at', 'voided_by_id', 'void_reason'];
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'issued' THEN
      PERFORM public.claims_refuse('voucher_begins_issued', 'a voucher begins as issued');
    END IF;
    IF NOT EXISTS (SELECT FROM public.claims_part p WHERE p.id = NEW.part_id AND p.claim_id = NEW.claim_id
                   AND p.amount = NEW.amount AND p.replaced_at IS NULL) THEN
      PERFORM public.claims_refuse('voucher_of_its_part', 'a voucher is over the sum of its part');
    END IF;
    RETURN NEW;
  END IF;
  IF to_jsonb(NEW) - ends IS DISTINCT FROM to_jsonb(OLD) - ends
     OR (OLD.document_id IS NOT NULL AND NEW.document_id IS DISTINCT FROM OLD.document_id) THEN
    PERFORM public.claims_refuse('voucher_stands', 'what a voucher says does not change');
  END IF;
  IF OLD.state <> 'issued' THEN
    PERFORM public.claims_refuse('voucher_ended', 'a voucher that is paid or void does not change');
  END IF;
  IF NEW.paid_by_id IN (SELECT s.decided_by_id FROM public.claims_approvalstep s
       JOIN public.claims_approvalrequest r ON r.id = s.request_id
      WHERE r.claim_id = NEW.claim_id AND s.approved) THEN
    PERFORM public.claims_refuse('voucher_approver_never_pays', 'whoever approved a payout never pays it');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER voucher_guard BEFORE INSERT OR UPDATE ON claims_voucher
  FOR EACH ROW EXECUTE FUNCTION claims_voucher_guard();

-- D22: the counter goes up by one, with a voucher of that number in the same transaction: numbers without gaps.
CREATE FUNCTION claims_counter_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.last > 1 THEN
      PERFORM public.claims_refuse('counter_begins_at_one', 'a month begins with number one');
    END IF;
  ELSIF (NEW.branch_code, NEW.month) IS DISTINCT FROM (OLD.branch_code, OLD.month) OR NEW.last <> OLD.last + 1 THEN
    PERFORM public.claims_refuse('counter_goes_up_by_one', 'the counter goes up by one');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER counter_guard BEFORE INSERT OR UPDATE ON claims_vouchercounter
  FOR EACH ROW EXECUTE FUNCTION claims_counter_guard();
CREATE FUNCTION claims_counter_used() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.last > 0 AND NOT EXISTS (SELECT FROM public.claims_voucher v
     WHERE v.branch_code = NEW.branch_code AND v.month = NEW.month AND v.sequence = NEW.last) THEN
    PERFORM public.claims_refuse('counter_number_is_used', 'a number is drawn for a voucher only');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER counter_number_is_used AFTER INSERT OR UPDATE ON claims_vouchercounter
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION claims_counter_used();
""" + kept()

BACKWARD = (
    unkept()
    + r"""
DROP TRIGGER counter_number_is_used ON claims_vouchercounter;
DROP TRIGGER counter_guard ON claims_vouchercounter;
DROP TRIGGER voucher_guard ON claims_voucher;
DROP TRIGGER parts_of_claim ON claims_claim;
DROP TRIGGER parts_of_voucher ON claims_voucher;
DROP TRIGGER parts_of_part ON claims_part;
DROP TRIGGER part_guard ON claims_part;
DROP TRIGGER approval_step_guard ON claims_approvalstep;
DROP TRIGGER fine_guard ON claims_fineproposal;
DROP TRIGGER charges_of_determination ON claims_determination;
DROP TRIGGER charges_of_claim ON claims_claim;
DROP TRIGGER charges_of_entry ON claims_liabilityentry;
DROP TRIGGER shares_sum_to_one ON claims_share;
DROP TRIGGER ruleset_guard ON claims_rulesetversion;
DROP TRIGGER claim_guard ON claims_claim;
DROP FUNCTION claims_counter_used(); DROP FUNCTION claims_counter_guard(); DROP FUNCTION claims_voucher_guard();
DROP FUNCTION claims_parts_of_claim(); DROP FUNCTION claims_parts_of_row(); DROP FUNCTION claims_parts_check(bigint);
DROP FUNCTION claims_part_guard(); DROP FUNCTION claims_approval_step_guard(); DROP FUNCTION claims_fine_guard();
DROP FUNCTION claims_charges_of_determination(); DROP FUNCTION claims_charges_of_claim();
DROP FUNCTION claims_charges_of_entry(); DROP FUNCTION claims_charges_check(bigint); DROP FUNCTION claims_shares_sum();
DROP FUNCTION claims_ruleset_guard(); DROP FUNCTION claims_claim_guard(); DROP FUNCTION claims_refuse(text, text);
DROP SEQUENCE number_determination; DROP SEQUENCE number_claim;
"""
)


class Migration(migrations.Migration):
    dependencies = [("claims", "0001_initial"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
