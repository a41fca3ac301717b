"""Somebody leaves: packages above have given them work, and listen."""

from django.dispatch import Signal

# Sent in the transaction in which a posting ended or an account was closed, once it holds no more or today is its
# last day. ``user_id``.
somebody_left = Signal()
