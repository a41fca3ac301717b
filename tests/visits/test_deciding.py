"""The township accepts or declines what a visit said against the register, field by field, both values kept."""

import datetime as dt
import json
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied
from django.utils.translation import override

from households.desk.corrections import save_line
from households.models import (
    AuditEntry,
    Event,
    EvidenceBatch,
    Household,
    HouseholdFact,
    IncomeLine,
    Membership,
    PersonFact,
    VisitAnswer,
)
from households.refusal import NotPossible
from households.visits.deciding import decide
from households.visits.register import register_values
from monitoring.judgment.tasks import judge_batches
from tests import factories
from tests.conftest import ELSEWHERE
from tests.desk.sending import at_once
from tests.visits.taking import visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]
JUNE = dt.date(2022, 6, 1)
WAGE = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "3000"}


@pytest.fixture
def household(db):
    return factories.household(members=1, house_grade="B", safe_water=True)


def asked(household, **said) -> list[int]:
    visit = visited(household, **(said or {"house": [{"house_grade": "C"}]}))
    return [row.pk for row in VisitAnswer.objects.filter(visit=visit, state="asked").order_by("id")]


def register(household):
    return register_values([household.pk])[household.pk]


def lines():
    return [(line.item, int(line.amount)) for line in IncomeLine.objects.current().order_by("item")]


def test_what_is_accepted_is_evidence_of_the_visits_day(cast, household):
    (pk,) = asked(household)
    (answer,) = decide(answers=[pk], accept=True, reason="现场核过", by=cast.township)
    answer = VisitAnswer.objects.get(pk=answer.pk)
    assert (answer.state, answer.decided_by, answer.decision) == ("accepted", cast.township, "现场核过")
    assert (answer.said, answer.stood) == ("C", "B")
    assert answer.decided_at is not None
    old, new = HouseholdFact.objects.filter(household=household).order_by("id")
    assert (old.house_grade, old.replaced_in) == ("B", None)
    assert (new.house_grade, new.safe_water, new.as_of) == ("C", True, dt.date(2022, 7, 8))
    batch = answer.decided_in
    assert (new.batch, batch.kind, batch.source, batch.actor) == (batch, "desk", "visit_change", cast.township)
    assert batch.reason == "现场核过"


def test_what_is_accepted_is_judged(cast, household):
    judge_batches()
    decide(answers=asked(household), accept=True, reason="", by=cast.township)
    judge_batches()
    assert not EvidenceBatch.objects.filter(judged_at__isnull=True).exists()
    assert household.alerts.filter(kind_id="HOU01").exists()


def test_what_is_declined_writes_nothing_and_keeps_both_values(cast, household):
    (pk,) = asked(household)
    batches = EvidenceBatch.objects.count()
    decide(answers=[pk], accept=False, reason="已重新鉴定", by=cast.township)
    answer = VisitAnswer.objects.get(pk=pk)
    assert (answer.state, answer.said, answer.stood, answer.decided_in) == ("declined", "C", "B", None)
    assert register(household).household["house_grade"] == "B"
    assert EvidenceBatch.objects.count() == batches


@pytest.mark.parametrize("reason", ["", "  "])
def test_declining_needs_a_reason(cast, household, reason):
    with pytest.raises(NotPossible) as refused:
        decide(answers=asked(household), accept=False, reason=reason, by=cast.township)
    assert refused.value.field == "reason"
    assert VisitAnswer.objects.get().state == "asked"


def test_a_reason_has_a_limit(cast, household):
    pks = asked(household)
    with pytest.raises(NotPossible):
        decide(answers=pks, accept=True, reason="好" * 301, by=cast.township)
    decide(answers=pks, accept=True, reason="好" * 300, by=cast.township)


@pytest.mark.parametrize("accept", [True, False])
def test_what_was_decided_is_not_decided_again(cast, household, accept):
    pks = asked(household)
    decide(answers=pks, accept=accept, reason="已核", by=cast.township)
    facts = HouseholdFact.objects.count()
    with override("en"), pytest.raises(NotPossible, match=cast.township.name):
        decide(answers=pks, accept=not accept, reason="再核", by=cast.staff)
    assert HouseholdFact.objects.count() == facts
    assert VisitAnswer.objects.get().decided_by == cast.township


def test_one_of_several_that_was_decided_stops_all(cast, household):
    first, second = asked(household, house=[{"house_grade": "C"}], water=[{"safe_water": False}])
    decide(answers=[first], accept=True, reason="", by=cast.township)
    with pytest.raises(NotPossible):
        decide(answers=[first, second], accept=True, reason="", by=cast.township)
    assert VisitAnswer.objects.get(pk=second).state == "asked"
    assert register(household).household == {"house_grade": "C", "safe_water": True}


def test_what_waits_for_nobody_cannot_be_decided(cast, household):
    visit = visited(household, house=[{"house_grade": "B"}])
    with pytest.raises(NotPossible):
        decide(answers=[visit.answers.get().pk], accept=True, reason="", by=cast.township)


@pytest.mark.parametrize("member", ["specialist", "auditor", "officer", "stranger", "leaver"])
def test_who_has_not_the_right_decides_nothing(cast, household, member):
    pks = asked(household)
    with pytest.raises(PermissionDenied):
        decide(answers=pks, accept=True, reason="", by=cast.members[member])
    assert VisitAnswer.objects.get().state == "asked"


@pytest.mark.parametrize("place", ["answer", "household"])
def test_what_lies_elsewhere_is_not_decided(cast, place):
    household = factories.household(village=ELSEWHERE, members=1, house_grade="B")
    pks = asked(household)
    if place == "household":
        # The visit was in the township, the household has moved since.
        VisitAnswer.objects.update(county="420527", township="420527103", village="420527103204")
    with pytest.raises(NotPossible):
        decide(answers=pks, accept=True, reason="", by=cast.township)
    decide(answers=pks, accept=True, reason="", by=cast.staff)


@pytest.mark.parametrize("pks", [[], [10**9]])
def test_nothing_is_nothing_to_decide(cast, pks):
    with pytest.raises(NotPossible):
        decide(answers=pks, accept=True, reason="", by=cast.township)


def test_an_accepted_line_takes_the_place_of_the_one_that_stood(cast, household):
    line = factories.income(household=household, month=JUNE, amount=2800)
    factories.income(household=household, month=JUNE, item="公益岗", amount=800)
    decide(answers=asked(household, income=[WAGE]), accept=True, reason="", by=cast.township)
    line.refresh_from_db()
    assert line.replaced_in == VisitAnswer.objects.get().decided_in
    assert lines() == [("公益岗", 800), ("务工", 3000)]


def test_an_accepted_line_under_another_item_stands_beside(cast, household):
    factories.income(household=household, month=JUNE, item="公益岗", amount=800)
    decide(answers=asked(household, income=[WAGE]), accept=True, reason="", by=cast.township)
    assert lines() == [("公益岗", 800), ("务工", 3000)]


def test_what_the_desk_wrote_meanwhile_is_not_written_twice(cast, household):
    line = factories.income(household=household, month=JUNE, amount=2800)
    pks = asked(household, income=[WAGE])
    save_line(
        household=household,
        month=JUNE,
        kind="wage",
        item="务工",
        amount=3000,
        reason="工资单",
        token="b" * 32,
        by=cast.township,
        line=line,
    )
    decide(answers=pks, accept=True, reason="", by=cast.township)
    assert lines() == [("务工", 3000)]
    assert VisitAnswer.objects.get().state == "accepted"


def test_what_the_desk_wrote_meanwhile_gives_way_to_what_is_accepted_now(cast, household):
    pks = asked(household)
    HouseholdFact.objects.create(
        household=household, as_of=dt.date(2022, 7, 9), house_grade="D", safe_water=False, batch=factories.batch()
    )
    decide(answers=pks, accept=True, reason="", by=cast.township)
    known = register(household)
    assert known.household == {"house_grade": "C", "safe_water": False}
    assert known.household_fact.as_of == dt.date(2022, 7, 9)


def test_all_that_was_said_of_a_person_is_one_fact(cast, household):
    person = factories.person(household=household, facts={"schooling": "九年级", "labour": "无劳动力"})
    line = {"person": person.pk, "schooling": "none", "dropout_reason": "厌学"}
    decide(answers=asked(household, schooling=[line]), accept=True, reason="", by=cast.township)
    old, new = PersonFact.objects.filter(person=person).order_by("id")
    assert (old.schooling, new.schooling, new.dropout_reason, new.labour) == ("九年级", "", "厌学", "无劳动力")


def test_who_goes_to_school_again_has_no_reason_not_to(cast, household):
    person = factories.person(household=household, facts={"dropout_reason": "厌学"})
    pks = asked(household, schooling=[{"person": person.pk, "schooling": "九年级"}])
    decide(answers=pks, accept=True, reason="", by=cast.township)
    assert register(household).persons[person.pk]["dropout_reason"] is None


def test_of_who_has_left_nothing_is_accepted(cast, household):
    person = factories.person(household=household, facts={"work_place": "县内"})
    pks = asked(household, work=[{"person": person.pk, "work_place": "省外"}])
    Membership.objects.filter(person=person).update(replaced_in=factories.batch())
    with pytest.raises(NotPossible):
        decide(answers=pks, accept=True, reason="", by=cast.township)
    decide(answers=pks, accept=False, reason="已迁走", by=cast.township)


def test_a_household_that_is_gone_takes_nothing_in(cast, household):
    pks = asked(household)
    Household.objects.update(gone_on=dt.date(2022, 7, 9))
    with pytest.raises(NotPossible):
        decide(answers=pks, accept=True, reason="", by=cast.township)


def test_of_two_visits_the_later_one_is_seen(cast, household):
    late = asked(household, house=[{"house_grade": "D"}])
    early = asked(household, house=[{"house_grade": "C"}], on="2022-07-01")
    decide(answers=late + early, accept=True, reason="", by=cast.township)
    assert register(household).household["house_grade"] == "D"


def test_of_two_amounts_one_must_be_chosen(cast, household):
    factories.income(household=household, month=JUNE, amount=2800)
    one = asked(household, income=[WAGE])
    other = asked(household, income=[WAGE | {"amount": "3100"}])
    with pytest.raises(NotPossible):
        decide(answers=one + other, accept=True, reason="", by=cast.township)
    assert lines() == [("务工", 2800)]


def test_a_decision_tells_itself_without_a_value(cast, household):
    first, second = asked(household, house=[{"house_grade": "C"}], water=[{"safe_water": False}])
    decide(answers=[first], accept=True, reason="现场核过", by=cast.township)
    decide(answers=[second], accept=False, reason="水质合格", by=cast.township)
    events = Event.objects.filter(kind__startswith="visit_answer").order_by("id")
    assert [(event.kind, event.subject_id, event.detail) for event in events] == [
        ("visit_answer_accepted", household.pk, {"visit_answers": [first]}),
        ("visit_answer_declined", household.pk, {"visit_answers": [second]}),
    ]
    trail = AuditEntry.objects.filter(action__startswith="visit_answer").order_by("id")
    assert [(row.action, row.subject_id) for row in trail] == [
        ("visit_answer_accepted", str(household.pk)),
        ("visit_answer_declined", str(household.pk)),
    ]
    told = json.dumps([*events.values_list("detail", "note"), *trail.values_list("detail")], ensure_ascii=False)
    assert not any(word in told for word in ("现场核过", "水质合格", '"C"', "house_grade"))


def test_the_history_of_the_household_names_what_was_accepted(cast, household, sign_in):
    decide(answers=asked(household), accept=True, reason="现场核过", by=cast.township)
    page = sign_in("township").get(f"/households/{household.pk}/").content.decode()
    assert "现场核过" in page


@pytest.mark.django_db(transaction=True)
def test_two_who_decide_at_once_decide_once(cast, household):
    pks = asked(household)
    work = [
        partial(decide, answers=pks, accept=True, reason="甲", by=cast.township),
        partial(decide, answers=pks, accept=False, reason="乙", by=cast.staff),
    ]
    results = at_once(work)
    assert sorted(isinstance(result, NotPossible) for result in results) == [False, True]
    assert HouseholdFact.objects.filter(batch__source="visit_change").count() == (
        1 if VisitAnswer.objects.get().state == "accepted" else 0
    )
