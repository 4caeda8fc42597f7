"""The finder of deviations: what deviates, how much it matters, and what explains it."""
