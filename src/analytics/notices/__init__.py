"""Telling people and machines what the schedule did: mail, a webhook and a file of metrics. Never figures."""

from __future__ import annotations

from analytics.notices.model import KINDS, Kind, Notice
from analytics.notices.post import Outcome, Post

__all__ = ["KINDS", "Kind", "Notice", "Outcome", "Post"]
