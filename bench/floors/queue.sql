-- The open tickets by due time, with what a row shows.
SELECT c.number, c.state, c.summary, c.caller_name, c.caller_telephone, c.tier, c.next_step, c.due_at, c.registered_at, c.round,
       c.is_incident, c.is_suspected, c.is_paused, c.clock_id, g.names->>'zh-Hans', m.name, m.kind, w.number, e.name, d.names->>'zh-Hans',
       k.state, k.started_at, k.warn_at, k.due_at, k.paused_at, k.part, kd.names->>'zh-Hans', c.rank, c.id
FROM complaints_complaint c
JOIN complaints_category g ON g.id = c.category_id
LEFT JOIN customers_customer m ON m.id = c.customer_id
LEFT JOIN customers_waybill w ON w.id = c.waybill_id
LEFT JOIN organization_user u ON u.id = c.owner_id LEFT JOIN organization_employee e ON e.id = u.employee_id
LEFT JOIN organization_department d ON d.id = c.department_id
LEFT JOIN deadlines_clock k ON k.id = c.clock_id LEFT JOIN organization_department kd ON kd.id = k.department_id
WHERE c.state IN ('registered', 'routed', 'investigating', 'answered', 'resolved', 'reopened')
ORDER BY c.due_at, c.rank, c.id LIMIT 51
----
-- The newest tickets handed to departments, open or closed.
SELECT c.number, c.state, c.summary, c.caller_name, c.caller_telephone, c.tier, c.next_step, c.due_at, c.registered_at, c.round,
       c.is_incident, c.is_suspected, c.is_paused, c.clock_id, g.names->>'zh-Hans', m.name, m.kind, w.number, e.name, d.names->>'zh-Hans',
       k.state, k.started_at, k.warn_at, k.due_at, k.paused_at, k.part, kd.names->>'zh-Hans', c.rank, c.id
FROM complaints_complaint c
JOIN complaints_category g ON g.id = c.category_id
LEFT JOIN customers_customer m ON m.id = c.customer_id
LEFT JOIN customers_waybill w ON w.id = c.waybill_id
LEFT JOIN organization_user u ON u.id = c.owner_id LEFT JOIN organization_employee e ON e.id = u.employee_id
LEFT JOIN organization_department d ON d.id = c.department_id
LEFT JOIN deadlines_clock k ON k.id = c.clock_id LEFT JOIN organization_department kd ON kd.id = k.department_id
WHERE EXISTS (SELECT FROM complaints_handover h WHERE h.complaint_id = c.id AND h.department_id = ANY(%s))
ORDER BY c.registered_at DESC, c.id DESC LIMIT 51
----
-- The figures over the queues.
SELECT count(*) FILTER (WHERE c.owner_id = %(user)s OR c.offered_to_id = %(user)s), count(*) FILTER (WHERE c.due_at < now()),
       count(*) FILTER (WHERE c.due_at >= now() AND c.due_at < now() + interval '1 hour'),
       count(*) FILTER (WHERE c.next_step = 'await_statement'), count(*) FILTER (WHERE c.next_step = 'await_customer'),
       count(*) FILTER (WHERE c.state = 'resolved'), count(*) FILTER (WHERE c.accepted_at IS NULL),
       count(*) FILTER (WHERE c.is_incident OR c.is_suspected), count(*), min(c.due_at),
       count(*) FILTER (WHERE c.next_step = 'await_statement' AND EXISTS (
         SELECT FROM complaints_handover h WHERE h.complaint_id = c.id AND h.state = 'waiting' AND h.due_at < now()))
FROM complaints_complaint c
WHERE c.state IN ('registered', 'routed', 'investigating', 'answered', 'resolved', 'reopened')
