INSERT INTO servicecenter_trailentry (id, kind, object_id, number, code, params, changes, by_id, via, request_id, at, recorded_at)
OVERRIDING SYSTEM VALUE
SELECT (SELECT coalesce(max(id), 0) FROM servicecenter_trailentry) + row_number() OVER (ORDER BY e.at, e.i, e.n),
       CASE e.n WHEN 40 THEN 'complaints.serviceincident' ELSE 'complaints.complaint' END, e.i, e.number, e.code, e.params,
       CASE WHEN e.became IS NULL THEN '{}'::jsonb ELSE jsonb_build_object('state', jsonb_build_array(e.was, e.became)) END,
       e.by_id, CASE WHEN e.by_id IS NULL THEN 'clock' ELSE 'web' END, '', e.at, e.at
FROM (
  SELECT p.i, p.number, 1 AS n, 'complaint.registered' AS code, NULL AS was, 'registered' AS became, p.agent_id AS by_id, p.at,
         jsonb_build_object('channel', p.channel, 'category', p.category_names, 'sequence', CASE WHEN p.is_second THEN 2 ELSE 1 END,
           'caller', jsonb_build_object('hash', left(md5(p.caller), 16), 'masked', left(p.caller, 1) || '**'),
           'telephone', jsonb_build_object('hash', left(md5(p.customer_id::text), 16), 'masked', '139****0421')) AS params
  FROM plan p
  UNION ALL
  SELECT p.i, p.number, s.n, s.code, s.was, s.became, p.agent_id, s.at,
         jsonb_build_object('department', p.department, 'by_category', true, 'reason', '', 'way', 'sms', 'document', 'WS-' || p.i,
                            'founded', 'founded', 'ordinal', 1)
  FROM plan p JOIN course c USING (i) CROSS JOIN LATERAL (VALUES
    (2, 'complaint.route', 'registered', 'routed', p.at, p.department_id IS NOT NULL),
    (3, 'complaint.statement_asked', NULL, NULL, p.at, p.branch_id IS NOT NULL AND p.department_id IS NOT NULL),
    (4, 'complaint.begin_inquiry', 'routed', 'investigating', p.at + interval '1 second',
        p.fate IN ('waiting', 'answered', 'paused', 'resolved', 'closed')),
    (20, 'complaint.all_in', 'investigating', 'answered', coalesce(c.answered_at, p.at + interval '2 seconds'),
        p.fate IN ('answered', 'paused', 'resolved', 'closed')),
    (21, 'complaint.record_finding', NULL, NULL, c.resolved_at, p.fate IN ('resolved', 'closed')),
    (22, 'complaint.resolve', 'answered', 'resolved', c.resolved_at, p.fate IN ('resolved', 'closed')),
    (23, 'complaint.notify', NULL, NULL, c.resolved_at, p.fate IN ('resolved', 'closed')),
    (24, 'complaint.follow_up_satisfied', 'resolved', 'closed', c.closed_at, p.fate = 'closed'),
    (25, 'complaint.settle_on_spot', 'registered', 'resolved', p.at, p.fate = 'spot'),
    (26, 'complaint.close_on_spot', 'resolved', 'closed', p.at, p.fate = 'spot'),
    (27, 'complaint.cancel', 'routed', 'cancelled', p.at + interval '1 hour', p.fate = 'cancelled')
  ) AS s (n, code, was, became, at, happened) WHERE s.happened
  UNION ALL
  SELECT h.i, h.number, s.n, s.code, NULL, NULL, h.user_id, s.at,
         jsonb_build_object('department', h.department, 'late', h.state = 'met_late', 'ordinal', 1)
  FROM handed h CROSS JOIN LATERAL (VALUES
    (10, 'complaint.take_up', h.started_at + interval '10 minutes', true), (11, 'complaint.hand_in', h.ended_at, h.ended_at IS NOT NULL)
  ) AS s (n, code, at, happened) WHERE s.happened AND h.user_id IS NOT NULL
  UNION ALL
  SELECT c.i, c.number, 30, 'clock.' || s.kind, NULL, NULL, NULL, s.fired_at,
         jsonb_build_object('clock', c.kind, 'step', s.id, 'due_at', s.due_at, 'clock_due_at', c.due_at, 'fired_at', s.fired_at,
                            'department', c.department, 'number', c.number, 'part', '', 'round', 1)
  FROM steps s JOIN clocks c ON c.id = s.clock_id WHERE s.fired_at IS NOT NULL
  UNION ALL
  SELECT m.complaint_id, p.number, 31, 'complaint.reply', NULL, NULL, m.by_id, m.at, jsonb_build_object('channel', 'telephone')
  FROM complaints_message m JOIN plan p ON p.i = m.complaint_id WHERE m.kind = 'reply'
  UNION ALL
  SELECT id, number, 40, 'incident.opened', NULL, 'confirmed', NULL, opened_at, jsonb_build_object('number', number)
  FROM complaints_serviceincident
) AS e;

INSERT INTO servicecenter_notice (id, user_id, code, params, kind, object_id, number, level, at, read_at) OVERRIDING SYSTEM VALUE
SELECT (SELECT coalesce(max(id), 0) FROM servicecenter_notice) + row_number() OVER (ORDER BY e.at), e.user_id, e.code, e.params, 'complaints.complaint', e.i, e.number, e.level, e.at,
       CASE WHEN e.at < e.now_at - interval '1 day' THEN e.at + interval '20 minutes' END
FROM (
  SELECT h.i, h.number, h.user_id, 'complaint.handed_over' AS code, 'info' AS level, h.started_at AS at, k.now_at,
         jsonb_build_object('number', h.number, 'department', h.department, 'due_at', h.due_at, 'summary', left(h.words, 40),
                            'statement', h.kind = 'statement') AS params
  FROM handed h, knobs k WHERE h.user_id IS NOT NULL
  UNION ALL
  SELECT h.i, h.number, h.agent_id, 'complaint.statement_in', 'info', h.ended_at, k.now_at,
         jsonb_build_object('number', h.number, 'department', h.department, 'summary', left(h.words, 40), 'who', '', 'late', false)
  FROM handed h, knobs k WHERE h.ended_at IS NOT NULL
  UNION ALL
  SELECT c.i, c.number, c.agent_id, 'clock.' || s.kind, CASE s.kind WHEN 'warning' THEN 'warning' ELSE 'grave' END, s.fired_at, c.now_at,
         jsonb_build_object('clock', c.kind, 'step', s.id, 'due_at', s.due_at, 'clock_due_at', c.due_at, 'fired_at', s.fired_at,
                            'department', c.department, 'number', c.number, 'part', '', 'round', 1)
  FROM steps s JOIN clocks c ON c.id = s.clock_id WHERE s.fired_at IS NOT NULL
) AS e;

INSERT INTO servicecenter_outboxmessage
  (id, channel, recipient, user_id, code, params, kind, object_id, number, dedup_key, created_at, next_try_at, tries, sent_at, last_error)
OVERRIDING SYSTEM VALUE
SELECT s.id, 'email', 'agent@example.invalid', c.agent_id, 'clock.' || s.kind,
       jsonb_build_object('clock', c.kind, 'step', s.id, 'due_at', s.due_at, 'number', c.number), 'complaints.complaint', c.i, c.number,
       'clock:' || c.id || ':1:' || s.n || ':' || c.agent_id, s.fired_at, s.fired_at, 1, s.fired_at, ''
FROM steps s JOIN clocks c ON c.id = s.clock_id WHERE s.fired_at IS NOT NULL;
