"""Chorus reads an article and its readers' comments, and says who holds what view, how many, in whose words."""
