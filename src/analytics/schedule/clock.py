"""The time of a tick: the moment it was begun at, which may be a made one, and what has passed since."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Clock:
    """Runs on from ``began`` by the monotonic clock, so that a clock that is set meanwhile changes nothing."""

    began: datetime
    _at: float = field(default_factory=time.monotonic)

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds())

    def seconds(self) -> float:
        """Seconds since the tick began."""
        return time.monotonic() - self._at
