"""Readers of the foreign world: web pages, copied text, and one file per comment platform."""
