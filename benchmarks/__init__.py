"""What the performance and quality figures of the README come from."""
