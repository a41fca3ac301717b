"""Clients of the feeds and their keys."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from households.areas.scope import Placed, Scope
from households.models import Area

LEVEL_OF_LENGTH = {6: "county", 9: "township", 12: "village"}


class FeedScope(models.TextChoices):
    """What a key may be used for."""

    ALERTS = "alerts:read", _("Read alerts")
    EVENTS = "events:read", _("Read the feed of changes")
    MOVES = "alerts:write", _("Move alerts: acknowledge, verify, review, close …")
    REPORTS = "reports:write", _("Hand in reports: hotlines, petition office")


class ApiClientQuerySet(models.QuerySet):
    def visible_to(self, who: Placed) -> "ApiClientQuerySet":
        """Clients whose area lies in the county of ``who``; none for lower levels."""
        scope = who.scope
        if scope is None or scope.level != "county":
            return self.none()
        return self.filter(area__county__in=scope.codes)


class ApiClient(models.Model):
    """Another system that pulls. The key is shown once and stored hashed; area, scopes and expiry bound it."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.BinaryField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    # Words of FeedScope.
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True)

    objects = ApiClientQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name

    @property
    def is_current(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope(self) -> Scope:
        return Scope(LEVEL_OF_LENGTH[len(self.area_id)], (self.area_id,))

    @property
    def scope_labels(self) -> list[str]:
        return [str(FeedScope(word).label) for word in self.scopes]

    # What REST framework asks of whoever is authenticated.
    is_authenticated = True


class IdempotentAnswer(models.Model):
    """What a write of a client was answered, by its ``Idempotency-Key``: the same key, the same answer."""

    client = models.ForeignKey(ApiClient, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    # sha256 over method, path and body: the same key with another request is a conflict.
    request_digest = models.BinaryField()
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="idempotent_once")]
        indexes = [models.Index(fields=["created_at"], name="idempotent_age")]
