"""Times measured while other tests keep the cores busy, for a minute at a time."""

from collections.abc import Callable


def least(measure: Callable[[], float], *, below: float, turns: int = 4) -> float:
    """The smallest of some measured times; no more is measured once one is ``below``."""
    smallest = measure()
    for _turn in range(turns - 1):
        if smallest < below:
            break
        smallest = min(smallest, measure())
    return smallest
