"""A confirmed sanction keeps its points as it keeps its amount (SAN-10, CLM-21)."""

from django.db import migrations

BODY = r"""
CREATE OR REPLACE FUNCTION conduct_sanction_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
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
  IF OLD.state = 'confirmed' AND (%s OR NEW.state = 'proposed') THEN
    RAISE EXCEPTION 'a confirmed sanction keeps its amount'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'sanction_confirmed_stands';
  END IF;
  RETURN NEW;
END $$;
"""
FORWARD = BODY % "(NEW.amount, NEW.points) IS DISTINCT FROM (OLD.amount, OLD.points)"
BACKWARD = BODY % "NEW.amount IS DISTINCT FROM OLD.amount"


class Migration(migrations.Migration):
    dependencies = [("conduct", "0004_points")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
