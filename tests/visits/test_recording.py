"""A visit adds what the register leaves open, notes what it says too, and asks where it says otherwise."""

import datetime as dt
import json

import pytest

from households.evidence.services import open_batch
from households.models import (
    AuditEntry,
    BatchKind,
    Event,
    HouseholdFact,
    IncomeLine,
    Membership,
    PersonFact,
    Visit,
    VisitAnswer,
)
from households.visits.recording import person_problems, record_visits
from households.visits.register import register_values
from tests import factories
from tests.visits.taking import coming, states, take, visited

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]
JUNE = dt.date(2022, 6, 1)
WAGE = {"month": "2022-06", "kind": "wage", "item": "务工", "amount": "3000"}


def wages(**changed):
    return {"income": [WAGE | changed]}


def test_a_visit_is_evidence_with_all_that_its_head_says(cast, household):
    visit = visited(
        household,
        by=cast.specialist,
        words="屋顶漏雨。",
        needs="修屋顶",
        risks=["housing"],
        method="phone",
        began_at="2022-07-08T09:00:00+08:00",
        ended_at="2022-07-08T09:09:00+08:00",
    )
    visit = Visit.objects.get(pk=visit.pk)
    assert (visit.household, visit.village, visit.visitor) == (household, household.village, cast.specialist)
    assert (visit.visited_on, visit.method, visit.unchanged) == (dt.date(2022, 7, 8), "phone", False)
    assert (visit.words, visit.needs, visit.risks) == ("屋顶漏雨。", "修屋顶", ["housing"])
    assert (visit.form, visit.clock_behind, visit.tablet_day) == (1, 3, None)
    assert (visit.ended_at - visit.began_at).total_seconds() == 540
    assert (visit.batch.kind, visit.batch.actor) == ("tablet", cast.specialist)


def test_nothing_changed_is_a_visit_without_answers(household):
    visit = visited(household, unchanged=True)
    assert Visit.objects.get(pk=visit.pk).unchanged
    assert not VisitAnswer.objects.exists()


@pytest.mark.parametrize(
    ("known", "section", "said", "state"),
    [
        ({}, "house", {"house_grade": "C"}, ("added", "C", None)),
        ({"house_grade": "C"}, "house", {"house_grade": "C"}, ("same", "C", "C")),
        ({"house_grade": "B"}, "house", {"house_grade": "C"}, ("asked", "C", "B")),
        ({}, "water", {"safe_water": False}, ("added", False, None)),
        ({"safe_water": False}, "water", {"safe_water": False}, ("same", False, False)),
        ({"safe_water": True}, "water", {"safe_water": False}, ("asked", False, True)),
        ({"safe_water": False}, "water", {"safe_water": True}, ("asked", True, False)),
    ],
)
def test_what_is_said_of_a_household(known, section, said, state):
    household = factories.household(members=1, category="marginal", **known)
    visit = visited(household, **{section: [said]})
    (field,) = said
    assert states(visit) == {field: state}
    facts = HouseholdFact.objects.filter(household=household).order_by("id")
    if state[0] == "added":
        old, new = facts
        assert old.replaced_in is None
        assert (new.as_of, new.batch, new.category) == (visit.visited_on, visit.batch, "marginal")
        assert getattr(new, field) == said[field]
    else:
        assert facts.count() == 1


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        # A blank of the register contradicts nobody.
        ({}, {"work_place": "省外", "work_months": 6}, {"work_place": "added", "work_months": "added"}),
        ({}, {"work_place": "none"}, {"work_place": "same"}),
        ({}, {"work_months": 0}, {"work_months": "added"}),
        ({"work_months": 0}, {"work_months": 0}, {"work_months": "same"}),
        ({"work_months": 0}, {"work_months": 1}, {"work_months": "asked"}),
        ({"work_place": "县内"}, {"work_place": "none"}, {"work_place": "asked"}),
        # One statement: half a year is not half a year in the county.
        (
            {"work_place": "县内"},
            {"work_place": "省外", "work_months": 6},
            {"work_place": "asked", "work_months": "asked"},
        ),
        (
            {"work_place": "省外"},
            {"work_place": "省外", "work_months": 6},
            {"work_place": "same", "work_months": "added"},
        ),
    ],
)
def test_what_is_said_of_work(household, known, said, expected):
    person = factories.person(household=household, facts=known)
    visit = visited(household, work=[{"person": person.pk, **said}])
    assert {field: state for field, (state, _said, _stood) in states(visit).items()} == expected
    assert PersonFact.objects.filter(person=person).count() == (2 if "added" in expected.values() else 1)


@pytest.mark.parametrize(
    ("known", "said", "expected"),
    [
        ({}, {"schooling": "小学"}, {"schooling": ("added", "小学", "none")}),
        ({"schooling": "小学"}, {"schooling": "小学"}, {"schooling": ("same", "小学", "小学")}),
        (
            {"schooling": "九年级"},
            {"schooling": "none", "dropout_reason": "厌学"},
            {"schooling": ("asked", "none", "九年级"), "dropout_reason": ("asked", "厌学", None)},
        ),
        (
            {},
            {"schooling": "none", "dropout_reason": "厌学"},
            {"schooling": ("same", "none", "none"), "dropout_reason": ("added", "厌学", None)},
        ),
        # It says why there is none: that is no blank.
        (
            {"dropout_reason": "厌学"},
            {"schooling": "九年级"},
            {"schooling": ("asked", "九年级", "none")},
        ),
        # Who goes to school has no reason not to.
        ({"schooling": "小学"}, {"dropout_reason": "厌学"}, {"dropout_reason": ("noted", "厌学", None)}),
    ],
)
def test_what_is_said_of_school(household, known, said, expected):
    person = factories.person(household=household, facts=known)
    assert states(visited(household, schooling=[{"person": person.pk, **said}])) == expected


def test_of_whom_nothing_is_known_a_blank_is_unknown(household):
    person = factories.person(household=household, insured=None)
    assert register_values([household.pk])[household.pk].persons[person.pk] == {
        "work_place": None,
        "work_months": None,
        "schooling": None,
        "dropout_reason": None,
    }
    visit = visited(household, work=[{"person": person.pk, "work_place": "none"}])
    assert states(visit) == {"work_place": ("noted", "none", None)}
    visit = visited(household, work=[{"person": person.pk, "work_place": "省外"}])
    assert states(visit) == {"work_place": ("added", "省外", None)}


def test_a_persons_new_fact_keeps_all_that_was_known(household):
    person = factories.person(
        household=household,
        facts={"labour": "普通劳动力", "health": ["健康"], "dibao": False, "other": {"民族": "汉族"}},
    )
    visited(household, work=[{"person": person.pk, "work_place": "省外", "work_months": 6}])
    fact = PersonFact.objects.filter(person=person).latest("id")
    assert (fact.labour, fact.health, fact.dibao, fact.other) == ("普通劳动力", ["健康"], False, {"民族": "汉族"})
    assert (fact.born_on, fact.resident_insurance) == (person.born_on, True)
    assert (fact.work_place, fact.work_months, fact.as_of) == ("省外", 6, dt.date(2022, 7, 8))


def test_what_an_export_contradicts_itself_in_is_left_to_it(household):
    person = factories.person(household=household, facts={"schooling": "九年级", "dropout_reason": "厌学"})
    visited(household, work=[{"person": person.pk, "work_months": 0}])
    fact = PersonFact.objects.filter(person=person).latest("id")
    assert (fact.schooling, fact.dropout_reason, fact.work_months) == ("九年级", "厌学", 0)


def test_a_late_visit_is_seen_although_the_register_was_written_since(household, head):
    known = HouseholdFact.objects.create(
        household=household, as_of=dt.date(2022, 7, 9), safe_water=True, batch=factories.batch()
    )
    visited(household, house=[{"house_grade": "C"}], on="2022-07-01")
    register = register_values([household.pk])[household.pk]
    assert register.household == {"house_grade": "C", "safe_water": True}
    assert register.household_fact.as_of == known.as_of


@pytest.mark.parametrize(
    ("stands", "said", "state", "lines"),
    [
        ([], {}, ("added", "3000.00", None), 1),
        ([("wage", "务工", 3000)], {}, ("same", "3000.00", "3000.00"), 1),
        ([("wage", "务工", 2800)], {}, ("asked", "3000.00", "2800.00"), 1),
        # The same money by another name would count twice.
        ([("wage", "打工", 2800)], {}, ("asked", "3000.00", None), 1),
        ([("business", "务工", 2800)], {}, ("added", "3000.00", None), 2),
        ([], {"amount": "0"}, ("added", "0.00", None), 1),
        ([("wage", "务工", 2800)], {"amount": "0"}, ("asked", "0.00", "2800.00"), 1),
        ([("wage", "务工", 2800)], {"month": "2022-07"}, ("added", "3000.00", None), 2),
    ],
)
def test_what_is_said_of_income(household, stands, said, state, lines):
    for kind, item, amount in stands:
        factories.income(household=household, month=JUNE, kind=kind, item=item, amount=amount)
    visit = visited(household, **wages(**said))
    assert states(visit) == {"务工": state}
    assert IncomeLine.objects.current().count() == lines
    if state[0] == "added":
        line = IncomeLine.objects.get(batch=visit.batch)
        assert f"{line.amount:.2f}" == state[1]


def test_two_items_of_one_visit_do_not_contradict_each_other(household):
    both = [WAGE, WAGE | {"item": "公益岗", "amount": "800"}]
    visit = visited(household, income=both)
    assert {state for state, _said, _stood in states(visit).values()} == {"added"}
    again = visited(household, income=both)
    assert {state for state, _said, _stood in states(again).values()} == {"same"}
    assert IncomeLine.objects.count() == 2


def test_a_replaced_line_is_no_line(household):
    factories.income(household=household, month=JUNE, amount=2800, replaced_in=factories.batch())
    assert states(visited(household, **wages()))["务工"][0] == "added"


def test_illness_and_disaster_are_noted_and_change_no_register(household, head):
    visit = visited(
        household,
        illness=[{"person": head.pk, "treatment": "inpatient", "month": "2022-06", "self_pay": "5200"}],
        disaster=[{"happened": "火灾", "happened_on": "2022-06-30", "loss": "1000"}],
    )
    assert {state for state, _said, _stood in states(visit).values()} == {"noted"}
    assert set(states(visit)) == {"treatment", "month", "self_pay", "happened", "happened_on", "loss"}
    assert set(VisitAnswer.objects.filter(section="illness").values_list("person", flat=True)) == {head.pk}
    assert HouseholdFact.objects.count() == PersonFact.objects.count() == 1


def test_both_values_stay_beside_what_the_tablet_showed(household, head):
    """The desk corrected the register while the visit was under way."""
    HouseholdFact.objects.create(
        household=household, as_of=dt.date(2022, 7, 7), house_grade="D", batch=factories.batch()
    )
    visit = visited(household, house=[{"house_grade": "C", "seen": {"house_grade": "B"}}])
    answer = VisitAnswer.objects.get(visit=visit)
    assert (answer.seen, answer.stood, answer.said, answer.state) == ("B", "D", "C", "asked")
    assert (answer.section, answer.line, answer.village) == ("house", 0, household.village)


def test_the_second_visit_of_one_batch_finds_what_the_first_one_added(household, head):
    first, second, third = take(
        [
            coming(household, house=[{"house_grade": "C"}], **wages()),
            coming(household, house=[{"house_grade": "C"}], **wages(item="打工")),
            coming(household, house=[{"house_grade": "D"}], water=[{"safe_water": False}], **wages(amount="1")),
        ]
    )
    assert [states(one.visit)["house_grade"][0] for one in (first, second, third)] == ["added", "same", "asked"]
    assert states(second.visit)["打工"] == ("asked", "3000.00", None)
    assert states(third.visit)["务工"] == ("asked", "1.00", "3000.00")
    fact = HouseholdFact.objects.filter(household=household).latest("id")
    assert (fact.house_grade, fact.safe_water) == ("C", False)


def test_the_day_that_counts_and_the_tablets_own_stand_side_by_side(household):
    visit = coming(household, house=[{"house_grade": "C"}])
    corrected = type(visit)(
        visit.checked, household, None, 86_400, dt.date(2022, 7, 9), tablet_day=dt.date(2022, 7, 8)
    )
    (recorded,) = take([corrected])
    stored = Visit.objects.get(pk=recorded.visit.pk)
    assert (stored.visited_on, stored.tablet_day, stored.clock_behind) == (
        dt.date(2022, 7, 9),
        dt.date(2022, 7, 8),
        86_400,
    )
    assert HouseholdFact.objects.latest("id").as_of == dt.date(2022, 7, 9)


def test_who_has_left_is_named_at_the_line(household, head, child):
    line = {"treatment": "inpatient", "month": "2022-06", "self_pay": "1"}
    incoming = [
        coming(household, work=[{"person": head.pk, "work_months": 1}, {"person": child.pk, "work_months": 1}]),
        coming(household, illness=[{"person": child.pk, **line}, {"person": 10**9, **line}]),
        coming(household, unchanged=True),
    ]
    assert person_problems(incoming)[incoming[1].checked.uid][0].field == "illness.1.person"
    Membership.objects.filter(person=child).update(replaced_in=factories.batch())
    problems = person_problems(incoming)
    assert [one.field for one in problems[incoming[0].checked.uid]] == ["work.1.person"]
    assert [one.field for one in problems[incoming[1].checked.uid]] == ["illness.0.person", "illness.1.person"]
    assert {one.code for found in problems.values() for one in found} == {"not_member"}
    assert incoming[2].checked.uid not in problems


def test_somebody_of_another_household_is_no_member(household):
    neighbour = factories.person(household=factories.household())
    visit = coming(household, work=[{"person": neighbour.pk, "work_months": 1}])
    assert list(person_problems([visit])) == [visit.checked.uid]
    # Were it recorded all the same, nothing would be written about the neighbour.
    (recorded,) = take([visit])
    assert states(recorded.visit) == {"work_months": ("noted", 1, None)}
    assert PersonFact.objects.filter(person=neighbour).count() == 1


def test_each_visit_tells_itself_without_a_word_of_anybody(cast, household, head):
    secret = "老人独居"
    one, two = take(
        [
            coming(household, words=secret, needs=secret, risks=["illness"], **wages(item=secret)),
            coming(household, house=[{"house_grade": "C"}]),
        ],
        by=cast.specialist,
    )
    events = Event.objects.filter(kind="household_visited", subject_id=household.pk).order_by("id")
    assert [event.detail for event in events] == [{"visit": one.visit.pk}, {"visit": two.visit.pk}]
    assert {(event.actor, event.village) for event in events} == {(cast.specialist, household.village)}
    trail = AuditEntry.objects.filter(action="visit_recorded").order_by("id")
    assert [row.subject_id for row in trail] == [str(household.pk)] * 2
    assert trail[1].detail == {
        "visit": two.visit.pk,
        "batch": two.visit.batch_id,
        "day": "2022-07-08",
        "added": 1,
    }
    told = json.dumps([*events.values_list("detail", "note"), *trail.values_list("detail")], ensure_ascii=False)
    assert secret not in told
    assert head.name not in told
    assert "3000" not in told


def test_no_visits_are_no_visits():
    assert record_visits(incoming=[], batch=open_batch(kind=BatchKind.TABLET, by=None)) == []
