"""What somebody must do about it: alerts, and how they travel between county, township and village.

Imports ``households``, never ``monitoring``.
"""
