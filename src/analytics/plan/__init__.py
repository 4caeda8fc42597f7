"""The decided plan of a unit: budgets, uprating, efficiency requirement, needs and investments, as reviewed data."""

from __future__ import annotations

from analytics.plan.model import DecidedBudget, Index, Investment, Need, Saving
from analytics.plan.register import PlanRegister

__all__ = ["DecidedBudget", "Index", "Investment", "Need", "PlanRegister", "Saving"]
