"""Clients of the feeds and their keys."""

from django.conf import settings
from django.db import models
from django.utils import timezone

from households.areas.scope import Scope
from households.models import Area


class ApiClient(models.Model):
    """Another system that pulls. The key is shown once and stored hashed; area, scopes and expiry bound it."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True)
    key_hash = models.BinaryField()
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    # Words such as "alerts:read".
    scopes = models.JSONField(default=list)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    last_used_on = models.DateField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self):
        return self.name

    @property
    def is_current(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def scope(self) -> Scope:
        return Scope({6: "county", 9: "township", 12: "village"}[len(self.area_id)], (self.area_id,))

    # What REST framework asks of whoever is authenticated.
    is_authenticated = True
