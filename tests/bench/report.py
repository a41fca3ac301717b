"""Tables of the bench: to the terminal while it runs, as Markdown for docs/performance.md."""

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection


@dataclass
class Table:
    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    def __init__(self, title: str, *head: str):
        self.title, self.head, self.rows = title, head, []

    def add(self, *cells: str) -> None:
        self.rows.append(cells)

    def markdown(self) -> str:
        lines = [f"**{self.title}**", "", "| " + " | ".join(self.head) + " |", "|" + "---|" * len(self.head)]
        return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in self.rows)]) + "\n"


def per_household(seconds: Sequence[float], households: int) -> tuple[str, str]:
    """Microseconds a household and seconds in all, of the median."""
    middle = statistics.median(seconds)
    return f"{middle / households * 1e6:.0f}", f"{middle:.2f}"


def machine() -> str:
    """One line that says on what the numbers were taken."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        (server,) = cursor.fetchone()
    load = os.getloadavg()[0]
    return (
        f"{os.cpu_count()} × {model}, {memory:.0f} GB, PostgreSQL {server.split()[0]} on the same machine, "
        f"Python {platform.python_version()}; load at the start {load:.1f}"
    )
