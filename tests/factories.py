"""One keyword-only function per model: a row that the database accepts, with what a test does not name made up."""

import datetime as dt
import hashlib
import itertools
import uuid

from django.utils import timezone

from alerts.models import Alert, AreaEvent, AreaEventVillage, Report
from alerts.reports.kinds import CHANNEL_OF
from households.models import (
    BatchKind,
    Campaign,
    EvidenceBatch,
    Household,
    HouseholdFact,
    IncomeLine,
    MedicalBill,
    Membership,
    Person,
    PersonFact,
    Posting,
    Threshold,
    Visit,
    VisitAnswer,
)
from households.privacy.seal import lookup_hash, seal
from monitoring.models import HeldPhoto, Upload
from monitoring.tablet.envelopes import canonical, digest_of

_numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 1, 1)


def batch(*, kind=BatchKind.DESK, **fields) -> EvidenceBatch:
    return EvidenceBatch.objects.create(kind=kind, **fields)


def medical_list(month: dt.date) -> EvidenceBatch:
    """The medical list of a month was received."""
    return batch(kind=BatchKind.IMPORT, source="medical", department="medical", month=month)


def household(*, village="420527103204", members=0, lifted=None, category=None, eliminated=None, **fields):
    """A household with facts and ``members`` persons, the first of them its head."""
    number = next(_numbers)
    source = fields.pop("batch", None) or batch()
    row = Household.objects.create(
        code=fields.pop("code", f"{village}{number:06}"),
        county=village[:6],
        township=village[:9],
        village=village,
        head_name=fields.pop("head_name", f"户主{number}"),
        batch=source,
    )
    HouseholdFact.objects.create(
        household=row,
        as_of=LONG_AGO,
        batch=source,
        kind=None if lifted is None else ("lifted" if lifted else "ordinary"),
        category=category,
        risk_eliminated=eliminated,
        **fields,
    )
    for index in range(members):
        person(household=row, is_head=index == 0, batch=source)
    return row


def person(
    *, household=None, is_head=False, relation=None, since=None, until=None, insured=True, **fields
) -> Person:
    """A person, member of ``household`` if given. ``insured``: True, False (否 in both) or None (both empty)."""
    source = fields.pop("batch", None) or batch()
    facts = fields.pop("facts", {})
    row = Person.objects.create(
        name=fields.pop("name", f"成员{next(_numbers)}"),
        born_on=fields.pop("born_on", dt.date(1980, 5, 1)),
        batch=source,
        **fields,
    )
    PersonFact.objects.create(
        person=row,
        as_of=LONG_AGO,
        batch=source,
        born_on=row.born_on,
        resident_insurance=insured,
        employee_insurance=None if insured is None else False,
        **facts,
    )
    if household is not None:
        Membership.objects.create(
            person=row,
            household=household,
            relation=relation or ("户主" if is_head else "其他"),
            is_head=is_head,
            since=since,
            until=until,
            batch=source,
        )
    return row


def income(*, household, amount, month=dt.date(2022, 6, 1), kind="wage", item="务工", **fields) -> IncomeLine:
    return IncomeLine.objects.create(
        household=household,
        month=month,
        kind=kind,
        item=item,
        amount=amount,
        batch=fields.pop("batch", None) or batch(),
        **fields,
    )


def visit(*, household, on=dt.date(2022, 6, 15), **fields) -> Visit:
    """A visit to the household where it lives now."""
    return Visit.objects.create(
        household=household,
        county=household.county,
        township=household.township,
        village=household.village,
        visited_on=on,
        batch=fields.pop("batch", None) or batch(),
        **fields,
    )


def visit_answer(*, visit, section="house", field="house_grade", said="C", stood="B", **fields) -> VisitAnswer:
    """One thing that a visit said; if nothing else is said, against the register: the township has to decide."""
    return VisitAnswer.objects.create(
        visit=visit,
        county=visit.county,
        township=visit.township,
        village=visit.village,
        section=section,
        field=field,
        said=said,
        stood=stood,
        seen=fields.pop("seen", stood),
        state=fields.pop("state", "asked"),
        **fields,
    )


def payload(*, household, on=dt.date(2026, 11, 20), **said) -> dict[str, object]:
    """What a tablet sends of one visit."""
    return {
        "uid": str(said.pop("uid", uuid.uuid4())),
        "form": 1,
        "household": household.pk,
        "method": "home",
        "on": f"{on}",
        "unchanged": not said,
        **said,
    }


def upload(*, household, sender, said=None, state="held", held_for="posting", **fields) -> Upload:
    """One that waits for a person. ``said``: its payload."""
    said = said or payload(household=household)
    content = canonical(said)
    return Upload.objects.create(
        uid=said["uid"],
        digest=digest_of(content),
        sender=sender,
        tablet=fields.pop("tablet", uuid.UUID(int=1)),
        household=household,
        county=household.county,
        township=household.township,
        village=household.village,
        payload_sealed=seal(content),
        sent_at=fields.pop("sent_at", timezone.now()),
        clock_behind=fields.pop("clock_behind", 0),
        state=state,
        held_for=held_for if state != "stored" else "",
        **fields,
    )


def held_photo(*, upload, content=b"\xff\xd8 a photo") -> HeldPhoto:
    digest = hashlib.sha256(content).hexdigest()
    return HeldPhoto.objects.create(upload=upload, sha256=digest, sealed=seal(content), size=len(content))


def campaign(*, village="420527103204", by, starts_on=None, ends_on=None, **fields) -> Campaign:
    """One of a village that runs today."""
    today = timezone.localdate()
    return Campaign.objects.create(
        name=fields.pop("name", "集中排查"),
        county=village[:6],
        township=village[:9],
        village=village,
        starts_on=starts_on or today - dt.timedelta(days=3),
        ends_on=ends_on or today + dt.timedelta(days=3),
        created_by=by,
        **fields,
    )


def bill(*, person, self_pay, settled_on=dt.date(2022, 6, 15), visit_kind="inpatient", **fields) -> MedicalBill:
    return MedicalBill.objects.create(
        person=person,
        self_pay=self_pay,
        settled_on=settled_on,
        visit_kind=visit_kind,
        batch=fields.pop("batch", None) or batch(),
        **fields,
    )


def threshold(
    *, code="income_line", area=None, value=8300, valid_from=dt.date(2025, 1, 1), valid_until=None, **fields
) -> Threshold:
    """A value of the county (or of ``area``), open-ended if nothing else is said."""
    return Threshold.objects.create(
        code=code,
        area_id=area.pk if area is not None else "420527",
        value=value,
        unit=fields.pop("unit", "元/人·年"),
        valid_from=valid_from,
        valid_until=valid_until,
        standing=fields.pop("standing", "sourced"),
        document=fields.pop("document", "县文〔2024〕1号"),
        **fields,
    )


def alert(*, household, kind="INC01", first_month=dt.date(2022, 6, 1), closed=False, **fields) -> Alert:
    """An alert of a household, found in one month if nothing else is said. ``closed``: it is finished."""
    return Alert.objects.create(
        household=household,
        county=household.county,
        township=household.township,
        village=household.village,
        kind_id=kind,
        level=fields.pop("level", "yellow"),
        status=fields.pop("status", "closed" if closed else "raised"),
        sentence_zh=fields.pop("sentence_zh", "人均纯收入低于监测范围"),
        sentence_en=fields.pop("sentence_en", "Net income per head below the line"),
        first_month=first_month,
        last_month=fields.pop("last_month", first_month),
        raised_at=timezone.now(),
        changed_at=timezone.now(),
        closed_at=timezone.now() if closed else None,
        **fields,
    )


def posting(*, user, area, role, valid_from=LONG_AGO, valid_until=None, department="") -> Posting:
    return Posting.objects.create(
        user=user, area_id=area, role=role, valid_from=valid_from, valid_until=valid_until, department=department
    )


def area_event(*, village, by, risk="disaster", happened_on=dt.date(2022, 6, 10), **fields) -> AreaEvent:
    """An open event of one village, without its alert."""
    event = AreaEvent.objects.create(
        county=village[:6], name=fields.pop("name", "6·10 暴雨"), risk=risk, happened_on=happened_on, created_by=by
    )
    AreaEventVillage.objects.create(
        event=event,
        area_id=village,
        county=village[:6],
        township=village[:9],
        village=village,
        open_risk=risk,
        **fields,
    )
    return event


def report(*, village="420527103204", source="public", phone=None, words="住院花光了积蓄", **fields) -> Report:
    """A report as whoever received it leaves it: nobody has looked at it yet."""
    return Report.objects.create(
        channel=CHANNEL_OF[source],
        source=source,
        risk=fields.pop("risk", "illness"),
        name=fields.pop("name", "望山"),
        state=fields.pop("state", "unchecked"),
        county=village[:6],
        township=village[:9],
        village=village,
        phone_sealed=seal(phone) if phone else None,
        phone_hash=lookup_hash(phone) if phone else None,
        words_sealed=seal(words),
        reported_at=fields.pop("reported_at", timezone.now() - dt.timedelta(hours=1)),
        **fields,
    )
