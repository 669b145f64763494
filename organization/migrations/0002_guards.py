"""Guards in the database: the department's path, one person on duty at a time, sound shifts, nobody deleted."""

from django.db import migrations

FORWARD = r"""
-- The path follows the parent, whatever was written into it (ORG-01). The parent row is locked: two moves that
-- together would make a circle wait for each other and one of them is refused.
CREATE FUNCTION org_department_path() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE above text := '/';
BEGIN
  IF NEW.parent_id IS NOT NULL THEN
    IF NEW.parent_id = NEW.id THEN
      RAISE EXCEPTION 'department % under itself', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'department_no_circle';
    END IF;
    SELECT path INTO above FROM public.organization_department WHERE id = NEW.parent_id FOR SHARE;
    IF above IS NULL THEN
      RAISE EXCEPTION 'department % does not exist', NEW.parent_id USING ERRCODE = 'foreign_key_violation';
    END IF;
    IF pg_catalog.strpos(above, '/' || NEW.id || '/') > 0 THEN
      RAISE EXCEPTION 'department % under its own subtree', NEW.id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'department_no_circle';
    END IF;
  END IF;
  NEW.path := above || NEW.id || '/';
  RETURN NEW;
END $$;
CREATE TRIGGER department_path BEFORE INSERT OR UPDATE ON organization_department
  FOR EACH ROW EXECUTE FUNCTION org_department_path();

-- Children follow: touching them computes their path again, level by level.
CREATE FUNCTION org_department_children() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  UPDATE public.organization_department SET path = '' WHERE parent_id = NEW.id;
  RETURN NULL;
END $$;
CREATE TRIGGER department_children AFTER UPDATE ON organization_department
  FOR EACH ROW WHEN (OLD.path IS DISTINCT FROM NEW.path) EXECUTE FUNCTION org_department_children();

-- One duty agent per team, one duty supervisor, one duty manager at a time (ORG-08). The code is folded into the
-- range, because the server's own range operators suffice then. An epoch depends on no time zone: immutable.
CREATE FUNCTION org_duty_span(kind text, team bigint, starts_at timestamptz, ends_at timestamptz) RETURNS int8range
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
  SELECT pg_catalog.int8range(
    slot * 100000000000 + pg_catalog.floor(pg_catalog.date_part('epoch', starts_at))::bigint,
    slot * 100000000000 + pg_catalog.ceil(pg_catalog.date_part('epoch', ends_at))::bigint)
  FROM (SELECT CASE kind WHEN 'agent' THEN 10 + team WHEN 'supervisor' THEN 1 ELSE 2 END AS slot) AS s
$$;
ALTER TABLE organization_duty ADD CONSTRAINT duty_one_at_a_time
  EXCLUDE USING gist (org_duty_span(kind, team_id, starts_at, ends_at) WITH &&)
  DEFERRABLE INITIALLY IMMEDIATE;

-- Shifts of a day: [[from, to], …] in minutes, sorted, apart, within the day (ORG-07).
CREATE FUNCTION org_shifts_sound(shifts jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
DECLARE shift jsonb; last integer := 0;
BEGIN
  IF shifts IS NULL OR pg_catalog.jsonb_typeof(shifts) <> 'array' THEN RETURN false; END IF;
  FOR shift IN SELECT value FROM pg_catalog.jsonb_array_elements(shifts) LOOP
    IF pg_catalog.jsonb_typeof(shift) <> 'array' OR pg_catalog.jsonb_array_length(shift) <> 2
      OR pg_catalog.jsonb_typeof(shift -> 0) <> 'number' OR pg_catalog.jsonb_typeof(shift -> 1) <> 'number'
      OR (shift ->> 0) !~ '^\d+$' OR (shift ->> 1) !~ '^\d+$' THEN RETURN false; END IF;
    IF (shift ->> 0)::integer < last OR (shift ->> 1)::integer <= (shift ->> 0)::integer
      OR (shift ->> 1)::integer > 1440 THEN RETURN false; END IF;
    last := (shift ->> 1)::integer;
  END LOOP;
  RETURN true;
END $$;
CREATE FUNCTION org_week_sound(week jsonb) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
DECLARE shifts jsonb;
BEGIN
  IF week IS NULL OR pg_catalog.jsonb_typeof(week) <> 'array' OR pg_catalog.jsonb_array_length(week) <> 7 THEN
    RETURN false;
  END IF;
  FOR shifts IN SELECT value FROM pg_catalog.jsonb_array_elements(week) LOOP
    IF NOT public.org_shifts_sound(shifts) THEN RETURN false; END IF;
  END LOOP;
  RETURN true;
END $$;
ALTER TABLE organization_servicehours ADD CONSTRAINT service_hours_sound CHECK (org_week_sound(week));
ALTER TABLE organization_calendarday ADD CONSTRAINT calendar_day_sound CHECK (org_shifts_sound(shifts));

-- People, their logins and assignments leave with a date; they are never deleted (ORG-02).
CREATE FUNCTION org_refuse_delete() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '% is never deleted', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER employee_kept BEFORE DELETE ON organization_employee
  FOR EACH ROW EXECUTE FUNCTION org_refuse_delete();
CREATE TRIGGER user_kept BEFORE DELETE ON organization_user
  FOR EACH ROW EXECUTE FUNCTION org_refuse_delete();
CREATE TRIGGER department_kept BEFORE DELETE ON organization_department
  FOR EACH ROW EXECUTE FUNCTION org_refuse_delete();
CREATE TRIGGER assignment_kept BEFORE DELETE ON organization_assignment
  FOR EACH ROW EXECUTE FUNCTION org_refuse_delete();
CREATE UNIQUE INDEX user_work_number_folded ON organization_user (upper(work_number));
"""

BACKWARD = r"""
DROP INDEX user_work_number_folded;
DROP TRIGGER assignment_kept ON organization_assignment;
DROP TRIGGER department_kept ON organization_department;
DROP TRIGGER user_kept ON organization_user;
DROP TRIGGER employee_kept ON organization_employee;
DROP FUNCTION org_refuse_delete();
ALTER TABLE organization_calendarday DROP CONSTRAINT calendar_day_sound;
ALTER TABLE organization_servicehours DROP CONSTRAINT service_hours_sound;
DROP FUNCTION org_week_sound(jsonb);
DROP FUNCTION org_shifts_sound(jsonb);
ALTER TABLE organization_duty DROP CONSTRAINT duty_one_at_a_time;
DROP FUNCTION org_duty_span(text, bigint, timestamptz, timestamptz);
DROP TRIGGER department_children ON organization_department;
DROP FUNCTION org_department_children();
DROP TRIGGER department_path ON organization_department;
DROP FUNCTION org_department_path();
"""


class Migration(migrations.Migration):
    dependencies = [("organization", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
