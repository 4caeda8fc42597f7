"""Published tables against themselves (audit) and against the measures (reconcile)."""

from __future__ import annotations

from analytics.reconciliation.auditor import audit
from analytics.reconciliation.findings import AuditReport, Finding

__all__ = ["AuditReport", "Finding", "audit"]
