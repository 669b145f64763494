"""Guards of found goods: of a loss alone, and what the customer chose stays chosen (CLM-19)."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION claims_found_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM public.claims_claim c WHERE c.id = NEW.claim_id AND c.kind = 'loss') THEN
    PERFORM public.claims_refuse('found_of_loss', 'only goods that were lost are found');
  END IF;
  IF TG_OP = 'UPDATE' AND (OLD.choice <> '' OR NEW.claim_id <> OLD.claim_id) THEN
    PERFORM public.claims_refuse('found_choice_kept', 'what the customer chose stays chosen');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER found_guard BEFORE INSERT OR UPDATE ON claims_foundgoods
  FOR EACH ROW EXECUTE FUNCTION claims_found_guard();
CREATE TRIGGER found_kept BEFORE DELETE ON claims_foundgoods
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER found_no_truncate BEFORE TRUNCATE ON claims_foundgoods
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
"""

BACKWARD = r"""
DROP TRIGGER found_no_truncate ON claims_foundgoods; DROP TRIGGER found_kept ON claims_foundgoods;
DROP TRIGGER found_guard ON claims_foundgoods; DROP FUNCTION claims_found_guard();
"""


class Migration(migrations.Migration):
    dependencies = [("claims", "0009_found_goods")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
