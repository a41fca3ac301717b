"""An area event: one cause, named villages, from a day on until it is closed."""

from django.conf import settings
from django.db import models

from households.areas.models import AreaCode
from households.areas.scope import Placed, ScopedQuerySet
from households.models import Area
from households.risks import Risk


class AreaEventQuerySet(models.QuerySet):
    def visible_to(self, who: Placed) -> "AreaEventQuerySet":
        """The events of which at least one village lies in the scope of ``who``; none for somebody nowhere."""
        return self.filter(pk__in=AreaEventVillage.objects.visible_to(who).values("event"))


class AreaEvent(models.Model):
    """While the alert of one of its villages is open, households there raise none of their own for the risk."""

    county = AreaCode()
    name = models.CharField(max_length=60)
    risk = models.CharField(max_length=20, choices=Risk)
    happened_on = models.DateField()
    words = models.CharField(max_length=300, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = AreaEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["county", "-id"], name="area_event_county"),
        ]

    def __str__(self):
        return self.name


class AreaEventVillage(models.Model):
    """One village of an event, with its own place so that scope is an equality."""

    event = models.ForeignKey(AreaEvent, models.CASCADE, related_name="villages")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    county = AreaCode()
    township = AreaCode()
    village = AreaCode()
    # While the event is open: no second event of the risk is declared here.
    open_risk = models.CharField(max_length=20, choices=Risk, null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["event", "area"], name="area_event_village_once")]
        indexes = [
            models.Index(fields=["village", "open_risk"], name="area_event_open"),
        ]
