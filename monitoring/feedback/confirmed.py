"""Households whose risk was confirmed, for the departments concerned: so that what they are entitled to begins."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.kinds import Risk
from alerts.models import Alert, Outcome, Verdict
from alerts.travel.periods import Period
from households.models import Household, Membership, User
from monitoring.feedback.concerns import RISKS_OF, kinds_of_department


@dataclass(frozen=True)
class Confirmed:
    """All that a department is told of a household: no number of a person, no word about what somebody suffers."""

    village: str
    head_name: str
    code: str
    members: int
    risks: str
    confirmed_on: date
    outcome: str

    @property
    def cells(self) -> tuple[str, ...]:
        """In the order of ``HEADINGS``."""
        return (
            self.village,
            self.head_name,
            self.code,
            str(self.members),
            self.risks,
            f"{self.confirmed_on:%Y-%m-%d}",
            self.outcome,
        )


def confirmed_alerts(*, who: User, department: str, period: Period) -> QuerySet[Alert]:
    """Confirmed in a period on the department's own rules, or of a risk that concerns it (``RISKS_OF``).

    By the verdict that stands. Whom the county closed as no risk in the end is not told on.
    """
    concerned = Q(kind__in=kinds_of_department(department)) | Q(risks__overlap=list(RISKS_OF[department]))
    return (
        Alert.objects.visible_to(who)
        .filter(concerned, verdict=Verdict.CONFIRMED, household__isnull=False)
        .filter(verified_at__gte=period.starts, verified_at__lt=period.ends)
        .exclude(outcome=Outcome.NO_RISK)
    )


def confirmed_households(*, who: User, department: str, period: Period) -> QuerySet[Household]:
    """Each once, however many of its alerts were confirmed."""
    alerts = confirmed_alerts(who=who, department=department, period=period)
    return Household.objects.visible_to(who).filter(pk__in=alerts.values("household"))


def tell_confirmed(
    households: Iterable[Household], alerts: QuerySet[Alert], places: dict[str, str]
) -> list[Confirmed]:
    """The rows of some households. ``alerts``: those of ``confirmed_alerts``. Two queries."""
    households = list(households)
    members = dict(
        Membership.objects.current()
        .filter(household__in=households, until__isnull=True)
        .values_list("household")
        .annotate(Count("id"))
    )
    by_household: dict[int, list[Alert]] = {household.pk: [] for household in households}
    shown = alerts.filter(household__in=households).order_by("verified_at", "pk")
    for alert in shown.only("household_id", "risks", "verified_at", "outcome"):
        if alert.household_id is not None:
            by_household[alert.household_id].append(alert)
    # Whose verdict was taken back between the two queries is on the list no more.
    return [
        _row(household, by_household[household.pk], members.get(household.pk, 0), places)
        for household in households
        if by_household[household.pk]
    ]


def _row(household: Household, alerts: list[Alert], members: int, places: dict[str, str]) -> Confirmed:
    newest = alerts[-1]
    risks = {risk for alert in alerts for risk in alert.risks or ()}
    return Confirmed(
        village=" ".join(places.get(code, "") for code in (household.township, household.village)),
        head_name=household.head_name,
        code=household.code or "",
        members=members,
        risks=_(", ").join(str(risk.label) for risk in Risk if risk in risks),
        confirmed_on=timezone.localdate(newest.verified_at),
        outcome=str(newest.get_outcome_display()) if newest.outcome else _("Not decided yet"),
    )
