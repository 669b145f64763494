INSERT INTO complaints_event (id, key, party, last_sequence, opened_at, category_id, waybill_id) OVERRIDING SYSTEM VALUE
SELECT i, CASE WHEN waybill_id IS NOT NULL THEN waybill_id || ':' || category || ':' || party_role || ':c' || customer_id END,
       party_role || ':c' || customer_id, CASE WHEN second IS NULL THEN 1 ELSE 2 END, at, category_id, waybill_id
FROM plan WHERE NOT is_second;

INSERT INTO complaints_contact
  (id, kind, channel, at, agent_id, customer_id, waybill_id, caller_name, caller_telephone, party_role, text, recorded_at)
OVERRIDING SYSTEM VALUE
SELECT i, 'complaint', channel, at, agent_id, customer_id, waybill_id, caller, pg_temp.telephone(customer_id, 0), party_role,
       words || demand, at
FROM plan;

-- Clocks: four places per ticket (4i-3 … 4i): handling, the routed department, the branch, the follow-up.
CREATE TEMP TABLE ticking AS
SELECT d.*, CASE WHEN d.ended_at IS NOT NULL THEN d.ended_at - make_interval(secs => d.seconds * d.share)
                 ELSE d.due - make_interval(secs => d.seconds) END AS started_at
FROM (
  SELECT p.i, s.slot, 4 * p.i - 4 + s.slot AS id, s.kind, p.number, p.agent_id,
         CASE s.slot WHEN 2 THEN coalesce(p.department_id, centre.department_id) WHEN 3 THEN p.branch_id
              ELSE centre.department_id END AS department_id,
         CASE s.slot WHEN 2 THEN p.department WHEN 3 THEN p.branch ELSE centre.names END AS department,
         CASE WHEN s.kind IN ('statement', 'answer') THEN 'complaints.hand_in_statement' ELSE '' END AS owner_right,
         s.seconds, s.ended, s.share, p.fate, p.now_at,
         CASE WHEN s.ended THEN p.at + make_interval(secs => s.seconds * s.share) END AS ended_at,
         -- one in seven of the open ones is past due
         CASE WHEN NOT s.ended THEN p.now_at + make_interval(secs => s.seconds * (pg_temp.r(4 * p.i + s.slot, 71) - 0.14)) END AS due
  FROM plan p CROSS JOIN (SELECT department_id, names FROM answering WHERE kind = 'service_centre' ORDER BY n LIMIT 1) AS centre
  CROSS JOIN LATERAL (VALUES
    (1, 'resolution', 86400, p.fate IN ('closed', 'resolved', 'cancelled'), 0.25 + 0.8 * p.v, p.fate <> 'spot'),
    (2, CASE WHEN p.fate = 'unrouted' THEN 'routing' WHEN p.branch_id IS NULL THEN 'statement' ELSE 'answer' END,
        CASE WHEN p.fate = 'unrouted' THEN 1800 WHEN p.branch_id IS NULL THEN 14400 ELSE 43200 END,
        p.fate IN ('closed', 'resolved', 'answered', 'cancelled', 'paused'), 0.2 + 0.85 * p.v, p.fate <> 'spot'),
    (3, 'statement', 14400, p.fate IN ('closed', 'resolved', 'answered', 'cancelled', 'paused'), 0.15 + 0.9 * p.v,
        p.fate NOT IN ('spot', 'unrouted') AND p.branch_id IS NOT NULL),
    (4, CASE WHEN p.fate = 'paused' THEN 'waiting' ELSE 'follow_up' END, 172800, p.fate = 'closed', 0.3 + 0.4 * p.v,
        p.fate IN ('closed', 'resolved', 'paused'))
  ) AS s (slot, kind, seconds, ended, share, wanted)
  WHERE s.wanted) AS d;

CREATE TEMP TABLE clocks AS
SELECT t.*, CASE WHEN t.ended_at IS NULL THEN t.due ELSE t.started_at + make_interval(secs => t.seconds) END AS due_at,
       t.started_at + make_interval(secs => t.seconds * 0.75) AS warn_at,
       CASE WHEN t.fate = 'cancelled' THEN 'cancelled' WHEN t.ended_at IS NULL AND t.fate = 'paused' AND t.slot = 1 THEN 'paused'
            WHEN t.ended_at IS NULL THEN 'running' WHEN t.share > 1 THEN 'met_late' ELSE 'met' END AS state
FROM ticking t;
CREATE TEMP TABLE steps AS
SELECT 4 * c.id - 4 + s.n AS id, c.id AS clock_id, s.n, s.kind, s.due_at,
       CASE WHEN s.due_at < coalesce(c.ended_at, c.now_at) AND c.state <> 'paused' THEN s.due_at + interval '1 second' END AS fired_at,
       CASE WHEN c.state = 'paused' THEN c.now_at
            WHEN c.ended_at IS NOT NULL AND s.due_at >= c.ended_at THEN c.ended_at END AS void_at
FROM clocks c CROSS JOIN LATERAL (VALUES
  (1, 'warning', c.warn_at), (2, 'breach', c.due_at), (3, 'ladder_manager', c.due_at + interval '4 hours'),
  (4, 'ladder_enterprise', c.due_at + interval '24 hours')) AS s (n, kind, due_at);
CREATE INDEX ON steps (clock_id);
ANALYZE clocks;
ANALYZE steps;
INSERT INTO deadlines_clock
  (id, kind, subject_kind, subject_id, number, part, round, department_id, owner_id, owner_right, supervisor_right, basis,
   limit_seconds, warn_percent, manager_after_seconds, enterprise_after_seconds, state, generation, started_at, warn_at, due_at,
   next_at, paused_at, paused_seconds, ended_at, policy_id, created_at)
OVERRIDING SYSTEM VALUE
SELECT c.id, c.kind, 'complaints.complaint', c.i, c.number, CASE WHEN c.owner_right <> '' THEN 'h' || c.department_id ELSE '' END,
       1, c.department_id, c.agent_id, c.owner_right, 'complaints.supervise_complaint', 'elapsed', c.seconds, 75, 14400, 86400,
       c.state, 1, c.started_at, c.warn_at, c.due_at,
       CASE WHEN c.state = 'running' THEN s.next_at END, CASE WHEN c.state = 'paused' THEN c.now_at END, 0, c.ended_at,
       q.id, c.started_at
FROM clocks c
LEFT JOIN (SELECT clock_id, min(due_at) AS next_at FROM steps WHERE fired_at IS NULL AND void_at IS NULL GROUP BY clock_id) s
  ON s.clock_id = c.id
LEFT JOIN clock_policies q ON q.kind = c.kind;
INSERT INTO deadlines_step (id, clock_id, generation, ordinal, kind, due_at, fired_at, void_at) OVERRIDING SYSTEM VALUE
SELECT id, clock_id, 1, n, kind, due_at, fired_at, void_at FROM steps;

-- The clock a ticket runs by: the first due of those that run.
CREATE TEMP TABLE running AS
SELECT DISTINCT ON (p.i) p.i, c.id, c.due_at
FROM plan p JOIN clocks c ON c.i = p.i
WHERE p.is_open AND c.state = 'running'
ORDER BY p.i, c.due_at;
CREATE UNIQUE INDEX ON running (i);
ANALYZE running;

CREATE TEMP TABLE course AS
SELECT p.i, q.resolved_at, q.closed_at, q.answered_at
FROM plan p LEFT JOIN clocks h ON h.i = p.i AND h.slot = 1 LEFT JOIN clocks f ON f.i = p.i AND f.slot = 4
LEFT JOIN (SELECT i, max(ended_at) AS at FROM clocks WHERE slot IN (2, 3) GROUP BY i) a ON a.i = p.i
CROSS JOIN LATERAL (SELECT
  CASE WHEN p.fate = 'spot' THEN p.at WHEN p.fate IN ('closed', 'resolved') THEN h.ended_at END,
  CASE p.fate WHEN 'spot' THEN p.at WHEN 'closed' THEN greatest(f.ended_at, h.ended_at + interval '1 hour') END,
  CASE WHEN p.fate IN ('closed', 'resolved', 'answered') THEN least(a.at, coalesce(h.ended_at, a.at)) END
) AS q (resolved_at, closed_at, answered_at);
CREATE UNIQUE INDEX ON course (i);
ANALYZE course;

INSERT INTO complaints_complaint
  (id, number, public_id, contact_id, category_id, channel, summary, text, demand, customer_id, tier, party_role, caller_name,
   caller_telephone, waybill_id, event_id, sequence, contest_reason, state, version, round, origin, close_mark, owner_id,
   accepted_at, team_id, department_id, respondent_department_id, responsible_department_id, founded, next_step, clock_id,
   due_at, rank, chase_count, is_incident, is_suspected, is_paused, settled_on_spot, registered_at, registered_on,
   registered_by_id, routed_at, replied_at, answered_at, resolved_at, closed_at, search_text)
OVERRIDING SYSTEM VALUE
SELECT p.i, p.number, md5('ticket ' || p.i), p.i, p.category_id, p.channel, left(p.words, 40), p.words, p.demand, p.customer_id,
       m.tier, p.party_role, p.caller, pg_temp.telephone(p.customer_id, 0), p.waybill_id, p.f,
       CASE WHEN p.is_second THEN 2 ELSE 1 END, '',
       CASE p.fate WHEN 'spot' THEN 'closed' WHEN 'unrouted' THEN 'registered' WHEN 'waiting' THEN 'investigating'
                   WHEN 'paused' THEN 'answered' ELSE p.fate END,
       6, 1, 'live', CASE p.fate WHEN 'spot' THEN 'on_spot' WHEN 'closed' THEN 'satisfied' ELSE '' END,
       p.agent_id, CASE WHEN pg_temp.r(p.i, 81) < 0.97 OR NOT p.is_open THEN p.at END, NULL, p.department_id, p.branch_id,
       CASE WHEN p.fate IN ('closed', 'resolved') AND p.v < 0.7 THEN coalesce(p.branch_id, p.department_id) END,
       CASE WHEN p.fate NOT IN ('closed', 'resolved') THEN '' WHEN p.v < 0.7 THEN 'founded' ELSE 'unfounded' END,
       CASE p.fate WHEN 'unrouted' THEN 'route' WHEN 'waiting' THEN 'await_statement' WHEN 'answered' THEN 'find'
                   WHEN 'paused' THEN 'await_customer' WHEN 'resolved' THEN 'follow_up' ELSE '' END,
       n.id, coalesce(n.due_at, c.closed_at, p.at),
       CASE WHEN p.of_incident THEN 0 ELSE CASE m.tier WHEN 'A' THEN 2 WHEN 'B' THEN 3 WHEN 'C' THEN 4 ELSE 5 END END,
       0, p.of_incident, false, p.fate = 'paused', p.fate = 'spot', p.at, p.on_day, p.agent_id,
       CASE WHEN p.department_id IS NOT NULL THEN p.at END, c.resolved_at, c.answered_at, c.resolved_at, c.closed_at,
       pg_temp.folded(concat_ws(' ', p.number, w.number, p.words, p.demand)) || ' ¦ ' || pg_temp.folded(p.caller || ' ' || m.name)
FROM plan p JOIN course c USING (i) LEFT JOIN running n USING (i) JOIN customers_customer m ON m.id = p.customer_id
LEFT JOIN customers_waybill w ON w.id = p.waybill_id
ORDER BY p.i;

INSERT INTO complaints_serviceincident
  (id, number, kind, state, version, event_id, category_id, department_id, month, opened_at, confirmed_at, withdrawn_reason)
OVERRIDING SYSTEM VALUE
SELECT i / 33, 'SG' || to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYMM') || '-' || (1000 + i / 33), 'second_complaint', 'confirmed',
       1, f, category_id, coalesce(branch_id, department_id), date_trunc('month', on_day)::date, at, at, ''
FROM plan WHERE is_second;
INSERT INTO complaints_incidentticket (id, incident_id, complaint_id, linked_at) OVERRIDING SYSTEM VALUE
SELECT 2 * (i / 33) - 1, i / 33, f, at FROM plan WHERE is_second
UNION ALL SELECT 2 * (i / 33), i / 33, i, at FROM plan WHERE is_second;
