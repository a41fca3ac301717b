"""Days of the desk: today is 10 July 2022, June is the last closed month."""

from tests.desk.conftest import july

__all__ = ["july"]
