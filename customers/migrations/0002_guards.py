"""Guards in the database: persons and corrections stay with their own, events append-only, COD money goes forward."""

from django.db import migrations

FORWARD = r"""
-- A telephone's contact person belongs to the telephone's customer; a correction to the waybill it corrects.
ALTER TABLE customers_telephone ADD CONSTRAINT telephone_person_of_customer
  FOREIGN KEY (contact_person_id, customer_id) REFERENCES customers_contactperson (id, customer_id)
  ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE customers_waybillevent ADD CONSTRAINT waybill_event_corrects_own
  FOREIGN KEY (corrects_id, waybill_id) REFERENCES customers_waybillevent (id, waybill_id)
  DEFERRABLE INITIALLY DEFERRED;

-- WBL-02: events are never edited, but corrected by a later one.
CREATE TRIGGER waybill_event_append_only BEFORE UPDATE OR DELETE ON customers_waybillevent
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER waybill_event_no_truncate BEFORE TRUNCATE ON customers_waybillevent
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- WBL-05: COD money only goes forward, and its amount does not change after collection. A number is for ever, and
-- what is complete does not become a stub again.
CREATE FUNCTION customers_waybill_forward() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  course constant text[] := ARRAY['due', 'collected', 'handed_in', 'remitted'];
  old_step integer := pg_catalog.array_position(course, OLD.cod_state::text);
  new_step integer := pg_catalog.array_position(course, NEW.cod_state::text);
BEGIN
  IF NEW.number <> OLD.number THEN
    RAISE EXCEPTION 'a waybill keeps its number'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waybill_keeps_number';
  END IF;
  IF NEW.is_stub AND NOT OLD.is_stub THEN
    RAISE EXCEPTION 'a complete waybill does not become a stub'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waybill_stays_complete';
  END IF;
  IF OLD.cod_state IN ('collected', 'handed_in', 'remitted')
     AND (NEW.cod_amount IS DISTINCT FROM OLD.cod_amount OR new_step IS NULL) THEN
    RAISE EXCEPTION 'collected COD money keeps its amount and goes on'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waybill_cod_forward';
  END IF;
  IF old_step IS NOT NULL AND new_step IS NOT NULL AND new_step < old_step
     OR OLD.cod_state = 'cancelled' AND NEW.cod_state <> 'cancelled' THEN
    RAISE EXCEPTION 'COD money does not go back'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'waybill_cod_forward';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER waybill_forward BEFORE UPDATE ON customers_waybill
  FOR EACH ROW EXECUTE FUNCTION customers_waybill_forward();
"""

BACKWARD = r"""
DROP TRIGGER waybill_forward ON customers_waybill;
DROP FUNCTION customers_waybill_forward();
DROP TRIGGER waybill_event_no_truncate ON customers_waybillevent;
DROP TRIGGER waybill_event_append_only ON customers_waybillevent;
ALTER TABLE customers_waybillevent DROP CONSTRAINT waybill_event_corrects_own;
ALTER TABLE customers_telephone DROP CONSTRAINT telephone_person_of_customer;
"""


class Migration(migrations.Migration):
    dependencies = [("customers", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
