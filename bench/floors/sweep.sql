-- Due clocks: their steps done, history, notices for owner and supervisor on duty, their messages. One statement, nobody else
-- at work: no locks passed over, no right asked, no fallback looked for.
WITH due AS MATERIALIZED (
  SELECT c.*, d.names FROM deadlines_clock c JOIN organization_department d ON d.id = c.department_id WHERE c.next_at <= %(at)s),
step AS MATERIALIZED (
  SELECT s.* FROM due c JOIN deadlines_step s ON s.clock_id = c.id AND s.generation = c.generation
  WHERE s.fired_at IS NULL AND s.void_at IS NULL),
moved AS (
  UPDATE deadlines_clock c SET next_at = n.at FROM (
    SELECT clock_id, min(due_at) FILTER (WHERE due_at > %(at)s) AS at FROM step GROUP BY clock_id) n WHERE n.clock_id = c.id),
marked AS (
  UPDATE deadlines_step s SET fired_at = %(at)s FROM step d WHERE d.id = s.id AND d.due_at <= %(at)s
  RETURNING s.id, s.clock_id, s.generation, s.ordinal, s.kind, s.due_at),
fired AS MATERIALIZED (
  SELECT s.ordinal, s.generation, 'clock.' || s.kind AS code, c.id AS clock_id, c.subject_kind, c.subject_id, c.number,
         c.owner_id, jsonb_build_object('clock', c.kind, 'step', s.id, 'due_at', s.due_at, 'clock_due_at', c.due_at,
           'fired_at', %(at)s, 'department', c.names, 'number', c.number, 'part', c.part, 'round', c.round) AS params
  FROM marked s JOIN due c ON c.id = s.clock_id),
recorded AS (
  INSERT INTO servicecenter_trailentry (kind, object_id, number, code, params, changes, via, request_id, at)
  SELECT subject_kind, subject_id, number, code, params, '{}', 'clock', '', %(at)s FROM fired),
told AS MATERIALIZED (
  SELECT f.*, u.id AS user_id, u.email FROM fired f JOIN organization_user u ON u.id = f.owner_id OR u.id = %(supervisor)s),
noticed AS (
  INSERT INTO servicecenter_notice (user_id, code, params, kind, object_id, number, level, at)
  SELECT user_id, code, params, subject_kind, subject_id, number, 'grave', %(at)s FROM told),
mailed AS (
  INSERT INTO servicecenter_outboxmessage (channel, recipient, user_id, code, params, kind, object_id, number, dedup_key)
  SELECT 'email', email, user_id, code, params, subject_kind, subject_id, number,
         'clock:' || clock_id || ':' || generation || ':' || ordinal || ':' || user_id FROM told)
SELECT (SELECT count(*) FROM fired), (SELECT count(*) FROM told)
