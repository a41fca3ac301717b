"""Explaining: the derivation of a finding, or of none, on the page and by the command."""
