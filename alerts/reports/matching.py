"""Whose report it is: households that may be meant, and matching one of them."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.accepting import find_again, open_alert, tell
from alerts.reports.due import answer_day
from alerts.reports.models import Report
from alerts.transitions import CLOSED, COUNTY, TOWNSHIP, VILLAGE
from alerts.travel.models import Alert, Outcome
from alerts.travel.people import people_at
from households.areas.scope import Placed
from households.ledger.services import write_audit
from households.models import Household, Membership, User
from households.privacy.seal import lookup_hash, unseal
from households.refusal import Refused

SUGGESTED = 10
# More people than a village has; their sealed phones are opened one by one.
LOOKED_AT = 3000


@dataclass(frozen=True)
class Suggestion:
    """A household that a report may mean, and what speaks for it."""

    household: Household
    same_identity: bool = False
    same_phone: bool = False
    same_name: bool = False

    @property
    def likeness(self) -> int:
        return 4 * self.same_identity + 2 * self.same_name + self.same_phone


def suggest_households(*, report: Report, who: Placed) -> list[Suggestion]:
    """At most ten in the scope of ``who``, the likeliest first; a person decides. Three queries.

    By identity number anywhere in the scope, by name and phone within the village. Whoever reports for a
    neighbour leaves a phone that says nothing of the household.
    """
    present = Membership.objects.current().filter(
        until__isnull=True, household__in=Household.objects.visible_to(who).filter(gone_on__isnull=True)
    )
    by_identity = _households(present.filter(person__identity_hash=report.identity_hash), report.identity_hash)
    here = present.filter(household__village=report.village) if report.village else present.none()
    by_name = _households(here.filter(_named(report.name)), report.name)
    by_phone = _with_phone(report, here)
    ids = sorted({*by_identity, *by_name, *by_phone})
    found = Household.objects.visible_to(who).in_bulk(ids[: 5 * SUGGESTED])
    suggestions = [
        Suggestion(household, pk in by_identity, pk in by_phone, pk in by_name) for pk, household in found.items()
    ]
    return sorted(suggestions, key=lambda one: (-one.likeness, one.household.pk))[:SUGGESTED]


def _named(name: str) -> Q:
    return Q(person__name=name) | Q(household__head_name=name)


def _households(members: QuerySet[Membership], asked: object) -> set[int]:
    """Ids; none where nothing is asked for, since NULL would find everybody without a number."""
    return set(members.values_list("household_id", flat=True)[:LOOKED_AT]) if asked else set()


def _with_phone(report: Report, here: QuerySet[Membership]) -> set[int]:
    """Phones have no look-up hash in the register: those of one village are opened and compared."""
    if report.phone_hash is None or report.for_other:
        return set()
    wanted = bytes(report.phone_hash)
    sealed = here.exclude(person__phone_sealed=None, household__phone_sealed=None).values_list(
        "household_id", "person__phone_sealed", "household__phone_sealed"
    )
    return {
        household
        for household, *phones in sealed[:LOOKED_AT]
        if any(phone is not None and lookup_hash(unseal(phone)) == wanted for phone in phones)
    }


@transaction.atomic
def match_report(*, report: Report, household: Household, by: User) -> Report:
    """Says whose report it is. Its alert becomes the household's, or joins the open one of the same cause.

    Joined: the report's own alert is closed as a duplicate. Raises ``Refused`` for a report or household out of
    sight, and when somebody has matched it meanwhile.
    """
    home = Household.objects.visible_to(by).filter(pk=household.pk, gone_on__isnull=True).first()
    seen = Report.objects.visible_to(by).filter(pk=report.pk).first()
    if home is None or seen is None:
        raise Refused(_("This household is not in your area any more."))
    # Alerts before reports, as whoever moves an alert locks them.
    own = Alert.objects.select_for_update(of=("self",)).filter(pk=seen.alert_id).first()
    row = Report.objects.select_for_update().get(pk=seen.pk)
    if row.household_id is not None or row.alert_id != seen.alert_id:
        raise Refused(_("Somebody has said meanwhile whose report it is."))
    if own is not None and own.report is not None:
        row.alert = _take_over(own, row, home, by)
        row.answer_by = row.answer_by or answer_day(row.alert)
    row.household = home
    row.county, row.township, row.village = home.county, home.township, home.village
    row.save()
    write_audit(action="report_matched", actor=by, subject="report", subject_id=row.pk)
    return row


def _take_over(own: Alert, report: Report, home: Household, by: User) -> Alert:
    """The alert that speaks for the report from now on."""
    other = open_alert(home.pk, own.kind_id) if own.is_open else None
    if other is None:
        try:
            with transaction.atomic():
                return _give_to(own, report, home, by)
        except IntegrityError:
            # Raised at the same moment by another report of the household.
            other = open_alert(home.pk, own.kind_id)
            if other is None:
                raise
            own.refresh_from_db()
    find_again(other, report, by)
    _close_as_duplicate(own, other, report, by)
    return other


def _give_to(own: Alert, report: Report, home: Household, by: User) -> Alert:
    """The report's alert becomes the household's, with everything that was done so far."""
    village_before = own.village
    own.household, own.report = home, None
    own.county, own.township, own.village = home.county, home.township, home.village
    if home.village != village_before:
        own.handled_in = own.assignee = None
        own.holder = _holder_in(own) if own.is_open else own.holder
    own.changed_at = timezone.now()
    own.save()
    tell("alert_matched", own, report, by, own.status)
    return own


def _holder_in(alert: Alert) -> str:
    """The same level in the household's village; where nobody is posted, the level above. Never nobody."""
    people = people_at([alert.village, alert.township])
    if alert.holder == VILLAGE and people.posted(alert.village):
        return VILLAGE
    return TOWNSHIP if alert.holder != COUNTY and people.posted(alert.township) else COUNTY


def _close_as_duplicate(own: Alert, other: Alert, report: Report, by: User) -> None:
    before = own.status
    now = timezone.now()
    own.status, own.holder, own.outcome = CLOSED, COUNTY, Outcome.DUPLICATE
    own.closed_at = own.changed_at = now
    own.due_on = None
    own.save()
    tell("alert_closed", own, report, by, before, outcome=str(Outcome.DUPLICATE), joined=other.pk)
