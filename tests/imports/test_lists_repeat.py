"""The same row on several lists: events are told once, what still stands is told again each month."""

import datetime as dt

import pytest

from households.models import ListEntry
from tests.imports.conftest import codes, number, outcomes
from tests.imports.test_department_lists import ROWS, STORED, read, register

__all__ = ["register"]

pytestmark = pytest.mark.django_db
MAY, JUNE, JULY = dt.date(2022, 5, 1), dt.date(2022, 6, 1), dt.date(2022, 7, 1)
STANDING = ["education", "water"]
EVENTS = [form for form in ROWS if form not in STANDING]


def months():
    return sorted(ListEntry.objects.current().values_list("month", flat=True))


@pytest.mark.parametrize("form", ROWS)
def test_the_same_list_twice_is_nothing_new(form):
    read(form)
    assert outcomes(read(form)) == {2: "same"}
    assert months() == [JUNE]


@pytest.mark.parametrize("form", ROWS)
def test_a_row_spelt_differently_is_a_repetition(form):
    found = read(form, {}, {"姓名": "张　三"})
    assert outcomes(found) == {2: "new", 3: "repeated"}
    assert codes(found, "doubts") == {}


@pytest.mark.parametrize("form", EVENTS)
def test_an_event_that_a_later_list_repeats_happened_once(form):
    read(form, month=JUNE)
    assert outcomes(read(form, month=JULY)) == {2: "same"}
    assert months() == [JUNE]


@pytest.mark.parametrize("form", EVENTS)
def test_an_event_belongs_to_the_first_month_that_tells_it_whichever_list_comes_first(form):
    read(form, month=JULY)
    assert outcomes(read(form, month=JUNE)) == {2: "changed"}
    assert months() == [JUNE]
    assert outcomes(read(form, month=JULY)) == {2: "same"}
    assert outcomes(read(form, month=MAY)) == {2: "changed"}
    assert months() == [MAY]


@pytest.mark.parametrize("form", STANDING)
@pytest.mark.parametrize("order", [(JUNE, JULY), (JULY, JUNE)])
def test_what_still_stands_is_told_again_each_month(form, order):
    for month in order:
        assert outcomes(read(form, month=month)) == {2: "new"}
    assert months() == [JUNE, JULY]


CORRECTED = {
    "education": {"日期": "2022-06-09"},
    "disability": {"残疾等级": "三级"},
    "housing": {"鉴定等级": "D"},
    "water": {"停水天数": "40"},
    "traffic": {"后果": "死亡"},
    "emergency": {"损失情况": "农作物绝收"},
    "civil": {"金额": "900"},
    "employment": {"情况": "裁员"},
}


@pytest.mark.parametrize("form", ROWS)
def test_the_list_of_the_month_again_with_another_value_corrects_the_row(form):
    read(form)
    found = read(form, CORRECTED[form])
    assert outcomes(found) == {2: "changed"}
    assert ListEntry.objects.current().get().batch == found.batch
    assert ListEntry.objects.get(replaced_in=found.batch).kind == STORED[form][0]


@pytest.mark.parametrize("form", EVENTS)
def test_a_later_list_with_another_value_is_another_row_and_a_doubt(form):
    """Injured in June, died of it in July: nothing of what June was told is lost."""
    read(form, month=JUNE)
    found = read(form, CORRECTED[form], month=JULY)
    assert outcomes(found) == {2: "new"}
    assert "told_differently" in codes(found, "doubts")[2]
    assert months() == [JUNE, JULY]


def test_two_rows_of_one_event_in_one_list_both_count_and_are_doubts():
    found = read("traffic", {}, CORRECTED["traffic"])
    assert outcomes(found) == {2: "new", 3: "new"}
    assert codes(found, "doubts") == {2: ["told_differently"], 3: ["told_differently"]}


def test_two_outages_of_a_month_are_two():
    found = read("water", {}, {"日期": "2022-06-20"})
    assert outcomes(found) == {2: "new", 3: "new"}
    assert codes(found, "doubts") == {}


@pytest.mark.parametrize("form", EVENTS)
def test_an_event_that_waits_for_its_person_is_not_put_into_the_queue_twice(form):
    stranger = strange(form)
    assert outcomes(read(form, stranger, month=JUNE)) == {2: "waiting"}
    found = read(form, stranger, month=JULY)
    assert outcomes(found) == {2: "same"}
    assert codes(found) == {2: ["waiting_already"]}


@pytest.mark.parametrize("form", STANDING)
def test_what_still_stands_waits_for_its_person_each_month(form):
    read(form, strange(form), month=JUNE)
    assert outcomes(read(form, strange(form), month=JULY)) == {2: "waiting"}
    assert outcomes(read(form, strange(form), month=JULY)) == {2: "same"}


def strange(form):
    unknown = number("19700101", 1)
    return {"残疾证号": f"{unknown}42"} if form == "disability" else {"身份证号": unknown}
