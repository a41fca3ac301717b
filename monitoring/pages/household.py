"""The page of one household: who belongs to it, what it lives on, what the judgment saw, what is open."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from alerts.models import Alert
from households.ages import age_on
from households.desk.menu import menu_for
from households.imports.problems import entry_sentence
from households.ledger.services import write_audit
from households.models import (
    Doubt,
    Household,
    HouseholdFact,
    IncomeLine,
    MedicalBill,
    Membership,
    Person,
    PersonFact,
    Role,
    Threshold,
)
from households.policy.thresholds import thresholds_on_days
from households.privacy.mask import mask_identity
from households.privacy.seal import unseal
from households.registry.reaching import is_own, reachable_or_404
from households.staff.access import requires
from monitoring.judgment.explain.ledger import ledger_table
from monitoring.judgment.labels import indicator_groups
from monitoring.judgment.models import HouseholdMonth
from monitoring.judgment.running import last_month
from monitoring.judgment.window import Window
from monitoring.pages.household_facts import household_facts
from monitoring.pages.household_history import household_history
from monitoring.pages.income_chart import Chart, income_chart, sum_by_month
from monitoring.pages.persons import Bills, bills_by_person
from monitoring.visiting.due import due_of
from monitoring.visiting.of_household import with_visits

MONTHS_SHOWN = 24
BILLS_SHOWN = 50


@dataclass(frozen=True)
class MemberRow:
    """A member as the page shows one: the number masked, never whole."""

    membership: Membership
    person: Person
    fact: PersonFact | None
    identity: str
    age: int | None

    @property
    def insurance(self) -> str | None:
        """The insurance that covers the person; "" without any, None when the two fields do not say."""
        if self.fact is None:
            return None
        resident, employee = self.fact.resident_insurance, self.fact.employee_insurance
        if resident or employee:
            return gettext("Resident insurance") if resident else gettext("Employee insurance")
        return "" if resident is False and employee is False else None


@requires("households.view")
def household_detail(request: HttpRequest, pk: int) -> HttpResponse:
    household = reachable_or_404(request.user, pk, with_visits(Household.objects.select_related("batch")))
    write_audit(action="household_read", actor=request.user, subject="household", subject_id=pk)
    latest = _latest(household)
    fact = _newest(HouseholdFact, household=household)
    members = _members(household)
    lines = _lines(household, latest)
    sums = sum_by_month(lines)
    alerts = list(
        Alert.objects.visible_to(request.user).filter(household=household).select_related("kind").order_by("-id")
    )
    today, ledger_end = timezone.localdate(), Window.of(_shown_until(latest)).ledger_end
    in_force = thresholds_on_days([today, ledger_end], household.county)
    line = in_force[ledger_end].get("income_line")
    own = is_own(request.user, household)
    context = {
        "household": household,
        "fact": fact,
        "facts": household_facts(household, fact, len(members)),
        "members": members,
        # A specialist's screen shows amounts and kinds of treatment, never what somebody suffers from.
        "show_health": request.user.role != Role.VILLAGE_SPECIALIST,
        "latest": latest,
        "indicators": indicator_groups(latest) if latest else [],
        "chart": _chart(line, latest, sums, len(members)) if lines else None,
        "ledger": ledger_table(sums, lines),
        "bills": _bills(members),
        "open_alerts": [alert for alert in alerts if alert.is_open],
        "closed_alerts": [alert for alert in alerts if not alert.is_open],
        "doubts": _doubts(household),
        "history": household_history(household),
        "due": due_of([pk], today, in_force[today]).get(pk),
        # What was handed over is looked into; its register and its visits stay with those it lives with.
        "is_own": own,
        "changes": menu_for(household, request.user) if own else [],
        "may_edit": own and request.user.has_perm("households.edit"),
        "may_visit": request.user.has_perm("visits.add"),
    }
    return render(request, "pages/household.html", context)


def _latest(household: Household) -> HouseholdMonth | None:
    """The newest month in which it was judged."""
    months = HouseholdMonth.objects.filter(household=household).select_related("run")
    return months.order_by("-month", "-run_id").first()


def _newest(model, **subject):
    return model.objects.current().filter(**subject).order_by("-as_of", "-batch_id", "-id").first()


def _members(household: Household) -> list[MemberRow]:
    """Today's members, the head first; three queries however many they are."""
    today = timezone.localdate()
    memberships = list(
        Membership.objects.current()
        .filter(household=household)
        .filter(Q(until__isnull=True) | Q(until__gte=today))
        .select_related("person")
        .order_by("-is_head", "id")
    )
    facts: dict[int, PersonFact] = {}
    persons = [membership.person_id for membership in memberships]
    for fact in PersonFact.objects.current().filter(person_id__in=persons).order_by("as_of", "batch_id", "id"):
        facts[fact.person_id] = fact
    return [
        MemberRow(
            membership,
            membership.person,
            facts.get(membership.person_id),
            mask_identity(unseal(membership.person.identity_sealed)) if membership.person.identity_sealed else "",
            age_on(membership.person.born_on, today),
        )
        for membership in memberships
    ]


def _shown_until(latest: HouseholdMonth | None) -> date:
    return latest.month if latest else last_month()


def _lines(household: Household, latest: HouseholdMonth | None) -> list[IncomeLine]:
    """The 24 months of the judgment, and what has come in since: a visit's line of this month too."""
    window = Window.of(_shown_until(latest))
    return list(
        IncomeLine.objects.current()
        .filter(household=household, month__gte=window.previous_start)
        .select_related("batch")
        .order_by("month", "kind", "id")
    )


def _chart(line: Threshold | None, latest: HouseholdMonth | None, sums: dict, members: int) -> Chart:
    month = _shown_until(latest)
    count = (latest.members if latest else None) or members
    monthly = line.value * count / Decimal(12) if line and count else None
    return income_chart(sums=sums, last_month=month, months=MONTHS_SHOWN, monthly_line=monthly)


def _bills(members: list[MemberRow]) -> list[Bills]:
    """The newest bills, person by person."""
    newest = (
        MedicalBill.objects.current()
        .filter(person_id__in=[row.person.pk for row in members])
        .select_related("person", "batch")
        .order_by("-settled_on", "-id")[:BILLS_SHOWN]
    )
    order = {row.person.pk: place for place, row in enumerate(members)}
    return bills_by_person(sorted(newest, key=lambda bill: order[bill.person_id]))


def _doubts(household: Household) -> list[tuple[Doubt, str]]:
    """What a person should look at, each with its sentence."""
    doubts = Doubt.objects.filter(household=household, resolved_at__isnull=True).select_related(
        "import_file", "person"
    )
    return [(doubt, entry_sentence({"column": "", "code": doubt.code})) for doubt in doubts]
