"""Pages of administration and rota: departments, people, roles, teams, calendar, rota, policies."""
