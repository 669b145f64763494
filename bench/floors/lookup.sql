-- Whose telephone it is, and their newest consignments.
SELECT m.id, m.number, m.name, m.kind, m.tier, m.standing, m.difficult_mark, m.difficult_reason, t.number, p.name, p.role_title, e.name
FROM customers_telephone t JOIN customers_customer m ON m.id = t.customer_id
LEFT JOIN customers_contactperson p ON p.id = t.contact_person_id LEFT JOIN organization_employee e ON e.id = m.account_manager_id
WHERE t.number = %(text)s LIMIT 8
----
SELECT w.id, w.number, w.is_stub, w.consignor_id, w.consignor_name, w.consignor_telephone, w.consignee_id, w.consignee_name,
       w.consignee_telephone, w.goods, w.pieces, w.shipped_on, w.promised_at, w.cod_state, w.cod_amount, w.destination_text
FROM customers_waybill w WHERE w.consignor_telephone = %(text)s OR w.consignee_telephone = %(text)s
ORDER BY w.created_at DESC, w.id DESC LIMIT 8
----
-- Which consignment it is, and its parties.
SELECT w.id, w.number, w.is_stub, w.consignor_id, w.consignor_name, w.consignor_telephone, w.consignee_id, w.consignee_name,
       w.consignee_telephone, w.goods, w.pieces, w.shipped_on, w.promised_at, w.cod_state, w.cod_amount, w.destination_text
FROM customers_waybill w WHERE w.number = %(text)s
----
SELECT m.id, m.number, m.name, m.kind, m.tier, m.standing, m.difficult_mark, m.difficult_reason, e.name
FROM customers_customer m LEFT JOIN organization_employee e ON e.id = m.account_manager_id WHERE m.id = ANY(%(parties)s)
