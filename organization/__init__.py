"""People, departments, roles, calendars and duty rota (chapter 01)."""
