"""Who may enter where: one row a route, one module an app.

`tests/test_matrix.py` walks the URL configuration and the API router; a route without a row fails. A new app adds
`tests/matrix/<app>.py` with three names, found by the app's name in `settings.LOCAL_APPS`:

- `THINGS`: name of a record -> the roles that see it (what `visible_to` must answer);
- `build(world)`: makes the records and puts each into the world with what its addresses need and what shows it;
- `ROWS`: a `Row` for every route.

The rows are the specification: roles are written out, never computed from the rights in the database.
"""
