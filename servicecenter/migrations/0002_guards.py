"""Guards in the database: append-only trail, seals and policies; the sealing function; number sequences; search."""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION sc_refuse_change() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE ON servicecenter_trailentry
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER trail_no_truncate BEFORE TRUNCATE ON servicecenter_trailentry
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER seal_append_only BEFORE UPDATE OR DELETE ON servicecenter_trailseal
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER seal_no_truncate BEFORE TRUNCATE ON servicecenter_trailseal
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER policy_append_only BEFORE UPDATE OR DELETE ON servicecenter_policy
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER policy_no_truncate BEFORE TRUNCATE ON servicecenter_policy
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER document_append_only BEFORE UPDATE OR DELETE ON servicecenter_issueddocument
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER document_no_truncate BEFORE TRUNCATE ON servicecenter_issueddocument
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER copy_append_only BEFORE UPDATE OR DELETE ON servicecenter_documentcopy
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER copy_no_truncate BEFORE TRUNCATE ON servicecenter_documentcopy
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

-- An attachment that is bound stays what it is and where it is; only deleting it is left (with its trail).
CREATE FUNCTION attachment_keep() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  RAISE EXCEPTION 'a bound attachment does not change' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER attachment_keep BEFORE UPDATE ON servicecenter_attachment
  FOR EACH ROW WHEN (OLD.bound_at IS NOT NULL AND OLD IS DISTINCT FROM NEW) EXECUTE FUNCTION attachment_keep();

CREATE FUNCTION trail_note_unsealed() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  INSERT INTO public.servicecenter_trailunsealed (entry_id) SELECT id FROM inserted;
  RETURN NULL;
END $$;
CREATE TRIGGER trail_unsealed AFTER INSERT ON servicecenter_trailentry
  REFERENCING NEW TABLE AS inserted FOR EACH STATEMENT EXECUTE FUNCTION trail_note_unsealed();

-- The hash of one trail row: every column, in a fixed order, by length-prefixed text.
CREATE FUNCTION trail_row_hash(e public.servicecenter_trailentry) RETURNS bytea
LANGUAGE sql STABLE SET search_path = '' SET timezone = 'UTC' AS $$
  SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
    e.id, e.kind, e.object_id, e.number, e.code, e.params, e.changes, e.by_id, e.via,
    pg_catalog.host(e.address), e.request_id, e.at, e.recorded_at)::text, 'UTF8'))
$$;

CREATE FUNCTION trail_digest(previous text, ids bigint[]) RETURNS text
LANGUAGE sql STABLE SET search_path = '' AS $$
  SELECT pg_catalog.encode(pg_catalog.sha256(pg_catalog.decode(previous, 'hex') || coalesce(
    (SELECT pg_catalog.string_agg(public.trail_row_hash(e), ''::bytea ORDER BY e.id)
       FROM public.servicecenter_trailentry e WHERE e.id = ANY (ids)), ''::bytea)), 'hex')
$$;

CREATE FUNCTION trail_seal_now(at_most integer) RETURNS integer LANGUAGE plpgsql SET search_path = '' AS $$
DECLARE taken bigint[]; last_digest text;
BEGIN
  PERFORM pg_catalog.pg_advisory_xact_lock(7241101);
  WITH chosen AS (
    SELECT entry_id FROM public.servicecenter_trailunsealed ORDER BY entry_id LIMIT at_most FOR UPDATE
  ), gone AS (
    DELETE FROM public.servicecenter_trailunsealed u USING chosen c WHERE u.entry_id = c.entry_id RETURNING u.entry_id
  ) SELECT pg_catalog.array_agg(entry_id ORDER BY entry_id) INTO taken FROM gone;
  IF taken IS NULL THEN RETURN 0; END IF;
  SELECT digest INTO last_digest FROM public.servicecenter_trailseal ORDER BY id DESC LIMIT 1;
  last_digest := coalesce(last_digest, pg_catalog.repeat('0', 64));
  INSERT INTO public.servicecenter_trailseal (previous, digest, entry_ids)
    VALUES (last_digest, public.trail_digest(last_digest, taken), taken);
  RETURN pg_catalog.array_length(taken, 1);
END $$;

CREATE SEQUENCE number_complaint START 10001;
CREATE SEQUENCE number_service_incident START 1001;
CREATE SEQUENCE number_customer START 10001;
CREATE SEQUENCE number_sanction START 1001;
CREATE SEQUENCE number_document START 10001;

-- Bigrams of folded text (D11). What parts words is listed by code point, never asked of the server's locale, so that
-- every server and version, and servicecenter.search.bigrams, make the same of a text. Immutable: a column is
-- generated from it.
CREATE FUNCTION sc_bigrams(folded text) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
  SELECT pg_catalog.array_to_tsvector(coalesce(pg_catalog.array_agg(DISTINCT pg_catalog.substr(word, n, 2)), '{}'))
  FROM pg_catalog.regexp_split_to_table(folded COLLATE pg_catalog."C", '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u2000-\u206f\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d-\u303f\ufe10-\ufe1f\ufe30-\ufe6f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+') AS word,
       pg_catalog.generate_series(1, greatest(pg_catalog.length(word) - 1, 1)) AS n
  WHERE word <> ''
$$;
"""

BACKWARD = r"""
DROP FUNCTION sc_bigrams(text);
DROP SEQUENCE number_document; DROP SEQUENCE number_sanction; DROP SEQUENCE number_customer;
DROP SEQUENCE number_service_incident; DROP SEQUENCE number_complaint;
DROP FUNCTION trail_seal_now(integer);
DROP FUNCTION trail_digest(text, bigint[]);
DROP TRIGGER trail_unsealed ON servicecenter_trailentry;
DROP FUNCTION trail_note_unsealed();
DROP FUNCTION trail_row_hash(servicecenter_trailentry);
DROP TRIGGER attachment_keep ON servicecenter_attachment;
DROP FUNCTION attachment_keep();
DROP TRIGGER copy_no_truncate ON servicecenter_documentcopy; DROP TRIGGER copy_append_only ON servicecenter_documentcopy;
DROP TRIGGER document_no_truncate ON servicecenter_issueddocument;
DROP TRIGGER document_append_only ON servicecenter_issueddocument;
DROP TRIGGER policy_no_truncate ON servicecenter_policy;
DROP TRIGGER policy_append_only ON servicecenter_policy;
DROP TRIGGER seal_no_truncate ON servicecenter_trailseal; DROP TRIGGER seal_append_only ON servicecenter_trailseal;
DROP TRIGGER trail_no_truncate ON servicecenter_trailentry; DROP TRIGGER trail_append_only ON servicecenter_trailentry;
DROP FUNCTION sc_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("servicecenter", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
