-- Complaints of twelve months: registered, resolved, in time, without a breach, second ones.
WITH late AS (
  SELECT k.subject_id, bool_or(k.kind = 'resolution') AS resolution FROM deadlines_clock k
  JOIN complaints_complaint c ON c.id = k.subject_id AND c.registered_on BETWEEN %(first)s AND %(last)s
  WHERE k.subject_kind = 'complaints.complaint' AND k.due_at < least(coalesce(k.ended_at, k.paused_at, %(until)s), %(until)s)
  GROUP BY 1)
SELECT date_trunc('month', c.registered_on), count(*), count(*) FILTER (WHERE c.resolved_at <= %(until)s),
       count(*) FILTER (WHERE c.resolved_at <= %(until)s AND NOT coalesce(late.resolution, false)),
       count(*) FILTER (WHERE c.resolved_at <= %(until)s OR late.subject_id IS NULL),
       count(*) FILTER (WHERE c.is_incident AND c.sequence > 1)
FROM complaints_complaint c LEFT JOIN late ON late.subject_id = c.id
WHERE c.registered_on BETWEEN %(first)s AND %(last)s AND c.state NOT IN ('cancelled', 'merged') GROUP BY 1
----
-- First responses and reports upward.
SELECT date_trunc('month', c.registered_on), k.kind, count(*), count(*) FILTER (WHERE k.ended_at <= k.due_at),
       percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY extract(epoch FROM k.ended_at - k.started_at))
FROM complaints_complaint c JOIN deadlines_clock k ON k.subject_kind = 'complaints.complaint' AND k.subject_id = c.id
WHERE c.registered_on BETWEEN %(first)s AND %(last)s AND c.state NOT IN ('cancelled', 'merged')
  AND k.kind IN ('first_response', 'report_upward', 'supervisor_takes') GROUP BY 1, 2
----
-- Follow-ups due.
SELECT date_trunc('month', k.due_at), count(*), count(*) FILTER (WHERE k.ended_at <= k.due_at OR EXISTS (
  SELECT FROM complaints_followup f WHERE f.complaint_id = k.subject_id AND f.round = k.round AND f.at <= k.due_at))
FROM deadlines_clock k JOIN complaints_complaint c ON c.id = k.subject_id
WHERE k.kind = 'follow_up' AND k.subject_kind = 'complaints.complaint' AND k.due_at >= %(since)s AND k.due_at < %(until)s
GROUP BY 1
----
-- The month and the one before by category, department, channel and finding.
SELECT date_trunc('month', c.registered_on) AS month, c.category_id, c.channel, c.founded,
       coalesce(c.responsible_department_id, c.respondent_department_id, c.department_id) AS department,
       count(*), count(*) FILTER (WHERE c.resolved_at <= %(until)s), count(*) FILTER (WHERE c.is_incident AND c.sequence > 1)
FROM complaints_complaint c WHERE c.registered_on BETWEEN %(before)s AND %(last)s AND c.state NOT IN ('cancelled', 'merged')
GROUP BY GROUPING SETS ((1, c.category_id), (1, 5), (1, c.channel), (1, c.founded), (1, c.category_id, 5))
----
-- Waybills: shipped, complained of, late.
SELECT date_trunc('month', w.shipped_on), count(*), sum(w.freight_amount) FROM customers_waybill w
WHERE w.shipped_on BETWEEN %(first)s AND %(last)s GROUP BY 1
----
SELECT date_trunc('month', c.registered_on), count(DISTINCT c.waybill_id) FROM complaints_complaint c
WHERE c.registered_on BETWEEN %(first)s AND %(last)s AND c.state NOT IN ('cancelled', 'merged') GROUP BY 1
----
SELECT date_trunc('month', x.occurred_at), count(DISTINCT w.id) FROM customers_waybillevent x
JOIN customers_waybill w ON w.id = x.waybill_id AND w.promised_at < x.occurred_at
WHERE x.kind = 'delivered' AND NOT x.is_void AND x.occurred_at >= %(since)s AND x.occurred_at < %(until)s GROUP BY 1
----
-- Sanctions and claims.
SELECT x.month, count(*), sum(x.amount) FROM conduct_sanction x WHERE x.month BETWEEN %(first)s AND %(last)s
  AND x.confirmed_at IS NOT NULL AND x.withdrawn_at IS NULL GROUP BY 1
----
SELECT date_trunc('month', c.reported_on), count(*), sum(c.claimed_amount), sum(c.approved_amount) FROM claims_claim c
WHERE c.reported_on BETWEEN %(first)s AND %(last)s GROUP BY 1
