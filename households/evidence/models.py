"""Evidence: what was said, by whom, in which batch. Append-only.

A correction is a new row; ``replaced_in`` of the old row is stamped once with the replacing batch and is the only
column ever updated (a trigger in the first migration holds that). A row counts for a cut-off when its batch has a
position up to it, and ``replaced_in`` is null or has a later position.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.staff.models import Department


class BatchKind(models.TextChoices):
    IMPORT = "import", _("Import")
    DESK = "desk", _("Correction at the desk")
    TABLET = "tablet", _("Tablet upload")
    MATCH = "match", _("Rows matched by hand")
    RETRACTION = "retraction", _("Retraction")


class EvidenceBatch(models.Model):
    """One import, one upload, one correction: what came in together and counts from one moment on."""

    kind = models.CharField(max_length=12, choices=BatchKind)
    # The form of an import ("household", "member", "income", "medical"); empty for the desk.
    source = models.CharField(max_length=20, blank=True)
    department = models.CharField(max_length=20, choices=Department, blank=True)
    # First day of the month that a department list speaks of: the list of that month was received.
    month = models.DateField(null=True)
    label = models.CharField(max_length=200, blank=True)
    # Given when a run opens, under an advisory lock that writers never take. Cut-offs compare this and no clock.
    position = models.BigIntegerField(null=True, unique=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    # For people only; as a cut-off it is wrong (a transaction that commits late would be missed).
    recorded_at = models.DateTimeField(auto_now_add=True)
    # Why: what whoever wrote at the desk, or took an import back, gave as the reason.
    reason = models.CharField(max_length=300, blank=True)
    # A retraction: the batch that it takes back. The list of that month then was not received.
    retracts = models.OneToOneField("self", models.PROTECT, null=True, related_name="retracted_in")
    # Rows matched by hand, or found when the register grew: the batch of the import in which they waited.
    origin = models.ForeignKey("self", models.PROTECT, null=True, related_name="matched_in")
    # The immediate run that took the batch up, and when it was done. Null is the promise to judge it.
    judged_in = models.BigIntegerField(null=True)
    judged_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Opening a run numbers what has no number yet.
            models.Index(fields=["id"], name="batch_unpositioned", condition=models.Q(position__isnull=True)),
            # What has not been judged yet.
            models.Index(fields=["id"], name="batch_unjudged", condition=models.Q(judged_at__isnull=True)),
            # What an immediate run took up.
            models.Index(
                fields=["judged_in"], name="batch_judged_in", condition=models.Q(judged_in__isnull=False)
            ),
            # "Which lists of which months were received?"
            models.Index(fields=["source", "month"], name="batch_source_month"),
        ]


class EvidenceQuerySet(models.QuerySet):
    def counted_at(self, cutoff: int):
        """Rows that count for a run with this cut-off."""
        return self.filter(batch__position__lte=cutoff).filter(
            models.Q(replaced_in__isnull=True)
            | models.Q(replaced_in__position__isnull=True)
            | models.Q(replaced_in__position__gt=cutoff)
        )

    def current(self):
        """Rows that stand today, whether a run has seen them or not."""
        return self.filter(replaced_in__isnull=True)


class Evidence(models.Model):
    """What every row of evidence carries.

    Foreign keys that the index of a table begins with have none of their own: imports write these tables by the
    hundred thousand rows.
    """

    batch = models.ForeignKey(EvidenceBatch, models.PROTECT, related_name="+")
    replaced_in = models.ForeignKey(EvidenceBatch, models.PROTECT, null=True, related_name="+", db_index=False)
    # Row of the imported file, so that a figure can be followed back to the paper.
    row_number = models.PositiveIntegerField(null=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        abstract = True
        # What a batch took back or corrected: undone and judged by the batch.
        indexes = [
            models.Index(
                fields=["replaced_in"],
                name="%(class)s_replaced",
                condition=models.Q(replaced_in__isnull=False),
            )
        ]


class IncomeKind(models.TextChoices):
    """The four kinds of income, the cost of business, and insurance claims (not part of net income)."""

    WAGE = "wage", _("Wage income")
    BUSINESS = "business", _("Business income")
    PROPERTY = "property", _("Property income")
    TRANSFER = "transfer", _("Transfer income")
    COST = "cost", _("Business cost")
    CLAIM = "claim", _("Insurance claims")


class IncomeLine(Evidence):
    """One line of the income ledger: a household, a month, a kind, an item; yuan, never negative."""

    household = models.ForeignKey(
        "households.Household", models.PROTECT, related_name="income_lines", db_index=False
    )
    month = models.DateField()
    kind = models.CharField(max_length=10, choices=IncomeKind)
    item = models.CharField(max_length=60)
    amount = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            # A shard reads a window of its households; files arrive in month order, so without this it reads all.
            models.Index(
                fields=["household", "month"],
                name="income_household_month",
                include=["kind", "amount", "batch", "replaced_in"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gte=0), name="income_amount_not_negative"),
            models.CheckConstraint(condition=models.Q(month__day=1), name="income_month_first_day"),
        ]


class VisitKind(models.TextChoices):
    """How a bill arose."""

    INPATIENT = "inpatient", _("In-patient")
    OUTPATIENT_POOL = "outpatient_pool", _("Out-patient pool")
    CHRONIC = "chronic", _("Out-patient, chronic and special disease")
    OUTPATIENT = "outpatient", _("Ordinary out-patient")


class MedicalBill(Evidence):
    """One settlement of the medical insurance. ``self_pay`` is what the person paid after all layers, in yuan."""

    person = models.ForeignKey("households.Person", models.PROTECT, related_name="medical_bills", db_index=False)
    settled_on = models.DateField()
    visit_kind = models.CharField(max_length=20, choices=VisitKind)
    total_cost = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    basic_paid = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    serious_illness_paid = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    aid_paid = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    self_pay = models.DecimalField(max_digits=14, decimal_places=2)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(
                fields=["person", "settled_on"],
                name="bill_person_settled",
                include=["visit_kind", "self_pay", "batch", "replaced_in"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(self_pay__gte=0), name="bill_self_pay_not_negative"),
        ]


class ListEntry(Evidence):
    """One row of a department's list about one person (domain.md §7): what happened, how bad, how much.

    ``list`` is the form ("education", "traffic" …), ``month`` the month that the list speaks of. What ``kind`` and
    ``grade`` can be stands in the form's reader. Events (accidents, disasters …) are told once, however many lists
    repeat them; a list of what still stands (dropouts, water) is told again each month.
    """

    person = models.ForeignKey("households.Person", models.PROTECT, related_name="list_entries", db_index=False)
    list = models.CharField(max_length=20)
    month = models.DateField()
    happened_on = models.DateField()
    kind = models.CharField(max_length=20)
    grade = models.CharField(max_length=20, blank=True)
    days = models.PositiveSmallIntegerField(null=True)
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    detail = models.CharField(max_length=60, blank=True)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(
                fields=["person", "month"],
                name="entry_person_month",
                include=["list", "kind", "grade", "days", "happened_on", "batch", "replaced_in"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(month__day=1), name="entry_month_first_day"),
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gte=0), name="entry_amount_not_negative"
            ),
        ]
