INSERT INTO customers_customer
  (id, number, kind, name, name_key, tier, tier_since, standing, last_shipped_on, region, trade, difficult_mark,
   difficult_reason, credit_note, search_text, version, created_at)
OVERRIDING SYSTEM VALUE
SELECT d.c, d.number, d.kind, d.name, d.name_key, d.tier, CASE WHEN d.tier <> '' THEN d.day END, 'active', d.day, d.region,
       d.trade, 'none', '', '', pg_temp.folded(d.number || ' ' || d.name), 1, d.now_at - interval '900 days'
FROM (
  SELECT c, k.now_at, (k.now_at - interval '20 days')::date AS day, 'KH-' || lpad((200000 + c)::text, 6, '0') AS number,
         CASE WHEN pg_temp.r(c, 51) < 0.6 THEN 'company' ELSE 'person' END AS kind,
         CASE WHEN pg_temp.r(c, 51) < 0.6 THEN pg_temp.any_of(w.stem, c, 52) || pg_temp.any_of(w.trade, c, 53) || '有限公司'
              ELSE pg_temp.often(w.surname, c, 52) || pg_temp.any_of(w.given, c, 53) END AS name,
         CASE WHEN pg_temp.r(c, 51) < 0.6 THEN pg_temp.any_of(w.stem_key, c, 52) || ' gong si'
              ELSE pg_temp.often(w.surname_key, c, 52) || ' x' END AS name_key,
         (ARRAY['A', 'B', 'B', 'C', 'C', 'C', 'D', 'D', '', ''])[1 + floor(10 * pg_temp.r(c, 54))::int] AS tier,
         pg_temp.any_of(w.place, c, 55) AS region, pg_temp.any_of(w.trade, c, 53) AS trade
  FROM knobs k, words w, generate_series(1::bigint, k.customers) AS c) AS d;

-- A customer's tier is one of its grades.
INSERT INTO customers_tiergrade (customer_id, tier, valid_from, source, reason, given_at)
SELECT id, tier, tier_since, 'taken_over', '', created_at FROM customers_customer WHERE tier <> '';

CREATE FUNCTION pg_temp.telephone(c bigint, n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT '1' || (3000000000 + (c * 700001 + n * 2750159) % 6999999999)::text $$;
INSERT INTO customers_telephone (id, customer_id, number, extension, label) OVERRIDING SYSTEM VALUE
SELECT 2 * c - n, c, pg_temp.telephone(c, n), '', '' FROM knobs k, generate_series(1::bigint, k.customers) AS c,
       generate_series(0, 1) AS n WHERE n = 0 OR pg_temp.r(c, 56) < 0.3;

-- A consignment per ticket, and as many again that nobody complains about.
INSERT INTO customers_waybill
  (id, number, is_stub, shipped_on, consignor_id, consignor_name, consignor_telephone, consignee_id, consignee_name,
   consignee_telephone, origin_id, origin_text, destination_id, destination_text, goods, packing, pieces, weight, service,
   promised_at, cod_state, cod_amount, source, source_at, search_text, version, created_at)
OVERRIDING SYSTEM VALUE
SELECT d.w, d.number, false, d.at::date, d.sender, s.name, pg_temp.telephone(d.sender, 0), d.receiver, t.name,
       pg_temp.telephone(d.receiver, 0), o.department_id, '', e.department_id, '', d.goods, '纸箱',
       1 + floor(40 * pg_temp.r(d.w, 64))::int, 12.5, '送货上门', d.at + interval '2 days', d.cod,
       CASE WHEN d.cod = 'none' THEN NULL ELSE 860.50 END, 'import', d.at,
       pg_temp.folded(d.number || ' ' || s.name || ' ' || t.name || ' ' || d.goods), 1, d.at
FROM (
  SELECT w, (86204400000 + w * 13)::text AS number,
         coalesce(p.at, k.now_at - make_interval(days => (w % 700)::int)) - interval '3 days' AS at,
         CASE WHEN p.party_role = 'consignor' THEN p.customer_id
              ELSE 1 + floor(k.customers * pg_temp.r(w, 61))::bigint END AS sender,
         CASE WHEN p.party_role = 'consignee' THEN p.customer_id
              ELSE 1 + floor(k.customers * pg_temp.r(w, 62))::bigint END AS receiver,
         pg_temp.often(x.goods, w, 63) AS goods,
         (ARRAY['none', 'none', 'none', 'due', 'remitted'])[1 + floor(5 * pg_temp.r(w, 65))::int] AS cod
  FROM knobs k CROSS JOIN words x CROSS JOIN generate_series(1::bigint, 2 * k.size) AS w LEFT JOIN plan p ON p.i = w) AS d
JOIN customers_customer s ON s.id = d.sender JOIN customers_customer t ON t.id = d.receiver
JOIN branches o ON o.n = d.w % (SELECT count(*) FROM branches) JOIN branches e ON e.n = (d.w + 1) % (SELECT count(*) FROM branches);

INSERT INTO customers_waybillevent (id, waybill_id, kind, occurred_at, place, remarks, source, is_void, recorded_at)
OVERRIDING SYSTEM VALUE
SELECT 4 * w.id - 4 + n, w.id, (ARRAY['collected', 'departed', 'arrived', 'signed'])[n], w.created_at + n * interval '11 hours',
       '', '', 'import', false, w.created_at + n * interval '11 hours'
FROM customers_waybill w, generate_series(1, 4) AS n;
