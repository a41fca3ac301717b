"""Sealing, masking and revealing of personal data."""
