"""Readers of the foreign world: web pages, copied text, and the platforms where comments live."""
