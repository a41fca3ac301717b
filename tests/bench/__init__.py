"""``make bench``: what the system costs beside plain SQL that obeys the same rules (docs/performance.md)."""
