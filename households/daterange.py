"""Date ranges in exclusion constraints."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models


class DateRangeFunc(models.Func):
    """``daterange(from, until, '[]')``: both days included; a null end is open."""

    function = "daterange"
    template = "%(function)s(%(expressions)s, '[]')"
    output_field = DateRangeField()
