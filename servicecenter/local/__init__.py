"""The machine room: what `make` calls to set up and run the system on one machine.

Nothing here is imported by the product while it serves requests, except `postgres.url`, `redis.url` and
`assets.assets_dir`, which the settings ask where no environment variable says otherwise. Every module
imports the standard library alone at import time; `bootstrap.py` and `assets.py` are also scripts for
an interpreter that has no packages yet.
"""
