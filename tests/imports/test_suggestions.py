"""Whose row is it? Persons are suggested by name, birth and village; somebody decides in two clicks."""

import datetime as dt

import pytest
from django.urls import reverse

from households.imports.searching import suggest_candidates
from households.models import Area, EvidenceBatch, ListEntry, Membership, StagedRow
from households.privacy.seal import lookup_hash, seal
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.imports.conftest import as_csv, number, take_in

pytestmark = pytest.mark.django_db
BORN = dt.date(1970, 1, 1)
IN_FILE = number("19700101", 1)


def person(name, village=VILLAGES[0], born=BORN, identity=None):
    sealed = {"identity_sealed": seal(identity), "identity_hash": lookup_hash(identity)} if identity else {}
    return factories.person(
        name=name, born_on=born, household=factories.household(village=village, head_name="户主"), **sealed
    )


def waiting(name="张三", village="", identity=IN_FILE):
    take_in(
        as_csv(("身份证号", "姓名", "村", "后果", "事故日期"), [identity, name, village, "重伤", "2022-06-08"]),
        "交警_202206.csv",
    )
    return StagedRow.objects.get(outcome="waiting")


def suggested(row, who):
    return [candidate.name for candidate in suggest_candidates(row=row, waits_for="person", who=who)]


def area_name(code):
    return Area.objects.get(pk=code).name


def test_the_same_name_born_on_the_same_day_is_the_likeliest(cast):
    other = person("张三", born=dt.date(1955, 5, 5))
    same = person("张三")
    found = suggest_candidates(row=waiting(), waits_for="person", who=cast.staff)
    assert [candidate.subject_id for candidate in found] == [same.pk, other.pk]
    assert [(candidate.same_name, candidate.same_birth) for candidate in found] == [(True, True), (True, False)]


def test_the_village_of_the_list_decides_between_two_of_one_name(cast):
    person("张三", village=ELSEWHERE, born=None)
    here = person("张三", village=VILLAGES[1], born=None)
    found = suggest_candidates(row=waiting(village=area_name(VILLAGES[1])), waits_for="person", who=cast.staff)
    assert found[0].subject_id == here.pk
    assert [candidate.same_village for candidate in found] == [True, False]


@pytest.mark.parametrize("written", ["{}", "{}村民委员会", "{}委会"])
def test_a_village_is_understood_however_it_is_written(cast, written):
    short = area_name(VILLAGES[0]).removesuffix("村民委员会")
    person("张三", born=None)
    found = suggest_candidates(row=waiting(village=written.format(short)), waits_for="person", who=cast.staff)
    assert [candidate.same_village for candidate in found] == [True]


def test_a_misspelt_name_is_found_by_the_birth_date(cast):
    person("张叁")
    person("李四")
    person("张武", born=dt.date(1955, 5, 5))
    assert suggested(waiting(), cast.staff) == ["张叁"]


def test_another_family_name_is_found_by_birth_date_and_village(cast):
    person("章三")
    person("王二", village=VILLAGES[1])
    assert suggested(waiting(village=area_name(VILLAGES[0])), cast.staff) == ["章三"]


def test_who_has_no_verified_number_comes_before_who_has_another(cast):
    person("张三", identity=number("19700101", 3))
    unverified = person("张三")
    found = suggest_candidates(row=waiting(), waits_for="person", who=cast.staff)
    assert [candidate.verified for candidate in found] == [False, True]
    assert found[0].subject_id == unverified.pk


@pytest.mark.parametrize(("who", "names"), [("township", ["张三"]), ("neighbour", []), ("staff", ["张三"])])
def test_only_persons_in_the_own_area_are_suggested(cast, who, names):
    person("张三")
    assert suggested(waiting(), cast.members[who]) == names


def test_who_belongs_to_no_household_any_more_is_not_suggested(cast):
    gone = person("张三")
    old = Membership.objects.get(person=gone)
    batch = factories.batch()
    Membership.objects.filter(pk=old.pk).update(replaced_in=batch)
    Membership.objects.create(
        person=gone, household=old.household, relation="其他", until=dt.date(2021, 1, 1), batch=batch
    )
    assert suggested(waiting(), cast.staff) == []


def test_nobody_is_suggested_who_shares_only_the_family_name_or_only_the_day(cast):
    person("张武", born=dt.date(1955, 5, 5))
    person("李四")
    assert suggested(waiting(), cast.staff) == []


def test_suggestions_take_few_queries_however_many_share_the_name(cast, django_assert_max_num_queries):
    for _index in range(30):
        person("张三", born=dt.date(1955, 5, 5))
    same = person("张三")
    row = waiting(village=area_name(VILLAGES[0]))
    with django_assert_max_num_queries(6):
        found = suggest_candidates(row=row, waits_for="person", who=cast.staff)
    assert len(found) == 10
    assert found[0].subject_id == same.pk


def test_two_clicks_put_the_row_into_the_register_and_announce_it(
    sign_in, cast, django_capture_on_commit_callbacks, monkeypatch
):
    called = []
    monkeypatch.setattr("households.evidence.announcing._call_worker", lambda: called.append(True))
    same = person("张三")
    row = waiting()
    client = sign_in("staff")
    queue = client.get(reverse("imports:waiting")).content.decode()
    first = reverse("imports:waiting-row", args=[row.pk])
    assert first in queue

    page = client.get(first)
    assert "19700101" not in page.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(
            reverse("imports:waiting-match", args=[row.pk]),
            {"subject": page.context["candidates"][0].subject_id},
        )

    entry = ListEntry.objects.get()
    assert (entry.person, entry.month, entry.batch.kind) == (same, dt.date(2022, 6, 1), "match")
    assert (entry.batch.month, entry.batch.judged_at) == (dt.date(2022, 6, 1), None)
    assert called == [True]


def test_a_number_matched_by_hand_stays_the_number_of_nobody(cast, sign_in):
    """Whose number it is was not said, only whose row: a second row is suggested again, not matched by itself."""
    same = person("张三")
    row = waiting()
    sign_in("staff").post(reverse("imports:waiting-match", args=[row.pk]), {"subject": same.pk})
    same.refresh_from_db()
    assert same.identity_hash is None


@pytest.mark.parametrize("who", ["officer", "auditor", "township", "specialist"])
def test_matching_is_for_county_staff(sign_in, who):
    same = person("张三")
    row = waiting()
    client = sign_in(who)
    assert client.get(reverse("imports:waiting-row", args=[row.pk])).status_code == 403
    assert client.post(reverse("imports:waiting-match", args=[row.pk]), {"subject": same.pk}).status_code == 403
    assert not ListEntry.objects.exists()


def test_what_waited_is_announced_when_the_register_grows(cast, django_capture_on_commit_callbacks, monkeypatch):
    called = []
    monkeypatch.setattr("households.evidence.announcing._call_worker", lambda: called.append(True))
    waiting()
    with django_capture_on_commit_callbacks(execute=True):
        take_in(
            as_csv(("户编号", "村代码", "户主姓名"), [f"{VILLAGES[0]}000001", VILLAGES[0], "张三"]),
            as_of=dt.date(2022, 6, 30),
        )
        take_in(
            as_csv(
                ("户编号", "人口编号", "姓名", "证件号码", "与户主关系"),
                [f"{VILLAGES[0]}000001", f"{VILLAGES[0]}00000101", "张三", IN_FILE, "户主"],
            ),
            as_of=dt.date(2022, 6, 30),
        )
    assert ListEntry.objects.get().batch.month == dt.date(2022, 6, 1)
    assert EvidenceBatch.objects.get(kind="match").judged_at is None
    assert len(called) == 3
