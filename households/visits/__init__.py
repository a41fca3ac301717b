"""Visits: who was at which door, when, and what was found."""
