"""Guards in the database: what was issued stands, revisions are numbered without gaps, a finished run stays so."""

from django.db import migrations

FORWARD = r"""
CREATE TRIGGER report_append_only BEFORE UPDATE OR DELETE ON reports_report
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER report_no_truncate BEFORE TRUNCATE ON reports_report
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER revision_append_only BEFORE UPDATE OR DELETE ON reports_reportrevision
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER revision_no_truncate BEFORE TRUNCATE ON reports_reportrevision
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- RPT-25: revisions are 1 … n. The report's row is locked, so that two at once come one after the other.
CREATE FUNCTION reports_revision_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE
  last integer;
BEGIN
  PERFORM FROM public.reports_report WHERE id = NEW.report_id FOR UPDATE;
  SELECT coalesce(max(ordinal), 0) INTO last FROM public.reports_reportrevision WHERE report_id = NEW.report_id;
  IF NEW.ordinal <> last + 1 THEN
    RAISE EXCEPTION 'the next revision is %', last + 1
      USING ERRCODE = 'check_violation', CONSTRAINT = 'revision_gapless';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER revision_gapless BEFORE INSERT ON reports_reportrevision
  FOR EACH ROW EXECUTE FUNCTION reports_revision_guard();

-- What is made or given up stays so; a run keeps its report, its revision and the moment that its figures know.
CREATE FUNCTION reports_run_guard() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.state = 'done'
     OR (NEW.report_id, NEW.requested_at) IS DISTINCT FROM (OLD.report_id, OLD.requested_at)
     OR (OLD.revision_id IS NOT NULL AND NEW.revision_id IS DISTINCT FROM OLD.revision_id)
     OR (OLD.as_of IS NOT NULL AND NEW.as_of IS DISTINCT FROM OLD.as_of) THEN
    RAISE EXCEPTION 'a run keeps what it is for' USING ERRCODE = 'check_violation', CONSTRAINT = 'run_stands';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER run_stands BEFORE UPDATE ON reports_reportrun
  FOR EACH ROW EXECUTE FUNCTION reports_run_guard();
CREATE TRIGGER run_never_deleted BEFORE DELETE ON reports_reportrun
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER run_no_truncate BEFORE TRUNCATE ON reports_reportrun
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- Of one revision there is one PDF in each language, however often its message is delivered.
CREATE UNIQUE INDEX report_paper_once ON servicecenter_issueddocument (object_id, language)
  WHERE kind = 'reports.reportrevision';
"""
BACKWARD = r"""
DROP INDEX report_paper_once;
DROP TRIGGER run_no_truncate ON reports_reportrun;
DROP TRIGGER run_never_deleted ON reports_reportrun;
DROP TRIGGER run_stands ON reports_reportrun;
DROP FUNCTION reports_run_guard();
DROP TRIGGER revision_gapless ON reports_reportrevision;
DROP FUNCTION reports_revision_guard();
DROP TRIGGER revision_no_truncate ON reports_reportrevision;
DROP TRIGGER revision_append_only ON reports_reportrevision;
DROP TRIGGER report_no_truncate ON reports_report;
DROP TRIGGER report_append_only ON reports_report;
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial"), ("servicecenter", "0002_guards")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
