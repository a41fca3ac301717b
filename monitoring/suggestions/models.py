"""What users complain of and suggest, and what became of it."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.models import User


class SuggestionKind(models.TextChoices):
    COMPLAINT = "complaint", _("Complaint")
    SUGGESTION = "suggestion", _("Suggestion")


class SuggestionQuerySet(models.QuerySet):
    def visible_to(self, who: User) -> "SuggestionQuerySet":
        """What ``who`` wrote; for those who answer, what everybody of their county wrote."""
        if who.scope is None:
            return self.none()
        own = models.Q(written_by=who)
        if not who.has_perm("suggestions.answer"):
            return self.filter(own)
        return self.filter(own | models.Q(written_by__in=User.objects.visible_to(who)))


class Suggestion(models.Model):
    """One entry. Seen by who wrote it and by the county, which answers."""

    kind = models.CharField(max_length=10, choices=SuggestionKind)
    words = models.CharField(max_length=1000)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="suggestions")
    written_at = models.DateTimeField(auto_now_add=True)
    # The same form sent twice is one entry.
    token = models.UUIDField(unique=True)
    answer = models.CharField(max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
