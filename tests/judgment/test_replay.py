"""A run judged again gives the same digest, whatever has happened since, and leaves nothing."""

import datetime as dt

import pytest
from django.db import connection

from alerts.models import Alert
from households.models import (
    Area,
    AuditEntry,
    BatchKind,
    Event,
    EvidenceBatch,
    Household,
    HouseholdFact,
    HouseholdMove,
    IncomeLine,
    MedicalBill,
    Membership,
    Person,
    PersonFact,
    Threshold,
)
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun, RunShard
from monitoring.judgment.replaying import REPLAY_LOCK, NotReplayable, replay_run
from monitoring.judgment.sealing import seal_run
from tests import factories
from tests.judgment.conftest import JUNE
from tests.judgment.replayed import ELSEWHERE, HERE, NEXT, five_and_one, poor_household, replay_by_command

pytestmark = pytest.mark.django_db

DAY = dt.date(2022, 6, 10)
WRITTEN = (JudgmentRun, RunShard, HouseholdMonth, Finding, Alert, Event, EvidenceBatch)


@pytest.fixture(autouse=True)
def two_townships(few_townships):
    few_townships(HERE[:9], ELSEWHERE[:9])


@pytest.fixture
def county(db):
    return five_and_one()


@pytest.fixture
def judged(county, judge):
    run = judge()
    assert run.findings.filter(household__isnull=True).exists()
    return run


def _counts():
    return {model: model.objects.count() for model in WRITTEN}


def _replaced(row, **changes):
    """A correction: the old row is stamped, a new one says it otherwise."""
    batch = factories.batch()
    type(row).objects.filter(pk=row.pk).update(replaced_in=batch)
    row.pk, row.batch, row.replaced_in = None, batch, None
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)


# What may happen after a run ---------------------------------------------------------------------


def _a_line_is_corrected(county):
    for line in IncomeLine.objects.filter(household=county[0]):
        _replaced(line, amount=9000)


def _a_file_comes_late(county):
    factories.bill(person=county[1].memberships.first().person, self_pay=60000, batch=factories.medical_list(JUNE))


def _a_list_comes_late(county):
    factories.batch(kind=BatchKind.IMPORT, source="education", month=JUNE)


def _an_import_is_taken_back(county):
    for bill in MedicalBill.objects.select_related("batch"):
        back = factories.batch(kind=BatchKind.RETRACTION, source="medical", retracts=bill.batch, month=JUNE)
        MedicalBill.objects.filter(pk=bill.pk).update(replaced_in=back)


def _a_household_moves(county):
    _move(county[0], ELSEWHERE)


def _move(household, village, since=DAY):
    HouseholdMove.objects.create(
        household=household,
        since=since,
        village_before=household.village,
        village=village,
        batch=factories.batch(),
    )
    Household.objects.filter(pk=household.pk).update(village=village, township=village[:9], county=village[:6])
    household.refresh_from_db()


def _a_household_moves_and_it_is_taken_back(county):
    _move(county[0], ELSEWHERE)
    HouseholdMove.objects.update(replaced_in=factories.batch())
    Household.objects.filter(pk=county[0].pk).update(village=HERE, township=HERE[:9])


def _a_household_moves_and_an_earlier_move_becomes_known(county):
    _move(county[0], ELSEWHERE)
    HouseholdMove.objects.create(
        household=county[0], since=DAY - dt.timedelta(days=90), village_before=NEXT, village=HERE,
        batch=factories.batch(),
    )  # fmt: skip


def _a_household_is_no_more(county):
    HouseholdMove.objects.create(
        household=county[2], since=DAY, village_before=HERE, village=None, batch=factories.batch()
    )
    Household.objects.filter(pk=county[2].pk).update(gone_on=DAY)


def _a_household_splits(county):
    batch = factories.batch()
    member = county[0].memberships.get(is_head=False)
    Membership.objects.filter(pk=member.pk).update(replaced_in=batch)
    other = factories.household(village=NEXT, batch=batch)
    for household, since, until in ((county[0], None, dt.date(2022, 4, 30)), (other, dt.date(2022, 5, 1), None)):
        Membership.objects.create(
            household=household, person=member.person, relation="其他", since=since, until=until, batch=batch
        )


def _a_member_comes_and_one_dies(county):
    batch = factories.batch()
    factories.person(household=county[0], batch=batch)
    member = county[1].memberships.get(is_head=False)
    _replaced(member, until=dt.date(2022, 3, 3))
    Person.objects.filter(pk=member.person_id).update(died_on=dt.date(2022, 3, 3))


def _a_birth_date_is_corrected(county):
    """Born after the month: the household has a member less, and more a head."""
    person = county[0].memberships.get(is_head=False).person
    _replaced(person.facts.get(), born_on=dt.date(2022, 7, 8))
    Person.objects.filter(pk=person.pk).update(born_on=dt.date(2022, 7, 8))


def _a_birth_date_becomes_known_of_somebody_without(county):
    batch = factories.batch()
    person = Person.objects.get(name="无生日")
    PersonFact.objects.create(
        person=person, as_of=DAY, born_on=dt.date(2022, 8, 9), resident_insurance=True, batch=batch
    )
    Person.objects.filter(pk=person.pk).update(born_on=dt.date(2022, 8, 9))


def _a_fact_is_learnt(county):
    HouseholdFact.objects.create(
        household=county[0], as_of=DAY, kind="ordinary", house_grade="D", batch=factories.batch()
    )


def _a_threshold_changes(_county):
    Threshold.objects.filter(code="income_line").update(value=1)


def _a_village_is_renamed(_county):
    Area.objects.filter(code__in=[HERE, ELSEWHERE]).update(name="新村村民委员会")


def _a_national_number_arrives(county):
    assert county[5].code is None
    Household.objects.filter(pk=county[5].pk).update(code=f"{ELSEWHERE}990001")


SINCE_THEN = [
    _a_line_is_corrected,
    _a_file_comes_late,
    _a_list_comes_late,
    _an_import_is_taken_back,
    _a_household_moves,
    _a_household_moves_and_it_is_taken_back,
    _a_household_moves_and_an_earlier_move_becomes_known,
    _a_household_is_no_more,
    _a_household_splits,
    _a_member_comes_and_one_dies,
    _a_birth_date_is_corrected,
    _a_birth_date_becomes_known_of_somebody_without,
    _a_fact_is_learnt,
    _a_threshold_changes,
    _a_village_is_renamed,
    _a_national_number_arrives,
]
# What changes nothing that a later judgment finds.
UNSEEN = {_a_village_is_renamed, _a_list_comes_late, _a_household_moves_and_it_is_taken_back}


@pytest.mark.parametrize("happens", SINCE_THEN, ids=lambda happens: happens.__name__.strip("_"))
def test_a_run_replays_the_same_whatever_happened_since(county, judge, happens):
    Household.objects.filter(pk=county[5].pk).update(code=None)
    county[5].refresh_from_db()
    factories.person(household=county[4], name="无生日", born_on=None, insured=None)
    run = judge()

    happens(county)
    again = judge()

    replay = replay_run(run=run, by=None)
    assert (replay.digest, replay.first, replay.months) == (run.digest, None, 0)
    assert (again.digest != run.digest) is (happens not in UNSEEN)


def test_both_revisions_replay_when_the_second_is_sealed(county, judge, capsys):
    first = judge()
    _a_line_is_corrected(county)
    second = seal_run(run=judge(), by=None)

    for run in (first, second):
        code, said = replay_by_command(capsys, run)
        assert (code, run.digest in said) == (0, True)
    assert first.digest != second.digest


def test_a_household_without_a_number_is_told_apart_from_others(judge):
    first, second = poor_household(code=None), poor_household(code=None)
    run = judge()
    assert {pk for (pk,) in run.findings.values_list("household").distinct()} == {first.pk, second.pk}
    assert sorted(run.nameless) == [first.pk, second.pk]


def test_it_changes_nothing_and_one_line_of_the_audit_tells_of_it(judged, cast):
    before = _counts()
    last = Finding.objects.order_by("-id").values_list("id", flat=True).first()

    replay_run(run=judged, by=cast.admin)

    assert _counts() == before
    assert Finding.objects.order_by("-id").values_list("id", flat=True).first() == last
    entry = AuditEntry.objects.get(action="run_replayed")
    assert (entry.actor, entry.subject_id, entry.detail["same"]) == (cast.admin, str(judged.pk), True)


def test_a_replay_reads_the_months_sealed_before_it_and_not_those_sealed_since(judge):
    """SUG12 counts departments of this and the two sealed months before."""
    household = poor_household()
    head = household.memberships.get(is_head=True).person
    factories.bill(person=head, self_pay=9000, settled_on=dt.date(2022, 5, 5), batch=factories.medical_list(MAY))
    may = judge(MAY)
    june = judge()
    seal_run(run=may, by=None)
    after = judge()

    assert (june.sealed_before, after.sealed_before) == ([], [may.pk])
    assert replay_run(run=june, by=None).is_same
    assert replay_run(run=after, by=None).is_same


MAY = dt.date(2022, 5, 1)


# Nothing is left ---------------------------------------------------------------------------------


def test_a_replay_that_breaks_off_leaves_nothing_and_the_real_tables_are_seen_again(judged, monkeypatch):
    before = _counts()

    def _break_off(*_arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("monitoring.judgment.replaying.run_digest", lambda _run: "")
    monkeypatch.setattr("monitoring.judgment.replaying._analyse", _break_off)
    with pytest.raises(KeyboardInterrupt):
        replay_run(run=judged, by=None)

    assert _counts() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relname = 'monitoring_finding'")
        assert cursor.fetchone() == (1,)


def test_a_run_is_replayed_once_at_a_time(judged):
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s::int)", (REPLAY_LOCK, judged.pk))
        with pytest.raises(NotReplayable, match="running"):
            replay_run(run=judged, by=None)
    finally:
        other.close()
    assert replay_run(run=judged, by=None).is_same
