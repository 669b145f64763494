-- The newest tickets whose text holds the word.
SELECT c.id, c.number, c.summary, c.registered_at FROM complaints_complaint c
WHERE c.search @@ %(grams)s::tsquery AND c.search_text LIKE %(like)s
ORDER BY c.registered_at DESC, c.id DESC LIMIT 51
----
SELECT c.id, c.number, c.summary, c.registered_at FROM complaints_complaint c
WHERE c.search @@ %(grams)s::tsquery AND split_part(c.search_text, ' ¦ ', 1) LIKE %(like)s
  AND EXISTS (SELECT FROM complaints_handover h WHERE h.complaint_id = c.id AND h.department_id = ANY(%(departments)s))
ORDER BY c.registered_at DESC, c.id DESC LIMIT 51
----
(SELECT number, name FROM customers_customer
 WHERE search @@ %(grams)s::tsquery AND search_text LIKE %(like)s ORDER BY created_at DESC, id DESC LIMIT 9)
UNION ALL
(SELECT number, consignor_name FROM customers_waybill
 WHERE search @@ %(grams)s::tsquery AND search_text LIKE %(like)s ORDER BY created_at DESC, id DESC LIMIT 9)
UNION ALL
(SELECT number, summary FROM complaints_complaint
 WHERE search @@ %(grams)s::tsquery AND search_text LIKE %(like)s ORDER BY registered_at DESC, id DESC LIMIT 9)
