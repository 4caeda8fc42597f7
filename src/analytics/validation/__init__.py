"""The gate: suites of expectations in readable JSON, tried on each delivery and on the whole store.

Great Expectations is imported when a :class:`Validator` tries its first suite, never before.
"""

from analytics.validation.results import Outcome, Severity, ValidationResult
from analytics.validation.runner import Validator, totals_of

__all__ = ["Outcome", "Severity", "ValidationResult", "Validator", "totals_of"]
