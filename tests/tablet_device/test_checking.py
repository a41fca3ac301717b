"""The tablet finds wrong what the server finds wrong: nothing is refused at home that was fine at the door."""

import json

import pytest
from django.utils.translation import override

from households.visits.checking import SENTENCES, check_visit
from households.visits.declaration import as_json
from tests.tablet_device.conftest import run
from tests.visits.check_cases import CASES, VISIT, payload

pytestmark = [pytest.mark.browser, pytest.mark.once]


def found_on_tablet(page, payloads) -> list[list[tuple[str, str]]]:
    script = """
      return given.payloads.map((text) => checking.checkVisit(JSON.parse(text), given.form)
        .map(({ field, code }) => [field, code]));
    """
    found = run(page, script, payloads=[json.dumps(one) for one in payloads], form=as_json())
    return [sorted(map(tuple, problems)) for problems in found]


def test_the_tablet_says_the_same_of_every_case_of_the_server(page):
    said = found_on_tablet(page, [payload(changed) for _name, changed, _problems in CASES])
    wrong = {
        name: (found, expected)
        for (name, _changed, expected), found in zip(CASES, said, strict=True)
        if found != sorted(expected)
    }
    assert wrong == {}


def test_what_is_no_visit_is_none_on_the_tablet_either(page):
    assert found_on_tablet(page, [None, [], "visit", 5, True]) == [[("", "required")]] * 5


def test_a_visit_as_the_page_holds_it_is_checked_as_it_will_arrive(page):
    script = "return checking.checkVisit({ ...given.visit, needs: undefined, new: undefined }, given.form);"
    assert run(page, script, visit=VISIT, form=as_json()) == []


def test_a_sentence_has_its_numbers(page):
    with override("zh-hans"):
        form = as_json() | {"problems": {code: str(sentence) for code, sentence in SENTENCES.items()}}
    script = """
      const problems = checking.checkVisit(given.visit, given.form);
      return problems.map((problem) => checking.sentenceOf(problem, given.form));
    """
    visit = VISIT | {"words": "长" * 501, "water": [{}, {}]}
    with override("zh-hans"):
        expected = [problem.sentence for problem in check_visit(visit)[1]]
    said = run(page, script, visit=visit, form=form)
    assert said == expected
    assert "500" in said[0]
