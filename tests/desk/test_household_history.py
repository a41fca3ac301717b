"""The household page tells what was said of the household, from when, by whom and why."""

import datetime as dt

import pytest

from households.desk.changes import Cause
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.desk.sending import REASON, send

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

HERE, NEXT_DOOR = VILLAGES


@pytest.fixture
def household():
    export = factories.batch(kind="import", source="household", label="户信息_2022.csv")
    row = factories.household(village=HERE, batch=export)
    for name in ("甲", "乙"):
        factories.person(household=row, name=name, is_head=name == "甲", batch=export)
    return row


def history(client, household):
    return client.get(f"/households/{household.pk}/").context["history"]


def test_a_change_of_the_desk_is_told_with_its_day_its_writer_and_its_reason(cast, sign_in, household):
    client = sign_in("township")
    send(client, "move", household.pk, on="2022-06-16", village=NEXT_DOOR)
    told, first = history(client, household)
    assert (told.title, told.on, told.actor, told.reason) == (
        str(Cause.MOVE.label),
        dt.date(2022, 6, 16),
        cast.township.name,
        REASON,
    )
    assert "长江村 →" in told.text
    assert told.recorded_at.date() == dt.date(2022, 7, 10)
    assert "户信息_2022.csv" in first.text
    assert REASON in client.get(f"/households/{household.pk}/").content.decode()


def test_the_newest_comes_first_and_both_households_tell_of_a_split(sign_in, household):
    client = sign_in("staff")
    person = household.memberships.get(person__name="乙").person
    send(client, "move", household.pk, on="2022-06-01", village=ELSEWHERE)
    url = send(
        client,
        "split",
        household.pk,
        on="2022-06-16",
        members=[person.pk],
        head=person.pk,
        village=ELSEWHERE,
        copy_facts="on",
    ).url
    assert [entry.title for entry in history(client, household)][:2] == [
        str(Cause.SPLIT.label),
        str(Cause.MOVE.label),
    ]
    (told,) = client.get(url).context["history"]
    assert (told.title, told.on) == (str(Cause.SPLIT.label), dt.date(2022, 6, 16))
    assert "乙" in told.text


def test_a_number_that_was_given_is_told_although_it_is_no_evidence(sign_in):
    household = factories.household(village=HERE, code=None, members=1)
    client = sign_in("township")
    send(client, "code", household.pk, code="420527103204009999")
    told = history(client, household)[0]
    assert (told.title, told.on, told.reason) == (str(Cause.HOUSEHOLD_CODE.label), None, REASON)


def test_what_was_corrected_or_taken_back_is_told_by_the_batch_that_did_it(sign_in, household):
    line = factories.income(household=household, amount=100)
    back = factories.batch(kind="retraction", source="income", reason="文件传错")
    type(line).objects.filter(pk=line.pk).update(replaced_in=back)
    assert history(sign_in("township"), household)[0].reason == "文件传错"


def test_bills_of_a_person_are_told_only_where_the_person_belonged_then(sign_in, household):
    person = factories.person(household=household, since=dt.date(2022, 6, 10))
    for day in (9, 10):
        source = factories.batch(kind="import", source="medical", label=f"医保_{day}.csv")
        factories.bill(person=person, self_pay=1, settled_on=dt.date(2022, 6, day), batch=source)
    told = " ".join(entry.text for entry in history(sign_in("township"), household))
    assert "医保_10.csv" in told
    assert "医保_9.csv" not in told


def test_the_page_needs_few_queries_however_long_the_history(sign_in, household, django_assert_max_num_queries):
    for month in range(1, 7):
        for _line in range(5):
            factories.income(household=household, amount=1, month=dt.date(2022, month, 1))
    client = sign_in("township")
    with django_assert_max_num_queries(20):
        assert len(history(client, household)) == 31


@pytest.mark.parametrize(("member", "is_offered"), [("township", True), ("specialist", False), ("auditor", False)])
def test_changes_are_offered_to_who_may_enter_them(sign_in, household, member, is_offered):
    page = sign_in(member).get(f"/households/{household.pk}/").content.decode()
    assert (f"/households/{household.pk}/split/" in page) == is_offered


def test_a_household_that_is_gone_is_offered_to_come_back_and_nothing_else(sign_in, household):
    client = sign_in("township")
    send(client, "move", household.pk, on="2022-06-16", village="out")
    page = client.get(f"/households/{household.pk}/").content.decode()
    assert f"/households/{household.pk}/move/" in page
    assert f"/households/{household.pk}/split/" not in page
