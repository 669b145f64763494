INSERT INTO complaints_round (id, complaint_id, number, started_at, started_by_id, reason, resolved_at, resolved_by_id, resolution,
                              customer_confirmed) OVERRIDING SYSTEM VALUE
SELECT p.i, p.i, 1, p.at, p.agent_id, '', c.resolved_at, CASE WHEN c.resolved_at IS NOT NULL THEN p.agent_id END,
       CASE WHEN c.resolved_at IS NOT NULL THEN '已向客户致歉，当日补送到位，减免运费 60 元。' ELSE '' END, p.fate = 'spot'
FROM plan p JOIN course c USING (i);

CREATE TEMP TABLE handed AS
SELECT c.id, c.i, c.slot, c.kind, c.department_id, c.department, c.started_at, c.due_at, c.ended_at, c.state, p.number, p.agent_id, p.fate,
       p.words, CASE c.slot WHEN 2 THEN p.answerer_id ELSE p.branch_user_id END AS user_id
FROM clocks c JOIN plan p USING (i) WHERE c.kind IN ('statement', 'answer');
ANALYZE handed;
INSERT INTO complaints_handover
  (id, complaint_id, round, department_id, statement_required, demand, reason, by_category, state, clock_id, due_at, handed_at,
   handed_by_id, accepted_at, accepted_by_id, ended_at, ended_by_id, end_reason, is_late)
OVERRIDING SYSTEM VALUE
SELECT id, i, 1, department_id, kind = 'statement', '', '', true,
       CASE WHEN ended_at IS NULL THEN 'waiting' WHEN state = 'cancelled' THEN 'withdrawn' ELSE 'answered' END, id, due_at,
       started_at, agent_id, started_at + interval '10 minutes', user_id, ended_at, CASE WHEN ended_at IS NOT NULL THEN user_id END,
       '', state = 'met_late'
FROM handed;
INSERT INTO complaints_statement (id, handover_id, ordinal, stage, text, measures, handed_in_at, handed_in_by_id, is_late)
OVERRIDING SYSTEM VALUE
SELECT id, id, 1, 'delivery', '经核实，当班司机路线安排不当，未提前电话联系收货人。已约定今日送达，并向客户说明。', '', ended_at, user_id,
       state = 'met_late'
FROM handed WHERE ended_at IS NOT NULL AND state <> 'cancelled' AND user_id IS NOT NULL;
INSERT INTO complaints_finding (id, complaint_id, round, founded, text, department_id, not_ours, measures, at, by_id)
OVERRIDING SYSTEM VALUE
SELECT p.i, p.i, 1, CASE WHEN p.v < 0.7 THEN 'founded' ELSE 'unfounded' END, '派送环节未按约联系客户。',
       CASE WHEN p.v < 0.7 THEN coalesce(p.branch_id, p.department_id) END, false, '', c.resolved_at, p.agent_id
FROM plan p JOIN course c USING (i) WHERE p.fate IN ('closed', 'resolved');
INSERT INTO complaints_writtennotice (id, complaint_id, round, way, language, text, document_number, sent_at, sent_by_id)
OVERRIDING SYSTEM VALUE
SELECT p.i, p.i, 1, 'sms', 'zh-hans', '您的投诉已处理。', 'WS' || to_char(p.on_day, 'YYMMDD') || '-' || (10000 + p.i), c.resolved_at,
       p.agent_id
FROM plan p JOIN course c USING (i) WHERE p.fate IN ('closed', 'resolved');
INSERT INTO complaints_followup (id, complaint_id, round, ordinal, result, remarks, at, "on", by_id) OVERRIDING SYSTEM VALUE
SELECT p.i, p.i, 1, 1, 'satisfied', '', c.closed_at, (c.closed_at AT TIME ZONE 'Asia/Shanghai')::date, p.agent_id
FROM plan p JOIN course c USING (i) WHERE p.fate = 'closed';

-- Notes: few on most tickets, hundreds on one in five thousand.
INSERT INTO complaints_message (id, complaint_id, kind, channel, text, at, by_id) OVERRIDING SYSTEM VALUE
SELECT row_number() OVER (ORDER BY p.at + n * interval '7 minutes', p.i), p.i, CASE WHEN n % 3 = 0 THEN 'reply' ELSE 'note' END,
       CASE WHEN n % 3 = 0 THEN 'telephone' ELSE '' END, '已催网点，答应一小时内交报告。客户情绪较激动，回访时注意语气。',
       p.at + n * interval '7 minutes', p.agent_id
FROM plan p CROSS JOIN LATERAL generate_series(1, CASE WHEN p.i % 5000 = 2 THEN 400 ELSE floor(3.3 * power(p.v, 2))::int END) AS n
WHERE p.fate <> 'spot';
INSERT INTO complaints_pause (id, complaint_id, round, reason, promised_until, started_at, started_by_id) OVERRIDING SYSTEM VALUE
SELECT p.i, p.i, 1, '等客户提供返货证明', c.due_at, c.started_at, p.agent_id
FROM plan p JOIN clocks c ON c.i = p.i AND c.slot = 4 WHERE p.fate = 'paused';
