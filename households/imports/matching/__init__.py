"""Matching staged rows with the register and writing them, in sets: one statement for ten thousand rows."""
