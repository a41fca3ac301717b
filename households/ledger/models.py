"""Events, the outbox of every change, and the audit trail.

Writers take no number and no common lock. A publisher numbers events and chains audit rows in the order of their
ids, once they are visible (``households.ledger.publishing``); until then ``number`` is null.
"""

from django.conf import settings
from django.db import models

from households.areas.models import AreaCode, WidelyScoped


class Event(WidelyScoped):
    """One change of one subject, written in the same transaction.

    ``detail`` holds codes, ids and days. ``note`` is what the person who acted wrote; it stands on pages inside
    the scope of the subject and in no feed, log or notice.
    """

    number = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    kind = models.CharField(max_length=40)
    # "alert", "household", "import": rows of packages above this one, hence no foreign key.
    subject = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    status_before = models.CharField(max_length=20, blank=True)
    status_after = models.CharField(max_length=20, blank=True)
    level_before = models.CharField(max_length=10, blank=True)
    level_after = models.CharField(max_length=10, blank=True)
    village_before = AreaCode(null=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    run_id = models.BigIntegerField(null=True)
    # An API client that acted instead of a person; its table belongs to a package above.
    client_id = models.BigIntegerField(null=True)
    note = models.CharField(max_length=500, blank=True, db_default="")
    detail = models.JSONField(null=True)

    class Meta:
        indexes = [
            # The publisher's look for what has no number yet.
            models.Index(fields=["id"], name="event_unnumbered", condition=models.Q(number__isnull=True)),
            # The time line of one subject.
            models.Index(fields=["subject", "subject_id", "id"], name="event_subject"),
            # Change feeds, by scope, in order of number.
            models.Index(fields=["county", "number"], name="event_county"),
            models.Index(fields=["township", "number"], name="event_township"),
            models.Index(fields=["village", "number"], name="event_village"),
        ]


class AuditQuerySet(models.QuerySet):
    def visible_to(self, who) -> "AuditQuerySet":
        """The trail of this installation's county, for people posted to the county; none for everybody else."""
        scope = who.scope
        if scope is None or scope.level != "county" or settings.COUNTY_CODE not in scope.codes:
            return self.none()
        return self.all()


class AuditEntry(models.Model):
    """Who did or read what. Never updated, never deleted (trigger); chained by hash, checked by verify_audit.

    ``detail`` holds codes, counts and masked forms, never a name or a number of a person.
    """

    number = models.BigIntegerField(null=True, unique=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=40)
    subject = models.CharField(max_length=40, blank=True)
    subject_id = models.CharField(max_length=40, blank=True)
    detail = models.JSONField(default=dict)
    # sha256 over the previous digest and this row's own content.
    digest = models.BinaryField(null=True)

    objects = AuditQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["id"], name="audit_unchained", condition=models.Q(number__isnull=True)),
            models.Index(fields=["subject", "subject_id", "id"], name="audit_subject"),
            # The audit page by action or actor: a rare one is not looked for through millions of reads.
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["actor", "id"], name="audit_actor"),
            models.Index(fields=["at"], name="audit_at"),
        ]
