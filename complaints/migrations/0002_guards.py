"""Guards in the database: what is said and handed in stays, places in an event are kept, ended things stay ended.

Which test turns red without which guard: tests/complaints/test_constraints.py.
"""

from django.db import migrations

APPEND_ONLY = ("statement", "message", "chase", "finding", "followup")


def _append_only(table):
    return f"""
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON complaints_{table}
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON complaints_{table}
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
"""


FORWARD = r"""
-- A ticket is never deleted; number, contact, tier and time of its registration never change. Its place in an event
-- changes once, when the suspicion is refuted, and the former place is kept (CMP-40, CMP-45).
CREATE FUNCTION complaint_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'complaints are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.number, NEW.public_id, NEW.contact_id, NEW.channel, NEW.tier, NEW.origin, NEW.registered_at,
      NEW.registered_on) IS DISTINCT FROM
     (OLD.number, OLD.public_id, OLD.contact_id, OLD.channel, OLD.tier, OLD.origin, OLD.registered_at,
      OLD.registered_on) THEN
    RAISE EXCEPTION 'what a complaint was registered with never changes'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.event_id, NEW.sequence) IS DISTINCT FROM (OLD.event_id, OLD.sequence) AND NOT (
      OLD.refuted_from_id IS NULL AND NEW.refuted_from_id IS NOT DISTINCT FROM OLD.event_id
      AND NEW.refuted_sequence IS NOT DISTINCT FROM OLD.sequence) THEN
    RAISE EXCEPTION 'the place in an event changes only by refuting' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.refuted_from_id IS NOT NULL AND (NEW.refuted_from_id, NEW.refuted_sequence) IS DISTINCT FROM
     (OLD.refuted_from_id, OLD.refuted_sequence) THEN
    RAISE EXCEPTION 'a refuted place is kept' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state IN ('cancelled', 'merged') AND NEW.state <> OLD.state THEN
    RAISE EXCEPTION 'a cancelled or merged complaint stays so' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF NEW.round < OLD.round OR NEW.version < OLD.version THEN
    RAISE EXCEPTION 'rounds and versions count upwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_guard BEFORE UPDATE OR DELETE ON complaints_complaint
  FOR EACH ROW EXECUTE FUNCTION complaint_guard();
CREATE TRIGGER complaint_no_truncate BEFORE TRUNCATE ON complaints_complaint
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- A place is taken from the event's counter, never beyond it (CMP-44, I12).
CREATE FUNCTION complaint_place() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE counted integer;
BEGIN
  SELECT last_sequence INTO counted FROM public.complaints_event WHERE id = NEW.event_id;
  IF counted IS NULL OR NEW.sequence > counted THEN
    RAISE EXCEPTION 'complaint % stands beyond the last place of its event', NEW.number
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_place BEFORE INSERT OR UPDATE OF event_id, sequence ON complaints_complaint
  FOR EACH ROW EXECUTE FUNCTION complaint_place();

CREATE FUNCTION complaint_event_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'events are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.key, NEW.party, NEW.waybill_id, NEW.category_id) IS DISTINCT FROM
     (OLD.key, OLD.party, OLD.waybill_id, OLD.category_id) OR NEW.last_sequence < OLD.last_sequence THEN
    RAISE EXCEPTION 'an event only counts upwards' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_event_guard BEFORE UPDATE OR DELETE ON complaints_event
  FOR EACH ROW EXECUTE FUNCTION complaint_event_guard();

-- A handover that ended stays ended; only one that was given back may still be waived.
CREATE FUNCTION complaint_handover_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'handovers are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF (NEW.complaint_id, NEW.round, NEW.department_id, NEW.clock_id, NEW.handed_at) IS DISTINCT FROM
     (OLD.complaint_id, OLD.round, OLD.department_id, OLD.clock_id, OLD.handed_at) THEN
    RAISE EXCEPTION 'to whom and when a ticket was handed over never changes'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state <> 'waiting' AND NEW.state <> OLD.state AND NOT (OLD.state = 'returned' AND NEW.state = 'waived') THEN
    RAISE EXCEPTION 'an ended handover stays ended' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_handover_guard BEFORE UPDATE OR DELETE ON complaints_handover
  FOR EACH ROW EXECUTE FUNCTION complaint_handover_guard();

-- A resolved round is never written again; rounds are never taken away (CMP-23).
CREATE FUNCTION complaint_round_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.resolved_at IS NOT NULL
     OR (NEW.complaint_id, NEW.number, NEW.started_at) IS DISTINCT FROM (OLD.complaint_id, OLD.number, OLD.started_at)
     OR (OLD.rebased_at IS NOT NULL AND NEW.rebased_at IS DISTINCT FROM OLD.rebased_at) THEN
    RAISE EXCEPTION 'no round is overwritten' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_round_guard BEFORE UPDATE OR DELETE ON complaints_round
  FOR EACH ROW EXECUTE FUNCTION complaint_round_guard();

-- What a service incident did stays readable: it is withdrawn, never deleted, and never comes back.
CREATE FUNCTION complaint_incident_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'service incidents are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'
     OR (NEW.number, NEW.kind, NEW.event_id, NEW.month) IS DISTINCT FROM
        (OLD.number, OLD.kind, OLD.event_id, OLD.month) THEN
    RAISE EXCEPTION 'a service incident keeps its ground, and a withdrawn one stays withdrawn'
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER complaint_incident_guard BEFORE UPDATE OR DELETE ON complaints_serviceincident
  FOR EACH ROW EXECUTE FUNCTION complaint_incident_guard();

-- A subcase belongs to the category beside it.
ALTER TABLE complaints_complaint ADD CONSTRAINT complaint_subcase_of_category
  FOREIGN KEY (subcase_id, category_id) REFERENCES complaints_subcase (id, category_id)
  DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE complaints_routing ADD CONSTRAINT routing_subcase_of_category
  FOREIGN KEY (subcase_id, category_id) REFERENCES complaints_subcase (id, category_id)
  DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE complaints_keyword ADD CONSTRAINT keyword_subcase_of_category
  FOREIGN KEY (subcase_id, category_id) REFERENCES complaints_subcase (id, category_id)
  DEFERRABLE INITIALLY DEFERRED;
""" + "".join(_append_only(table) for table in APPEND_ONLY)

BACKWARD = (
    "".join(
        f"DROP TRIGGER {table}_append_only ON complaints_{table};"
        f"DROP TRIGGER {table}_no_truncate ON complaints_{table};"
        for table in APPEND_ONLY
    )
    + """
ALTER TABLE complaints_keyword DROP CONSTRAINT keyword_subcase_of_category;
ALTER TABLE complaints_routing DROP CONSTRAINT routing_subcase_of_category;
ALTER TABLE complaints_complaint DROP CONSTRAINT complaint_subcase_of_category;
DROP TRIGGER complaint_incident_guard ON complaints_serviceincident;
DROP FUNCTION complaint_incident_guard();
DROP TRIGGER complaint_round_guard ON complaints_round;
DROP FUNCTION complaint_round_guard();
DROP TRIGGER complaint_handover_guard ON complaints_handover;
DROP FUNCTION complaint_handover_guard();
DROP TRIGGER complaint_event_guard ON complaints_event;
DROP FUNCTION complaint_event_guard();
DROP TRIGGER complaint_place ON complaints_complaint;
DROP FUNCTION complaint_place();
DROP TRIGGER complaint_no_truncate ON complaints_complaint;
DROP TRIGGER complaint_guard ON complaints_complaint;
DROP FUNCTION complaint_guard();
"""
)


class Migration(migrations.Migration):
    dependencies = [("complaints", "0001_initial"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
