"""Thresholds as pages: what holds, what held, what another value would change, and entering it."""
