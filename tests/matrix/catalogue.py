"""The pages of categories, keywords and reply templates (CMP-10a to CMP-10k, CMP-50)."""

from __future__ import annotations

from tests.matrix.roles import READ_ALL, roles
from tests.matrix.rows import Row

CATALOGUE = READ_ALL | roles("centre_manager")
EDIT_CATALOGUE = roles("centre_manager administrator")
ASK = "GET POST"
CATALOGUE_PAGES = [
    Row("category-list", CATALOGUE),
    Row("category-new", EDIT_CATALOGUE, methods=ASK),
    Row("category-try-words", CATALOGUE | roles("supervisor"), query="?text=破损"),
    Row("category-keyword-new", EDIT_CATALOGUE, methods=ASK),
    Row("category-keyword-change", EDIT_CATALOGUE, methods=ASK, takes=("keyword",)),
    Row("category-keyword-remove", EDIT_CATALOGUE, methods="POST", takes=("keyword",)),
    Row("category-detail", CATALOGUE, takes=("category",)),
    *(
        Row(f"category-{act}", EDIT_CATALOGUE, methods=ASK, takes=("category",))
        for act in ("change", "routing", "subcase-new")
    ),
    Row("category-subcase-change", EDIT_CATALOGUE, methods=ASK, takes=("subcase",)),
    Row("reply-template-list", CATALOGUE, grows="template"),
    Row("reply-template-new", EDIT_CATALOGUE, methods=ASK),
    Row("reply-template-change", EDIT_CATALOGUE, methods=ASK, takes=("template",)),
    Row("reply-template-retire", EDIT_CATALOGUE, methods="POST", takes=("template",)),
]
