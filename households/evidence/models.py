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

    class Meta:
        ordering = ["-id"]
        indexes = [
            # Opening a run numbers what has no number yet.
            models.Index(fields=["id"], name="batch_unpositioned", condition=models.Q(position__isnull=True)),
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

    class Meta:
        indexes = [
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

    class Meta:
        indexes = [
            models.Index(
                fields=["person", "settled_on"],
                name="bill_person_settled",
                include=["visit_kind", "self_pay", "batch", "replaced_in"],
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(self_pay__gte=0), name="bill_self_pay_not_negative"),
        ]
