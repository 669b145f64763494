"""Guards of counts: only an approved one posts, exactly what it found, once (INV-54, INV-55, LED-07)."""

from django.db import migrations

from inventory.domain import categories

FORWARD = r"""
CREATE SEQUENCE number_stocktake START 10001;

-- A count begins with counting; what was approved or voided stays; it goes its way and no other.
CREATE FUNCTION inventory_stocktake_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.state <> 'counting' THEN
    PERFORM public.inventory_refuse('a count begins with counting', 'stocktake_begins');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stocktake_begins BEFORE INSERT ON inventory_stocktake
  FOR EACH ROW EXECUTE FUNCTION inventory_stocktake_begins();
CREATE TRIGGER stocktake_kept BEFORE DELETE ON inventory_stocktake
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER stocktake_no_truncate BEFORE TRUNCATE ON inventory_stocktake
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

CREATE FUNCTION inventory_stocktake_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (NEW.number, NEW.warehouse_id, NEW.is_blind, NEW.item_class, NEW.created_at, NEW.created_by_id)
     IS DISTINCT FROM
     (OLD.number, OLD.warehouse_id, OLD.is_blind, OLD.item_class, OLD.created_at, OLD.created_by_id) THEN
    PERFORM public.inventory_refuse('a count keeps its number and warehouse', 'stocktake_keeps_identity');
  END IF;
  IF OLD.state IN ('approved', 'voided') AND
     pg_catalog.to_jsonb(NEW) - 'print_count' <> pg_catalog.to_jsonb(OLD) - 'print_count' THEN
    PERFORM public.inventory_refuse('what is approved or voided does not change', 'stocktake_final');
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('counting', 'counted'), ('counted', 'counting'), ('counted', 'submitted'), ('submitted', 'counting'),
      ('submitted', 'approved'), ('counting', 'voided'), ('counted', 'voided'), ('submitted', 'voided')) THEN
    PERFORM public.inventory_refuse('no such way from state to state', 'stocktake_path');
  END IF;
  IF NEW.state IN ('counted', 'submitted', 'approved') AND OLD.state <> NEW.state AND EXISTS (
    SELECT 1 FROM public.inventory_stocktakeline l WHERE l.stocktake_id = NEW.id AND l.counted IS NULL) THEN
    PERFORM public.inventory_refuse('every line is counted first', 'stocktake_all_counted');
  END IF;
  -- INV-54: a reason on every line with a difference.
  IF NEW.state IN ('submitted', 'approved') AND OLD.state <> NEW.state AND EXISTS (
    SELECT 1 FROM public.inventory_stocktakeline l
    WHERE l.stocktake_id = NEW.id AND l.difference <> 0 AND (l.cause = '' OR l.reason = '')) THEN
    PERFORM public.inventory_refuse('every difference is explained', 'stocktake_explained');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stocktake_guard BEFORE UPDATE ON inventory_stocktake
  FOR EACH ROW EXECUTE FUNCTION inventory_stocktake_guard();

-- Figures are written while it is being counted, explanations also after; then nothing any more. No line ever goes.
CREATE FUNCTION inventory_stocktake_lines_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF EXISTS (SELECT 1 FROM touched t JOIN public.inventory_stocktake s ON s.id = t.stocktake_id
               WHERE s.state <> 'counting') THEN
      PERFORM public.inventory_refuse('lines are added while it is being counted', 'stocktake_line_read_only');
    END IF;
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT 1 FROM touched t JOIN public.inventory_stocktake s ON s.id = t.stocktake_id
             WHERE s.state NOT IN ('counting', 'counted')) THEN
    PERFORM public.inventory_refuse('what was handed in does not change', 'stocktake_line_read_only');
  END IF;
  IF EXISTS (
    SELECT 1 FROM touched t JOIN former f ON f.id = t.id JOIN public.inventory_stocktake s ON s.id = t.stocktake_id
    WHERE (t.stocktake_id, t.ordinal, t.item_id) IS DISTINCT FROM (f.stocktake_id, f.ordinal, f.item_id)
       OR s.state = 'counted' AND (t.counted, t.book, t.position, t.round) IS DISTINCT FROM
                                  (f.counted, f.book, f.position, f.round)
       OR (t.book, t.position) IS DISTINCT FROM (f.book, f.position) AND t.round <= f.round) THEN
    PERFORM public.inventory_refuse('figures are written while it is being counted', 'stocktake_line_figures');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stocktake_line_added AFTER INSERT ON inventory_stocktakeline
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_stocktake_lines_guard();
CREATE TRIGGER stocktake_line_changed AFTER UPDATE ON inventory_stocktakeline
  REFERENCING OLD TABLE AS former NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION inventory_stocktake_lines_guard();
CREATE TRIGGER stocktake_line_kept BEFORE DELETE ON inventory_stocktakeline
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER stocktake_line_no_truncate BEFORE TRUNCATE ON inventory_stocktakeline
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- INV-55: no document of a count before its approval, none of another warehouse; what it posted is never taken back.
CREATE FUNCTION inventory_document_of_count() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF NEW.stocktake_id IS DISTINCT FROM OLD.stocktake_id THEN
      PERFORM public.inventory_refuse('a document keeps its count', 'stockdoc_keeps_count');
    END IF;
    IF NEW.stocktake_id IS NOT NULL AND NEW.state <> OLD.state AND NEW.state <> 'audited' THEN
      PERFORM public.inventory_refuse('what a count posted stays', 'stockdoc_of_count_kept');
    END IF;
  ELSIF NEW.stocktake_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM public.inventory_stocktake s
    WHERE s.id = NEW.stocktake_id AND s.state = 'approved' AND s.warehouse_id = NEW.warehouse_id) THEN
    PERFORM public.inventory_refuse('only an approved count posts', 'stockdoc_count_approved');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stockdoc_count_kept BEFORE INSERT OR UPDATE ON inventory_document
  FOR EACH ROW EXECUTE FUNCTION inventory_document_of_count();

-- LED-07: when the transaction ends, the ledger holds exactly what an approved count found.
CREATE FUNCTION inventory_stocktake_posted() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM
      (SELECT l.item_id, l.difference AS quantity FROM public.inventory_stocktakeline l
       WHERE l.stocktake_id = NEW.id AND l.difference <> 0) f
    FULL JOIN
      (SELECT e.item_id, pg_catalog.sum(e.quantity) AS quantity FROM public.inventory_ledgerentry e
       JOIN public.inventory_document d ON d.id = e.document_id
       WHERE d.stocktake_id = NEW.id AND d.state = 'audited' GROUP BY e.item_id) p ON p.item_id = f.item_id
    WHERE f.quantity IS DISTINCT FROM p.quantity) THEN
    PERFORM public.inventory_refuse('an approved count posts its differences', 'stocktake_posted');
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER stocktake_posted AFTER UPDATE ON inventory_stocktake DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW.state = 'approved') EXECUTE FUNCTION inventory_stocktake_posted();
"""

BACKWARD = r"""
DROP TRIGGER stocktake_posted ON inventory_stocktake; DROP FUNCTION inventory_stocktake_posted();
DROP TRIGGER stockdoc_count_kept ON inventory_document; DROP FUNCTION inventory_document_of_count();
DROP TRIGGER stocktake_line_no_truncate ON inventory_stocktakeline;
DROP TRIGGER stocktake_line_kept ON inventory_stocktakeline;
DROP TRIGGER stocktake_line_changed ON inventory_stocktakeline; DROP TRIGGER stocktake_line_added ON inventory_stocktakeline;
DROP FUNCTION inventory_stocktake_lines_guard();
DROP TRIGGER stocktake_guard ON inventory_stocktake; DROP FUNCTION inventory_stocktake_guard();
DROP TRIGGER stocktake_no_truncate ON inventory_stocktake; DROP TRIGGER stocktake_kept ON inventory_stocktake;
DROP TRIGGER stocktake_begins ON inventory_stocktake; DROP FUNCTION inventory_stocktake_begins();
DROP SEQUENCE number_stocktake;
"""


def load(apps, schema_editor):
    """The guard's table of categories as the declarative one stands now (LED-13)."""
    rule = apps.get_model("inventory", "CategoryRule")
    names = ("category", "warehouse_kind", "direction", "colour", "is_transfer")
    rule.objects.all().delete()
    rule.objects.bulk_create(rule(**dict(zip(names, row, strict=True))) for row in categories.rows())


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_stocktakes")]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
