"""A visit adds and never overwrites: it is evidence like any other."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.evidence.models import Evidence
from households.registry.models import Household
from households.risks import Risk


class VisitMethod(models.TextChoices):
    """At the door; by phone or video for those who are away."""

    HOME = "home", _("At home")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")


class Visit(Evidence):
    """One visit to one household. ``uid`` is given where the visit is written: the same one is the same visit."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", db_index=False)
    visited_on = models.DateField()
    method = models.CharField(max_length=10, choices=VisitMethod, default=VisitMethod.HOME)
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="visits")
    words = models.CharField(max_length=500, blank=True)
    # What was found at the door: a rule raises an alert of each (``monitoring.rules``). Empty: no risk was found.
    risks = ArrayField(models.CharField(max_length=20, choices=Risk), default=list, db_default=[], blank=True)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["household", "visited_on"], name="visit_household_day"),
        ]
