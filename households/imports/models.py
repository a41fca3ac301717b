"""A file from outside, and what became of each of its rows."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.evidence.models import EvidenceBatch
from households.registry.models import Household, Person
from households.staff.models import Department, Role


class ImportState(models.TextChoices):
    RECEIVED = "received", _("Received")
    READING = "reading", _("Being read")
    STAGED = "staged", _("Ready for preview")
    COMMITTED = "committed", _("Committed")
    DISCARDED = "discarded", _("Discarded")
    FAILED = "failed", _("Not readable")
    RETRACTED = "retracted", _("Taken back")


class ImportQuerySet(models.QuerySet):
    def visible_to(self, who) -> "ImportQuerySet":
        """Imports of one's county for county roles, of the own department for its officer, none for others."""
        scope = getattr(who, "scope", None)
        if scope is None or scope.level != "county":
            return self.none()
        rows = self.filter(county__in=scope.codes)
        return rows.filter(department=who.department) if who.role == Role.DEPARTMENT_OFFICER else rows


class OfImportQuerySet(models.QuerySet):
    """Rows and doubts are seen by whoever sees the import."""

    def visible_to(self, who) -> "OfImportQuerySet":
        return self.filter(import_file__in=Import.objects.visible_to(who))


class Import(models.Model):
    """One uploaded file. The file itself is sealed in ``ImportContent``."""

    form = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    file_name = models.CharField(max_length=200)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    department = models.CharField(max_length=20, choices=Department, blank=True)
    county = models.CharField(max_length=6, db_collation="C")
    # What the file speaks of: the day of a register export, the month of a department list.
    as_of = models.DateField(null=True)
    month = models.DateField(null=True)
    is_full_export = models.BooleanField(default=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports")
    uploaded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    committed_at = models.DateTimeField(null=True)
    batch = models.OneToOneField(EvidenceBatch, models.PROTECT, null=True, related_name="import_file")
    # Rows of the file that are no records: title, header, blank, total.
    skipped_rows = models.PositiveIntegerField(default=0)
    # A sentence code (households.imports.problems) when the file as a whole could not be used.
    problem = models.CharField(max_length=40, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["changed_at"],
                name="import_unfinished",
                condition=models.Q(state__in=["received", "reading"]),
            )
        ]


class ImportContent(models.Model):
    """The file as it came, sealed whole; deleted after retention while ``Import`` stays."""

    of = models.OneToOneField(Import, models.CASCADE, primary_key=True, related_name="content")
    sealed = models.BinaryField()


class Outcome(models.TextChoices):
    """What a row means for the register. Every row of a file has exactly one."""

    NEW = "new", _("New")
    CHANGED = "changed", _("Changed")
    SAME = "same", _("Same as before")
    REPEATED = "repeated", _("Repeated in the file")
    WAITING = "waiting", _("To be matched by hand")
    REFUSED = "refused", _("Refused")


class StagedRow(models.Model):
    """One row of one file. Waiting rows stay until somebody matches them; the others go with the file."""

    import_file = models.ForeignKey(Import, models.CASCADE, related_name="rows")
    row_number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome, null=True)
    # [{"column": "身份证号", "code": "check_digit"}, …] (households.imports.problems); never the value itself.
    reasons = models.JSONField(default=list)
    # The same form: what a person should look at although the row went in.
    doubts = models.JSONField(default=list)
    # Parsed values but for identity and phone numbers, which are sealed beside it.
    payload = models.JSONField(default=dict)
    household_code = models.CharField(max_length=18, null=True, db_collation="C")
    person_code = models.CharField(max_length=20, null=True, db_collation="C")
    identity_sealed = models.BinaryField(null=True)
    identity_hash = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    # Found in the register by matching.
    household = models.ForeignKey(Household, models.SET_NULL, null=True, related_name="+")
    person = models.ForeignKey(Person, models.SET_NULL, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = OfImportQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["import_file", "row_number"], name="staged_row_once")]
        indexes = [
            models.Index(fields=["import_file", "outcome", "row_number"], name="staged_outcome"),
            # The queue of rows to be matched by hand.
            models.Index(
                fields=["id"],
                name="staged_waiting",
                condition=models.Q(outcome="waiting", resolved_at__isnull=True),
            ),
        ]


class Doubt(models.Model):
    """Something a person should look at that stopped no row: two heads, somebody missing from a full export."""

    import_file = models.ForeignKey(Import, models.PROTECT, related_name="doubts")
    code = models.CharField(max_length=40)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="doubts")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    row_number = models.PositiveIntegerField(null=True)
    resolved_at = models.DateTimeField(null=True)

    objects = OfImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["household"], name="doubt_open", condition=models.Q(resolved_at__isnull=True))
        ]
