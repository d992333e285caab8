"""How well voices are chosen without a model, and what it costs."""
