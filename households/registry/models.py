"""Households, persons, who belongs to which household and since when, and the dated facts that rules read.

Facts are evidence too: a row is written only when something changed, the register shows the newest. What was
first known of a household or person also stands for the time before (nothing else is known of it).
"""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from households.areas.models import Scoped
from households.daterange import DateRangeFunc
from households.evidence.models import Evidence, EvidenceBatch
from households.registry.hamlets import HamletOrder


class Household(Scoped):
    """One household. ``code`` is the national 户编号; a household without one is known by its own id."""

    code = models.CharField(max_length=18, null=True, unique=True, db_collation="C")
    head_name = models.CharField(max_length=40)
    head_pinyin = models.CharField(max_length=120, blank=True)
    # The part of the village (自然村、村民小组) in which it lives, as the export has it.
    hamlet = models.CharField(max_length=40, blank=True, db_default="")
    hamlet_order = models.GeneratedField(
        expression=HamletOrder("hamlet"), output_field=HamletOrder.output_field, db_persist=True
    )
    phone_sealed = models.BinaryField(null=True)
    batch = models.ForeignKey(EvidenceBatch, models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField(null=True)
    gone_on = models.DateField(null=True)

    class Meta:
        ordering = ["village", "id"]
        indexes = [
            models.Index(fields=["village", "id"], name="household_village"),
            models.Index(fields=["township", "village", "id"], name="household_township"),
            models.Index(fields=["county", "village", "id"], name="household_county"),
            GinIndex(fields=["head_name"], opclasses=["gin_trgm_ops"], name="household_head_name"),
            GinIndex(fields=["head_pinyin"], opclasses=["gin_trgm_ops"], name="household_head_pinyin"),
        ]
        constraints = [
            # The other end of the composite keys by which alerts follow a household that moves.
            models.UniqueConstraint(fields=["id", "village", "township", "county"], name="household_place_unique"),
            models.CheckConstraint(
                condition=models.Q(code__isnull=True) | models.Q(code__regex=r"^[0-9]{18}$"),
                name="household_code_digits",
            ),
        ]

    def __str__(self):
        return self.code or str(self.pk)


class HouseholdKind(models.TextChoices):
    LIFTED = "lifted", _("Household lifted out of poverty")
    ORDINARY = "ordinary", _("Ordinary rural household")


class Category(models.TextChoices):
    """The three categories of monitored households (2021-2025 wording)."""

    UNSTABLE = "unstable", _("Lifted but unstable household")
    MARGINAL = "marginal", _("Marginal household at risk of poverty")
    SUDDEN = "sudden", _("Household in sudden serious difficulty")


class HouseholdFact(Evidence):
    """What was known of a household as of a day. Null means unknown, never "no"."""

    household = models.ForeignKey(Household, models.PROTECT, related_name="facts", db_index=False)
    as_of = models.DateField()
    kind = models.CharField(max_length=10, choices=HouseholdKind, null=True)
    lifted_year = models.PositiveSmallIntegerField(null=True)
    # Empty string: known not to be monitored. Null: unknown.
    category = models.CharField(max_length=10, choices=Category, blank=True, null=True)
    monitored_since = models.DateField(null=True)
    risk_eliminated = models.BooleanField(null=True)
    eliminated_on = models.DateField(null=True)
    house_grade = models.CharField(max_length=1, null=True)
    safe_water = models.BooleanField(null=True)
    stated_size = models.PositiveSmallIntegerField(null=True)
    arable_mu = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["household", "as_of"], name="household_fact_as_of"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(house_grade__isnull=True) | models.Q(house_grade__in=["A", "B", "C", "D"]),
                name="household_fact_grade",
            ),
        ]


class HouseholdMove(Evidence):
    """A household lives in ``village`` from ``since`` on; before, in ``village_before``. Null: it is no more.

    ``Household`` carries where it lives now. What was judged of an earlier day is found with these rows.
    """

    household = models.ForeignKey(Household, models.PROTECT, related_name="moves", db_index=False)
    since = models.DateField()
    village_before = models.CharField(max_length=12, db_collation="C")
    village = models.CharField(max_length=12, db_collation="C", null=True)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["household", "since"], name="move_household_since"),
        ]


class Sex(models.TextChoices):
    MALE = "male", _("Male")
    FEMALE = "female", _("Female")


class Person(models.Model):
    """One person. The identity number is sealed and found again by a keyed hash (``households.privacy.seal``).

    Without ``identity_hash`` the identity is *unverified*: the person counts as a member and is never matched
    by number.
    """

    code = models.CharField(max_length=20, null=True, unique=True, db_collation="C")
    name = models.CharField(max_length=40)
    pinyin = models.CharField(max_length=120, blank=True)
    sex = models.CharField(max_length=6, choices=Sex, null=True)
    born_on = models.DateField(null=True)
    # What the file said, readable or not; sealed all the same.
    identity_sealed = models.BinaryField(null=True)
    identity_hash = models.BinaryField(null=True, unique=True)
    phone_sealed = models.BinaryField(null=True)
    died_on = models.DateField(null=True)
    batch = models.ForeignKey(EvidenceBatch, models.PROTECT, related_name="+")
    row_number = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        indexes = [GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="person_name")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(identity_hash__isnull=True) | models.Q(identity_sealed__isnull=False),
                name="person_hash_has_seal",
            )
        ]

    @property
    def identity_verified(self) -> bool:
        return self.identity_hash is not None


class Membership(Evidence):
    """A person belongs to a household from ``since`` (null: from before anything is known) until ``until``."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="memberships", db_index=False)
    relation = models.CharField(max_length=20)
    is_head = models.BooleanField(default=False)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["household", "person"], name="membership_household"),
        ]
        constraints = [
            # Last wall: staging finds such conflicts before and turns them into doubts.
            ExclusionConstraint(
                name="membership_one_household_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (DateRangeFunc("since", "until"), RangeOperators.OVERLAPS),
                ],
                condition=models.Q(replaced_in__isnull=True),
            ),
            models.UniqueConstraint(
                fields=["household"],
                condition=models.Q(is_head=True, until__isnull=True, replaced_in__isnull=True),
                name="membership_one_head",
            ),
        ]


class PersonFact(Evidence):
    """What was known of a person as of a day. Null means unknown, never "no"."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="facts", db_index=False)
    as_of = models.DateField()
    # As it was known then: a judgment of that time is replayed with it.
    born_on = models.DateField(null=True)
    resident_insurance = models.BooleanField(null=True)
    employee_insurance = models.BooleanField(null=True)
    education = models.CharField(max_length=20, blank=True)
    schooling = models.CharField(max_length=20, blank=True)
    dropout_reason = models.CharField(max_length=20, blank=True)
    labour = models.CharField(max_length=20, blank=True)
    health = ArrayField(models.CharField(max_length=20), default=list)
    disability = models.CharField(max_length=20, blank=True)
    work_place = models.CharField(max_length=60, blank=True)
    work_months = models.PositiveSmallIntegerField(null=True)
    dibao = models.BooleanField(null=True)
    tekun = models.BooleanField(null=True)
    # Columns of the export that no rule reads, as they stood.
    other = models.JSONField(default=dict)

    class Meta(Evidence.Meta):
        indexes = [
            *Evidence.Meta.indexes,
            models.Index(fields=["person", "as_of"], name="person_fact_as_of"),
        ]
