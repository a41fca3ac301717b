"""What is wrong with a visit is said by field and code, at each limit and on either side of it."""

import datetime as dt
import json

import pytest
from django.utils.translation import override

from households.visits.checking import SENTENCES, check_visit
from households.visits.declaration import SECTIONS
from tests.visits.check_cases import (
    CASES,
    DISASTER,
    ILLNESS,
    INCOME,
    SCHOOLING,
    SHA,
    VISIT,
    WORK,
    income,
    payload,
    verdict,
    work,
)


@pytest.mark.parametrize(("changed", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_visit_is_held_to_the_form(changed, expected):
    visit, problems = check_visit(json.loads(json.dumps(payload(changed))))
    assert sorted((one.field, one.code) for one in problems) == sorted(expected)
    assert (visit is None) == bool(expected)


def test_every_code_of_the_table_has_a_case():
    tried = {code for _name, _changed, problems in CASES for _field, code in problems}
    # Only the server knows who belongs to a household.
    assert tried == set(SENTENCES) - {"not_member"}


def test_every_section_has_a_line_that_is_right():
    whole = {**income(), "illness": [ILLNESS], "schooling": [SCHOOLING], "disaster": [DISASTER], **work()}
    whole |= {"house": [{"house_grade": "C"}], "water": [{"safe_water": False}]}
    visit, _problems = check_visit(payload(whole))
    assert {line.section for line in visit.lines} == {section.name for section in SECTIONS}


@pytest.mark.parametrize("sent", [None, [], "x", 5, True])
def test_what_is_no_visit_is_no_visit(sent):
    visit, problems = check_visit(sent)
    assert visit is None
    assert [(one.field, one.code) for one in problems] == [("", "required")]


def test_a_checked_visit_is_in_the_writing_of_the_form():
    sent = payload(
        {
            "words": " 屋顶漏雨。\n要修。\x00 ",
            "risks": ["housing", "illness", "housing"],
            "income": [{**INCOME, "item": "在外 \n 务工", "amount": "007.5", "seen": {"amount": None, "x": 1}}],
            "work": [{**WORK, "work_months": 6.0}],
            "photos": [SHA, SHA],
            **verdict(),
        }
    )
    visit, problems = check_visit(sent)
    assert problems == []
    assert (str(visit.uid), visit.household, visit.on) == (VISIT["uid"], 7, dt.date(2026, 11, 30))
    assert visit.began_at == dt.datetime(2026, 11, 30, 1, 12, tzinfo=dt.UTC)
    assert (visit.words, visit.needs, visit.risks) == ("屋顶漏雨。\n要修。", "", ("housing", "illness"))
    money, job = visit.lines
    assert (money.section, money.index, money.person, money.seen) == ("income", 0, None, {"amount": None})
    assert money.values == {"month": "2026-10", "kind": "wage", "item": "在外 务工", "amount": "7.50"}
    assert (job.person, job.values) == (5, {"work_place": "省外", "work_months": 6})
    assert visit.verdicts == [
        {"alert": 9, "stamp": "x", "verdict": "no_risk", "risks": [], "reason": "solved", "note": ""}
    ]
    assert visit.photos == [SHA]


def test_what_was_not_answered_is_no_value():
    visit, _problems = check_visit(payload(work(work_place=None, work_months=0)))
    assert visit.lines[0].values == {"work_months": 0}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"words": "好" * 501}, "500"),
        (income(amount="100000000"), "99999999.99"),
        (work(work_months=13), "12"),
        ({"on": "2019-12-31"}, "2020-01-01"),
        ({"income": [INCOME] * 25}, "24"),
    ],
)
def test_a_sentence_names_the_limit(changed, sentence):
    (problem,) = check_visit(payload(changed))[1]
    assert sentence in problem.sentence
    assert "{" not in problem.sentence


def test_the_sentences_are_in_the_language_of_the_reader():
    with override("zh-hans"):
        chinese = check_visit({})[1][0].sentence
    with override("en"):
        assert check_visit({})[1][0].sentence != chinese


def test_no_sentence_repeats_what_was_said():
    secret = "42052719800501001X"
    _visit, problems = check_visit(
        payload({"words": secret * 50, "method": secret, "on": secret, **income(kind=secret, amount=secret)})
    )
    assert len(problems) == 5
    assert not any(secret in f"{one.field}{one.sentence}" for one in problems)
