"""Runs, their shards, the indicators of each household and month, and findings."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.kinds import AlertLevel
from alerts.models import Alert
from households.areas.models import AreaCode, Scoped
from households.models import Area, Household


class RunState(models.TextChoices):
    OPEN = "open", _("Running")
    DONE = "done", _("Finished")


class RunKind(models.TextChoices):
    MONTHLY = "monthly", _("Monthly judgment")
    IMMEDIATE = "immediate", _("Judged at once")


class RunQuerySet(models.QuerySet):
    def monthly(self):
        """The judgments of whole months, without those that follow a batch at once."""
        return self.filter(kind=RunKind.MONTHLY)


class JudgmentRun(models.Model):
    """One judgment. What it reads is fixed when it opens: cut-off, thresholds, rule versions.

    A monthly run judges the whole county; when sealed it is the month's judgment for good, and a later one is a
    revision beside it. An immediate run judges the households of the batches that just came in.
    """

    kind = models.CharField(max_length=10, choices=RunKind, default=RunKind.MONTHLY)
    # The last month of the ledger's window.
    month = models.DateField()
    # The month of events and the end of what is known: ``month`` itself, or what runs now in an immediate run.
    event_month = models.DateField()
    # 1, 2, … among the monthly runs of a month; 0 for an immediate run.
    revision = models.PositiveSmallIntegerField()
    county = AreaCode()
    state = models.CharField(max_length=10, choices=RunState, default=RunState.OPEN)
    # Evidence counts when its batch's position is at most this.
    cutoff = models.BigIntegerField()
    # {"income_line": {"value": "6900.0000", "unit": …, "document": …, "standing": …, "valid_from": …}, …}
    thresholds = models.JSONField(default=dict)
    # {"INC01": 1, …} and the rules that refuse this month with the reason: {"INC01": "no_threshold:income_line"}.
    rules = models.JSONField(default=dict)
    refused_rules = models.JSONField(default=dict)
    # Lists of departments of the judged month that were not received.
    missing_lists = models.JSONField(default=list)
    # The sealed runs of the two months before, whose findings this run reads.
    sealed_before = models.JSONField(default=list)
    digest = models.CharField(max_length=64, blank=True)
    # Households with findings that had no national 户编号 when the run closed: the digest names them by their id,
    # and a number that comes later does not change it.
    nameless = models.JSONField(default=list)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "month", "revision"],
                condition=models.Q(kind="monthly"),
                name="run_month_revision",
            ),
            # Two runs at once are one.
            models.UniqueConstraint(
                fields=["county", "month"],
                condition=models.Q(state="open", kind="monthly"),
                name="run_one_open_a_month",
            ),
            models.UniqueConstraint(
                fields=["county", "month"],
                condition=models.Q(sealed_at__isnull=False),
                name="run_one_sealed_a_month",
            ),
            models.CheckConstraint(
                condition=models.Q(sealed_at__isnull=True) | models.Q(kind="monthly", state="done"),
                name="run_sealed_is_monthly_and_done",
            ),
            models.CheckConstraint(
                condition=models.Q(month__day=1, event_month__day=1), name="run_month_first_day"
            ),
        ]
        indexes = [models.Index(fields=["kind", "-id"], name="run_kind")]


class RunShard(models.Model):
    """One township of one run. Claim, work and result are one transaction that holds this row."""

    run = models.ForeignKey(JudgmentRun, models.CASCADE, related_name="shards")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    seconds = models.FloatField(null=True)
    households = models.PositiveIntegerField(default=0)
    incomplete = models.PositiveIntegerField(default=0)
    unknown_income = models.PositiveIntegerField(default=0)
    findings = models.PositiveIntegerField(default=0)
    raised = models.PositiveIntegerField(default=0)
    found_again = models.PositiveIntegerField(default=0)
    not_found_any_more = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["area_id"]
        constraints = [models.UniqueConstraint(fields=["run", "area"], name="shard_once")]
        indexes = [
            models.Index(fields=["run", "area"], name="shard_pending", condition=models.Q(done_at__isnull=True))
        ]


class HouseholdMonth(Scoped):
    """The indicators of one household in one month, as one run saw them. Null is unknown, never zero.

    Columns are declared with their meaning in ``monitoring.judgment.indicators``. Amounts in yuan.
    """

    run = models.ForeignKey(JudgmentRun, models.CASCADE, related_name="household_months")
    household = models.ForeignKey(Household, models.PROTECT, related_name="months")
    month = models.DateField()

    members = models.PositiveSmallIntegerField(null=True)
    lifted = models.BooleanField(null=True)
    monitored = models.BooleanField(null=True)
    monitored_open = models.BooleanField(null=True)

    wage = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    business = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    property = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    transfer = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    claims = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    net = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    previous_net = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    income_quarters = models.PositiveSmallIntegerField(null=True)

    self_pay = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    inpatient_year = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    largest_stay = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    outpatient_month = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    paid_year = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    uninsured_members = models.PositiveSmallIntegerField(null=True)
    insurance_unknown = models.PositiveSmallIntegerField(null=True)

    dropouts_listed = models.PositiveSmallIntegerField(null=True)
    dropouts_registered = models.PositiveSmallIntegerField(null=True)
    students_above = models.PositiveSmallIntegerField(null=True)
    house_grade = models.CharField(max_length=1, null=True)
    safe_water = models.BooleanField(null=True)
    water_quality = models.PositiveSmallIntegerField(null=True)
    outages = models.PositiveSmallIntegerField(null=True)
    outage_days = models.PositiveSmallIntegerField(null=True)
    accidents = models.PositiveSmallIntegerField(null=True)
    accidents_severe = models.PositiveSmallIntegerField(null=True)
    disasters = models.PositiveSmallIntegerField(null=True)
    disasters_severe = models.PositiveSmallIntegerField(null=True)
    civil_aid = models.PositiveSmallIntegerField(null=True)
    severe_disabilities = models.PositiveSmallIntegerField(null=True)
    jobs_lost = models.PositiveSmallIntegerField(null=True)
    months_worked = models.PositiveSmallIntegerField(null=True)
    youngest_age = models.PositiveSmallIntegerField(null=True)
    without_labour = models.PositiveSmallIntegerField(null=True)
    days_unvisited = models.IntegerField(null=True)
    months_since_elimination = models.SmallIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "household"], name="household_month_once")]
        indexes = [
            models.Index(fields=["run", "township"], name="household_month_shard"),
            models.Index(fields=["household", "-month"], name="household_month_latest"),
        ]


class Finding(Scoped):
    """A rule fired for a household, or for a village (a cluster): values compared, threshold, and the words.

    ``month`` is the month that the rule speaks of. A cluster's ``rule`` names what it is a cluster of,
    ``CLU01.INC01``.
    """

    run = models.ForeignKey(JudgmentRun, models.CASCADE, related_name="findings")
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="findings")
    month = models.DateField()
    rule = models.CharField(max_length=30)
    level = models.CharField(max_length=10, choices=AlertLevel)
    values = models.JSONField()
    threshold = models.JSONField()
    sentence_zh = models.CharField(max_length=300)
    sentence_en = models.CharField(max_length=300)
    alert = models.ForeignKey(Alert, models.SET_NULL, null=True, related_name="findings")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "household", "rule"], name="finding_once"),
            models.UniqueConstraint(
                fields=["run", "village", "rule"],
                condition=models.Q(household__isnull=True),
                name="finding_village_once",
            ),
        ]
        indexes = [
            models.Index(fields=["run", "township"], name="finding_shard"),
            models.Index(fields=["alert"], name="finding_alert"),
        ]
