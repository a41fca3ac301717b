"""The alert: one subject, one cause, one row for as long as it is open."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from alerts import transitions
from alerts.kinds import AlertLevel, Channel, Nature, Risk
from households.areas.models import AreaCode, WidelyScoped
from households.areas.scope import Placed, ScopedQuerySet
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
    # What "clearly worse" means: the name of the value that counts, and "lower" or "higher".
    measure = models.CharField(max_length=30, blank=True, default="")
    worse = models.CharField(max_length=10, blank=True, default="")
    # Each month's finding is a new happening: what was said of the last one says nothing of it.
    fresh = models.BooleanField(default=False)
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


class Holder(models.TextChoices):
    """The level that has to make the next move."""

    COUNTY = transitions.COUNTY, _("County")
    TOWNSHIP = transitions.TOWNSHIP, _("Township")
    VILLAGE = transitions.VILLAGE, _("Village")


class Verdict(models.TextChoices):
    """What whoever looked found."""

    CONFIRMED = transitions.CONFIRMED, _("Risk confirmed")
    NO_RISK = transitions.NO_RISK, _("No risk")
    UNCLEAR = transitions.UNCLEAR, _("Cannot tell yet")


class Reason(models.TextChoices):
    """Why there is no risk (误报原因)."""

    DATA_WRONG = "data_wrong", _("The data are wrong")
    SOLVED = "solved", _("Solved already")
    ABLE = "able", _("The household can bear it")
    HELPED = "helped", _("Help already covers it")
    NOT_HERE = "not_here", _("Does not live here any more")
    OTHER = "other", _("Other reason")


class Outcome(models.TextChoices):
    """What the county decided when it closed the alert (处置结果)."""

    TO_IDENTIFY = "to_identify", _("To be identified as monitored")
    MEASURES = "measures", _("Helped by existing measures")
    WATCH = "watch", _("Go on watching")
    NO_RISK = "no_risk", _("No risk")
    DUPLICATE = "duplicate", _("Dealt with elsewhere")


class AlertQuerySet(ScopedQuerySet):
    def visible_to(self, who: Placed) -> "AlertQuerySet":
        """Rows in the scope of ``who``; for a village also what another village of the township handed over."""
        scope = getattr(who, "scope", None)
        if scope is None or scope.level != "village":
            return super().visible_to(who)
        here = models.Q(village__in=scope.codes) if len(scope.codes) > 1 else models.Q(village=scope.codes[0])
        return self.filter(here | models.Q(handled_in__in=scope.codes))

    def naming_reports(self) -> "AlertQuerySet":
        """With ``reported``: who is in need, where a report has no household yet. For whoever may read reports."""
        own = models.FilteredRelation("reports", condition=models.Q(reports__uid=models.F("report")))
        return self.annotate(own_report=own, reported=models.F("own_report__name"))


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
    # The level that has to make the next move, and the person where it is one. ``handled_in``: another village of
    # the township looks into it; the household stays where it lives.
    holder = models.CharField(max_length=10, choices=Holder, default=Holder.COUNTY, db_default="county")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    handled_in = AreaCode(null=True)
    # Last day of the step that is under way (``alerts.sla``), and of the verification, whoever refuses meanwhile.
    due_on = models.DateField(null=True)
    verify_by = models.DateField(null=True)
    reminded_on = models.DateField(null=True)
    escalated_to = models.CharField(max_length=10, choices=Holder, blank=True, db_default="")
    # First sent down; when the verdict that stands was given.
    dispatched_at = models.DateTimeField(null=True)
    verified_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, db_default="")
    risks = ArrayField(models.CharField(max_length=20, choices=Risk), null=True)
    reason = models.CharField(max_length=20, choices=Reason, blank=True, db_default="")
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, db_default="")
    # One flood in named villages: dispatched and closed together (``alerts.areawide``).
    area_event = models.ForeignKey(
        "alerts.AreaEvent", models.PROTECT, null=True, related_name="alerts", db_index=False
    )
    changed_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    objects = AlertQuerySet.as_manager()

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
            # Worklists: what a level holds, the most urgent first.
            models.Index(
                fields=["county", "holder", "due_on", "id"],
                name="alert_county_due",
                condition=OPEN,
                include=[*FILTERED_OPEN, "level"],
            ),
            models.Index(
                fields=["township", "holder", "due_on", "id"],
                name="alert_township_due",
                condition=OPEN,
                include=[*FILTERED_OPEN, "level", "county"],
            ),
            models.Index(
                fields=["village", "holder", "due_on", "id"],
                name="alert_village_due",
                condition=OPEN,
                include=[*FILTERED_OPEN, "level", "county", "township"],
            ),
            models.Index(fields=["assignee", "id"], name="alert_assignee", condition=OPEN),
            models.Index(
                fields=["handled_in", "-id"], name="alert_handled_in", condition=models.Q(handled_in__isnull=False)
            ),
            models.Index(
                fields=["area_event", "id"], name="alert_area_event", condition=models.Q(area_event__isnull=False)
            ),
            # Figures of travel in a period, grouped from the index alone (alerts.travel.figures).
            *(
                models.Index(
                    fields=[place, f"{moment}_at"],
                    name=f"alert_{place}_{moment}",
                    condition=None if moment == "raised" else models.Q(**{f"{moment}_at__isnull": False}),
                    include=["id", below, "level", "kind", *also],
                )
                for place, below in (("county", "township"), ("township", "village"))
                for moment, also in (("raised", []), ("dispatched", ["closed_at"]), ("verified", ["verdict"]))
            ),
            # Rare words among a county's million: a township walks its own list.
            models.Index(
                fields=["county", "verdict", "-id"],
                name="alert_county_verdict",
                condition=~models.Q(verdict=""),
                include=FILTERED,
            ),
            models.Index(
                fields=["county", "reason", "-id"],
                name="alert_county_reason",
                condition=~models.Q(reason=""),
                include=FILTERED,
            ),
            models.Index(
                fields=["county", "outcome", "-id"],
                name="alert_county_outcome",
                condition=~models.Q(outcome=""),
                include=FILTERED,
            ),
        ]

    @property
    def sentence(self) -> str:
        return self.sentence_en if (get_language() or "").startswith("en") else self.sentence_zh

    @property
    def found(self) -> str:
        """The verdict in words: ``Risk confirmed: Illness, Income``; empty before it was verified."""
        more = [str(Risk(word).label) for word in self.risks or []]
        if self.reason:
            more.append(self.get_reason_display())
        return _(": ").join([self.get_verdict_display(), *([_(", ").join(more)] if more else [])])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def stamp(self) -> str:
        """What a form carries along: whoever decides on a page that is out of date is told."""
        return self.changed_at.isoformat()

    @property
    def working_village(self) -> str | None:
        """Where it is looked into: the village of the household, or the one it was handed over to."""
        return self.handled_in or self.village
