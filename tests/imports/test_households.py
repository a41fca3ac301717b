"""户信息: households, what is known of them, and what changes."""

import datetime as dt
from decimal import Decimal

import pytest

from households.models import Doubt, Event, Household, HouseholdFact, HouseholdMove
from households.privacy.seal import unseal
from tests.imports.conftest import (
    CODE,
    CODE_2,
    HOUSEHOLD,
    VILLAGE,
    as_csv,
    as_xlsx,
    codes,
    outcomes,
    preview,
    take_in,
)

pytestmark = pytest.mark.django_db
OTHER_VILLAGE = "420527103206"
JUNE, JULY = dt.date(2022, 6, 30), dt.date(2022, 7, 31)


def row(code=CODE, village=VILLAGE, head="张三", kind="一般农户", category="", since="", eliminated="", phone=""):
    return [code, village, head, kind, category, since, eliminated, phone]


def read(*rows, **given):
    return take_in(as_csv(HOUSEHOLD, *rows), as_of=given.pop("as_of", JUNE), **given)


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        (("脱贫户", "脱贫不稳定户", "202107", "否"), ("lifted", "unstable", dt.date(2021, 7, 1), False)),
        (("一般农户", "边缘易致贫户", "2021年7月", "是"), ("ordinary", "marginal", dt.date(2021, 7, 1), True)),
        (("一般农户", "突发严重困难户", "", ""), ("ordinary", "sudden", None, None)),
        (("低保脱贫户", "脱贫监测户", "", ""), ("lifted", "unstable", None, None)),
        (("一般农户", "边缘户", "", ""), ("ordinary", "marginal", None, None)),
        (("一般农户", "", "", "是"), ("ordinary", "", None, None)),
        (("", "", "", ""), (None, "", None, None)),
        (("贵族", "神秘户", "", ""), (None, None, None, None)),
    ],
)
def test_it_stores_what_the_words_mean(words, stored):
    read(row(kind=words[0], category=words[1], since=words[2], eliminated=words[3]))
    fact = HouseholdFact.objects.get()
    assert (fact.kind, fact.category, fact.monitored_since, fact.risk_eliminated) == stored


def test_an_unknown_word_is_unknown_and_a_doubt():
    assert codes(read(row(kind="贵族")), "doubts") == {2: ["value_unknown"]}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"code": ""}, "missing"),
        ({"code": "42052710320400001"}, "household_code_format"),
        ({"code": "4.20527E+17"}, "stored_as_number"),
        ({"village": ""}, "missing"),
        ({"village": "420527103999"}, "village_unknown"),
        ({"village": "110101001001"}, "village_unknown"),
        ({"head": " "}, "missing"),
        ({"since": "202113"}, "month_unreadable"),
    ],
)
def test_it_refuses_a_row_and_takes_the_rest(changed, code):
    found = read(row(**changed), row(code=CODE_2))
    assert outcomes(found) == {2: "refused", 3: "new"}
    assert codes(found) == {2: [code]}
    assert Household.objects.get().code == CODE_2


def test_a_code_stored_as_a_number_in_a_cell_is_refused():
    found = take_in(as_xlsx(HOUSEHOLD, row(code=420527103204000001)), "户.xlsx")
    assert codes(found) == {2: ["stored_as_number"]}


def test_the_same_household_twice_goes_in_once():
    found = read(row(), row(code=f" {CODE[:6]} {CODE[6:]}", head="张三 "), row(kind="脱贫户"))
    assert outcomes(found) == {2: "new", 3: "repeated", 4: "repeated"}
    assert codes(found, "doubts") == {4: ["values_differ"]}
    assert HouseholdFact.objects.get().kind == "ordinary"


def test_a_fact_is_written_only_when_something_changed():
    read(row())
    again = read(row(), as_of=JULY)
    changed = read(row(kind="脱贫户"), as_of=JULY)
    assert (outcomes(again), outcomes(changed)) == ({2: "same"}, {2: "changed"})
    assert list(HouseholdFact.objects.order_by("as_of").values_list("as_of", "kind")) == [
        (JUNE, "ordinary"),
        (JULY, "lifted"),
    ]


def test_another_file_of_the_same_day_corrects_the_fact():
    read(row())
    found = read(row(kind="脱贫户"))
    old, new = HouseholdFact.objects.order_by("pk")
    assert (old.replaced_in, new.replaced_in, new.kind) == (found.batch, None, "lifted")


def test_an_older_export_that_comes_late_changes_nothing_today():
    read(row(kind="脱贫户"), as_of=JULY)
    read(row(), as_of=JUNE)
    assert outcomes(read(row(), as_of=JUNE)) == {2: "same"}
    assert outcomes(read(row(kind="脱贫户"), as_of=JULY)) == {2: "same"}


def test_what_a_file_has_no_column_for_stays_known():
    read(row(kind="脱贫户", category="脱贫不稳定户"))
    found = take_in(as_csv(HOUSEHOLD[:4], row(kind="脱贫户")[:4]), as_of=JULY)
    assert outcomes(found) == {2: "same"}


def test_the_telephone_number_is_sealed_and_its_change_seen():
    read(row(phone="13800000001"))
    assert outcomes(read(row(phone=" 138 0000 0001"))) == {2: "same"}
    assert outcomes(read(row(phone="13800000002"))) == {2: "changed"}
    assert unseal(Household.objects.get().phone_sealed) == "13800000002"


def test_a_household_that_moved_lies_in_its_new_village():
    read(row())
    assert outcomes(read(row(village=OTHER_VILLAGE))) == {2: "changed"}
    household = Household.objects.get()
    event = Event.objects.get(kind="household_moved")
    assert (household.village, household.township) == (OTHER_VILLAGE, OTHER_VILLAGE[:9])
    assert (event.subject_id, event.village_before, event.village) == (household.pk, VILLAGE, OTHER_VILLAGE)


def test_a_move_is_evidence_from_the_day_of_the_export_on():
    read(row(), row(code=CODE_2))
    found = read(row(village=OTHER_VILLAGE), row(code=CODE_2), as_of=JULY)
    read(row(village=OTHER_VILLAGE), row(code=CODE_2), as_of=JULY)
    move = HouseholdMove.objects.get()
    assert (move.household.code, move.batch, move.row_number) == (CODE, found.batch, 2)
    assert (move.since, move.village_before, move.village) == (JULY, VILLAGE, OTHER_VILLAGE)


MONITORED = (*HOUSEHOLD[:5], "风险是否已消除")


@pytest.mark.parametrize(
    "title",
    ["消除监测时间（风险消除时间）", "消除监测时间", "风险消除时间", "风险消除监测时间", "消除时间"],
)
def test_it_knows_since_when_the_risk_is_eliminated(title):
    line = [*row(category="边缘易致贫户")[:5], "是", "202203"]
    take_in(as_csv((*MONITORED, title), line), as_of=JUNE)
    assert HouseholdFact.objects.get().eliminated_on == dt.date(2022, 3, 1)
    assert outcomes(take_in(as_csv((*MONITORED, title), line), as_of=JULY)) == {2: "same"}


@pytest.mark.parametrize(
    ("category", "said", "stored"),
    [
        ("边缘易致贫户", "", None),
        ("边缘易致贫户", "2022-03-15", dt.date(2022, 3, 1)),
        ("", "202203", None),
    ],
)
def test_a_month_of_elimination_is_kept_where_there_was_a_risk(category, said, stored):
    take_in(as_csv((*MONITORED, "风险消除时间"), [*row(category=category)[:5], "是", said]), as_of=JUNE)
    assert HouseholdFact.objects.get().eliminated_on == stored


def test_a_month_of_elimination_that_is_none_refuses_the_row():
    line = [*row(category="边缘易致贫户")[:5], "是", "前年"]
    found = take_in(as_csv((*MONITORED, "风险消除时间"), line), as_of=JUNE)
    assert found.rows.get().reasons == [{"column": "消除监测时间(风险消除时间)", "code": "month_unreadable"}]


def test_a_file_without_the_month_of_elimination_takes_it_not_away():
    line = [*row(category="边缘易致贫户")[:5], "是"]
    take_in(as_csv((*MONITORED, "风险消除时间"), [*line, "202203"]), as_of=JUNE)
    assert outcomes(take_in(as_csv(MONITORED, line), as_of=JULY)) == {2: "same"}
    assert HouseholdFact.objects.current().get().eliminated_on == dt.date(2022, 3, 1)


def test_who_is_missing_from_a_full_export_is_a_doubt_and_stays():
    read(row(), row(code=CODE_2))
    found = read(row(), as_of=JULY)
    assert Household.objects.count() == 2
    doubt = Doubt.objects.get(code="missing_from_export")
    assert (doubt.household.code, doubt.import_file) == (CODE_2, found)


def test_nobody_is_missing_from_a_part_or_from_another_place():
    read(row(), row(code=CODE_2), row(code="420527103206000001", village=OTHER_VILLAGE))
    read(row(), partial=True)
    read(row(code="420527103206000001", village=OTHER_VILLAGE))
    assert not Doubt.objects.exists()


def test_a_refused_row_is_not_missing():
    read(row(), row(code=CODE_2))
    read(row(), row(code=CODE_2, since="六月"))
    assert not Doubt.objects.filter(code="missing_from_export").exists()


def test_a_preview_writes_nothing():
    preview(as_csv(HOUSEHOLD, row()))
    assert not Household.objects.exists()


def test_an_area_that_no_household_has_is_unknown_and_a_doubt():
    found = take_in(as_csv((*HOUSEHOLD, "耕地面积（亩）"), [*row(), "99999999999"], [*row(code=CODE_2), "3.5"]))
    assert codes(found, "doubts") == {2: ["value_unknown"]}
    assert sorted(HouseholdFact.objects.values_list("arable_mu", flat=True), key=str) == [Decimal("3.50"), None]


def in_hamlet(hamlet: str, **changed):
    """A file with the column of the hamlet; ``changed``: other cells of the row."""
    return take_in(as_csv((*HOUSEHOLD, "村民小组"), [*row(**changed), hamlet]), as_of=changed.pop("as_of", JUNE))


def hamlet() -> str:
    return Household.objects.get().hamlet


def test_the_hamlet_is_taken_along_and_changes():
    in_hamlet(" 一组 ")
    assert hamlet() == "一组"
    assert outcomes(in_hamlet("二组")) == {2: "changed"}
    assert hamlet() == "二组"


def test_a_file_that_does_not_name_the_hamlet_leaves_it():
    in_hamlet("一组")
    assert outcomes(read(row())) == {2: "same"}
    assert outcomes(in_hamlet("")) == {2: "same"}
    assert hamlet() == "一组"


def test_whoever_moves_leaves_the_hamlet_behind():
    in_hamlet("一组")
    read(row(village=OTHER_VILLAGE), as_of=JULY)
    assert hamlet() == ""
