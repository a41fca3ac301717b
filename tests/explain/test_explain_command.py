"""The command: which judgment it explains, what it says of members and rows, and whom it masks."""

import datetime as dt

import pytest
from django.core.management import CommandError
from django.utils import timezone

from households.models import AuditEntry, HouseholdMove, Membership
from households.privacy.seal import lookup_hash, seal
from monitoring.judgment.immediate import open_immediate_runs
from monitoring.judgment.models import HouseholdMonth
from monitoring.judgment.running import work_run
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.explain.conftest import JUNE, explain, ledger_file, poor_household

pytestmark = pytest.mark.django_db
IDENTITY = "42052719800501123X"
MAY = dt.date(2022, 5, 1)


def test_it_leads_from_the_figure_to_the_row_of_the_file(judge):
    household = poor_household()
    judge()

    printed = explain(household.code, "2022-06", "INC01", language="en")

    for words in (
        "Net income per head below the monitoring line",
        "人均纯收入 300.00 元，低于 2022 年监测范围 6,900.00 元",
        "Net income per head 300.00 yuan, below the 2022 line of 6,900.00 yuan",
        "2021-07 – 2022-06",
        "收入台账_2022.csv, row 17, received ",
        "湖北日报",
        "valid from 2022-01-01",
        "Members counted: 2",
    ):
        assert words in printed


def test_without_a_rule_it_says_what_each_rule_said(judge):
    household = poor_household()
    judge()

    lines = explain(household.code, "2022-06", language="en").splitlines()

    assert any(line.startswith("INC01 ") and line.endswith("Found Red") for line in lines)
    assert any(line.startswith("MED03 ") and line.endswith("Unknown") for line in lines)
    assert any(line.startswith("MED05 ") and line.endswith("Refuses") for line in lines)
    assert any(line.startswith("INC03 ") and line.endswith("Unknown") for line in lines)
    assert "the list of Medical insurance for 2022-06 was not received" in "\n".join(lines)


def test_names_are_shown_and_numbers_masked(judge):
    household = poor_household()
    factories.person(
        household=household, name="屈小云", identity_sealed=seal(IDENTITY), identity_hash=lookup_hash(IDENTITY)
    )
    judge()

    printed = explain(household.code, "2022-06", "INC01")

    assert "屈小云" in printed
    assert "420527********123X" in printed
    assert IDENTITY not in printed


def test_it_says_who_does_not_count_and_why(judge):
    household = poor_household()
    factories.person(household=household, name="走了", until=dt.date(2022, 3, 1))
    factories.person(household=household, name="将来", since=dt.date(2022, 7, 1))
    factories.person(household=household, name="未生", born_on=dt.date(2022, 7, 2))
    run = judge()
    factories.person(household=household, name="后来")

    lines = explain(household.code, "2022-06", "INC01", language="en").splitlines()

    why = {name: next(line for line in lines if name in line) for name in ("走了", "将来", "未生", "后来")}
    assert "left on 2022-03-01" in why["走了"]
    assert "joined on 2022-07-01" in why["将来"]
    assert "not yet born: 2022-07-02" in why["未生"]
    assert "entered after this judgment" in why["后来"]
    assert "Members counted: 2" in "\n".join(lines)
    assert HouseholdMonth.objects.get(run=run, household=household).members == 2


def test_a_row_that_was_corrected_since_stands_as_it_was_read(judge):
    household = poor_household()
    judge()
    correction = factories.batch()
    line = household.income_lines.get()
    type(line).objects.filter(pk=line.pk).update(replaced_in=correction)
    factories.income(household=household, amount="90000", month=JUNE, batch=correction)

    then = explain(household.code, "2022-06", "INC01", language="en")
    judge()
    now = explain(household.code, "2022-06", "INC01", language="en")

    assert "600.00" in then and "corrected since" in then and "90,000.00" not in then
    assert "90,000.00" in now and "corrected since" not in now
    assert "Not found" in now.splitlines()[3]


def test_the_sealed_judgment_goes_before_a_newer_one_and_another_can_be_named(judge):
    household = poor_household()
    sealed = judge()
    sealed.sealed_at = timezone.now()
    sealed.save(update_fields=["sealed_at"])
    factories.income(household=household, amount="90000", month=JUNE, kind="transfer", batch=ledger_file())
    revision = judge()

    assert f"run {sealed.pk}, revision 1, sealed" in explain(household.code, "2022-06", language="en")
    named = explain(household.code, "2022-06", "INC01", run=revision.pk, language="en")
    assert f"run {revision.pk}, revision 2;" in named
    assert "90,000.00" in named


def test_a_judgment_made_at_once_can_be_explained(judge):
    household = poor_household()
    (run,) = open_immediate_runs()
    work_run(run.pk)
    run.refresh_from_db()

    printed = explain(household.code, f"{run.month:%Y-%m}", "INC01", run=run.pk, language="en")

    assert f"Judged at once, run {run.pk}" in printed


def test_a_household_without_a_national_number_is_named_by_its_own(judge):
    household = poor_household(code=None)
    judge()

    assert "INC01" in explain(f"#{household.pk}", "2022-06")


def test_a_household_that_came_later_was_not_judged(judge):
    poor_household()
    judge()
    late = poor_household("后来")

    assert "This judgment did not look at the household." in explain(late.code, "2022-06", "INC01", language="en")


def test_reading_is_noted_and_the_number_is_not(judge):
    household = poor_household()
    judge()
    explain(household.code, "2022-06", "INC01")

    entry = AuditEntry.objects.get(action="household_read")
    assert (entry.subject_id, entry.detail) == (str(household.pk), {})


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("420527103204999999", "2022-06", "INC01"), "No such household"),
        (("420527103204999999", "2022-13", "INC01"), "2022-06"),
        (("420527103204999999", "2022-05", "INC01"), "No finished judgment"),
        (("420527103204999999", "2022-06", "INC99"), "INC99"),
        (("420527103204999999", "2022-06", "INC01.INC01"), "No such rule"),
        ((VILLAGES[0], "2022-06", "INC01"), "CLU01"),
    ],
)
def test_it_refuses_what_it_does_not_know_and_repeats_no_number(judge, arguments, words):
    judge()

    with pytest.raises(CommandError) as refused:
        explain(*arguments)

    assert words in str(refused.value)
    assert "420527103204999999" not in str(refused.value)


def test_who_left_and_came_back_counts_once(judge):
    household = poor_household()
    person = factories.person(household=household, name="回来", until=dt.date(2022, 2, 1))
    Membership.objects.create(
        person=person, household=household, relation="之子", since=dt.date(2022, 5, 1), batch=factories.batch()
    )
    judge()

    lines = explain(household.code, "2022-06", "INC01", language="en").splitlines()

    assert len([line for line in lines if "回来" in line]) == 1
    assert "Members counted: 3" in "\n".join(lines)


def test_a_household_that_moved_is_explained_where_it_lived_then(judge):
    neighbours = [poor_household(name) for name in ("望一", "望二", "望三", "望四")]
    moved = poor_household("迁走", village=ELSEWHERE)
    HouseholdMove.objects.create(
        household=moved,
        since=dt.date(2022, 7, 5),
        village_before=VILLAGES[0],
        village=ELSEWHERE,
        batch=factories.batch(),
    )
    judge()

    printed = explain(moved.code, "2022-06", "CLU01.INC01")

    assert "长江村" in printed
    assert all(household.head_name in printed for household in (*neighbours, moved))
    assert "收入台账_2022.csv" in explain(moved.code, "2022-06", "INC01")
