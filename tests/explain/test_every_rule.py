"""Every rule in every situation of its file: the derivation says what the run said, and all doors say the same."""

from dataclasses import dataclass
from html import unescape

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from households.models import Household, Role, User
from monitoring.judgment.explain import Derivation, Outcome, derive, derive_all
from monitoring.judgment.explain.clusters import derive_cluster
from monitoring.judgment.models import Finding, JudgmentRun
from monitoring.rules import BY_CODE, RULES
from monitoring.rules.declaration import FINDINGS
from tests.conftest import _post
from tests.judgment import judging_situations
from tests.judgment.situation import FOLDER, Situation, read_situations

pytestmark = pytest.mark.django_db
CASES = [situation for path in sorted(FOLDER.glob("*.yaml")) for situation in read_situations(path)]
FIRED = {"red", "yellow", "blue"}
SAID = {
    "nothing": {Outcome.NOT_REACHED, Outcome.NOT_CONCERNED},
    "unknown": {Outcome.UNKNOWN},
    "refused": {Outcome.REFUSED},
} | {level: {Outcome.FIRED} for level in FIRED}


@dataclass
class Explained:
    """One situation, as each door shows it."""

    derivation: Derivation
    in_list: Outcome
    printed: str
    page: str


def _explain(run: JudgmentRun, situation: Situation, household: Household, village: str) -> Explained:
    with translation.override("en"):
        if situation.is_of_village:
            derivation = derive_cluster(run, village, situation.finding)
        else:
            derivation = derive(run, household, situation.finding)
        listed = {verdict.code: verdict.outcome for verdict in derive_all(run, household)}
    subject = village if situation.is_of_village else household.code
    printed, page = _printed(subject, run, situation), _page(run, situation, household, village)
    return Explained(derivation, listed[situation.rule], printed, page)


def _printed(subject: str, run: JudgmentRun, situation: Situation) -> str:
    lines: list[str] = []

    class Out:
        def write(self, text: str) -> None:
            lines.append(text)

    month = f"{run.month:%Y-%m}"
    call_command("explain", subject, month, situation.finding, run=run.pk, language="en", stdout=Out())
    return "".join(lines)


def _page(run: JudgmentRun, situation: Situation, household: Household, village: str) -> str:
    """The page of the alert as the county sees it; nothing where no alert was raised."""
    subject = {"household": None, "village": village} if situation.is_of_village else {"household": household}
    found = Finding.objects.filter(run=run, rule=situation.finding, alert__isnull=False, **subject).first()
    if found is None:
        return ""
    reader = User.objects.filter(username="reader").first() or _post("reader", Role.COUNTY_ADMIN, "420527")
    client = Client()
    client.force_login(reader, backend="monitoring.roles.PostingBackend")
    client.cookies["django_language"] = "en"
    response = client.get(f"/alerts/{found.alert_id}/")
    assert response.status_code == 200
    return unescape(response.content.decode())


@pytest.fixture(scope="module")
def explained():
    """``explained(rule)``: name of the situation → how it is explained; a rule's situations are judged once."""
    known: dict[str, dict[str, Explained]] = {}

    def _of(rule: str) -> dict[str, Explained]:
        if rule not in known:
            known[rule] = {}
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(judging_situations, "_verdict", _explain)
                known[rule] = judging_situations.judge_together([case for case in CASES if case.rule == rule])
        return known[rule]

    return _of


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_it_says_what_the_run_said(explained, case: Situation):
    shown = explained(case.rule)[case.name]

    said = SAID[case.expect]
    if BY_CODE[case.rule].reads == FINDINGS and case.expect == "nothing":
        # The run tells of these rules only what was found.
        said = said | {Outcome.UNKNOWN}
    assert shown.derivation.verdict.outcome in said, shown.derivation.verdict
    if not case.of:
        assert shown.in_list == shown.derivation.verdict.outcome


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_the_command_prints_everything_that_the_derivation_holds(explained, case: Situation):
    shown = explained(case.rule)[case.name]

    missing = [text for text in _texts(shown.derivation) if text not in shown.printed]
    assert missing == []


@pytest.mark.parametrize("rule", [rule.code for rule in RULES])
def test_the_page_shows_everything_that_the_derivation_holds(explained, rule: str):
    pages = [shown for shown in explained(rule).values() if shown.page]

    assert pages
    assert [text for shown in pages for text in _texts(shown.derivation) if text not in shown.page] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_declared_kind_of_rows_has_a_section(explained, rule):
    for shown in explained(rule.code).values():
        assert set(rule.rows) <= {section.name for section in shown.derivation.sections}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_where_something_was_found_there_are_rows_that_decided_it(explained, rule):
    for shown in explained(rule.code).values():
        if shown.derivation.verdict.outcome == Outcome.FIRED:
            assert any(not section.is_empty for section in shown.derivation.sections)


def _texts(derivation: Derivation) -> list[str]:
    """Words and numbers that a reader must find, wherever he reads."""
    texts = [derivation.when, derivation.verdict.sentences.zh, derivation.verdict.sentences.en]
    texts += [str(text) for value in derivation.values for text in (value.label, value.shown) if text]
    for threshold in (derivation.threshold, *derivation.other_thresholds):
        if threshold is not None:
            texts += [str(threshold.label), threshold.shown, threshold.document, threshold.valid_from]
    for figure in derivation.figures:
        texts += [figure.value.label, figure.period, figure.reason, figure.value.meaning]
    for member in (*derivation.members, *derivation.left_out):
        texts += [member.name, member.relation, member.why]
    for section in derivation.sections:
        texts += [section.title, section.period, section.note]
        texts += [cell for row in section.rows for cell in row.cells if cell]
        texts += [row.source.file for row in section.rows if row.source]
        if section.ledger:
            texts += [f"{line.amount:,.2f}" for month in section.ledger.months for line in month.lines]
    return [str(text) for text in texts if text]
