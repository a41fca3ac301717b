"""What the database refuses, whoever asks: the last wall behind every form and service."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from alerts.models import Alert
from households.ledger.publishing import chain_audit, publish_events
from households.ledger.services import record_event, write_audit
from households.models import (
    Area,
    AuditEntry,
    Event,
    Household,
    HouseholdFact,
    IncomeLine,
    MedicalBill,
    Membership,
    PersonFact,
    Posting,
    Role,
    User,
)
from tests import factories

pytestmark = pytest.mark.django_db
HERE, NEXT, ELSEWHERE = "420527103204", "420527103206", "420527101201"
DAY = dt.date(2022, 6, 1)


def _refused_by(wall):
    """The statement inside is refused, and by the wall of that name."""
    return pytest.raises(DatabaseError, match=wall)


def _place(village):
    return {"village": village, "township": village[:9], "county": village[:6]}


# Evidence only grows ------------------------------------------------------------------------------


@pytest.fixture
def evidence():
    """One row of each table of evidence."""
    household = factories.household(members=1)
    person = household.memberships.get().person
    factories.income(household=household, amount=100)
    factories.bill(person=person, self_pay=100)
    return {
        IncomeLine: {"amount": 1},
        MedicalBill: {"self_pay": 1},
        HouseholdFact: {"house_grade": "D"},
        PersonFact: {"labour": "x"},
        Membership: {"until": DAY},
    }


EVIDENCE = [IncomeLine, MedicalBill, HouseholdFact, PersonFact, Membership]


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_never_changed(evidence, model):
    with _refused_by("corrected by a new row"):
        model.objects.update(**evidence[model])


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_never_deleted(evidence, model):
    with _refused_by("never deleted"), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.mark.parametrize("model", EVIDENCE)
def test_evidence_is_stamped_as_replaced_once(evidence, model):
    row = model.objects.get()
    first, second = factories.batch(), factories.batch()
    model.objects.filter(pk=row.pk).update(replaced_in=first)

    for again in (second, None):
        with _refused_by("corrected by a new row"), transaction.atomic():
            model.objects.filter(pk=row.pk).update(replaced_in=again)
    row.refresh_from_db()
    assert row.replaced_in == first


def test_evidence_is_not_changed_under_cover_of_the_stamp(evidence):
    with _refused_by("corrected by a new row"):
        IncomeLine.objects.update(replaced_in=factories.batch(), amount=1)


@pytest.mark.parametrize("row", [{"amount": -1}, {"amount": 1, "month": dt.date(2022, 6, 2)}])
def test_an_income_line_is_not_negative_and_belongs_to_a_month(row):
    household = factories.household()
    with pytest.raises(IntegrityError, match="income_amount_not_negative|income_month_first_day"):
        factories.income(household=household, **row)


# The ledger only grows ----------------------------------------------------------------------------


def _event():
    return record_event(kind="raised", subject="alert", subject_id=1, place=Area.objects.get(pk=HERE))


def _audit():
    write_audit(action="sign_in", subject="user", subject_id=1)
    return AuditEntry.objects.get()


@pytest.mark.parametrize(
    ("make", "change"), [(_event, {"kind": "closed"}), (_event, {"village": NEXT}), (_audit, {"action": "x"})]
)
def test_the_ledger_is_never_changed(make, change):
    row = make()
    with _refused_by("the ledger only grows"):
        type(row).objects.update(**change)


@pytest.mark.parametrize("make", [_event, _audit])
def test_the_ledger_is_never_deleted_from(make):
    row = make()
    with _refused_by("the ledger only grows"):
        type(row).objects.all().delete()


def test_a_number_and_a_digest_are_given_once():
    _event()
    _audit()
    publish_events()
    chain_audit()
    for model, change in ((Event, {"number": 7}), (AuditEntry, {"number": 7}), (AuditEntry, {"digest": b"x"})):
        with _refused_by("the ledger only grows"), transaction.atomic():
            model.objects.update(**change)


def test_no_two_events_have_one_number():
    _event()
    _event()
    with _refused_by("number"):
        Event.objects.update(number=1)


# Places hang together -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [
        {"village": HERE, "township": ELSEWHERE[:9], "county": "420527"},
        {"village": HERE, "township": HERE[:9], "county": "420528"},
        {"village": "420527999999", "township": "420527999", "county": "420527"},
    ],
    ids=["another township", "another county", "no such village"],
)
def test_a_household_lies_in_a_village_of_its_township(place):
    household = factories.household()
    with _refused_by("household_lies_in_area"), connection.cursor() as cursor:
        Household.objects.filter(pk=household.pk).update(**place)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_household_that_moves_takes_its_alerts_along():
    household = factories.household(village=HERE)
    is_open = factories.alert(household=household)
    closed = factories.alert(household=household, closed=True)
    stays = factories.alert(household=factories.household(village=HERE))

    Household.objects.filter(pk=household.pk).update(**_place(ELSEWHERE))

    for alert in (is_open, closed):
        alert.refresh_from_db()
        assert (alert.village, alert.township, alert.county) == (ELSEWHERE, ELSEWHERE[:9], "420527")
    stays.refresh_from_db()
    assert stays.village == HERE


def test_an_alert_lies_where_its_household_lies():
    alert = factories.alert(household=factories.household(village=HERE))
    with _refused_by("alert_lies_with_household"), connection.cursor() as cursor:
        Alert.objects.filter(pk=alert.pk).update(**_place(ELSEWHERE))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Alerts: one subject, one open row ----------------------------------------------------------------


@pytest.mark.parametrize(
    "subjects",
    [
        {},
        {"household", "area"},
        {"household", "report"},
        {"area", "report"},
        {"household", "area", "report"},
    ],
    ids=str,
)
def test_an_alert_has_exactly_one_subject(subjects):
    household = factories.household(village=HERE)
    alert = factories.alert(household=household)
    values = {
        "household": household if "household" in subjects else None,
        "area": Area.objects.get(pk=HERE) if "area" in subjects else None,
        "report": "00000000-0000-0000-0000-000000000001" if "report" in subjects else None,
    }
    with _refused_by("alert_one_subject"):
        Alert.objects.filter(pk=alert.pk).update(**values)


def test_a_second_open_alert_of_one_cause_is_refused_and_a_closed_one_is_not_counted():
    household = factories.household()
    factories.alert(household=household, closed=True)
    factories.alert(household=household)
    with _refused_by("alert_open_household_kind"):
        factories.alert(household=household)


@pytest.mark.parametrize("change", [{"closed_at": "2026-01-01T00:00Z"}, {"status": "closed"}])
def test_an_alert_is_closed_by_status_and_time_together(change):
    alert = factories.alert(household=factories.household())
    with _refused_by("alert_closed_is_final"):
        Alert.objects.filter(pk=alert.pk).update(**change)


# One household, one head --------------------------------------------------------------------------


def test_a_person_is_in_one_household_at_a_time():
    person = factories.person(household=factories.household(), since=DAY)
    with _refused_by("membership_one_household_at_a_time"):
        Membership.objects.create(
            person=person, household=factories.household(), relation="子", since=DAY, batch=factories.batch()
        )


def test_a_person_may_move_and_a_replaced_membership_does_not_count():
    first, second = factories.household(), factories.household()
    person = factories.person(household=first, until=DAY)
    Membership.objects.create(
        person=person,
        household=second,
        relation="子",
        since=DAY + dt.timedelta(days=1),
        batch=factories.batch(),
    )
    Membership.objects.filter(household=second).update(replaced_in=factories.batch())
    Membership.objects.create(
        person=person,
        household=second,
        relation="女",
        since=DAY + dt.timedelta(days=1),
        batch=factories.batch(),
    )
    assert person.memberships.filter(replaced_in=None).count() == 2


def test_a_household_has_one_head():
    household = factories.household(members=1)
    with _refused_by("membership_one_head"):
        factories.person(household=household, is_head=True)


# Postings -----------------------------------------------------------------------------------------


@pytest.fixture
def posting(db):
    """Makes a posting of one person, without any service that would say no first."""
    user = User.objects.create_user("zhang", "张")

    def _posting(role=Role.VILLAGE_SPECIALIST, area=HERE, since=DAY, until=None, department=""):
        return Posting.objects.create(
            user=user, role=role, area_id=area, valid_from=since, valid_until=until, department=department
        )

    return _posting


def test_two_villages_are_one_role_but_two_roles_are_refused(posting):
    posting()
    posting(area=NEXT)
    with _refused_by("posting_one_role_at_a_time"):
        posting(role=Role.TOWNSHIP_STAFF, area=HERE[:9])


def test_one_role_after_the_other_is_allowed_and_one_common_day_is_not(posting):
    posting(until=DAY)
    with _refused_by("posting_one_role_at_a_time"), transaction.atomic():
        posting(role=Role.TOWNSHIP_STAFF, area=HERE[:9], since=DAY)
    posting(role=Role.TOWNSHIP_STAFF, area=HERE[:9], since=DAY + dt.timedelta(days=1))


def test_nobody_is_posted_to_one_village_twice_at_a_time(posting):
    posting()
    with _refused_by("posting_once_per_area"):
        posting(since=DAY + dt.timedelta(days=9))


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (Role.VILLAGE_SPECIALIST, HERE[:9]),
        (Role.VILLAGE_SPECIALIST, "420527"),
        (Role.TOWNSHIP_STAFF, HERE),
        (Role.TOWNSHIP_STAFF, "420527"),
        (Role.COUNTY_ADMIN, HERE),
        (Role.COUNTY_STAFF, HERE[:9]),
        (Role.AUDITOR, "4205"),
    ],
)
def test_a_role_fits_its_area(posting, role, area):
    with _refused_by("posting_role_fits_area"):
        posting(role=role, area=area)


@pytest.mark.parametrize(("role", "department"), [(Role.DEPARTMENT_OFFICER, ""), (Role.COUNTY_STAFF, "medical")])
def test_department_officers_and_nobody_else_have_a_department(posting, role, department):
    with _refused_by("posting_officer_has_department"):
        posting(role=role, area="420527", department=department)


def test_a_posting_does_not_end_before_it_begins(posting):
    # PostgreSQL refuses the range itself before the check gets to say it.
    with _refused_by("posting_ends_after_start|range lower bound"):
        posting(until=DAY - dt.timedelta(days=1))
