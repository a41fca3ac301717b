"""What was judged before a change at the desk is replayed as it was, whatever the change and its day."""

import pytest

from households.models import Household
from monitoring.judgment.models import Finding, JudgmentRun
from monitoring.judgment.replaying import replay_run
from monitoring.judgment.running import open_run, work_run
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import JUNE, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES


@pytest.fixture
def household():
    """Poor, without a number, with an uninsured member."""
    row = factories.household(village=HERE, code=None, members=2, lifted=True)
    factories.person(household=row, insured=False)
    factories.income(household=row, amount=100)
    return row


@pytest.fixture
def other():
    row = factories.household(village=NEXT_DOOR, members=1)
    factories.income(household=row, amount=100)
    return row


@pytest.fixture
def june(household, other) -> JudgmentRun:
    run = open_run(month=JUNE)
    work_run(run.pk)
    run.refresh_from_db()
    assert Finding.objects.filter(run=run).count() > 2
    return run


def move(client, household, other):
    send(client, "move", household.pk, on="2022-05-16", village=ELSEWHERE)


def leave(client, household, other):
    send(client, "move", household.pk, on="2022-05-16", village="out")


def split(client, household, other):
    head = household.memberships.get(is_head=True).person
    heir = household.memberships.filter(is_head=False).first().person
    data = {"members": [head.pk], "head": head.pk, "heir": heir.pk, "village": HERE, "copy_facts": "on"}
    send(client, "split", household.pk, on="2022-05-16", **data)


def merge(client, household, other):
    send(client, "merge", household.pk, on="2022-05-16", term=other.code)


def code(client, household, other):
    send(client, "code", household.pk, code="420527103204009999")


def new(client, household, other):
    data = {"village": HERE, "name": "望新", "category": "unstable"}
    send(client, "new", on="2022-05-16", **data)


@pytest.mark.parametrize("change", [move, leave, split, merge, code, new])
def test_a_run_of_before_gives_the_same(sign_in, household, other, june, change):
    before = Household.objects.values_list("code", "village", "gone_on", "head_name").order_by("id")
    stood = list(before)
    change(sign_in("staff"), household, other)
    assert list(before.all()) != stood

    replay = replay_run(run=june, by=None)
    assert (replay.is_same, replay.findings, replay.months) == (True, 0, 0)


@pytest.mark.parametrize("change", [move, leave, split, merge])
def test_a_revision_sees_the_change_and_is_replayed_as_well(sign_in, household, other, june, change):
    change(sign_in("staff"), household, other)
    revision = open_run(month=JUNE)
    work_run(revision.pk)
    revision.refresh_from_db()
    assert revision.digest != june.digest or change is move
    assert replay_run(run=revision, by=None).is_same
    assert replay_run(run=june, by=None).is_same
