"""The demonstration region: deterministic raw extracts, marked as synthetic, in the layouts of the source systems."""

from analytics.sample.generate import SampleReport, generate, holds_deliveries

__all__ = ["SampleReport", "generate", "holds_deliveries"]
