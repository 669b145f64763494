"""Guards of requests for item codes: they go their way, and what was asked stays as it was asked (INV-16)."""

from django.db import migrations

FORWARD = r"""
CREATE SEQUENCE number_itemrequest START 10001;

CREATE FUNCTION inventory_itemrequest_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'requested' THEN
      PERFORM public.inventory_refuse('a request begins with being asked', 'itemrequest_begins');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.number, NEW.warehouse_id, NEW.name, NEW.spec, NEW.unit, NEW.item_class, NEW.reason, NEW.created_at,
      NEW.created_by_id) IS DISTINCT FROM
     (OLD.number, OLD.warehouse_id, OLD.name, OLD.spec, OLD.unit, OLD.item_class, OLD.reason, OLD.created_at,
      OLD.created_by_id) THEN
    PERFORM public.inventory_refuse('what was asked does not change', 'itemrequest_kept_words');
  END IF;
  IF OLD.state IN ('granted', 'refused', 'withdrawn') THEN
    PERFORM public.inventory_refuse('what is decided does not change', 'itemrequest_final');
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('requested', 'passed'), ('passed', 'granted'), ('requested', 'refused'), ('passed', 'refused'),
      ('requested', 'withdrawn'), ('passed', 'withdrawn')) THEN
    PERFORM public.inventory_refuse('no such way from state to state', 'itemrequest_path');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER itemrequest_guard BEFORE INSERT OR UPDATE ON inventory_itemrequest
  FOR EACH ROW EXECUTE FUNCTION inventory_itemrequest_guard();
CREATE TRIGGER itemrequest_kept BEFORE DELETE ON inventory_itemrequest
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER itemrequest_no_truncate BEFORE TRUNCATE ON inventory_itemrequest
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
"""

BACKWARD = r"""
DROP TRIGGER itemrequest_no_truncate ON inventory_itemrequest;
DROP TRIGGER itemrequest_kept ON inventory_itemrequest;
DROP TRIGGER itemrequest_guard ON inventory_itemrequest; DROP FUNCTION inventory_itemrequest_guard();
DROP SEQUENCE number_itemrequest;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_item_requests")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
