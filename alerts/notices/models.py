"""A notice is for one person; a delivery is one way of sending it. No identity number and nothing about health."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class Way(models.TextChoices):
    """How a notice leaves the house. The bell needs no delivery: it shows the notices themselves."""

    EMAIL = "email", _("E-mail")
    GATEWAY = "gateway", _("HTTP gateway")


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    # The sender was killed between sending and noting: nobody knows whether it arrived.
    IN_DOUBT = "in_doubt", _("In doubt")
    FAILED = "failed", _("Failed for good")
    DROPPED = "dropped", _("Not to be sent any more")


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, who) -> "NoticeQuerySet":
        """One's own, nobody else's."""
        return self.filter(recipient_id=who.pk)


class DeliveryQuerySet(models.QuerySet):
    def visible_to(self, who) -> "DeliveryQuerySet":
        """All of this installation's county, for people posted to the county; none for everybody else."""
        scope = who.scope
        if scope is None or scope.level != "county" or settings.COUNTY_CODE not in scope.codes:
            return self.none()
        return self.all()


class Notice(models.Model):
    """What one person is told. ``key`` is what it is about: the same key to the same person is the same notice."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, db_default=models.Func(function="gen_random_uuid"))
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices", db_index=False)
    # A word of ``alerts.notices.kinds``: "dispatched", "due_soon", "escalated" …
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=80)
    # Red ones go out at night, too.
    urgent = models.BooleanField(default=False, db_default=False)
    # What the templates put in: counts, names of areas, kinds of alerts, days.
    values = models.JSONField(default=dict, db_default={})
    # A path of this site, opened from the bell.
    path = models.CharField(max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(default=None, db_default=Now())
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_recipient"),
            models.Index(fields=["recipient"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]


class Gateway(models.Model):
    """An HTTP address that takes JSON: an SMS provider, a government chat robot."""

    name = models.CharField(max_length=60, unique=True)
    url = models.URLField(max_length=300)
    # JSON with {{ title }}, {{ text }}, {{ phone }}, {{ id }}, {{ url }} as values.
    body = models.TextField()
    # The header's value comes from the environment variable of this name; no secret stands in the database.
    secret_header = models.CharField(max_length=60, blank=True)
    secret_variable = models.CharField(max_length=60, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self):
        return self.name


class Delivery(models.Model):
    """One notice by one way. A sender claims it (``claimed_at``) and sends it, with the notice's uid."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    way = models.CharField(max_length=10, choices=Way)
    gateway = models.ForeignKey(Gateway, models.PROTECT, null=True)
    state = models.CharField(
        max_length=10, choices=DeliveryState, default=DeliveryState.WAITING, db_default="waiting"
    )
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Quiet hours and waiting between tries.
    not_before = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    # A code, never what the other side answered.
    error = models.CharField(max_length=40, blank=True, db_default="")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "way", "gateway"], name="delivery_once", nulls_distinct=False
            ),
        ]
        indexes = [
            models.Index(
                fields=["not_before", "id"], name="delivery_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["state", "-id"],
                name="delivery_stuck",
                condition=models.Q(state__in=["waiting", "sending", "in_doubt", "failed", "dropped"]),
            ),
        ]


class NoticeTemplate(models.Model):
    """The words of a county for one kind of notice, instead of those of ``alerts.notices.kinds``."""

    kind = models.CharField(max_length=30, primary_key=True)
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    changed_at = models.DateTimeField(auto_now=True)
