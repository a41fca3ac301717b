"""Alerts, how they are raised, and (later) dispatched, verified and closed."""
