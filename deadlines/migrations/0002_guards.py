"""Guards in the database: what was done to a step stands, and an ended clock does not change (I2)."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION deadlines_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER step_stands BEFORE UPDATE ON deadlines_step FOR EACH ROW
  WHEN (OLD.fired_at IS NOT NULL OR OLD.void_at IS NOT NULL
        OR (NEW.clock_id, NEW.generation, NEW.ordinal, NEW.kind, NEW.due_at)
           IS DISTINCT FROM (OLD.clock_id, OLD.generation, OLD.ordinal, OLD.kind, OLD.due_at))
  EXECUTE FUNCTION deadlines_refuse('a step that is done or void does not change, and none is re-dated');
CREATE TRIGGER step_kept BEFORE DELETE ON deadlines_step FOR EACH ROW
  WHEN (OLD.fired_at IS NOT NULL) EXECUTE FUNCTION deadlines_refuse('a step that is done is not deleted');
CREATE TRIGGER clock_stands BEFORE UPDATE ON deadlines_clock FOR EACH ROW
  WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION deadlines_refuse('an ended clock does not change');
CREATE TRIGGER clock_forward BEFORE UPDATE ON deadlines_clock FOR EACH ROW
  WHEN (NEW.generation < OLD.generation) EXECUTE FUNCTION deadlines_refuse('a generation is never taken back');

-- Each step is updated once: room on its page keeps that off the indexes.
ALTER TABLE deadlines_step SET (fillfactor = 80);
"""

BACKWARD = r"""
ALTER TABLE deadlines_step RESET (fillfactor);
DROP TRIGGER clock_forward ON deadlines_clock; DROP TRIGGER clock_stands ON deadlines_clock;
DROP TRIGGER step_kept ON deadlines_step; DROP TRIGGER step_stands ON deadlines_step;
DROP FUNCTION deadlines_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
