"""Files from outside: read, staged, checked, matched, previewed, committed as one batch."""
