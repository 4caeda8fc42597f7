"""Published tables against themselves (audit) and against the measures (reconcile)."""

from __future__ import annotations

from analytics.reconciliation.auditor import audit
from analytics.reconciliation.comparison import ReconcileReport
from analytics.reconciliation.findings import AuditReport, Finding
from analytics.reconciliation.reconciler import reconcile

__all__ = ["AuditReport", "Finding", "ReconcileReport", "audit", "reconcile"]
