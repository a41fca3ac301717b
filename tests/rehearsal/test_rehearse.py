"""Rehearsing says what a real judgment with the new value finds, and writes nothing."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from households.models import AuditEntry, Event, Threshold
from monitoring.judgment.models import Finding, HouseholdMonth, JudgmentRun
from monitoring.judgment.rehearsal import (
    FEWER,
    MORE,
    From,
    UnknownThreshold,
    list_changed,
    rehearse,
)
from monitoring.rules import RULES
from tests.conftest import ELSEWHERE, TOWNSHIP
from tests.rehearsal.conftest import household_with

pytestmark = pytest.mark.django_db

CASES = [
    ("income_line", "7600"),
    ("income_line", "6000"),
    ("income_red_share", "0.99"),
    ("inpatient_year_lifted", "5400.01"),
    ("inpatient_year_other", "9600"),
    ("rural_income_last_year", "9000"),
    ("single_stay_monitored", "7200"),
    ("single_stay_other", "7199.99"),
    ("composite_departments", "1"),
    ("cluster_households", "2"),
    ("cluster_least", "1"),
]


def found(run: JudgmentRun, code: str) -> dict[tuple, str]:
    """What a run found by the rules that read a threshold: whose, by which rule → level."""
    rules = {rule.code for rule in RULES if code in rule.thresholds}
    rows = Finding.objects.filter(run=run).values_list("household", "village", "township", "rule", "level")
    return {
        # One village may have a cluster of each rule.
        (household or (village, rule), township, rule): level
        for household, village, township, rule, level in rows
        if rule.partition(".")[0] in rules
    }


def counts_of(before: dict, after: dict) -> dict[str, tuple[int, int]]:
    """Township → how many more, how many fewer: each household once, whatever its rules."""

    def subjects(findings):
        return {(subject, township) for subject, township, _rule in findings}

    more = Counter(township for _subject, township in subjects(after) - subjects(before))
    fewer = Counter(township for _subject, township in subjects(before) - subjects(after))
    return {township: (more[township], fewer[township]) for township in more | fewer}


@pytest.mark.parametrize(("code", "value"), CASES)
def test_it_says_what_a_judgment_with_the_new_value_finds(cast, county, judge, change, code, value):
    run = judge()
    rehearsal = rehearse(run=run, code=code, value=Decimal(value), who=cast.admin)
    changed = list_changed(run=run, code=code, value=Decimal(value), who=cast.admin)

    change(code, value)
    before, after = found(run, code), found(judge(), code)

    assert changed, "this case compares nothing with nothing"
    expected = counts_of(before, after)
    got = {place: (counts.more, counts.fewer) for place, counts in rehearsal.by_township.items()}
    assert {place: counts for place, counts in got.items() if counts != (0, 0)} == expected
    by_rule = {rule: (counts.before, counts.after) for rule, counts in rehearsal.by_rule.items()}
    then, now = (Counter(rule for _subject, _place, rule in findings) for findings in (before, after))
    assert by_rule == {rule: (then[rule], now[rule]) for rule in then | now}
    red = Counter(rule for (_subject, _place, rule), level in after.items() if level == "red")
    assert {rule: counts.red_after for rule, counts in rehearsal.by_rule.items() if counts.red_after} == dict(red)
    assert sum(row.change == MORE for row in changed) == sum(more for more, _fewer in expected.values())
    assert sum(row.change == FEWER for row in changed) == sum(fewer for _more, fewer in expected.values())


def test_a_higher_line_finds_more_households_where_they_live(cast, county, judge):
    rehearsal = rehearse(run=judge(), code="income_line", value=Decimal(7600), who=cast.admin)

    assert (rehearsal.old, rehearsal.new) == (Decimal(6900), Decimal(7600))
    assert (rehearsal.total.more, rehearsal.total.fewer) == (2, 0)
    assert rehearsal.by_township[TOWNSHIP].more == 1
    assert rehearsal.by_township[ELSEWHERE[:9]].more == 1


def test_a_household_that_goes_from_one_rule_to_another_is_not_counted_as_new(cast, judge):
    # Below the line after its bills; with the higher line below it before them as well.
    household = household_with(7200, self_pay=3000)
    run = judge()
    assert found(run, "income_line").keys() == {(household.pk, TOWNSHIP, "INC02")}

    rehearsal = rehearse(run=run, code="income_line", value=Decimal(7600), who=cast.admin)

    assert (rehearsal.total.more, rehearsal.total.fewer) == (0, 0)
    assert (rehearsal.by_rule["INC01"].more, rehearsal.by_rule["INC02"].fewer) == (1, 1)


def test_a_share_changes_levels_and_not_who_is_found(cast, county, judge):
    rehearsal = rehearse(run=judge(), code="income_red_share", value=Decimal("0.99"), who=cast.admin)

    assert (rehearsal.total.more, rehearsal.total.fewer) == (0, 0)
    assert (rehearsal.total.red_before, rehearsal.total.red_after) == (1, 2)
    assert rehearsal.total.worse == 1


def test_the_list_says_who_from_which_level_to_which_and_why(cast, county, judge):
    rows = list_changed(run=judge(), code="income_line", value=Decimal(7600), who=cast.admin, township=TOWNSHIP)

    assert [(row.household_id, row.change, row.before, row.after) for row in rows] == [
        (county["between"].pk, MORE, "", "yellow")
    ]
    zh, en = rows[0].sentences["INC01"]
    assert ("7,600.00" in zh, "7,600.00" in en) == (True, True)


def test_of_a_finding_that_goes_it_says_what_it_said(cast, county, judge):
    rows = list_changed(run=judge(), code="income_line", value=Decimal(6000), who=cast.admin, changes=[FEWER])

    assert county["below"].pk in {row.household_id for row in rows}
    assert all("6,900.00" in zh for row in rows for zh, _en in row.sentences.values())


def test_pages_follow_each_other_and_lead_back(cast, judge):
    made = [household_with(7200).pk for _number in range(7)]
    run, ask = judge(), {"code": "income_line", "value": Decimal(7600), "who": cast.admin, "limit": 3}

    pages, start = [], None
    while rows := list_changed(run=run, start=start, **ask):
        pages.append([row.household_id for row in rows])
        start = From(rows[-1].village, rows[-1].subject)

    assert pages == [made[:3], made[3:6], made[6:]]
    back = list_changed(run=run, start=From(rows[0].village if rows else "420527103204", made[6], True), **ask)
    assert [row.household_id for row in back] == made[5:2:-1]


def test_whoever_sees_one_township_rehearses_that_township(cast, county, judge):
    run = judge()

    rehearsal = rehearse(run=run, code="income_line", value=Decimal(7600), who=cast.township)
    rows = list_changed(run=run, code="income_line", value=Decimal(7600), who=cast.township)

    assert set(rehearsal.by_township) == {TOWNSHIP}
    assert [row.household_id for row in rows] == [county["between"].pk]


def test_whoever_is_posted_nowhere_sees_nothing(cast, county, judge):
    run = judge()
    assert rehearse(run=run, code="income_line", value=Decimal(7600), who=cast.stranger).by_township == {}
    assert list_changed(run=run, code="income_line", value=Decimal(7600), who=cast.stranger) == []


def test_a_rule_that_refused_would_find_from_nothing(cast, county, judge):
    run = judge()
    assert "MED05" in run.refused_rules

    rehearsal = rehearse(run=run, code="rural_income_last_year", value=Decimal(9000), who=cast.admin)

    assert rehearsal.old is None
    assert (rehearsal.total.before, rehearsal.total.more) == (0, 2)


def test_a_rule_that_lacks_another_threshold_refuses_still(cast, county, judge):
    Threshold.objects.filter(code="income_red_share").delete()

    rehearsal = rehearse(run=judge(), code="income_line", value=Decimal(7600), who=cast.admin)

    assert rehearsal.still_refused == {"INC01": ["income_red_share"]}
    assert set(rehearsal.by_rule) == {"INC02"}


def test_it_names_the_rules_that_follow(cast, county, judge):
    run = judge()

    def following(code):
        return [rule.code for rule in rehearse(run=run, code=code, value=Decimal(1), who=cast.admin).following]

    assert following("income_line") == ["SUG12", "SUG13", "CLU01"]
    # A reminder to ourselves counts in nothing, and what reads findings is read by nothing.
    assert following("visit_interval") == following("composite_departments") == []


def test_a_threshold_that_no_rule_reads_is_an_error(cast, county, judge):
    with pytest.raises(UnknownThreshold):
        rehearse(run=judge(), code="line", value=Decimal(1), who=cast.admin)


def test_nothing_is_written(cast, county, judge):
    run = judge()
    tables = (Finding, HouseholdMonth, JudgmentRun, Threshold, Event, AuditEntry)
    before = [model.objects.count() for model in tables]
    thresholds = dict(run.thresholds)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        rehearse(run=run, code="income_line", value=Decimal(7600), who=cast.admin)
        list_changed(run=run, code="income_line", value=Decimal(7600), who=cast.admin)

    verbs = {query["sql"].split()[0].lstrip("(") for query in asked.captured_queries}
    assert verbs <= {"SELECT", "WITH"}
    assert not any(word in query["sql"] for query in asked.captured_queries for word in ("INSERT ", "UPDATE "))
    assert [model.objects.count() for model in tables] == before
    assert run.thresholds == thresholds
