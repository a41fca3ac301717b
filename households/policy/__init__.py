"""Dated thresholds with their sources, and the work calendar."""
