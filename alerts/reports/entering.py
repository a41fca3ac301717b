"""A report that somebody writes down for others: a hotline or petition ticket, a specialist's, a desk's own."""

import datetime as dt
import uuid
from dataclasses import dataclass, replace

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from alerts.reports.accepting import accept_report
from alerts.reports.kinds import CHANNEL_OF
from alerts.reports.models import Report, ReportState, Source
from households.areas.scope import Placed, Scope
from households.ledger.services import write_audit
from households.models import Area, Household, Level, Membership, Role, User
from households.privacy.seal import lookup_hash, seal
from households.refusal import Refused

HOTLINES = (Source.HOTLINE_12317, Source.HOTLINE_12345, Source.PETITION)
SOURCES_OF: dict[str, tuple[Source, ...]] = {
    Role.COUNTY_ADMIN: (*HOTLINES, Source.COUNTY),
    Role.COUNTY_STAFF: (*HOTLINES, Source.COUNTY),
    Role.TOWNSHIP_STAFF: (Source.TOWNSHIP, *HOTLINES),
    Role.VILLAGE_SPECIALIST: (Source.SPECIALIST,),
}
NOON = dt.time(12)


@dataclass(frozen=True)
class Entry:
    """What stands on the form. ``village``: a code; with a household it is that of the household.

    ``token``: the form itself, so that a double click is one report. ``phone``, ``words`` and ``identity`` are
    sealed.
    """

    token: uuid.UUID
    source: str
    risk: str
    on: dt.date
    ticket: str = ""
    household: Household | None = None
    village: str = ""
    name: str = ""
    group: str = ""
    phone: str = ""
    words: str = ""
    identity: str = ""


@dataclass(frozen=True)
class Entered:
    """``is_new`` is false for a form or ticket that was entered before."""

    report: Report
    is_new: bool


@transaction.atomic
def enter_report(*, entry: Entry, by: User) -> Entered:
    """Enters a report and accepts it at once: whoever wrote it down has checked it.

    The same ticket of the same source is one report. Raises ``Refused`` for a source that is not for the role of
    ``by``, and a village or household out of sight.
    """
    if entry.source not in SOURCES_OF.get(by.role or "", ()):
        raise Refused(_("Reports of this kind are entered elsewhere."))
    return _enter(entry, _place(entry, by), by)


@transaction.atomic
def take_ticket(*, entry: Entry, system: Placed, prefix: str) -> Entered:
    """Takes a ticket that a hotline's own system hands in: the same road, and no person checked it here.

    ``system`` may hand in for its own area; ``prefix`` names its key in the audit trail. With an identity number
    of that area the household is known. Raises ``Refused`` for what is no hotline and for a village elsewhere.
    """
    if entry.source not in HOTLINES:
        raise Refused(_("Reports of this kind are entered elsewhere."))
    # The village is checked first: a number tells nobody what lies outside their area.
    place = _place(entry, system)
    household = _household_of(entry.identity, system)
    return _enter(replace(entry, household=household), household or place, None, prefix=prefix)


def _household_of(identity: str, system: Placed) -> Household | None:
    """Where the person with this number lives, within the area of ``system``."""
    if not identity:
        return None
    member = Membership.objects.current().filter(person__identity_hash=lookup_hash(identity), until__isnull=True)
    return Household.objects.visible_to(system).filter(gone_on__isnull=True, memberships__in=member).first()


def _enter(entry: Entry, place: Area | Household, by: User | None, **origin: str) -> Entered:
    known = _known(entry, place)
    if known is not None:
        return Entered(known, False)
    try:
        with transaction.atomic():
            report = _create(entry, place, by)
    except IntegrityError:
        # The same form or ticket came in at the same moment.
        known = _known(entry, place)
        if known is None:
            raise
        return Entered(known, False)
    accept_report(report=report, by=by)
    write_audit(
        action="report_entered", actor=by, subject="report", subject_id=report.pk, source=entry.source, **origin
    )
    return Entered(report, True)


def _known(entry: Entry, place: Area | Household) -> Report | None:
    """Wherever it lies: a ticket is not entered twice because somebody may not see the first."""
    report = Report.objects.filter(uid=entry.token).first()
    if report is None and entry.ticket:
        report = Report.objects.filter(county=place.county, source=entry.source, ticket=entry.ticket).first()
    return report


def _place(entry: Entry, by: Placed) -> Area | Household:
    if entry.household is not None:
        household = Household.objects.visible_to(by).filter(pk=entry.household.pk).first()
        if household is None:
            raise Refused(_("This household is not in your area any more."))
        return household
    area = Area.objects.filter(code=entry.village, level=Level.VILLAGE, valid_until=None).first()
    scope: Scope | None = by.scope
    if area is None or scope is None or not scope.covers(area.county, area.township, area.village):
        raise Refused(_("Choose a village of your own area."))
    return area


def _create(entry: Entry, place: Area | Household, by: User | None) -> Report:
    name = entry.name or (entry.household.head_name if entry.household is not None else "")
    return Report.objects.create(
        uid=entry.token,
        channel=CHANNEL_OF[Source(entry.source)],
        source=entry.source,
        ticket=entry.ticket,
        risk=entry.risk,
        name=name,
        group=entry.group,
        phone_sealed=seal(entry.phone) if entry.phone else None,
        phone_hash=lookup_hash(entry.phone) if entry.phone else None,
        words_sealed=seal(entry.words) if entry.words else None,
        identity_sealed=seal(entry.identity) if entry.identity else None,
        identity_hash=lookup_hash(entry.identity) if entry.identity else None,
        state=ReportState.UNCHECKED,
        household=entry.household,
        entered_by=by,
        reported_at=_moment(entry.on),
        county=str(place.county),
        township=place.township,
        village=place.village,
    )


def _moment(day: dt.date) -> dt.datetime:
    """Now for today; noon of an earlier day, whose hour nobody knows."""
    now = timezone.now()
    return now if day == timezone.localdate(now) else timezone.make_aware(dt.datetime.combine(day, NOON))
