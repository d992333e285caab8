"""How fast the bot acknowledges, over the loopback Discord of the tests."""
