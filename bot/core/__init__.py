"""The story of a digest, told in the standard library only."""
