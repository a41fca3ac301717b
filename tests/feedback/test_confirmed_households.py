"""Who was confirmed, for the departments that can do something: on whose rules, of which risks, when."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from alerts.kinds import Risk
from alerts.models import Alert
from households.models import AuditEntry, Department
from monitoring.feedback.concerns import RISKS_OF
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES
from tests.feedback.test_feedback_pages import cells

pytestmark = pytest.mark.django_db

JULY = "from=2022-07-01&until=2022-07-31"
NOON = dt.datetime(2022, 7, 5, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def confirmed(cast):
    """An alert of a household that was confirmed at a moment."""

    def _confirmed(*, kind="MED01", risks=("illness",), at=NOON, household=None, **fields) -> Alert:
        household = household or factories.household(village=fields.pop("village", VILLAGES[0]), members=2)
        alert = factories.alert(household=household, kind=kind, status=fields.pop("status", "verified"))
        given = {"verdict": "confirmed", "risks": list(risks), "verified_at": at} | fields
        Alert.objects.filter(pk=alert.pk).update(**given)
        return alert

    return _confirmed


def told(browser, query: str = JULY) -> list[str]:
    """Numbers of the households that the page shows."""
    response = browser.get(f"/feedback/confirmed/?{query}")
    assert response.status_code == 200, response.content.decode()
    return [row.code for row in response.context["rows"]]


def test_every_risk_concerns_some_department():
    assert {risk for risks in RISKS_OF.values() for risk in risks} == set(Risk)
    assert set(RISKS_OF) == set(Department)


def test_a_department_hears_of_its_own_rules_and_of_its_risks(confirmed, sign_in, officer_of):
    own = confirmed(kind="MED01", risks=["employment"])
    of_risk = confirmed(kind="INC01", risks=["income", "illness"])
    other = confirmed(kind="EDU02", risks=["schooling"])
    codes = {name: alert.household.code for name, alert in {"own": own, "risk": of_risk, "other": other}.items()}
    for department in ("education", "labour"):
        officer_of(department)
    assert sorted(told(sign_in("officer"))) == sorted([codes["own"], codes["risk"]])
    assert told(sign_in("officer-education")) == [codes["other"]]
    assert told(sign_in("officer-labour")) == [codes["own"]]
    assert told(sign_in("staff"), f"{JULY}&department=education") == [codes["other"]]


def test_an_officer_cannot_ask_for_another_department(confirmed, sign_in):
    alert = confirmed(kind="EDU02", risks=["schooling"])
    response = sign_in("officer").get(f"/feedback/confirmed/?{JULY}&department=education")
    assert response.status_code == 400
    assert alert.household.head_name not in response.content.decode()


@pytest.mark.parametrize(
    "fields", [{"verdict": "no_risk"}, {"verdict": "unclear"}, {"verdict": "", "verified_at": None}]
)
def test_only_a_confirmed_risk_is_told(confirmed, sign_in, fields):
    alert = confirmed()
    Alert.objects.filter(pk=alert.pk).update(**fields)
    assert told(sign_in("officer")) == []


def test_whom_the_county_closed_as_no_risk_is_not_told_on(confirmed, sign_in):
    now = dt.datetime.now(dt.UTC)
    alert = confirmed()
    for outcome, count in (("measures", 1), ("no_risk", 0)):
        Alert.objects.filter(pk=alert.pk).update(status="closed", closed_at=now, outcome=outcome)
        assert len(told(sign_in("officer"))) == count


@pytest.mark.parametrize(
    ("at", "count"),
    [
        ("2022-06-30 23:59:59", 0),
        ("2022-07-01 00:00:00", 1),
        ("2022-07-01 00:00:01", 1),
        ("2022-07-31 23:59:59", 1),
        ("2022-08-01 00:00:00", 0),
        ("2022-08-01 00:00:01", 0),
    ],
)
def test_a_month_is_one_of_shanghai(confirmed, sign_in, at, count):
    confirmed(at=dt.datetime.fromisoformat(at).replace(tzinfo=ZoneInfo("Asia/Shanghai")))
    assert len(told(sign_in("officer"))) == count


def test_a_household_stands_there_once_with_all_its_risks_and_the_newest_day(confirmed, sign_in):
    first = confirmed(risks=["illness"])
    later = dt.datetime(2022, 7, 9, 8, tzinfo=ZoneInfo("Asia/Shanghai"))
    confirmed(household=first.household, kind="INC01", risks=["insurance", "illness"], at=later)
    (row,) = sign_in("officer").get(f"/feedback/confirmed/?{JULY}").context["rows"]
    assert (row.confirmed_on, row.members) == (later.date(), 2)
    assert row.risks.startswith(str(Risk.ILLNESS.label))
    assert row.risks.count(str(Risk.ILLNESS.label)) == row.risks.count(str(Risk.INSURANCE.label)) == 1


def test_it_tells_nothing_but_what_a_department_needs(confirmed, sign_in):
    alert = confirmed()
    member = alert.household.memberships.exclude(is_head=True).get().person
    (row,) = sign_in("officer").get(f"/feedback/confirmed/?{JULY}").context["rows"]
    assert set(vars(row)) == {"village", "head_name", "code", "members", "risks", "confirmed_on", "outcome"}
    page = sign_in("officer").get(f"/feedback/confirmed/?{JULY}").content.decode()
    assert alert.household.head_name in page
    for hidden in (member.name, alert.sentence_zh, alert.sentence_en):
        assert hidden not in page


def test_pages_go_village_by_village(confirmed, sign_in):
    for nth in range(60):
        confirmed(village=ELSEWHERE if nth % 3 else VILLAGES[0])
    browser = sign_in("officer")
    first = browser.get(f"/feedback/confirmed/?{JULY}").context
    assert (len(first["rows"]), first["page"].total) == (50, 60)
    second = told(browser, f"{JULY}&after={first['page'].after}")
    assert len(second) == 10
    assert not set(second) & {row.code for row in first["rows"]}
    # The codes begin with that of the village.
    assert [row.code[:12] for row in first["rows"]] == [ELSEWHERE] * 40 + [VILLAGES[0]] * 10


def test_a_download_asks_for_a_purpose(confirmed, sign_in):
    confirmed()
    browser = sign_in("officer")
    for purpose in ("", "张三看病"):
        response = browser.post(f"/feedback/confirmed/download/?{JULY}", {"purpose": purpose})
        assert response.status_code == 422
    assert not AuditEntry.objects.filter(action="feedback_confirmed_downloaded").exists()


def test_a_download_is_the_list_and_is_noted(confirmed, sign_in):
    codes = sorted(confirmed(village=village).household.code for village in (VILLAGES[0], ELSEWHERE))
    browser = sign_in("officer")
    heading, *lines = cells(browser.post(f"/feedback/confirmed/download/?{JULY}", {"purpose": "benefits"}))
    assert len(heading) == 7
    assert sorted(line[2] for line in lines) == codes
    assert [line[2] for line in lines] == told(browser)
    entry = AuditEntry.objects.get(action="feedback_confirmed_downloaded")
    assert entry.detail == {
        "department": "medical",
        "from": "2022-07-01",
        "until": "2022-07-31",
        "rows": 2,
        "purpose": "benefits",
    }


def test_an_officer_downloads_no_other_departments_list(confirmed, sign_in):
    confirmed(kind="EDU02", risks=["schooling"])
    response = sign_in("officer").post(
        f"/feedback/confirmed/download/?{JULY}&department=education", {"purpose": "benefits"}
    )
    assert response.status_code == 400


def test_reading_the_list_is_noted(confirmed, sign_in):
    confirmed()
    told(sign_in("officer"))
    assert AuditEntry.objects.get(action="feedback_confirmed_read").detail["rows"] == 1


def test_it_takes_few_queries(confirmed, sign_in, count_queries):
    for _nth in range(5):
        confirmed()
    browser = sign_in("officer")
    told(browser)
    _response, queries = count_queries(lambda: told(browser))
    assert queries <= 12


@pytest.mark.parametrize("query", ["from=2022-07-01", "from=2022-07-02&until=2022-07-01", "department=nothing"])
def test_it_refuses_what_it_does_not_know(sign_in, query):
    assert sign_in("staff").get(f"/feedback/confirmed/?{query}").status_code == 400
