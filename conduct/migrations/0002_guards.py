"""Guards in the database: a sanction and a disqualification keep their target and source; ends are ends."""

from django.db import migrations

FORWARD = r"""
-- SAN-10: what a sanction is about never changes; settled and withdrawn are ends, a confirmed one keeps its amount.
CREATE FUNCTION conduct_sanction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (NEW.number, NEW.target_employee_id, NEW.target_department_id, NEW.violation_id, NEW.source_kind,
      NEW.source_id, NEW.month, NEW.proposed_at, NEW.proposed_by_id)
     IS DISTINCT FROM
     (OLD.number, OLD.target_employee_id, OLD.target_department_id, OLD.violation_id, OLD.source_kind,
      OLD.source_id, OLD.month, OLD.proposed_at, OLD.proposed_by_id) THEN
    RAISE EXCEPTION 'a sanction keeps its target, violation, source and month'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction_keeps_identity';
  END IF;
  IF OLD.state IN ('settled', 'withdrawn') THEN
    RAISE EXCEPTION 'a sanction that is settled or withdrawn does not change'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction_ended';
  END IF;
  IF OLD.state = 'confirmed' AND (NEW.amount IS DISTINCT FROM OLD.amount OR NEW.state = 'proposed') THEN
    RAISE EXCEPTION 'a confirmed sanction keeps its amount'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction_confirmed_stands';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER sanction_guard BEFORE UPDATE ON conduct_sanction
  FOR EACH ROW EXECUTE FUNCTION conduct_sanction_guard();
CREATE TRIGGER sanction_kept BEFORE DELETE ON conduct_sanction
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();

-- SAN-11: a disqualification is only ever withdrawn, once.
CREATE FUNCTION conduct_disqualification_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.withdrawn_at IS NOT NULL
     OR (NEW.target_employee_id, NEW.target_department_id, NEW.month, NEW.source_kind, NEW.source_id, NEW.created_at)
        IS DISTINCT FROM
        (OLD.target_employee_id, OLD.target_department_id, OLD.month, OLD.source_kind, OLD.source_id, OLD.created_at)
  THEN
    RAISE EXCEPTION 'a disqualification can only be withdrawn'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'disqualification_keeps_identity';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER disqualification_guard BEFORE UPDATE ON conduct_meritdisqualification
  FOR EACH ROW EXECUTE FUNCTION conduct_disqualification_guard();
CREATE TRIGGER disqualification_kept BEFORE DELETE ON conduct_meritdisqualification
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
"""

BACKWARD = r"""
DROP TRIGGER disqualification_kept ON conduct_meritdisqualification;
DROP TRIGGER disqualification_guard ON conduct_meritdisqualification;
DROP FUNCTION conduct_disqualification_guard();
DROP TRIGGER sanction_kept ON conduct_sanction;
DROP TRIGGER sanction_guard ON conduct_sanction;
DROP FUNCTION conduct_sanction_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("conduct", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
