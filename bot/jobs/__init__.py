"""Durable work: orders are persisted before they run and taken up again at start."""
