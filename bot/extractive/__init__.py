"""The digester that needs no model: sentences and voices, verbatim, and no opinion counted."""
