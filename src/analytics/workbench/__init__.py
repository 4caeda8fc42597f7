"""The door for notebooks: one report month of one unit, with its tables, texts and charts bound to the data.

wb = analytics.open(period="2018-03", unit="17", audience="public")
wb.show("worked_fte")
"""

from __future__ import annotations

from analytics.workbench.bench import Workbench
from analytics.workbench.opening import open_workbench

__all__ = ["Workbench", "open_workbench"]
