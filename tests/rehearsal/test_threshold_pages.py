"""The thresholds page: what is missing first, entering a value, and trying it before."""

import datetime as dt

import pytest

from households.models import AuditEntry, Threshold
from monitoring.judgment.models import JudgmentRun, RunState
from tests import factories
from tests.conftest import ELSEWHERE
from tests.rehearsal.conftest import JUNE, household_with

pytestmark = pytest.mark.django_db

URL = "/thresholds/income_line/"
TYPED = {
    "value": "8300",
    "valid_from": "2026-01-01",
    "valid_until": "",
    "standing": "sourced",
    "document": "鄂乡振发〔2026〕3号",
    "note": "",
}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def english(sign_in):
    def _english(name: str):
        client = sign_in(name)
        client.cookies["django_language"] = "en"
        return client

    return _english


def test_those_without_a_value_come_first_with_the_rules_that_refuse(sign_in):
    missing = {row.code: row for row in sign_in("auditor").get("/thresholds/").context["missing"]}

    assert set(missing) == {"income_line", "rural_income_last_year"}
    assert [rule.code for rule in missing["income_line"].rules] == ["INC01", "INC02"]
    assert missing["income_line"].held_until == dt.date(2023, 12, 31)
    assert missing["rural_income_last_year"].held_until is None


def test_every_threshold_that_a_rule_or_the_travel_of_alerts_reads_is_there_in_words(sign_in):
    context = sign_in("township").get("/thresholds/").context
    rows = [*context["missing"], *context["holding"]]

    assert sum(bool(row.rules) for row in rows) == 19
    assert all(str(row.label) != row.code for row in rows)


def test_the_value_of_the_county_is_shown_before_that_of_the_province(sign_in):
    factories.threshold(code="visit_interval", value=20, valid_from=dt.date(2022, 1, 1), unit="天")

    client = sign_in("staff")

    shown = {row.code: row.now.shown for row in client.get("/thresholds/").context["holding"]}
    assert shown["visit_interval"] == "20"
    states = [(row.is_own, row.state) for row in client.get("/thresholds/visit_interval/").context["history"]]
    assert states == [(True, "in_force"), (False, "overridden")]


def test_an_administrator_enters_a_value(sign_in, cast):
    response = sign_in("admin").post(f"{URL}add/", TYPED)

    assert response.url == URL
    entered = Threshold.objects.get(code="income_line", area_id="420527")
    assert (entered.value, entered.unit, entered.valid_until) == (8300, "元/人·年", None)
    entry = AuditEntry.objects.get(action="threshold_added")
    assert (entry.actor, entry.detail["document"]) == (cast.admin, "鄂乡振发〔2026〕3号")


@pytest.mark.parametrize(
    ("code", "field", "typed"),
    [
        ("income_line", "value", ""),
        ("income_line", "value", "0"),
        ("income_line", "value", "-1"),
        ("income_line", "value", "NaN"),
        ("income_line", "value", "八千"),
        ("income_line", "value", "1.00005"),
        ("income_line", "value", "99999999999"),
        ("income_red_share", "value", "80"),
        ("old_age", "value", "70.5"),
        ("income_line", "valid_from", ""),
        ("income_line", "valid_from", "2026-02-30"),
        ("income_line", "valid_from", "1.1.2026"),
        ("income_line", "valid_until", "2025-12-31"),
        ("income_line", "valid_until", "31"),
        ("income_line", "document", " "),
        ("income_line", "document", "文" * 201),
        ("income_line", "standing", "demo"),
        ("income_line", "note", "注" * 301),
    ],
)
def test_bad_input_is_told_at_its_field_and_enters_nothing(sign_in, code, field, typed):
    before = Threshold.objects.count()

    response = sign_in("admin").post(f"/thresholds/{code}/add/", TYPED | {"value": "0.8"} | {field: typed})

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Threshold.objects.count() == before


def test_a_month_that_is_sealed_keeps_its_value(english):
    JudgmentRun.objects.create(
        month=dt.date(2026, 1, 1),
        event_month=dt.date(2026, 1, 1),
        revision=1,
        county="420527",
        cutoff=0,
        state=RunState.DONE,
        sealed_at=dt.datetime(2026, 2, 5, tzinfo=dt.UTC),
    )
    client = english("admin")

    response = client.post(f"{URL}add/", TYPED | {"valid_from": "2026-01-31"})

    assert response.status_code == 422
    assert "2026-02-01" in response.context["form"].errors["valid_from"][0]
    assert client.post(f"{URL}add/", TYPED | {"valid_from": "2026-02-01"}).status_code == 302


def test_the_value_of_the_province_cannot_be_ended_here(sign_in):
    province = Threshold.objects.filter(code="visit_interval", area_id="42").get()
    client = sign_in("admin")

    for verb in ("end", "withdraw"):
        url = f"/thresholds/visit_interval/{province.pk}/{verb}/"
        assert client.post(url, {"last_day": "2030-01-01"}).status_code == 404


def test_a_value_is_ended_on_a_day(sign_in):
    threshold = factories.threshold()

    sign_in("admin").post(f"{URL}{threshold.pk}/end/", {"last_day": "2026-12-31"})

    threshold.refresh_from_db()
    assert threshold.valid_until == dt.date(2026, 12, 31)


@pytest.mark.parametrize("last_day", ["", "2024-12-31", "tomorrow"])
def test_a_last_day_that_cannot_be_is_told(english, last_day):
    threshold = factories.threshold()

    page = english("admin").post(f"{URL}{threshold.pk}/end/", {"last_day": last_day}, follow=True)

    assert "Last day:" in page.content.decode()
    threshold.refresh_from_db()
    assert threshold.valid_until is None


@pytest.mark.parametrize("name", ["staff", "auditor", "township"])
def test_whoever_may_only_look_is_offered_no_form(sign_in, name):
    factories.threshold()
    page = sign_in(name).get(URL).content.decode()
    assert ('name="document"' in page, "/end/" in page, "/rehearsal/" in page) == (False, False, True)


def test_the_rehearsal_says_how_many_more(english, county, judge):
    judge()

    response = english("admin").get(f"{URL}rehearsal/", {"value": "7600"})

    assert response.context["summary"] == "6,900.00 → 7,600.00: 2 more households, 0 fewer"
    assert [row.household.pk for row in response.context["rows"]] == [
        county["between elsewhere"].pk,
        county["between"].pk,
    ]


def test_typing_a_value_brings_the_counts_alone(english, county, judge):
    judge()

    response = english("admin").get(
        f"{URL}rehearsal/", {"value": "7600"}, headers=HTMX | {"HX-Target": "rehearsal"}
    )

    page = response.content.decode()
    assert "2 more households" in page
    assert county["between"].head_name not in page
    assert "<html" not in page
    assert 'hx-get="/thresholds/income_line/rehearsal/?value=7600&amp;month=2022-06"' in page


def test_the_button_brings_the_list_alone(english, county, judge):
    judge()

    response = english("admin").get(f"{URL}rehearsal/", {"value": "7600"}, headers=HTMX | {"HX-Target": "results"})

    page = response.content.decode().strip()
    assert page.startswith('<div id="results" class="panel">')
    assert county["between"].head_name in page


def test_without_scripts_a_value_is_tried_with_everything_else_kept(english, county, judge):
    judge()

    response = english("admin").post(f"{URL}try/", TYPED | {"value": "7600"})

    page = response.content.decode()
    assert "2 more households" in page
    assert 'value="7600"' in page
    assert TYPED["document"] in page
    assert not Threshold.objects.filter(code="income_line", area_id="420527").exists()


def test_the_list_shows_what_is_chosen(sign_in, county, judge):
    judge()
    client = sign_in("admin")

    def listed(**query):
        rows = client.get(f"{URL}rehearsal/", {"value": "7600"} | query).context["rows"]
        return [row.household.pk for row in rows]

    assert listed(township=ELSEWHERE[:9]) == [county["between elsewhere"].pk]
    assert listed(change="fewer") == []
    assert len(listed(month="2022-06", change="more")) == 2


def test_it_leafs_through_a_long_list(sign_in, judge):
    made = [household_with(7200).pk for _number in range(53)]
    judge()
    client, url, seen = sign_in("admin"), f"{URL}rehearsal/?value=7600", []

    while url:
        context = client.get(url).context
        seen.append([row.household.pk for row in context["rows"]])
        url = context["next_url"]

    assert seen == [made[:50], made[50:]]
    back = client.get(context["previous_url"]).context
    assert [row.household.pk for row in back["rows"]] == made[:50]
    assert not back["previous_url"]


@pytest.mark.parametrize(
    "query",
    [
        "value=7600&level=red",
        "value=7600&value=7700",
        "value=7600&after=17",
        "value=7600&after=420527103204-1&before=420527103204-2",
        "value=",
        "value=x",
        "value=7600&month=2019-01",
        "value=7600&township=1",
    ],
)
def test_what_it_does_not_know_is_refused(sign_in, county, judge, query):
    judge()

    response = sign_in("admin").get(f"{URL}rehearsal/?{query}")

    assert response.status_code == 400
    assert "rows" not in response.context


def test_a_township_sees_its_own_households(sign_in, county, judge):
    judge()

    context = sign_in("township").get(f"{URL}rehearsal/?value=7600").context

    assert [row.household.pk for row in context["rows"]] == [county["between"].pk]
    assert [row.code for row in context["townships"]] == ["420527103"]


def test_before_any_month_is_judged_it_says_so(english):
    page = english("admin").get(f"{URL}rehearsal/?value=7600")
    assert (page.status_code, "No month has been judged yet" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(
    "url", ["/thresholds/line/", "/thresholds/line/rehearsal/?value=1", "/thresholds/line/add/"]
)
def test_a_threshold_that_no_rule_reads_is_nowhere(sign_in, url):
    client = sign_in("admin")
    assert (client.post(url) if url.endswith("add/") else client.get(url)).status_code == 404


@pytest.mark.parametrize("url", ["/thresholds/", URL, f"{URL}rehearsal/?value=7600"])
def test_it_needs_few_queries(sign_in, county, judge, django_assert_max_num_queries, url):
    judge()
    client = sign_in("admin")
    # The rehearsal counts and lists at once.
    with django_assert_max_num_queries(13 if "rehearsal" in url else 12):
        assert client.get(url).status_code == 200


def test_the_newest_finished_judgment_is_tried_and_an_open_one_is_not(sign_in, county, judge):
    judge(dt.date(2022, 5, 1))
    newest = judge(JUNE)
    JudgmentRun.objects.create(
        month=dt.date(2022, 7, 1), event_month=dt.date(2022, 7, 1), revision=1, county="420527", cutoff=0
    )

    context = sign_in("admin").get(f"{URL}rehearsal/?value=7600").context

    assert context["rehearsal"].run.pk == newest.pk
    assert list(context["form"].runs) == ["2022-06", "2022-05"]
