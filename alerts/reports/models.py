"""A report from below: who is in need, where, what of. Numbers and words are sealed, the receipt is hashed."""

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from alerts.kinds import Channel
from alerts.reports.limits import DOUBTS
from alerts.travel.models import Alert
from households.areas.models import WidelyScoped
from households.models import Household
from households.risks import Risk


class Source(models.TextChoices):
    """Where exactly a report comes from."""

    PUBLIC = "public", _("Report page (QR code)")
    HOTLINE_12317 = "12317", _("12317 hotline")
    HOTLINE_12345 = "12345", _("12345 hotline")
    PETITION = "petition", _("Petition")
    SPECIALIST = "specialist", _("Specialist's report")
    TOWNSHIP = "township", _("Township entry")
    COUNTY = "county", _("County entry")


class ReportState(models.TextChoices):
    # Looks like abuse, or more than a village sends in a day: somebody looks first. Never refused.
    UNCHECKED = "unchecked", _("Unchecked")
    ACCEPTED = "accepted", _("Accepted")
    DISCARDED = "discarded", _("Set aside")


class Report(WidelyScoped):
    """One report. Accepting it raises an alert, or joins the open one of the same household and cause."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4)
    channel = models.CharField(max_length=10, choices=Channel)
    source = models.CharField(max_length=12, choices=Source)
    # The ticket's number at the hotline or petition office.
    ticket = models.CharField(max_length=40, blank=True)
    risk = models.CharField(max_length=20, choices=Risk)
    # Who is in need. ``for_other``: somebody reported for a neighbour; then name and group are all there is.
    name = models.CharField(max_length=40)
    group = models.CharField(max_length=40, blank=True)
    for_other = models.BooleanField(default=False)
    phone_sealed = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    identity_sealed = models.BinaryField(null=True)
    identity_hash = models.BinaryField(null=True)
    words_sealed = models.BinaryField(null=True)
    # Keyed hash of the words: the same story from many phones is looked at first.
    words_hash = models.BinaryField(null=True)
    # sha256 of the receipt: at least 80 random bits, so a plain hash will do.
    receipt_hash = models.BinaryField(null=True, unique=True)
    state = models.CharField(max_length=10, choices=ReportState)
    # Which limit made it unchecked: a code.
    doubt = models.CharField(max_length=20, blank=True)
    household = models.ForeignKey(Household, models.PROTECT, null=True, related_name="reports")
    alert = models.ForeignKey(Alert, models.PROTECT, null=True, related_name="reports")
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reported_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Five working days after the check (verification) the reporter has an answer.
    answer_by = models.DateField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # What the receipt shows: plain words without personal data.
    answer = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # The same ticket comes twice: from the hotline, and from the township it was passed on to.
            models.UniqueConstraint(
                fields=["county", "source", "ticket"], condition=~models.Q(ticket=""), name="report_ticket_once"
            ),
        ]
        indexes = [
            models.Index(fields=["county", "state", "-id"], name="report_county"),
            models.Index(fields=["township", "state", "-id"], name="report_township"),
            models.Index(fields=["village", "state", "-id"], name="report_village"),
            # The limits: how much came from one phone, into one village, and in the same words.
            models.Index(fields=["phone_hash", "reported_at"], name="report_phone"),
            models.Index(fields=["village", "reported_at"], name="report_village_day"),
            models.Index(
                fields=["words_hash", "reported_at"],
                name="report_words",
                condition=models.Q(words_hash__isnull=False),
            ),
            models.Index(
                fields=["county", "answer_by"],
                name="report_unanswered",
                condition=models.Q(answer_by__isnull=False, answered_at__isnull=True),
            ),
        ]

    @property
    def doubt_words(self) -> str:
        """Why somebody looks first; empty for what nothing spoke against."""
        return str(DOUBTS.get(self.doubt, ""))
