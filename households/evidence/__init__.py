"""Batches of evidence, the income ledger and medical bills. Append-only."""
