"""The administrative tree, by statistical division code, and the columns that scoped tables carry."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from households.areas.scope import ScopedQuerySet


class AreaCode(models.CharField):
    """A division code: 6, 9 or 12 digits. Byte order, so that comparing and sorting use the plain index."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("max_length", 12)
        kwargs.setdefault("db_collation", "C")
        super().__init__(*args, **kwargs)


class Level(models.TextChoices):
    PROVINCE = "province", _("Province")
    PREFECTURE = "prefecture", _("Prefecture")
    COUNTY = "county", _("County")
    TOWNSHIP = "township", _("Township")
    VILLAGE = "village", _("Village")


class Area(models.Model):
    """One node of the tree. Villages merge and codes retire: ``valid_until`` and ``successor`` say so."""

    code = AreaCode(primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=12, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    # Where the area lies; null above its own level. Scoped rows point at these three together.
    county = AreaCode(null=True)
    township = AreaCode(null=True)
    village = AreaCode(null=True)
    valid_from = models.DateField(null=True)
    valid_until = models.DateField(null=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, related_name="predecessors")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["village", "township", "county"], name="area_place_unique"),
            models.CheckConstraint(condition=models.Q(code__regex=r"^[0-9]{2,12}$"), name="area_code_digits"),
        ]

    def __str__(self):
        return self.name

    @property
    def short_name(self) -> str:
        """``长江村`` for ``长江村村民委员会``: what people say, and what fits into a column."""
        return self.name.removesuffix("村民委员会").removesuffix("居民委员会") or self.name


class Scoped(models.Model):
    """A row that lies somewhere. Scope is an equality on one of these columns, each with its own index.

    The database holds that a village lies in its township and county (composite foreign key, first migration).
    """

    county = AreaCode()
    township = AreaCode()
    village = AreaCode()

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True


class WidelyScoped(models.Model):
    """A row that may lie above a village: a cluster lies in a township, a county-wide matter in no township."""

    county = AreaCode()
    township = AreaCode(null=True)
    village = AreaCode(null=True)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True
