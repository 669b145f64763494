"""Charges follow the payout less what came from outside (CLM-18); what was asked and answered stands; rights (CLM-03)."""

from django.db import migrations

APPEND_ONLY = {"outside": "claims_outsiderecovery"}
NEVER_DELETED = {
    "evidence": "claims_evidencerequest",
    "result": "claims_investigationresult",
    "own_settlement": "claims_ownsettlement",
    "insurance": "claims_insurance",
}

NEW_CHECK = r"""
CREATE OR REPLACE FUNCTION claims_charges_check(claim bigint) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  total numeric; current bigint; bad integer;
BEGIN
  SELECT greatest(c.approved_amount - coalesce((SELECT sum(o.amount) FROM public.claims_outsiderecovery o
         WHERE o.claim_id = c.id), 0), 0) INTO total FROM public.claims_claim c WHERE c.id = claim;
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
    PERFORM public.claims_refuse('charges_follow_shares', 'what a party is charged is its share of the payout less what came from outside');
  END IF;
  IF EXISTS (SELECT FROM public.claims_share WHERE determination_id = current) AND coalesce(total, 0) <> (
     SELECT coalesce(sum(e.amount), 0) FROM public.claims_liabilityentry e
      WHERE e.claim_id = claim AND e.kind IN ('charge', 'reversal')) THEN
    PERFORM public.claims_refuse('charges_sum_to_payout', 'the charges sum to the payout less what came from outside');
  END IF;
END $$;
"""
OLD_CHECK = r"""
CREATE OR REPLACE FUNCTION claims_charges_check(claim bigint) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
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
"""
GUARDS = r"""
CREATE CONSTRAINT TRIGGER charges_of_outside AFTER INSERT ON claims_outsiderecovery DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION claims_charges_of_determination();

-- CLM-03: a question stands as it was asked, an answer as it was given.
CREATE FUNCTION claims_evidence_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.answered_at IS NOT NULL OR OLD.withdrawn_at IS NOT NULL
     OR (NEW.claim_id, NEW.department_id, NEW.fact, NEW.text, NEW.asked_at, NEW.asked_by_id, NEW.due_at)
        IS DISTINCT FROM
        (OLD.claim_id, OLD.department_id, OLD.fact, OLD.text, OLD.asked_at, OLD.asked_by_id, OLD.due_at) THEN
    PERFORM public.claims_refuse('evidence_stands', 'a request stands as it was asked, an answer as it was given');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER evidence_guard BEFORE UPDATE ON claims_evidencerequest
  FOR EACH ROW EXECUTE FUNCTION claims_evidence_guard();

CREATE FUNCTION claims_result_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.decided_at IS NOT NULL
     OR (NEW.claim_id, NEW.text, NEW.level, NEW.reported_at, NEW.reported_by_id) IS DISTINCT FROM
        (OLD.claim_id, OLD.text, OLD.level, OLD.reported_at, OLD.reported_by_id) THEN
    PERFORM public.claims_refuse('result_stands', 'a result stands as it was reported and decided');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER result_guard BEFORE UPDATE ON claims_investigationresult
  FOR EACH ROW EXECUTE FUNCTION claims_result_guard();
"""
UNGUARD = """
DROP TRIGGER result_guard ON claims_investigationresult;
DROP TRIGGER evidence_guard ON claims_evidencerequest;
DROP TRIGGER charges_of_outside ON claims_outsiderecovery;
DROP FUNCTION claims_result_guard();
DROP FUNCTION claims_evidence_guard();
"""


def _triggers() -> list[tuple[str, str, str]]:
    """Name, table, and when each refuses."""
    tables = {**APPEND_ONLY, **NEVER_DELETED}
    rows = [(f"{name}_append_only", table, "BEFORE UPDATE OR DELETE") for name, table in APPEND_ONLY.items()]
    rows += [(f"{name}_never_deleted", table, "BEFORE DELETE") for name, table in NEVER_DELETED.items()]
    return rows + [(f"{name}_no_truncate", table, "BEFORE TRUNCATE") for name, table in tables.items()]


def kept() -> str:
    return "\n".join(
        f"CREATE TRIGGER {name} {when} ON {table} FOR EACH {'STATEMENT' if 'TRUNCATE' in when else 'ROW'} "
        "EXECUTE FUNCTION sc_refuse_change();"
        for name, table, when in _triggers()
    )


def unkept() -> str:
    return "\n".join(f"DROP TRIGGER {name} ON {table};" for name, table, _when in _triggers())


ANSWER = [
    "inspector",
    "adjuster",
    "handler",
    "site_representative",
    "department_manager",
    "department_supervisor",
    "business_manager",
]
SETTLE = ["adjuster", "supervisor", "centre_manager", "department_manager", "agent"]
RIGHTS = {
    "claims.answer_request": ANSWER,
    "claims.record_settlement": SETTLE,
}  # fmt: skip


def grant(apps, schema_editor):
    """The new rights to the roles that have the work."""
    roles = apps.get_model("organization", "Role").objects
    for right, codes in RIGHTS.items():
        for role in roles.filter(code__in=codes):
            if right not in role.rights:
                role.rights = [*role.rights, right]
                role.save(update_fields=["rights"])


def revoke(apps, schema_editor):
    for role in apps.get_model("organization", "Role").objects.all():
        kept_rights = [right for right in role.rights if right not in RIGHTS]
        if kept_rights != role.rights:
            role.rights = kept_rights
            role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [("claims", "0006_recovery"), ("organization", "0003_seeds")]
    operations = [
        migrations.RunSQL(NEW_CHECK + GUARDS + kept(), unkept() + UNGUARD + OLD_CHECK),
        migrations.RunPython(grant, revoke),
    ]
