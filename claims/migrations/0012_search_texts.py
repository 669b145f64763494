"""The names of claimants and payees in pinyin and initials, for what was there before they were searched by (D11).

A voucher stands for ever: while this text is added, and nothing else is, its guard steps aside.
"""

from django.db import connection, migrations

from servicecenter.search import fold, searchable

CHUNK = 2_000
READ = """
SELECT c.id, c.search_text, c.claimant, c.number, w.number, coalesce(t.number, ''), w.goods FROM claims_claim c
JOIN customers_waybill w ON w.id = c.waybill_id LEFT JOIN complaints_complaint t ON t.id = c.complaint_id
WHERE c.id > %s ORDER BY c.id LIMIT %s
"""
VOUCHERS = "SELECT id, search_text, payee FROM claims_voucher WHERE id > %s ORDER BY id LIMIT %s"
WRITE = """
UPDATE {table} r SET search_text = n.text FROM unnest(%s::bigint[], %s::text[]) AS n (id, text) WHERE r.id = n.id
"""


def rebuild(apps, schema_editor):
    with connection.cursor() as cursor:
        _write(cursor, READ, "claims_claim", _claim)
        cursor.execute("ALTER TABLE claims_voucher DISABLE TRIGGER USER")
        _write(cursor, VOUCHERS, "claims_voucher", searchable)
        cursor.execute("ALTER TABLE claims_voucher ENABLE TRIGGER USER")


def _claim(claimant, number, waybill, complaint, goods):
    return fold(" ".join([number, waybill, complaint, searchable(claimant), goods]))


def _write(cursor, read, table, text_of):
    last = 0
    while True:
        cursor.execute(read, [last, CHUNK])
        rows = cursor.fetchall()
        if not rows:
            return
        last = rows[-1][0]
        texts = {row[0]: text for row in rows if (text := text_of(*row[2:])) != row[1]}
        cursor.execute(WRITE.format(table=table), [list(texts), list(texts.values())])


class Migration(migrations.Migration):
    dependencies = [("claims", "0011_search"), ("complaints", "0005_searched_names")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
