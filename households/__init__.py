"""Who lives where, what is known of them, and what everybody shares.

Imports neither ``alerts`` nor ``monitoring``. One room a subject: ``areas staff registry evidence
imports policy ledger privacy``.
"""
