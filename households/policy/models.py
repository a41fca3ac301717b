"""Dated thresholds with their sources, and the work calendar."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.areas.models import Area
from households.daterange import DateRangeFunc


class Standing(models.TextChoices):
    """How sure a value is."""

    SOURCED = "sourced", _("From a document")
    INFERRED = "inferred", _("Inferred from a document")
    SUGGESTED = "suggested", _("Our suggestion")
    DEMO = "demo", _("Demonstration value")


class Threshold(models.Model):
    """One value of one parameter, for an area and everything below it, from a day until a day (both included)."""

    code = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT)
    value = models.DecimalField(max_digits=14, decimal_places=4)
    unit = models.CharField(max_length=20)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    standing = models.CharField(max_length=10, choices=Standing)
    document = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["code", "area", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="threshold_one_value_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRangeFunc("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class CalendarDay(models.Model):
    """A day that is not what its weekday says: a holiday, or a make-up working day (调休)."""

    day = models.DateField(primary_key=True)
    is_workday = models.BooleanField()
    name = models.CharField(max_length=40)

    class Meta:
        ordering = ["day"]
