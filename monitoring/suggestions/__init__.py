"""Complaints and suggestions of those who work with the system (投诉建议)."""
