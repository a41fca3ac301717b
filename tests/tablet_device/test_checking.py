"""The tablet finds wrong what the server finds wrong: nothing is refused at home that was fine at the door."""

import json

import pytest
from django.utils.translation import override

from households.visits.checking import SENTENCES, check_visit
from households.visits.declaration import as_json
from tests.tablet_device.cases import CASES, GOOD, payload_of
from tests.tablet_device.conftest import run

pytestmark = [pytest.mark.browser, pytest.mark.once]
# Only the server can know whether somebody is a member still.
ONLY_SERVER = {"not_member"}


def _pairs(problems) -> set[tuple[str, str]]:
    return {(problem["field"], problem["code"]) for problem in problems}


@pytest.fixture
def on_tablet(page):
    """Case → what the tablet finds wrong; asked all at once."""
    payloads = {name: json.dumps(payload_of(changes)) for name, (changes, _problems) in CASES.items()}
    script = """
      return Object.fromEntries(Object.entries(given.payloads).map(
        ([name, payload]) => [name, checking.checkVisit(JSON.parse(payload), given.form)]));
    """
    return run(page, script, payloads=payloads, form=as_json())


def test_both_sides_find_the_same_wrong_in_every_case(on_tablet):
    tablet = {name: _pairs(problems) for name, problems in on_tablet.items()}
    server = {
        name: {(problem.field, problem.code) for problem in check_visit(payload_of(changes))[1]}
        for name, (changes, _problems) in CASES.items()
    }
    expected = {name: problems for name, (_changes, problems) in CASES.items()}

    assert len(CASES) >= 80
    assert {name: found for name, found in server.items() if found != expected[name]} == {}
    assert {name: found for name, found in tablet.items() if found != expected[name]} == {}


def test_every_code_is_tried():
    tried = {code for _changes, problems in CASES.values() for _field, code in problems}
    assert set(SENTENCES) - tried == ONLY_SERVER


def test_a_visit_as_the_page_holds_it_is_checked_as_it_will_arrive(page):
    script = "return checking.checkVisit({ ...given.visit, words: undefined, new: undefined }, given.form);"
    assert run(page, script, visit=GOOD, form=as_json()) == []


def test_a_sentence_has_its_numbers(page):
    with override("zh-hans"):
        form = as_json() | {"problems": {code: str(sentence) for code, sentence in SENTENCES.items()}}
    script = """
      const problems = checking.checkVisit(given.visit, given.form);
      return problems.map((problem) => checking.sentenceOf(problem, given.form));
    """
    visit = GOOD | {"words": "长" * 501, "water": [{}, {}]}
    with override("zh-hans"):
        expected = [problem.sentence for problem in check_visit(visit)[1]]
    said = run(page, script, visit=visit, form=form)
    assert said == expected
    assert "500" in said[0]
