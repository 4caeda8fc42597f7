"""Measures: pure functions, frame → frame, one definition each with its source."""
