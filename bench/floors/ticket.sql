SELECT c.id, c.contact_id, c.event_id, c.*, g.names, s.names, m.name, m.number, m.tier, am.name, w.number, w.goods, w.pieces, w.promised_at,
       wo.names, wd.names, e.name, d.names, rd.names, re.name, td.names, te.name, re2.name, t.text, k.due_at, k.state,
       (SELECT count(*) FROM servicecenter_trailentry x WHERE x.kind = 'complaints.complaint' AND x.object_id = c.id),
       (SELECT count(*) FROM complaints_message x WHERE x.complaint_id = c.id),
       (SELECT count(*) FROM complaints_complaint x WHERE x.customer_id = c.customer_id
          AND x.registered_at >= now() - interval '180 days'),
       (SELECT v.occurred_at FROM customers_waybillevent v WHERE v.waybill_id = c.waybill_id AND v.kind = 'signed'
        ORDER BY v.occurred_at DESC LIMIT 1),
       (SELECT p.value FROM servicecenter_policy p WHERE p.code = 'complaints.handling' AND p.key = ''
          AND p.valid_from <= c.registered_at ORDER BY p.valid_from DESC, p.version DESC LIMIT 1)
FROM complaints_complaint c
JOIN complaints_category g ON g.id = c.category_id LEFT JOIN complaints_subcase s ON s.id = c.subcase_id
LEFT JOIN customers_customer m ON m.id = c.customer_id LEFT JOIN organization_employee am ON am.id = m.account_manager_id
LEFT JOIN customers_waybill w ON w.id = c.waybill_id
LEFT JOIN organization_department wo ON wo.id = w.origin_id LEFT JOIN organization_department wd ON wd.id = w.destination_id
LEFT JOIN organization_user u ON u.id = c.owner_id LEFT JOIN organization_employee e ON e.id = u.employee_id
LEFT JOIN organization_department d ON d.id = c.department_id
LEFT JOIN organization_department rd ON rd.id = c.respondent_department_id
LEFT JOIN organization_employee re ON re.id = c.respondent_employee_id
LEFT JOIN organization_department td ON td.id = c.responsible_department_id
LEFT JOIN organization_employee te ON te.id = c.responsible_employee_id
LEFT JOIN organization_user ru ON ru.id = c.registered_by_id LEFT JOIN organization_employee re2 ON re2.id = ru.employee_id
JOIN complaints_contact t ON t.id = c.contact_id
LEFT JOIN deadlines_clock k ON k.id = c.clock_id
WHERE c.number = %s
----
SELECT h.*, d.names, e.name, s.id, s.text, s.measures, s.handed_in_at, s.is_late, se.name
FROM complaints_handover h JOIN organization_department d ON d.id = h.department_id
LEFT JOIN organization_employee e ON e.id = h.employee_id
LEFT JOIN complaints_statement s ON s.handover_id = h.id
LEFT JOIN organization_user u ON u.id = s.handed_in_by_id LEFT JOIN organization_employee se ON se.id = u.employee_id
WHERE h.complaint_id = %(id)s ORDER BY h.round DESC, h.handed_at, h.id, s.ordinal
----
SELECT k.*, d.names FROM deadlines_clock k JOIN organization_department d ON d.id = k.department_id
WHERE k.subject_kind = 'complaints.complaint' AND k.subject_id = %(id)s ORDER BY k.started_at, k.id
----
SELECT r.*, f.*, p.*, n.*, u.*
FROM complaints_round r
LEFT JOIN complaints_finding f ON f.complaint_id = r.complaint_id AND f.round = r.number
LEFT JOIN complaints_pause p ON p.complaint_id = r.complaint_id AND p.round = r.number
LEFT JOIN complaints_writtennotice n ON n.complaint_id = r.complaint_id AND n.round = r.number
LEFT JOIN complaints_followup u ON u.complaint_id = r.complaint_id AND u.round = r.number
WHERE r.complaint_id = %(id)s ORDER BY r.number
----
SELECT a.*, d.names FROM complaints_correctiveaction a JOIN organization_department d ON d.id = a.department_id
WHERE a.complaint_id = %(id)s
----
SELECT c.number, c.state, c.summary, c.sequence, c.registered_at, g.names FROM complaints_complaint c
JOIN complaints_category g ON g.id = c.category_id
WHERE (c.event_id = %(event)s OR c.refuted_from_id = %(event)s) AND c.id <> %(id)s ORDER BY c.registered_at, c.id LIMIT 20
----
SELECT i.*, d.names, e.name, (SELECT count(*) FROM servicecenter_notice n WHERE n.kind = 'complaints.serviceincident' AND n.object_id = i.id)
FROM complaints_serviceincident i JOIN complaints_incidentticket t ON t.incident_id = i.id
LEFT JOIN organization_department d ON d.id = i.department_id LEFT JOIN organization_employee e ON e.id = i.employee_id
WHERE t.complaint_id = %(id)s AND i.state <> 'withdrawn'
----
SELECT * FROM servicecenter_attachment WHERE (kind = 'complaints.complaint' AND object_id = %(id)s)
  OR (kind = 'complaints.contact' AND object_id = %(contact)s) ORDER BY bound_at, id
----
SELECT q.* FROM (
  (SELECT t.at, 'trail' AS source, t.id, t.code, t.params, e.name FROM servicecenter_trailentry t
   LEFT JOIN organization_user u ON u.id = t.by_id LEFT JOIN organization_employee e ON e.id = u.employee_id
   WHERE t.kind = 'complaints.complaint' AND t.object_id = %(id)s ORDER BY t.at DESC, t.id DESC LIMIT 51)
  UNION ALL
  (SELECT m.at, 'message', m.id, m.kind, to_jsonb(m.text), e.name FROM complaints_message m
   LEFT JOIN organization_user u ON u.id = m.by_id LEFT JOIN organization_employee e ON e.id = u.employee_id
   WHERE m.complaint_id = %(id)s ORDER BY m.at DESC, m.id DESC LIMIT 51)) AS q
ORDER BY q.at DESC, q.source DESC, q.id DESC LIMIT 51
