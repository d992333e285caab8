"""What the bot takes while it does nothing, and how long it takes to be there."""
