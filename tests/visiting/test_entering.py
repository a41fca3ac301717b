"""A visit is entered at the desk with the verdicts given at the door: the same moves as from a tablet."""

import datetime as dt
import html
import re
import uuid
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone

from alerts.models import Alert
from households.models import Event, Visit
from tests import factories
from tests.conftest import ELSEWHERE, VILLAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("july")]

VISIT = {"on": "2022-07-08", "method": "home"}


@pytest.fixture
def household():
    return factories.household(members=1, head_name="望山")


@pytest.fixture
def client(sign_in):
    return sign_in("specialist")


def url(household) -> str:
    return reverse("pages:visit", args=[household.pk])


def verdict(alert, **said) -> dict[str, object]:
    """As the page shows the alert now."""
    return {f"verdict_{alert.pk}_{name}": value for name, value in ({"stamp": alert.stamp} | said).items()}


def enter(client, household, **sent):
    return client.post(url(household), VISIT | {"token": str(uuid.uuid4())} | sent)


CONFIRMED = {"verdict": "confirmed", "risks": ["illness"], "note": "自付两万"}


@pytest.mark.parametrize("status", ["dispatched", "acknowledged"])
def test_a_verdict_on_paper_moves_the_alert_and_stands_on_the_visits_page(client, cast, household, status):
    alert = factories.alert(household=household, status=status, holder="village")

    assert enter(client, household, **verdict(alert, **CONFIRMED)).status_code == 302

    alert.refresh_from_db()
    assert (alert.status, alert.verdict, alert.risks) == ("verified", "confirmed", ["illness"])
    event = Event.objects.get(subject="alert", subject_id=alert.pk, kind="alert_verified")
    assert (event.actor, event.note) == (cast.specialist, "自付两万")
    visit = Visit.objects.get()
    page = client.get(reverse("visits:detail", args=[visit.pk]))
    assert [(given.alert, given.said, given.moved) for given in page.context["verdicts"]] == [
        (alert, "确认有风险 · 因病 · 自付两万", True)
    ]
    assert page.context["sections"] == []
    (row,) = client.get(reverse("visits:list")).context["rows"]
    assert (row.verdicts, row.answers) == (1, 0)


def test_only_alerts_that_one_may_verify_are_offered(sign_in, household):
    own = factories.alert(household=household, status="dispatched", holder="village")
    townships = factories.alert(household=household, status="acknowledged", holder="township", kind="MED01")
    factories.alert(household=household, closed=True, holder="county", kind="MED02")
    offered = {
        member: {row.alert for row in sign_in(member).get(url(household)).context["form"].verdicts}
        for member in ("specialist", "township", "admin")
    }
    assert offered == {"specialist": {own}, "township": {townships}, "admin": set()}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"verdict": "confirmed"}, "risks"),
        ({"verdict": "no_risk"}, "reason"),
        ({"verdict": "no_risk", "reason": "other"}, "note"),
        ({"verdict": "unclear"}, "note"),
        ({"note": "没有结论"}, "verdict"),
        ({"verdict": "maybe"}, "verdict"),
    ],
)
def test_what_a_verdict_lacks_is_said_at_its_field_and_nothing_is_written(client, household, said, field):
    alert = factories.alert(household=household, status="acknowledged", holder="village")

    response = enter(client, household, words="看过", **verdict(alert, **said))

    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"verdict_{alert.pk}_{field}"]
    assert not Visit.objects.exists()
    assert Alert.objects.get(pk=alert.pk).status == "acknowledged"


def test_a_verdict_on_what_somebody_moved_meanwhile_is_told_and_the_visit_is_kept(client, household):
    alert = factories.alert(household=household, status="acknowledged", holder="village")
    sent = verdict(alert, **CONFIRMED)
    Alert.objects.filter(pk=alert.pk).update(status="verified", holder="township", changed_at=timezone.now())

    response = client.post(url(household), VISIT | {"token": str(uuid.uuid4())} | sent, follow=True)

    assert re.search("有一项核实结论未被采用：.+", response.content.decode())
    page = client.get(reverse("visits:detail", args=[Visit.objects.get().pk]))
    assert [(given.said, given.moved) for given in page.context["verdicts"]] == [
        ("确认有风险 · 因病 · 自付两万", False)
    ]
    assert not Event.objects.filter(kind="alert_verified").exists()


def test_the_same_form_twice_gives_its_verdict_once(client, household):
    alert = factories.alert(household=household, status="acknowledged", holder="village")
    sent = verdict(alert, **CONFIRMED) | {"token": str(uuid.uuid4())}
    for _time in range(2):
        assert enter(client, household, **sent).status_code == 302
    assert Visit.objects.get().answers.filter(section="verdicts").count() == 1
    assert Event.objects.filter(kind="alert_verified").count() == 1


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("SUG06", "平时由谁照料老人"),
        ("CLU01.SUG06", "平时由谁照料老人"),
        ("EDU03", "学费和生活费花多少"),
        ("EDU02", "是否在校"),
        ("MED01", "自付"),
    ],
)
def test_what_to_check_fits_the_kind_of_the_alert_at_the_desk_and_on_the_tablet(client, household, kind, words):
    factories.alert(household=household, status="acknowledged", holder="village", kind=kind)
    (row,) = client.get(url(household)).context["form"].verdicts
    pulled = client.get(reverse("tablet:pull", args=[household.village])).json()
    assert words in row.check
    assert row.check == pulled["households"][0]["alerts"][0]["check"]


def test_a_verdict_on_another_households_alert_is_none(client, household):
    neighbours = factories.alert(household=factories.household(), status="acknowledged", holder="village")
    foreign = factories.alert(
        household=factories.household(village=ELSEWHERE), status="acknowledged", holder="village"
    )

    sent = verdict(neighbours, **CONFIRMED) | verdict(foreign, **CONFIRMED)
    assert enter(client, household, words="看过", **sent).status_code == 302

    assert set(Alert.objects.values_list("status", flat=True)) == {"acknowledged"}


def lists(cast) -> dict[str, str]:
    """Lists that offer to enter a visit → their address with a filter chosen."""
    campaign = factories.campaign(by=cast.staff)
    return {
        "campaign": reverse("campaigns:detail", args=[campaign.pk], query={"done": "no", "village": VILLAGES[0]}),
        "due": reverse("visits:due", query={"state": "overdue", "level": "monitored"}),
    }


@pytest.mark.parametrize("name", ["campaign", "due"])
def test_after_saving_one_goes_on_with_the_list_that_one_came_from(client, cast, name):
    household = factories.household(
        members=1, category="marginal", eliminated=False, monitored_since=dt.date(2021, 1, 1)
    )
    address = lists(cast)[name]
    page = client.get(address).content.decode()
    (link,) = re.findall(rf'href="({url(household)}[^"]*)"', page)

    form = client.get(html.unescape(link))
    assert html.escape(address) in form.content.decode()
    sent = VISIT | {"token": str(uuid.uuid4()), "unchanged": "on"}
    assert client.post(html.unescape(link), sent | {"on": ""}).status_code == 422
    assert client.post(html.unescape(link), sent).url == address


@pytest.mark.parametrize("address", ["https://example.com/", "//example.com/", "/\\example.com", ""])
def test_nobody_is_led_elsewhere_after_saving(client, household, address):
    answer = client.post(
        url(household) + "?" + urlencode({"next": address}),
        VISIT | {"token": str(uuid.uuid4()), "unchanged": "on"},
    )
    assert answer.url == reverse("pages:household", args=[household.pk])
