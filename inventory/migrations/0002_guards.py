"""Guards in the database: the ledger is append-only and keeps the balances; documents keep what was audited."""

from django.db import migrations

FORWARD = r"""
CREATE SEQUENCE number_stock START 10001;
CREATE SEQUENCE number_transfer START 10001;

CREATE FUNCTION inventory_refuse(what text, named text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%', what USING ERRCODE = 'check_violation', CONSTRAINT = named;
END $$;

-- The sign of a line is its document's colour (INV-26): a composite key holds the two together.
ALTER TABLE inventory_document ADD CONSTRAINT stockdoc_id_colour UNIQUE (id, colour);
ALTER TABLE inventory_documentline ADD CONSTRAINT stockline_colour
  FOREIGN KEY (document_id, colour) REFERENCES inventory_document (id, colour) DEFERRABLE INITIALLY DEFERRED;

-- A warehouse is of one kind for ever: the categories of its documents rest on it (LED-13).
CREATE FUNCTION inventory_warehouse_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.kind IS DISTINCT FROM OLD.kind THEN
    PERFORM public.inventory_refuse('a warehouse keeps its kind', 'warehouse_keeps_kind');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER warehouse_guard BEFORE UPDATE ON inventory_warehouse
  FOR EACH ROW EXECUTE FUNCTION inventory_warehouse_guard();
CREATE TRIGGER warehouse_kept BEFORE DELETE ON inventory_warehouse
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER item_kept BEFORE DELETE ON inventory_item
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();

-- LED-13: which category may use which kind of warehouse, in which colour and direction, by transfer or by hand.
CREATE FUNCTION inventory_document_category() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.inventory_categoryrule r
    JOIN public.inventory_warehouse w ON w.kind = r.warehouse_kind
    WHERE w.id = NEW.warehouse_id AND r.category = NEW.category AND r.colour = NEW.colour
      AND r.direction = NEW.direction AND r.is_transfer = (NEW.transfer_id IS NOT NULL)) THEN
    PERFORM public.inventory_refuse('this category does not fit this warehouse', 'stockdoc_category');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stockdoc_category BEFORE INSERT OR UPDATE OF category, warehouse_id, colour, direction, transfer_id
  ON inventory_document FOR EACH ROW EXECUTE FUNCTION inventory_document_category();

-- A document begins without effect, and is never deleted (INV-11, INV-14).
CREATE FUNCTION inventory_document_begins() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NEW.state NOT IN ('editing', 'saved') OR NEW.posting_number <> 0 OR NEW.first_audited_at IS NOT NULL THEN
    PERFORM public.inventory_refuse('a document begins as a draft', 'stockdoc_begins');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stockdoc_begins BEFORE INSERT ON inventory_document
  FOR EACH ROW EXECUTE FUNCTION inventory_document_begins();
CREATE TRIGGER stockdoc_kept BEFORE DELETE ON inventory_document
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER stockdoc_no_truncate BEFORE TRUNCATE ON inventory_document
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

CREATE FUNCTION inventory_document_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (NEW.number, NEW.colour, NEW.direction, NEW.transfer_id, NEW.created_at, NEW.created_by_id) IS DISTINCT FROM
     (OLD.number, OLD.colour, OLD.direction, OLD.transfer_id, OLD.created_at, OLD.created_by_id) THEN
    PERFORM public.inventory_refuse('a document keeps number, colour, direction', 'stockdoc_keeps_identity');
  END IF;
  -- INV-13: after the first audit the warehouse can never change.
  IF OLD.first_audited_at IS NOT NULL AND (NEW.warehouse_id, NEW.first_audited_at) IS DISTINCT FROM
     (OLD.warehouse_id, OLD.first_audited_at) THEN
    PERFORM public.inventory_refuse('after the first audit the warehouse stays', 'stockdoc_warehouse_kept');
  END IF;
  IF OLD.state = 'voided' AND NEW IS DISTINCT FROM OLD THEN
    PERFORM public.inventory_refuse('a voided document does not change', 'stockdoc_voided_kept');
  END IF;
  -- INV-12: what is audited is read-only.
  IF OLD.state = 'audited' AND
     (NEW.category, NEW.warehouse_id, NEW.business_date, NEW.supplier_id, NEW.requisition, NEW.application, NEW.cause,
      NEW.use, NEW.red_reason, NEW.original_id, NEW.remarks, NEW.counted_at, NEW.counted_by_id, NEW.approved_at,
      NEW.approved_by_id) IS DISTINCT FROM
     (OLD.category, OLD.warehouse_id, OLD.business_date, OLD.supplier_id, OLD.requisition, OLD.application, OLD.cause,
      OLD.use, OLD.red_reason, OLD.original_id, OLD.remarks, OLD.counted_at, OLD.counted_by_id, OLD.approved_at,
      OLD.approved_by_id) THEN
    PERFORM public.inventory_refuse('an audited document is read-only', 'stockdoc_read_only');
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('saved', 'editing'), ('editing', 'saved'), ('saved', 'audited'), ('audited', 'saved'),
      ('saved', 'voided'), ('editing', 'voided')) THEN
    PERFORM public.inventory_refuse('no such way from state to state', 'stockdoc_path');
  END IF;
  -- LED-01, LED-02: the state follows the ledger, never the other way round.
  IF (OLD.state = 'audited') <> (NEW.state = 'audited') THEN
    IF NEW.posting_number <= OLD.posting_number OR NOT EXISTS (
      SELECT 1 FROM public.inventory_ledgerentry e WHERE e.document_id = NEW.id
        AND e.posting_number = NEW.posting_number AND (e.reverses_id IS NULL) = (NEW.state = 'audited')) THEN
      PERFORM public.inventory_refuse('an audit is a posting', 'stockdoc_has_posted');
    END IF;
  ELSIF NEW.posting_number <> OLD.posting_number THEN
    PERFORM public.inventory_refuse('only an audit posts', 'stockdoc_has_posted');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER stockdoc_guard BEFORE UPDATE ON inventory_document
  FOR EACH ROW EXECUTE FUNCTION inventory_document_guard();

-- Lines of an audited or voided document stay; what was returned of them is written by the ledger alone.
CREATE FUNCTION inventory_lines_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF pg_catalog.pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM touched t JOIN public.inventory_document d ON d.id = t.document_id
             WHERE d.state IN ('audited', 'voided')) THEN
    PERFORM public.inventory_refuse('an audited document is read-only', 'stockline_read_only');
  END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM touched WHERE returned <> 0) THEN
    PERFORM public.inventory_refuse('returned quantities come from the ledger', 'stockline_returned_kept');
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION inventory_lines_change_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF pg_catalog.pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM (SELECT document_id FROM touched UNION SELECT document_id FROM former) t
             JOIN public.inventory_document d ON d.id = t.document_id WHERE d.state IN ('audited', 'voided')) THEN
    PERFORM public.inventory_refuse('an audited document is read-only', 'stockline_read_only');
  END IF;
  IF EXISTS (SELECT 1 FROM touched t JOIN former f ON f.id = t.id WHERE t.returned <> f.returned) THEN
    PERFORM public.inventory_refuse('returned quantities come from the ledger', 'stockline_returned_kept');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER stockline_added AFTER INSERT ON inventory_documentline
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_lines_guard();
CREATE TRIGGER stockline_changed AFTER UPDATE ON inventory_documentline
  REFERENCING OLD TABLE AS former NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION inventory_lines_change_guard();
CREATE TRIGGER stockline_gone AFTER DELETE ON inventory_documentline
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_lines_guard();

-- Transfers: both ends of one kind, sound or damaged (INV-24, INV-25); read-only once audited, ends kept (INV-13).
CREATE FUNCTION inventory_transfer_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE ends text[]; way text;
BEGIN
  SELECT pg_catalog.array_agg(DISTINCT kind) INTO ends FROM public.inventory_warehouse
    WHERE id IN (NEW.source_id, NEW.target_id);
  SELECT kind INTO way FROM public.inventory_warehouse WHERE id = NEW.transit_id;
  IF ends NOT IN (ARRAY['sound'], ARRAY['damaged']) OR way <> 'transit' THEN
    PERFORM public.inventory_refuse('both ends are sound, or both damaged', 'transfer_kinds_of_warehouses');
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state NOT IN ('editing', 'saved') OR NEW.first_audited_at IS NOT NULL THEN
      PERFORM public.inventory_refuse('a transfer begins as a draft', 'transfer_begins');
    END IF;
    RETURN NEW;
  END IF;
  IF (NEW.number, NEW.created_at, NEW.created_by_id) IS DISTINCT FROM
     (OLD.number, OLD.created_at, OLD.created_by_id) THEN
    PERFORM public.inventory_refuse('a transfer keeps its number', 'transfer_keeps_identity');
  END IF;
  IF OLD.first_audited_at IS NOT NULL AND
     (NEW.source_id, NEW.target_id, NEW.transit_id, NEW.first_audited_at) IS DISTINCT FROM
     (OLD.source_id, OLD.target_id, OLD.transit_id, OLD.first_audited_at) THEN
    PERFORM public.inventory_refuse('after the first audit the warehouses stay', 'transfer_warehouses_kept');
  END IF;
  IF OLD.state = 'voided' AND NEW IS DISTINCT FROM OLD THEN
    PERFORM public.inventory_refuse('a voided transfer does not change', 'transfer_voided_kept');
  END IF;
  IF OLD.state = 'audited' AND
     (NEW.kind, NEW.business_date, NEW.requisition, NEW.remarks) IS DISTINCT FROM
     (OLD.kind, OLD.business_date, OLD.requisition, OLD.remarks) THEN
    PERFORM public.inventory_refuse('an audited transfer is read-only', 'transfer_read_only');
  END IF;
  IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN
     (('saved', 'editing'), ('editing', 'saved'), ('saved', 'audited'), ('audited', 'saved'),
      ('saved', 'voided'), ('editing', 'voided')) THEN
    PERFORM public.inventory_refuse('no such way from state to state', 'transfer_path');
  END IF;
  -- LED-06: a transfer with goods under way or arrived is not taken back.
  IF OLD.state = 'audited' AND NEW.state <> 'audited' AND EXISTS (
    SELECT 1 FROM public.inventory_transferline l WHERE l.transfer_id = NEW.id AND l.issued <> 0) THEN
    PERFORM public.inventory_refuse('goods of this transfer have left', 'transfer_in_order');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER transfer_guard BEFORE INSERT OR UPDATE ON inventory_transfer
  FOR EACH ROW EXECUTE FUNCTION inventory_transfer_guard();
CREATE TRIGGER transfer_kept BEFORE DELETE ON inventory_transfer
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER transfer_no_truncate BEFORE TRUNCATE ON inventory_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

CREATE FUNCTION inventory_transfer_lines_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF pg_catalog.pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM touched t JOIN public.inventory_transfer d ON d.id = t.transfer_id
             WHERE d.state IN ('audited', 'voided')) THEN
    PERFORM public.inventory_refuse('an audited transfer is read-only', 'transfer_line_read_only');
  END IF;
  IF TG_OP = 'INSERT' AND EXISTS (SELECT 1 FROM touched WHERE issued <> 0 OR received <> 0 OR lost <> 0) THEN
    PERFORM public.inventory_refuse('what is in transit comes from the ledger', 'transfer_line_by_ledger');
  END IF;
  RETURN NULL;
END $$;
CREATE FUNCTION inventory_transfer_lines_change_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF pg_catalog.pg_trigger_depth() > 1 THEN RETURN NULL; END IF;
  IF EXISTS (SELECT 1 FROM (SELECT transfer_id FROM touched UNION SELECT transfer_id FROM former) t
             JOIN public.inventory_transfer d ON d.id = t.transfer_id WHERE d.state IN ('audited', 'voided')) THEN
    PERFORM public.inventory_refuse('an audited transfer is read-only', 'transfer_line_read_only');
  END IF;
  IF EXISTS (SELECT 1 FROM touched t JOIN former f ON f.id = t.id
             WHERE (t.issued, t.received, t.lost) IS DISTINCT FROM (f.issued, f.received, f.lost)) THEN
    PERFORM public.inventory_refuse('what is in transit comes from the ledger', 'transfer_line_by_ledger');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER transfer_line_added AFTER INSERT ON inventory_transferline
  REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_transfer_lines_guard();
CREATE TRIGGER transfer_line_changed AFTER UPDATE ON inventory_transferline
  REFERENCING OLD TABLE AS former NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION inventory_transfer_lines_change_guard();
CREATE TRIGGER transfer_line_gone AFTER DELETE ON inventory_transferline
  REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION inventory_transfer_lines_guard();

-- Periods are closed in their order, and only the latest closed one is opened again (LED-08).
CREATE FUNCTION inventory_period_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.month <> OLD.month THEN
    PERFORM public.inventory_refuse('a period keeps its month', 'period_in_order');
  END IF;
  IF NEW.state = 'open' AND EXISTS (
    SELECT 1 FROM public.inventory_period p WHERE p.month > NEW.month AND p.state = 'closed') THEN
    PERFORM public.inventory_refuse('a later period is closed', 'period_in_order');
  END IF;
  IF NEW.state = 'closed' AND EXISTS (
    SELECT 1 FROM public.inventory_period p WHERE p.month < NEW.month AND p.state = 'open') THEN
    PERFORM public.inventory_refuse('an earlier period is open', 'period_in_order');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER period_guard BEFORE INSERT OR UPDATE ON inventory_period
  FOR EACH ROW EXECUTE FUNCTION inventory_period_guard();
CREATE TRIGGER period_kept BEFORE DELETE ON inventory_period
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();

-- The ledger is append-only (LED-01).
CREATE TRIGGER ledger_append_only BEFORE UPDATE OR DELETE ON inventory_ledgerentry
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER ledger_no_truncate BEFORE TRUNCATE ON inventory_ledgerentry
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- What is posted follows its document: every line of it, whole, once, in an open period; a reversal is a mirror.
-- (LED-01, LED-02, LED-08, LED-10.)
CREATE FUNCTION inventory_ledger_sound() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  PERFORM 1 FROM public.inventory_period p WHERE p.month IN (
    SELECT pg_catalog.date_trunc('month', business_date::timestamp)::date FROM posted) ORDER BY p.month FOR SHARE;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT business_date FROM posted) d LEFT JOIN public.inventory_period p
             ON p.month = pg_catalog.date_trunc('month', d.business_date::timestamp)::date
             WHERE p.state IS DISTINCT FROM 'open') THEN
    PERFORM public.inventory_refuse('no row enters a closed period', 'ledger_open_period');
  END IF;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT document_id, reverses_id IS NULL AS forward FROM posted) e
             JOIN public.inventory_document d ON d.id = e.document_id
             WHERE d.state <> CASE WHEN e.forward THEN 'saved' ELSE 'audited' END) THEN
    PERFORM public.inventory_refuse('only a saved document is posted, only an audited one reversed', 'ledger_state');
  END IF;
  IF EXISTS (
    SELECT 1 FROM posted e
    JOIN public.inventory_document d ON d.id = e.document_id
    LEFT JOIN public.inventory_documentline l ON l.document_id = e.document_id AND l.ordinal = e.line
    LEFT JOIN public.inventory_transfer t ON t.id = d.transfer_id AND d.category <> 'transit_loss_out'
    WHERE e.reverses_id IS NULL AND (
      l.id IS NULL OR e.item_id <> l.item_id OR e.business_date <> d.business_date
      OR e.warehouse_id IS DISTINCT FROM CASE e.leg WHEN 1 THEN d.warehouse_id ELSE t.transit_id END
      OR e.quantity <> CASE WHEN (d.direction = 'in') = (e.leg = 1) THEN l.quantity ELSE -l.quantity END)) THEN
    PERFORM public.inventory_refuse('a posting follows its lines', 'ledger_follows_lines');
  END IF;
  IF EXISTS (
    SELECT 1 FROM posted r LEFT JOIN public.inventory_ledgerentry e ON e.id = r.reverses_id
    WHERE r.reverses_id IS NOT NULL AND (
      e.reverses_id IS NOT NULL OR r.quantity <> -e.quantity OR r.posting_number <= e.posting_number
      OR (r.document_id, r.line, r.leg, r.warehouse_id, r.item_id, r.business_date) IS DISTINCT FROM
         (e.document_id, e.line, e.leg, e.warehouse_id, e.item_id, e.business_date))) THEN
    PERFORM public.inventory_refuse('a reversal is the mirror of its row', 'ledger_mirror');
  END IF;
  -- Whole documents: after a posting each line stands once (twice on its way), after a reversal none.
  IF EXISTS (
    WITH standing AS (
      SELECT e.document_id, pg_catalog.count(*) AS rows FROM public.inventory_ledgerentry e
      WHERE e.document_id IN (SELECT document_id FROM posted) AND e.reverses_id IS NULL
        AND NOT EXISTS (SELECT 1 FROM public.inventory_ledgerentry r WHERE r.reverses_id = e.id)
      GROUP BY e.document_id)
    SELECT 1 FROM (SELECT DISTINCT document_id, reverses_id IS NULL AS forward FROM posted) p
    JOIN public.inventory_document d ON d.id = p.document_id
    LEFT JOIN standing s ON s.document_id = p.document_id
    WHERE coalesce(s.rows, 0) <> CASE WHEN p.forward THEN
      (SELECT pg_catalog.count(*) FROM public.inventory_documentline l WHERE l.document_id = p.document_id)
      * CASE WHEN d.transfer_id IS NULL OR d.category = 'transit_loss_out' THEN 1 ELSE 2 END ELSE 0 END) THEN
    PERFORM public.inventory_refuse('a document is posted whole and once', 'ledger_whole_document');
  END IF;
  RETURN NULL;
END $$;

-- What is on its way, what was returned, and what is on hand follow the ledger in the same command (LED-02, 03, 06).
CREATE FUNCTION inventory_ledger_kept() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  UPDATE public.inventory_transferline t
  SET issued = t.issued + s.issued, received = t.received + s.received, lost = t.lost + s.lost
  FROM (SELECT l.transfer_line_id AS id,
          pg_catalog.sum(CASE WHEN d.direction = 'out' AND d.category <> 'transit_loss_out' THEN -e.quantity ELSE 0 END) AS issued,
          pg_catalog.sum(CASE WHEN d.direction = 'in' THEN e.quantity ELSE 0 END) AS received,
          pg_catalog.sum(CASE WHEN d.category = 'transit_loss_out' THEN -e.quantity ELSE 0 END) AS lost
        FROM posted e JOIN public.inventory_document d ON d.id = e.document_id
        JOIN public.inventory_documentline l ON l.document_id = e.document_id AND l.ordinal = e.line
        WHERE e.leg = 1 AND l.transfer_line_id IS NOT NULL GROUP BY l.transfer_line_id) s
  WHERE t.id = s.id;

  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT document_id FROM posted WHERE reverses_id IS NOT NULL) e
             JOIN public.inventory_documentline l ON l.document_id = e.document_id WHERE l.returned <> 0) THEN
    PERFORM public.inventory_refuse('red letters stand on this document', 'ledger_downstream');
  END IF;
  IF EXISTS (SELECT 1 FROM (SELECT DISTINCT document_id FROM posted WHERE reverses_id IS NULL) e
             JOIN public.inventory_document d ON d.id = e.document_id AND d.colour = 'red'
             JOIN public.inventory_document o ON o.id = d.original_id WHERE o.state <> 'audited') THEN
    PERFORM public.inventory_refuse('the original of a red letter is audited', 'ledger_original_audited');
  END IF;
  UPDATE public.inventory_documentline o SET returned = o.returned + s.quantity
  FROM (SELECT l.original_line_id AS id,
          pg_catalog.sum(CASE WHEN e.reverses_id IS NULL THEN -l.quantity ELSE l.quantity END) AS quantity
        FROM posted e JOIN public.inventory_documentline l ON l.document_id = e.document_id AND l.ordinal = e.line
        WHERE e.leg = 1 AND l.colour = 'red' AND l.original_line_id IS NOT NULL GROUP BY l.original_line_id) s
  WHERE o.id = s.id;

  -- Missing keys first, at zero (a negative change never goes through ON CONFLICT), then every key locked in order,
  -- then one change per key: lines of one key are summed before the CHECK.
  INSERT INTO public.inventory_balance (warehouse_id, item_id, quantity)
  SELECT DISTINCT p.warehouse_id, p.item_id, 0 FROM posted p
  WHERE NOT EXISTS (SELECT 1 FROM public.inventory_balance b
                    WHERE b.warehouse_id = p.warehouse_id AND b.item_id = p.item_id)
  ORDER BY p.warehouse_id, p.item_id
  ON CONFLICT DO NOTHING;
  PERFORM 1 FROM public.inventory_balance b
    JOIN (SELECT DISTINCT warehouse_id, item_id FROM posted) k
      ON k.warehouse_id = b.warehouse_id AND k.item_id = b.item_id
    ORDER BY b.warehouse_id, b.item_id FOR UPDATE OF b;
  UPDATE public.inventory_balance b SET quantity = b.quantity + k.quantity
  FROM (SELECT warehouse_id, item_id, pg_catalog.sum(quantity) AS quantity FROM posted
        GROUP BY warehouse_id, item_id) k
  WHERE b.warehouse_id = k.warehouse_id AND b.item_id = k.item_id AND k.quantity <> 0;
  RETURN NULL;
END $$;
-- Triggers of one event run in the order of their names: first is it sound, then what follows from it.
CREATE TRIGGER ledger_a_sound AFTER INSERT ON inventory_ledgerentry
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION inventory_ledger_sound();
CREATE TRIGGER ledger_b_kept AFTER INSERT ON inventory_ledgerentry
  REFERENCING NEW TABLE AS posted FOR EACH STATEMENT EXECUTE FUNCTION inventory_ledger_kept();

-- Nothing but the ledger's trigger writes a balance (LED-03).
CREATE FUNCTION inventory_balance_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF pg_catalog.pg_trigger_depth() < 2 THEN
    PERFORM public.inventory_refuse('balances are kept by the ledger', 'balance_by_ledger');
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER balance_by_ledger BEFORE INSERT OR UPDATE OR DELETE ON inventory_balance
  FOR EACH STATEMENT EXECUTE FUNCTION inventory_balance_guard();
CREATE TRIGGER balance_no_truncate BEFORE TRUNCATE ON inventory_balance
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
"""

BACKWARD = r"""
DROP TRIGGER balance_no_truncate ON inventory_balance; DROP TRIGGER balance_by_ledger ON inventory_balance;
DROP FUNCTION inventory_balance_guard();
DROP TRIGGER ledger_b_kept ON inventory_ledgerentry; DROP TRIGGER ledger_a_sound ON inventory_ledgerentry;
DROP FUNCTION inventory_ledger_kept(); DROP FUNCTION inventory_ledger_sound();
DROP TRIGGER ledger_no_truncate ON inventory_ledgerentry; DROP TRIGGER ledger_append_only ON inventory_ledgerentry;
DROP TRIGGER period_kept ON inventory_period; DROP TRIGGER period_guard ON inventory_period;
DROP FUNCTION inventory_period_guard();
DROP TRIGGER transfer_line_gone ON inventory_transferline; DROP TRIGGER transfer_line_changed ON inventory_transferline;
DROP TRIGGER transfer_line_added ON inventory_transferline;
DROP FUNCTION inventory_transfer_lines_change_guard(); DROP FUNCTION inventory_transfer_lines_guard();
DROP TRIGGER transfer_no_truncate ON inventory_transfer; DROP TRIGGER transfer_kept ON inventory_transfer;
DROP TRIGGER transfer_guard ON inventory_transfer; DROP FUNCTION inventory_transfer_guard();
DROP TRIGGER stockline_gone ON inventory_documentline; DROP TRIGGER stockline_changed ON inventory_documentline;
DROP TRIGGER stockline_added ON inventory_documentline;
DROP FUNCTION inventory_lines_change_guard(); DROP FUNCTION inventory_lines_guard();
DROP TRIGGER stockdoc_guard ON inventory_document; DROP FUNCTION inventory_document_guard();
DROP TRIGGER stockdoc_no_truncate ON inventory_document; DROP TRIGGER stockdoc_kept ON inventory_document;
DROP TRIGGER stockdoc_begins ON inventory_document; DROP FUNCTION inventory_document_begins();
DROP TRIGGER stockdoc_category ON inventory_document; DROP FUNCTION inventory_document_category();
DROP TRIGGER item_kept ON inventory_item;
DROP TRIGGER warehouse_kept ON inventory_warehouse; DROP TRIGGER warehouse_guard ON inventory_warehouse;
DROP FUNCTION inventory_warehouse_guard();
ALTER TABLE inventory_documentline DROP CONSTRAINT stockline_colour;
ALTER TABLE inventory_document DROP CONSTRAINT stockdoc_id_colour;
DROP FUNCTION inventory_refuse(text, text);
DROP SEQUENCE number_transfer; DROP SEQUENCE number_stock;
"""


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
