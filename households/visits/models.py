"""A visit adds and never overwrites: it is evidence like any other.

What a visit says of the register stands beside it, answer by answer (``VisitAnswer``): where the register knew
nothing it is added, where the register says something else it is a change request that the township decides.
"""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.areas.models import Scoped, WidelyScoped
from households.areas.scope import ScopedQuerySet
from households.evidence.models import Evidence, EvidenceBatch, EvidenceQuerySet
from households.registry.models import Household, Person
from households.risks import Risk


class VisitMethod(models.TextChoices):
    """At the door; by phone or video for those who are away."""

    HOME = "home", _("At home")
    PHONE = "phone", _("By phone")
    VIDEO = "video", _("By video")


class VisitQuerySet(ScopedQuerySet, EvidenceQuerySet):
    pass


class Visit(Evidence, Scoped):
    """One visit to one household. ``uid`` is given where the visit is written: the same one is the same visit.

    County, township and village are where the household lived that day.
    """

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits", db_index=False)
    visited_on = models.DateField()
    method = models.CharField(max_length=10, choices=VisitMethod, default=VisitMethod.HOME)
    visitor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="visits")
    # Nothing has changed since the last visit (无变化).
    unchanged = models.BooleanField(default=False, db_default=False)
    words = models.CharField(max_length=500, blank=True)
    # What the household asks for.
    needs = models.CharField(max_length=300, blank=True, db_default="")
    # What was found at the door: a rule raises an alert of each (``monitoring.rules``). Empty: no risk was found.
    risks = ArrayField(models.CharField(max_length=20, choices=Risk), default=list, db_default=[], blank=True)
    # The version of the form it was written in (``declaration.FORM``). Null: before forms had one.
    form = models.PositiveSmallIntegerField(null=True)
    # By the tablet's own clock, as it was. ``clock_behind``: seconds that clock was behind ours when it sent.
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    clock_behind = models.IntegerField(null=True)
    # The day as the tablet had it, where a wrong clock made it another one.
    tablet_day = models.DateField(null=True)

    objects = VisitQuerySet.as_manager()

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["household", "visited_on"], name="visit_household_day"),
            # The list and the calendar, newest day first, for each level of scope.
            models.Index(fields=["county", "-visited_on", "-id"], name="visit_county_day"),
            models.Index(fields=["township", "-visited_on", "-id"], name="visit_township_day"),
            models.Index(fields=["village", "-visited_on", "-id"], name="visit_village_day"),
        ]


class AnswerState(models.TextChoices):
    """What became of one thing that a visit said."""

    NOTED = "noted", _("Noted")
    SAME = "same", _("The register says the same")
    ADDED = "added", _("Added to the register")
    # A change request: the township decides.
    ASKED = "asked", _("Waits for the township")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Not accepted")


class VisitAnswer(Scoped):
    """One thing that a visit said: of the household, a person, or a line of the ledger. Nothing in it is deleted.

    ``field`` is a field of the form (``declaration.py``). ``said`` is the visit's value; ``seen`` what the tablet
    showed at the door, null where it showed nothing; ``stood`` what the register said when the visit came in, null
    where it knew nothing. All three in the form's own writing: amounts as "3000.00", days as "2026-11-30".
    Verdicts on alerts that were entered at the desk stand here too (section "verdicts").
    """

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="answers")
    section = models.CharField(max_length=20)
    # Place of the line in its section, so that a page shows what belongs together.
    line = models.PositiveSmallIntegerField(default=0)
    field = models.CharField(max_length=30)
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    # A line of the ledger: its month, kind and item.
    month = models.DateField(null=True)
    kind = models.CharField(max_length=10, blank=True)
    item = models.CharField(max_length=60, blank=True)
    said = models.JSONField(null=True)
    seen = models.JSONField(null=True)
    stood = models.JSONField(null=True)
    state = models.CharField(max_length=10, choices=AnswerState, default=AnswerState.NOTED)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)
    # The batch that wrote an accepted answer into the register.
    decided_in = models.ForeignKey(EvidenceBatch, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["visit_id", "id"]
        indexes = [
            # Change requests that wait, for each level of scope.
            *(
                models.Index(
                    fields=[level, "id"], name=f"answer_{level}_asked", condition=models.Q(state=AnswerState.ASKED)
                )
                for level in ("county", "township", "village")
            ),
        ]


class VisitPhoto(models.Model):
    """A photo of a visit: shrunk on the tablet, without location, sealed like a file. ``sha256`` is its own."""

    visit = models.ForeignKey(Visit, models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["visit", "sha256"], name="photo_once_a_visit")]


class Campaign(WidelyScoped):
    """集中排查: all households of an area are visited between two days. Done or not is a question about visits."""

    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField()
    # What to look at, in a few words for whoever stands at the door.
    words = models.CharField(max_length=300, blank=True)
    # Only monitored households and those lifted out of poverty, or all.
    everybody = models.BooleanField(default=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-starts_on", "-id"]
        indexes = [models.Index(fields=["county", "-starts_on"], name="campaign_county")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="campaign_ends_after_start"
            )
        ]
