"""Guards of the tiers in the database: grades never overlap, a customer's tier is one of its grades; rights; the scoring."""

from datetime import UTC, datetime

from django.db import migrations

FORWARD = r"""
-- Tiers that stand in the files become the first grades of their customers.
INSERT INTO customers_tiergrade (customer_id, tier, valid_from, source, reason, given_at)
SELECT id, tier, tier_since, 'taken_over', '', created_at FROM customers_customer WHERE tier <> '';
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;

-- CUS-12: grades of a customer never overlap. The customer is folded into the range, because the server's own range
-- operators suffice then; a day's number stays below 100 000 until the year 2173.
CREATE FUNCTION customers_grade_span(customer bigint, valid_from date, valid_until date) RETURNS int8range
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = '' AS $$
  SELECT pg_catalog.int8range(
    customer * 100000 + (valid_from - '1900-01-01'::date),
    customer * 100000 + coalesce(valid_until - '1900-01-01'::date, 99999))
$$;
ALTER TABLE customers_tiergrade ADD CONSTRAINT tier_grade_one_at_a_time
  EXCLUDE USING gist (customers_grade_span(customer_id, valid_from, valid_until) WITH &&)
  DEFERRABLE INITIALLY IMMEDIATE;

-- History stays: of a grade only its end moves, and a decided proposal does not change.
CREATE FUNCTION customers_grade_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF (NEW.customer_id, NEW.tier, NEW.valid_from, NEW.source, NEW.proposal_id, NEW.reason, NEW.given_at, NEW.given_by_id)
     IS DISTINCT FROM
     (OLD.customer_id, OLD.tier, OLD.valid_from, OLD.source, OLD.proposal_id, OLD.reason, OLD.given_at, OLD.given_by_id)
  THEN
    RAISE EXCEPTION 'of a grade only its end changes'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tier_grade_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tier_grade_stays BEFORE UPDATE ON customers_tiergrade
  FOR EACH ROW EXECUTE FUNCTION customers_grade_stays();
CREATE TRIGGER tier_grade_no_delete BEFORE DELETE ON customers_tiergrade
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();
CREATE TRIGGER tier_grade_no_truncate BEFORE TRUNCATE ON customers_tiergrade
  FOR EACH STATEMENT EXECUTE FUNCTION sc_refuse_change();

CREATE FUNCTION customers_proposal_stays() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF OLD.state <> 'waiting'
     OR (NEW.customer_id, NEW.round_id, NEW.tier_before, NEW.tier, NEW.points, NEW.reasons) IS DISTINCT FROM
        (OLD.customer_id, OLD.round_id, OLD.tier_before, OLD.tier, OLD.points, OLD.reasons) THEN
    RAISE EXCEPTION 'a proposal is decided once, and says what it said'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tier_proposal_stays';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER tier_proposal_stays BEFORE UPDATE ON customers_tierproposal
  FOR EACH ROW EXECUTE FUNCTION customers_proposal_stays();
CREATE TRIGGER tier_proposal_no_delete BEFORE DELETE ON customers_tierproposal
  FOR EACH ROW EXECUTE FUNCTION sc_refuse_change();

-- A customer's tier is one of its grades, since that grade's first day.
CREATE FUNCTION customers_tier_on_file() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.customers_tiergrade AS g
    WHERE g.customer_id = NEW.id AND g.tier = NEW.tier AND g.valid_from = NEW.tier_since
  ) THEN
    RAISE EXCEPTION 'the tier of a customer is one of its grades'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'customer_tier_on_file';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER customer_tier_on_file AFTER INSERT OR UPDATE OF tier, tier_since ON customers_customer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.tier <> '') EXECUTE FUNCTION customers_tier_on_file();
"""

BACKWARD = r"""
DROP TRIGGER customer_tier_on_file ON customers_customer;
DROP FUNCTION customers_tier_on_file();
DROP TRIGGER tier_proposal_no_delete ON customers_tierproposal;
DROP TRIGGER tier_proposal_stays ON customers_tierproposal;
DROP FUNCTION customers_proposal_stays();
DROP TRIGGER tier_grade_no_truncate ON customers_tiergrade;
DROP TRIGGER tier_grade_no_delete ON customers_tiergrade;
DROP TRIGGER tier_grade_stays ON customers_tiergrade;
DROP FUNCTION customers_grade_stays();
ALTER TABLE customers_tiergrade DROP CONSTRAINT tier_grade_one_at_a_time;
DROP FUNCTION customers_grade_span(bigint, date, date);
"""

SINCE = datetime(2020, 1, 1, tzinfo=UTC)
POLICIES = {
    "customers.grading": {
        "preset": "trade",
        "line_a": 85,
        "line_b": 65,
        "line_c": 45,
        "fair_percent": 75,
        "ordinary_percent": 50,
        "low_percent": 20,
        "value_high": 300_000,
        "value_middle": 50_000,
        "growth_high_percent": 20,
        "growth_low_percent": -10,
        "rests_months": 3,
    },
    "customers.grading_trade": {
        "industry_points": 25,
        "volume_points": 30,
        "frequency_points": 25,
        "credit_points": 20,
        "industries": "机电、医药、药材、新能源、电子、食品",
        "volume_high": 300_000,
        "volume_fair": 100_000,
        "volume_ordinary": 10_000,
        "frequency_high": 60,
        "frequency_fair": 36,
        "frequency_ordinary": 12,
        "late_percent_good": 10,
        "late_days_good": 15,
        "late_percent_low": 40,
        "late_days_low": 60,
    },
    "customers.grading_sales": {
        "nature_points": 20,
        "size_points": 25,
        "sales_points": 30,
        "trend_points": 25,
        "size_high": 100,
        "size_fair": 30,
        "size_ordinary": 3,
        "sales_high": 300_000,
        "sales_fair": 100_000,
        "sales_ordinary": 10_000,
        "trend_high": 20,
        "trend_fair": 5,
        "trend_ordinary": -10,
    },
}
# Who confirms tiers, and who notes a visit that was held.
RIGHTS = {
    "centre_manager": ["customers.confirm_tiers", "customers.record_visit"],
    "business_manager": ["customers.confirm_tiers", "customers.record_visit"],
    "account_manager": ["customers.record_visit"],
    "supervisor": ["customers.record_visit"],
}


def seed(apps, schema_editor):
    """The scoring of both presets as policy rows, the rights into their roles."""
    policy = apps.get_model("servicecenter", "Policy")
    policy.objects.bulk_create(
        policy(code=code, key="", value=value, version=1, valid_from=SINCE, reason="CUS-10")
        for code, value in POLICIES.items()
    )
    for role in apps.get_model("organization", "Role").objects.filter(code__in=RIGHTS):
        role.rights = sorted({*role.rights, *RIGHTS[role.code]})
        role.save(update_fields=["rights"])


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0005_tiers"),
        ("organization", "0003_seeds"),
        ("servicecenter", "0002_guards"),
    ]
    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
