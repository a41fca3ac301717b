"""The table by which the server's check is held to the form, asked of the tablet too."""

import json

import pytest

from households.visits.declaration import as_json
from tests.tablet_device.conftest import run
from tests.visits.check_cases import CASES, payload

pytestmark = [pytest.mark.browser, pytest.mark.once]


def test_the_tablet_says_the_same_of_every_case_of_the_server(page):
    script = """
      return given.payloads.map((text) => checking.checkVisit(JSON.parse(text), given.form)
        .map(({ field, code }) => [field, code]));
    """
    found = run(page, script, payloads=[json.dumps(payload(case[1])) for case in CASES], form=as_json())
    wrong = {
        name: (sorted(map(tuple, said)), sorted(expected))
        for (name, _changed, expected), said in zip(CASES, found, strict=True)
        if sorted(map(tuple, said)) != sorted(expected)
    }
    assert wrong == {}
