"""Figures of travel: what counts when, where, and that each number is exactly its list."""

import datetime as dt

import pytest
from django.utils import timezone

from alerts.models import Alert, AlertKind
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from alerts.travel.periods import Period
from households.models import Area
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES
from tests.figures.conftest import NAMES, moment, numbers

pytestmark = pytest.mark.django_db

HALF_YEAR = "from=2022-01-01&until=2022-06-30"
NOTHING = dict.fromkeys(NAMES, 0)


@pytest.mark.parametrize(
    ("at", "counted"),
    [
        ("2021-12-31 23:59:59", 0),
        ("2022-01-01 00:00:00", 1),
        ("2022-01-01 00:00:01", 1),
        ("2022-06-30 23:59:59", 1),
        ("2022-07-01 00:00:00", 0),
        ("2022-07-01 00:00:01", 0),
    ],
)
@pytest.mark.parametrize("figure", ["raised", "dispatched", "verified"])
def test_it_counts_by_the_second_in_shanghai(travelled, figures, sign_in, figure, at, counted):
    before = "2020-05-05 12:00:00"
    moments = {"raised": before, "dispatched": before, "verified": before} | {figure: at}
    travelled(moments["raised"], moments["dispatched"], moments["verified"])
    line = figures("staff", HALF_YEAR).total
    cell = line.cells[NAMES.index(figure)]
    assert cell.value == counted
    assert len(sign_in("staff").get(cell.url).context["alerts"]) == counted


@pytest.mark.parametrize(
    ("at", "in_february", "in_march"),
    [("2024-02-29 23:59:59", 1, 0), ("2024-03-01 00:00:00", 0, 1), ("2024-03-01 00:00:01", 0, 1)],
)
def test_months_meet_without_a_gap(travelled, figures, at, in_february, in_march):
    travelled(at)
    assert numbers(figures("staff", "from=2024-02-01&until=2024-02-29").total)["raised"] == in_february
    assert numbers(figures("staff", "from=2024-03-01&until=2024-03-31").total)["raised"] == in_march


@pytest.fixture
def county(travelled):
    """Alerts of three villages in two townships, at every stage."""
    inside, outside = "2022-03-05 10:00:00", "2022-08-01 10:00:00"
    travelled(inside)
    travelled(inside, level="red")
    travelled(inside, inside, village=VILLAGES[1])
    travelled(inside, inside, inside, verdict="confirmed", level="red")
    travelled(inside, inside, inside, verdict="no_risk", closed=True)
    travelled(inside, inside, outside, verdict="unclear")
    travelled(inside, inside, inside, verdict="unclear", kind="MED01", level="blue")
    travelled("2021-12-01 09:00:00", inside, village=ELSEWHERE, closed=True)
    travelled(inside, village=ELSEWHERE, kind="MED09")
    travelled(inside, status="withdrawn", closed=True, village=ELSEWHERE)
    travelled(outside, outside, outside)


@pytest.fixture
def bottom_up(travelled):
    """A villager's own report."""
    kind = AlertKind.objects.get(pk="MED01")
    kind.pk, kind.channel = "SELF.test", "self"
    kind.save(force_insert=True)
    travelled("2022-03-05 10:00:00", kind="SELF.test")


def test_it_counts_each_stage(county, figures):
    assert numbers(figures("staff").total) == {
        "raised": 9,
        "dispatched": 6,
        "dispatched_open": 4,
        "verified": 3,
        "confirmed": 1,
        "no_risk": 1,
        "unclear": 1,
    }


@pytest.mark.parametrize("name", ["staff", "auditor", "township", "specialist", "neighbour"])
def test_every_number_opens_exactly_its_list(county, bottom_up, figures, sign_in, name):
    travel, browser, tried = figures(name), sign_in(name), 0
    for line in [travel.total, *travel.by_place, *travel.by_level, *travel.top_down, *travel.bottom_up]:
        for cell in line.cells:
            response = browser.get(cell.url)
            assert response.status_code == 200, (cell.url, response.content.decode())
            assert len(response.context["alerts"]) == cell.value, (line.label, cell.url)
            tried += cell.value > 0
    assert tried > 5


def test_the_numbers_of_one_township_open_its_lists(county, figures, sign_in):
    travel = figures("staff", f"{HALF_YEAR}&township={TOWNSHIP}")
    assert numbers(travel.total)["raised"] == 7
    for line in [travel.total, *travel.by_place, *travel.by_level]:
        for cell in line.cells:
            assert len(sign_in("staff").get(cell.url).context["alerts"]) == cell.value


def test_each_table_adds_up_to_the_whole(county, bottom_up, figures):
    travel = figures("staff")
    for table in (travel.by_place, travel.by_level, [*travel.top_down, *travel.bottom_up]):
        sums = [sum(line.cells[nth].value for line in table) for nth in range(len(NAMES))]
        assert dict(zip(NAMES, sums, strict=True)) == numbers(travel.total)


def test_it_tells_top_down_from_bottom_up(county, bottom_up, figures):
    travel = figures("staff")
    assert [numbers(line)["raised"] for line in travel.top_down] == [9]
    assert sum(numbers(line)["raised"] for line in travel.bottom_up) == 1


def test_places_stand_in_the_order_of_their_codes(county, figures):
    townships = Area.objects.filter(level="township", county="420527").order_by("code")
    assert [line.label for line in figures("staff").by_place] == [area.short_name for area in townships]
    villages = Area.objects.filter(level="village", township=TOWNSHIP).order_by("code")
    assert [line.label for line in figures("township").by_place] == [area.short_name for area in villages]


def test_a_village_is_compared_with_nobody(county, figures):
    assert figures("specialist").by_place == []


def test_it_counts_nothing_of_other_places(county, figures):
    assert numbers(figures("township").total)["raised"] == 7
    assert numbers(figures("neighbour").total)["raised"] == 2
    assert numbers(figures("specialist").total)["dispatched"] == 5


def test_what_lies_in_no_township_is_told_apart(travelled, figures):
    alert = travelled("2022-03-05 10:00:00")
    Alert.objects.filter(pk=alert.pk).update(household=None, area="420527", township=None, village=None)
    line = figures("staff").by_place[-1]
    assert (numbers(line)["raised"], line.cells[0].url) == (1, "")


TODAY = "from={0}&until={0}"


@pytest.fixture
def walked(cast, travelled):
    """An alert sent down in February 2022 and walked on today: ``walked(("staff", "dispatch"), …)``."""
    alert = travelled("2022-01-05 10:00:00")
    given = Given(to="village", note="说明", verdict="confirmed", risks=("income",), outcome="watch")

    def _walked(*steps):
        for name, move in steps:
            make_move(alert_id=alert.pk, move=move, given=given, by=Mover.of_user(cast.members[name]))
            if move == "dispatch" and steps[0] == (name, move):
                Alert.objects.filter(pk=alert.pk, dispatched_at__gte=moment("2023-01-01")).update(
                    dispatched_at=moment("2022-02-05 10:00:00")
                )

    return _walked


VERIFIED = (("staff", "dispatch"), ("specialist", "acknowledge"), ("specialist", "verify"))
CLOSED = (*VERIFIED, ("township", "review"), ("staff", "close"))


def test_what_is_sent_down_again_after_it_was_reopened_is_not_fed_back_twice(walked, figures):
    walked(*CLOSED, ("staff", "reopen"), ("admin", "dispatch"))
    today = timezone.localdate()
    assert numbers(figures("staff", "from=2022-02-01&until=2022-02-28").total)["dispatched"] == 1
    assert numbers(figures("staff", TODAY.format(today)).total)["dispatched"] == 0


@pytest.mark.parametrize(
    ("steps", "verified"),
    [
        (VERIFIED, 1),
        ((*VERIFIED, ("township", "send_back")), 0),
        ((*VERIFIED, ("township", "send_back"), ("specialist", "verify")), 1),
        (CLOSED, 1),
        ((*CLOSED, ("staff", "reopen")), 0),
    ],
)
def test_the_verdict_that_stands_counts(walked, figures, steps, verified):
    walked(*steps)
    assert numbers(figures("staff", TODAY.format(timezone.localdate())).total)["verified"] == verified


@pytest.mark.parametrize(
    "query",
    [
        "from=2022-01-01",
        "until=2022-06-30",
        "from=2022-07-01&until=2022-06-30",
        "from=2022-02-30&until=2022-06-30",
        "from=1999-01-01&until=2022-06-30",
        f"{HALF_YEAR}&township=420527999",
        f"{HALF_YEAR}&sort=raised",
    ],
)
def test_it_refuses_what_it_does_not_know(sign_in, query):
    assert sign_in("staff").get(f"/figures/?{query}").status_code == 400


def test_a_township_cannot_ask_for_another(county, sign_in):
    assert sign_in("township").get(f"/figures/?{HALF_YEAR}&township=420527101").status_code == 400


def test_it_offers_half_years_and_months_back_from_the_newest_alert(travelled, sign_in):
    travelled("2022-06-30 23:59:59")
    context = sign_in("staff").get("/figures/").context
    assert context["period"] == Period(dt.date(2022, 1, 1), dt.date(2022, 6, 30))
    assert [preset.url for preset in context["presets"]] == [
        "?from=2022-01-01&until=2022-06-30",
        "?from=2021-07-01&until=2021-12-31",
        "?from=2021-01-01&until=2021-06-30",
        "?from=2022-06-01&until=2022-06-30",
        "?from=2022-05-01&until=2022-05-31",
        "?from=2022-04-01&until=2022-04-30",
    ]
    assert [preset.active for preset in context["presets"]] == [True, *[False] * 5]


@pytest.mark.parametrize("name", ["staff", "township", "specialist"])
def test_it_takes_few_queries(county, sign_in, count_queries, name):
    browser = sign_in(name)
    response, queries = count_queries(lambda: browser.get(f"/figures/?{HALF_YEAR}"))
    assert response.status_code == 200
    assert queries <= 12
