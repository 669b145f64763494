"""Contacts, complaints, handovers, statements, events and second complaints (chapter 02)."""
