"""Sentences about focus areas."""

from __future__ import annotations

from collections.abc import Callable

from analytics.disclosure import ProtectedTable

WRITERS: dict[str, Callable[[ProtectedTable], str]] = {}
"""Table id → what writes its sentence."""
