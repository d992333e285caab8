"""Discord: commands, cards, buttons, sentences."""
