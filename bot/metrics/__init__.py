"""What an operator's monitoring asks for: numbers, and whether the bot is well."""
