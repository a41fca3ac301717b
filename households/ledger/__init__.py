"""Events (the outbox of every change) and the audit trail chained by hash."""
