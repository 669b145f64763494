-- What becomes of every ticket, decided once: i of 1 … size, oldest first, two years up to now.
-- Of 33 tickets one is the second complaint about the event of an earlier one (`f`); about 3 % are open.
CREATE TEMP TABLE plan AS
WITH drawn AS (
  SELECT g.i, k.size, k.customers, k.now_at,
         CASE WHEN g.i % 33 = 0 THEN g.i - 1 - floor(30 * pg_temp.r(g.i, 1))::bigint ELSE g.i END AS f,
         k.now_at - make_interval(secs => (730 * 86400.0) * (k.size - g.i + pg_temp.r(g.i, 2)) / k.size) AS at,
         g.i > k.size * 0.96 AND pg_temp.r(g.i, 3) < 0.75 AS is_open, pg_temp.r(g.i, 4) AS u
  FROM knobs k, generate_series(1::bigint, k.size) AS g (i)),
sorted AS (
  SELECT d.*, d.f <> d.i AS is_second, d.i % 33 = 0 OR second.i IS NOT NULL AS of_incident, second.i AS second,
         CASE WHEN d.at > d.now_at - interval '3 days' THEN 'waiting'
              WHEN d.is_open AND d.u < 0.05 AND d.f = d.i THEN 'unrouted' WHEN d.is_open AND d.u < 0.50 THEN 'waiting'
              WHEN d.is_open AND d.u < 0.70 THEN 'answered' WHEN d.is_open AND d.u < 0.75 THEN 'paused'
              WHEN d.is_open THEN 'resolved'
              WHEN d.i % 33 = 1 AND d.u < 0.3 THEN 'cancelled'
              WHEN d.u < 0.18 AND d.f = d.i THEN 'spot' ELSE 'closed' END AS fate
  FROM drawn d LEFT JOIN drawn second ON second.i = d.i + 33 - d.i % 33 AND second.f = d.i AND second.i <> d.i)
SELECT s.i, s.f, s.at, s.fate, s.is_second, s.of_incident, s.second, s.now_at,
       (s.at AT TIME ZONE 'Asia/Shanghai')::date AS on_day,
       'TS' || to_char(s.at AT TIME ZONE 'Asia/Shanghai', 'YYMMDD') || '-' || (10000 + s.i) AS number,
       s.fate IN ('unrouted', 'waiting', 'answered', 'paused', 'resolved') AS is_open,
       c.id AS category_id, c.code AS category, c.names AS category_names,
       -- where it goes; what no rule routes goes to the first branch
       CASE WHEN s.fate NOT IN ('spot', 'unrouted') THEN coalesce(c.department_id, b.department_id) END AS department_id,
       CASE WHEN c.department_id IS NULL THEN b.names ELSE c.department END AS department,
       CASE WHEN c.department_id IS NULL THEN b.user_id ELSE c.user_id END AS answerer_id,
       -- the branch complained of hands in the statement, in seven of ten cases
       CASE WHEN pg_temp.r(s.f, 11) < 0.7 AND c.department_id IS NOT NULL THEN b.department_id END AS branch_id,
       b.names AS branch, b.user_id AS branch_user_id,
       a.user_id AS agent_id, a.name AS agent,
       1 + floor(s.customers * power(pg_temp.r(s.f, 5), 2.2))::bigint AS customer_id,
       CASE WHEN pg_temp.r(s.f, 6) < 0.9 THEN s.f END AS waybill_id,
       (ARRAY['consignor', 'consignee'])[1 + floor(2 * pg_temp.r(s.f, 7))::int] AS party_role,
       (ARRAY['telephone', 'telephone', 'telephone', 'telephone', 'online', 'chat', 'email'])
         [1 + floor(7 * pg_temp.r(s.i, 8))::int] AS channel,
       pg_temp.often(w.surname, s.f, 21) || pg_temp.any_of(w.given, s.f, 22) AS caller,
       pg_temp.any_of(w.opening, s.i, 23)
         || CASE WHEN s.fate <> 'cancelled' AND pg_temp.r(s.i, 24) < 0.02
                 THEN pg_temp.any_of(w.stuff, s.i, 25) || pg_temp.any_of(w.thing, s.i, 26)
                 ELSE pg_temp.often(w.goods, s.i, 25) END
         || '发往' || pg_temp.any_of(w.place, s.f, 27) || '，' || pg_temp.often(w.problem, s.i, 28) || '，'
         || pg_temp.any_of(w.detail, s.i, 29) || '。'
         || CASE WHEN pg_temp.r(s.i, 30) < 0.4
                 THEN pg_temp.often(w.problem, s.i, 31) || '，' || pg_temp.any_of(w.detail, s.i, 32) || '。' ELSE '' END
         AS words,
       pg_temp.any_of(w.ending, s.i, 33) AS demand,
       pg_temp.r(s.i, 34) AS v
FROM sorted s CROSS JOIN words w
JOIN kinds c ON c.n = floor((SELECT count(*) FROM kinds) * power(pg_temp.r(s.f, 9), 1.4))::bigint
JOIN branches b ON b.n = floor((SELECT count(*) FROM branches) * pg_temp.r(s.f, 10))::bigint
JOIN agents a ON a.n = floor((SELECT count(*) FROM agents) * pg_temp.r(s.i, 12))::bigint;
CREATE UNIQUE INDEX ON plan (i);
ANALYZE plan;
