"""One question to a language model, one checked reply."""
