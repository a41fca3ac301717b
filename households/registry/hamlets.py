"""The order of a village's hamlets (自然村、村民小组): 二组 comes before 十一组, as people count them."""

from django.db import models

NUMERALS = "一二三四五六七八九"
# Behind every numbered one.
LAST = 9999


class HamletOrder(models.Func):
    """The number in a hamlet's name, written in digits or as ``十一组``; ``LAST`` where it has none.

    The tablet sorts the same way (``list.js``).
    """

    output_field = models.PositiveSmallIntegerField()
    template = f"""CASE
        WHEN %(expressions)s ~ '[0-9]' THEN left(substring(%(expressions)s FROM '[0-9]+'), 4)::smallint
        WHEN %(expressions)s ~ '[{NUMERALS}十]组' THEN (
            CASE
                WHEN strpos(substring(%(expressions)s FROM '([{NUMERALS}十]+)组'), '十') = 0 THEN 0
                WHEN left(substring(%(expressions)s FROM '([{NUMERALS}十]+)组'), 1) = '十' THEN 10
                ELSE 10 * strpos('{NUMERALS}', left(substring(%(expressions)s FROM '([{NUMERALS}十]+)组'), 1))
            END + strpos('{NUMERALS}', right(substring(%(expressions)s FROM '([{NUMERALS}十]+)组'), 1))
        )::smallint
        ELSE {LAST} END"""
