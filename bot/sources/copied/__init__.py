"""Text that was copied from a page: lines with a role, whose concatenation is the text itself."""
