"""People who work with the system, and where they are posted."""

from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from households.areas.models import Area
from households.areas.scope import Scope
from households.daterange import DateRangeFunc


class Role(models.TextChoices):
    """The six roles. What each may do is one table, in ``monitoring.roles``."""

    COUNTY_ADMIN = "county_admin", _("County administrator")
    COUNTY_STAFF = "county_staff", _("County staff")
    TOWNSHIP_STAFF = "township_staff", _("Township staff")
    VILLAGE_SPECIALIST = "village_specialist", _("Village specialist")
    DEPARTMENT_OFFICER = "department_officer", _("Department officer")
    AUDITOR = "auditor", _("Auditor")


class Department(models.TextChoices):
    """Departments that exchange data. The stored word is ours, the label is the field's."""

    RURAL = "rural", _("Agriculture and rural affairs")
    MEDICAL = "medical", _("Medical insurance")
    CIVIL = "civil", _("Civil affairs")
    EDUCATION = "education", _("Education")
    DISABLED = "disabled", _("Disabled persons' federation")
    HOUSING = "housing", _("Housing")
    WATER = "water", _("Water")
    TRAFFIC = "traffic", _("Traffic police")
    EMERGENCY = "emergency", _("Emergency management")
    LABOUR = "labour", _("Human resources")


LEVEL_OF_ROLE = {
    Role.COUNTY_ADMIN: "county",
    Role.COUNTY_STAFF: "county",
    Role.AUDITOR: "county",
    Role.DEPARTMENT_OFFICER: "county",
    Role.TOWNSHIP_STAFF: "township",
    Role.VILLAGE_SPECIALIST: "village",
}


class UserQuerySet(models.QuerySet):
    def visible_to(self, who) -> "UserQuerySet":
        """Accounts ever posted in the county of ``who``, and those posted nowhere yet; none for lower levels."""
        scope = who.scope
        if scope is None or scope.level != "county":
            return self.none()
        here = Posting.objects.filter(user=models.OuterRef("pk"), area__county__in=scope.codes)
        anywhere = Posting.objects.filter(user=models.OuterRef("pk"))
        return self.filter(models.Exists(here) | ~models.Exists(anywhere))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, username, name, password=None, **fields):
        user = self.model(username=username, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. It may do nothing by itself: rights and scope come from the postings that hold today."""

    username = models.CharField(_("User name"), max_length=40, unique=True)
    name = models.CharField(_("Name"), max_length=40)
    # Where notices go. The phone number is sealed like every other.
    email = models.EmailField(_("E-mail"), blank=True)
    phone_sealed = models.BinaryField(null=True)
    is_active = models.BooleanField(default=True)
    # A first password is handed over on paper and works for one thing: choosing another.
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        ordering = ["username"]

    def __str__(self):
        return self.name

    @cached_property
    def current_postings(self) -> list["Posting"]:
        """Postings that hold today, one query a request."""
        return list(self.postings.current().select_related("area"))

    @property
    def role(self) -> str | None:
        """The one role that the postings of today give (the database allows no two at a time)."""
        return self.current_postings[0].role if self.current_postings else None

    @property
    def department(self) -> str:
        return self.current_postings[0].department if self.current_postings else ""

    @property
    def scope(self) -> Scope | None:
        if not self.current_postings:
            return None
        level = LEVEL_OF_ROLE[Role(self.current_postings[0].role)]
        return Scope(level, tuple(sorted({posting.area_id for posting in self.current_postings})))

    def has_perm(self, right: str, obj: object = None) -> bool:
        """Whether the role of today carries a right such as ``"alerts.view"`` (answered by monitoring.roles)."""
        return self.is_active and any(
            backend.has_perm(self, right, obj) for backend in get_backends() if hasattr(backend, "has_perm")
        )


class PostingQuerySet(models.QuerySet):
    def visible_to(self, who) -> "PostingQuerySet":
        """Postings in the county of ``who``; none for lower levels."""
        scope = who.scope
        if scope is None or scope.level != "county":
            return self.none()
        return self.filter(area__county__in=scope.codes)

    def current(self, day=None):
        """Postings that hold on a day, today in Shanghai by default."""
        day = day or timezone.localdate()
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=day)
        )


class Posting(models.Model):
    """Who, where, as what, from, until (both days included). One specialist may hold several villages."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings")
    role = models.CharField(max_length=20, choices=Role)
    area = models.ForeignKey(Area, models.PROTECT, related_name="postings")
    department = models.CharField(max_length=20, choices=Department, blank=True)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PostingQuerySet.as_manager()

    class Meta:
        ordering = ["user_id", "valid_from"]
        constraints = [
            ExclusionConstraint(
                name="posting_one_role_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.NOT_EQUAL),
                    (DateRangeFunc("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="posting_once_per_area",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("area", RangeOperators.EQUAL),
                    (DateRangeFunc("valid_from", "valid_until"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                name="posting_role_fits_area",
                condition=(
                    models.Q(role=Role.TOWNSHIP_STAFF) & models.Q(Exact(Length("area_id"), 9))
                    | models.Q(role=Role.VILLAGE_SPECIALIST) & models.Q(Exact(Length("area_id"), 12))
                    | models.Q(
                        role__in=[Role.COUNTY_ADMIN, Role.COUNTY_STAFF, Role.AUDITOR, Role.DEPARTMENT_OFFICER]
                    )
                    & models.Q(Exact(Length("area_id"), 6))
                ),
            ),
            models.CheckConstraint(
                name="posting_officer_has_department",
                condition=(
                    models.Q(role=Role.DEPARTMENT_OFFICER) & ~models.Q(department="")
                    | ~models.Q(role=Role.DEPARTMENT_OFFICER) & models.Q(department="")
                ),
            ),
            models.CheckConstraint(
                name="posting_ends_after_start",
                condition=models.Q(valid_until__isnull=True) | models.Q(valid_until__gte=models.F("valid_from")),
            ),
        ]
