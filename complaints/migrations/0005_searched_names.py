"""Who complained is found by pinyin and initials too, and only by whoever may see who it was (D11, PRV-10).

The names stand behind the sign in all languages of the search; those of an imported history, which stood before it, go
there.
"""

from django.db import connection, migrations

from servicecenter.search import fold, searchable

APART = " ¦ "
CHUNK = 2_000
READ = """
SELECT c.id, c.number, c.search_text, c.caller_name, c.caller_telephone, coalesce(m.name, ''), coalesce(w.number, ''),
       c.origin
FROM complaints_complaint c
LEFT JOIN customers_customer m ON m.id = c.customer_id LEFT JOIN customers_waybill w ON w.id = c.waybill_id
WHERE c.id > %s ORDER BY c.id LIMIT %s
"""
WRITE = """
UPDATE complaints_complaint c SET search_text = n.text
FROM unnest(%s::bigint[], %s::text[]) AS n (id, text) WHERE c.id = n.id
"""


def rebuild(apps, schema_editor):
    last = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(READ, [last, CHUNK])
            rows = cursor.fetchall()
            if not rows:
                return
            last = rows[-1][0]
            texts = {row[0]: text for row in rows if (text := text_of(*row[1:])) != row[2]}
            cursor.execute(WRITE, [list(texts), list(texts.values())])


def text_of(number, text, caller, telephone, customer, waybill, origin):
    shown, _sign, hidden = text.partition(APART)
    began = fold(f"{number} {caller} {telephone}")
    if origin == "history" and not hidden and shown.startswith(began):
        shown = fold(f"{number} {waybill} {shown[len(began) :]}")
    names = dict.fromkeys(name for name in (caller, customer) if name.strip())
    forms = fold(" ".join(searchable(name) for name in names).replace("¦", " "))
    kept = [word for word in hidden.split() if word not in forms.split()]
    behind = " ".join([*kept, forms]).strip()
    return f"{shown}{APART}{behind}" if behind else shown


class Migration(migrations.Migration):
    dependencies = [("complaints", "0004_last_four"), ("customers", "0007_shipped_index")]
    operations = [migrations.RunPython(rebuild, migrations.RunPython.noop)]
