"""The alert: one subject, one cause, one row for as long as it is open."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts import transitions
from alerts.kinds import AlertLevel, Channel, Nature, Risk
from households.areas.models import WidelyScoped
from households.models import Area, Department, Household

OPEN = models.Q(closed_at__isnull=True)
# Columns that the filters of the list read, besides place and id.
FILTERED = ["kind", "level", "status", "first_month", "last_month", "not_found_month", "closed_at"]
FILTERED_OPEN = ["kind", "status", "first_month", "last_month", "not_found_month"]


class AlertKind(models.Model):
    """A cause: a rule, or a channel and a risk. Filled from the rules after each migrate.

    Alert pages read names and departments here, since they may not import the rules.
    """

    code = models.CharField(max_length=30, primary_key=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.RULE)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=120)
    department = models.CharField(max_length=20, choices=Department)
    risk = models.CharField(max_length=20, choices=Risk)
    nature = models.CharField(max_length=10, choices=Nature)
    basis = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]

    def __str__(self):
        return self.name

    @property
    def name(self) -> str:
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh

    @property
    def family(self) -> str:
        """``CLU01`` of ``CLU01.INC01``; a kind without a family is its own."""
        return self.code.partition(".")[0]

    @property
    def family_name(self) -> str:
        """The name before what this one of the family is of."""
        return self.name.replace("：", ": ").partition(": ")[0] if "." in self.code else self.name


class AlertStatus(models.TextChoices):
    RAISED = transitions.RAISED, _("Raised")
    DISPATCHED = transitions.DISPATCHED, _("Dispatched")
    ACKNOWLEDGED = transitions.ACKNOWLEDGED, _("Acknowledged")
    VERIFIED = transitions.VERIFIED, _("Verified")
    REVIEWED = transitions.REVIEWED, _("Reviewed")
    CLOSED = transitions.CLOSED, _("Closed")
    WITHDRAWN = transitions.WITHDRAWN, _("Withdrawn")


class Alert(WidelyScoped):
    """What somebody must look at. Raised or refreshed by upsert: the database refuses a second open one.

    The subject is a household, or an area (a cluster), or a report not yet matched to a household.
    ``values``, ``threshold`` and the sentences are those of the latest finding.
    """

    # No index of their own: household lists and open areas have theirs below, and kinds are few.
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="alerts", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    report = models.UUIDField(null=True, unique=True)

    kind = models.ForeignKey(AlertKind, models.PROTECT, related_name="alerts", db_index=False)
    level = models.CharField(max_length=10, choices=AlertLevel)
    status = models.CharField(max_length=20, choices=AlertStatus, default=AlertStatus.RAISED)
    values = models.JSONField(default=dict)
    threshold = models.JSONField(default=dict)
    sentence_zh = models.CharField(max_length=300)
    sentence_en = models.CharField(max_length=300)

    # First days of the months in which it was first and last found, and how many months found it.
    first_month = models.DateField()
    last_month = models.DateField()
    months_found = models.PositiveSmallIntegerField(default=1)
    # A state that the judgment of this month did not find any more; a person decides what that means.
    not_found_month = models.DateField(null=True)
    first_run = models.BigIntegerField(null=True)
    last_run = models.BigIntegerField(null=True)
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="alert_one_subject",
                condition=(
                    models.Q(household__isnull=False, area__isnull=True, report__isnull=True)
                    | models.Q(household__isnull=True, area__isnull=False, report__isnull=True)
                    | models.Q(household__isnull=True, area__isnull=True, report__isnull=False)
                ),
            ),
            # With a hole in it the composite key would not be checked (MATCH SIMPLE).
            models.CheckConstraint(
                name="alert_household_has_place",
                condition=models.Q(household__isnull=True)
                | models.Q(township__isnull=False, village__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["household", "kind"], condition=OPEN, name="alert_open_household_kind"
            ),
            models.UniqueConstraint(fields=["area", "kind"], condition=OPEN, name="alert_open_area_kind"),
            models.CheckConstraint(
                name="alert_closed_is_final",
                condition=(
                    models.Q(closed_at__isnull=True) & ~models.Q(status__in=transitions.FINAL)
                    | models.Q(closed_at__isnull=False, status__in=transitions.FINAL)
                ),
            ),
        ]
        indexes = [
            # Lists, newest first: one index a scope column, and a small twin for what is open. The filters are
            # answered from the index alone, so a filter that finds next to nothing does not read a million rows.
            models.Index(fields=["county", "-id"], name="alert_county", include=FILTERED),
            models.Index(fields=["township", "-id"], name="alert_township", include=[*FILTERED, "county"]),
            models.Index(
                fields=["village", "-id"], name="alert_village", include=[*FILTERED, "county", "township"]
            ),
            models.Index(
                fields=["county", "level", "-id"], name="alert_county_open", condition=OPEN, include=FILTERED_OPEN
            ),
            models.Index(
                fields=["township", "level", "-id"],
                name="alert_township_open",
                condition=OPEN,
                include=[*FILTERED_OPEN, "county"],
            ),
            models.Index(
                fields=["village", "level", "-id"],
                name="alert_village_open",
                condition=OPEN,
                include=[*FILTERED_OPEN, "county", "township"],
            ),
            # What one month brought.
            models.Index(fields=["county", "first_month", "-id"], name="alert_county_first_month"),
            models.Index(fields=["township", "first_month", "-id"], name="alert_township_first_month"),
            models.Index(fields=["county", "last_month", "-id"], name="alert_county_last_month"),
            models.Index(fields=["township", "last_month", "-id"], name="alert_township_last_month"),
            models.Index(
                fields=["county", "not_found_month", "-id"],
                name="alert_county_not_found",
                condition=models.Q(not_found_month__isnull=False),
            ),
            models.Index(
                fields=["township", "not_found_month", "-id"],
                name="alert_township_not_found",
                condition=models.Q(not_found_month__isnull=False),
            ),
            # Quiet periods and the household's own list.
            models.Index(
                fields=["household", "kind", "closed_at"],
                name="alert_closed_household",
                condition=models.Q(closed_at__isnull=False),
            ),
            models.Index(fields=["household", "-id"], name="alert_household"),
        ]

    @property
    def sentence(self) -> str:
        return self.sentence_en if (get_language() or "").startswith("en") else self.sentence_zh

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
