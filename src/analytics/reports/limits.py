"""What one notebook may take, and how much it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_OWN = re.compile(r"^Rss(?:Anon|Shmem):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, and megabytes (0: no limit)."""

    seconds: float
    megabytes: int = 0


def memory_mb(pid: int) -> int:
    """Megabytes that a process and its descendants hold of their own; 0 where the system does not say (not Linux).

    Pages of files do not count: the system takes them back when it needs them.
    """
    kilobytes = 0
    waiting = [pid]
    while waiting:
        process = waiting.pop()
        try:
            status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
            children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii")
        except OSError:
            continue
        kilobytes += sum(map(int, _OWN.findall(status)))
        waiting += map(int, children.split())
    return kilobytes // 1024
