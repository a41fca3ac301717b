"""What came up from tablets: each visit as it was sent, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.areas.models import WidelyScoped
from households.models import Household, Visit


class UploadState(models.TextChoices):
    STORED = "stored", _("Stored")
    # Kept for a person to look at: it became no visit yet.
    HELD = "held", _("Kept for review")
    ACCEPTED = "accepted", _("Accepted after review")
    SET_ASIDE = "set_aside", _("Set aside")


class HeldFor(models.TextChoices):
    """Why an upload waits for a person."""

    POSTING = "posting", _("The sender is not posted there any more")
    MOVED = "moved", _("The household is not in the sender's area")
    GONE = "gone", _("The household is gone from the register")
    FUTURE = "future", _("The day of the visit has not come yet")
    CONFLICT = "conflict", _("The same visit came before with other content")


class Upload(WidelyScoped):
    """One visit as a tablet sent it. ``id`` is the receipt number that the tablet shows.

    The same ``uid`` and ``digest`` (sha256 of the canonical JSON) again get the same answer. The place is that of
    the household when it came in.
    """

    uid = models.UUIDField()
    digest = models.BinaryField()
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    # The device's own random name, made when it was set up.
    tablet = models.UUIDField()
    household = models.ForeignKey(Household, models.PROTECT, related_name="+")
    payload_sealed = models.BinaryField()
    received_at = models.DateTimeField(auto_now_add=True)
    # By the tablet's clock.
    sent_at = models.DateTimeField(null=True)
    clock_behind = models.IntegerField(null=True)
    state = models.CharField(max_length=10, choices=UploadState)
    held_for = models.CharField(max_length=10, choices=HeldFor, blank=True)
    visit = models.ForeignKey(Visit, models.PROTECT, null=True, related_name="uploads")
    # What the tablet was told, to be told again: codes, ids and outcomes, no words of people.
    answer = models.JSONField(default=dict)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["uid", "digest"], name="upload_once")]
        indexes = [
            *(
                models.Index(
                    fields=[level, "id"], name=f"upload_{level}_held", condition=models.Q(state=UploadState.HELD)
                )
                for level in ("county", "township", "village")
            ),
        ]


class HeldPhoto(models.Model):
    """A photo of an upload that became no visit yet; accepted, it is the visit's (``VisitPhoto``)."""

    upload = models.ForeignKey(Upload, models.PROTECT, related_name="photos")
    sha256 = models.CharField(max_length=64)
    sealed = models.BinaryField()
    size = models.PositiveIntegerField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["upload", "sha256"], name="held_photo_once")]


class HandOverKey(models.Model):
    """Lets one tablet hand over what is unsent after its user's posting has ended; it can do nothing else.

    Made once a day while its user is signed in, kept on the tablet under its PIN; here only its hash stands.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    tablet = models.UUIDField()
    hashed = models.BinaryField(unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tablet"], name="hand_over_key_once")]
