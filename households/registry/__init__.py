"""Households, their members, and the dated facts that rules read."""
