"""Deciding in the browser: the page shows the moves that one may make, takes them, and says why not."""

import pytest

from alerts.models import Alert
from alerts.travel.given import Given
from alerts.travel.moves import Mover, make_move
from households.models import Event
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(cast) -> Alert:
    return factories.alert(household=factories.household(), level="red")


def offered(client, alert) -> list[str]:
    return [decision.move.code for decision in client.get(f"/alerts/{alert.pk}/").context["decisions"]]


def post(client, alert, code, **fields):
    return client.post(f"/alerts/{alert.pk}/moves/{code}/", fields)


def test_each_level_is_offered_what_the_table_lets_it_do(sign_in, alert, cast):
    assert offered(sign_in("staff"), alert) == ["dispatch", "dismiss"]
    assert offered(sign_in("township"), alert) == offered(sign_in("specialist"), alert) == []
    make_move(alert_id=alert.pk, move="dispatch", given=Given(to="village"), by=Mover.of_user(cast.staff))
    assert offered(sign_in("specialist"), alert) == ["acknowledge", "refuse", "transfer"]
    assert offered(sign_in("township"), alert) == offered(sign_in("staff"), alert) == ["transfer"]


def test_the_auditor_reads_and_decides_nothing(sign_in, alert):
    assert offered(sign_in("auditor"), alert) == []
    assert post(sign_in("auditor"), alert, "dispatch", to="village").status_code == 403


def test_three_people_walk_an_alert_to_its_end(sign_in, alert):
    assert post(sign_in("staff"), alert, "dispatch", to="village").status_code == 302
    assert post(sign_in("specialist"), alert, "acknowledge").status_code == 302
    found = {"verdict": "confirmed", "risks": ["illness"], "note": "看过病历和票据"}
    assert post(sign_in("specialist"), alert, "verify", **found).status_code == 302
    assert post(sign_in("township"), alert, "review").status_code == 302
    assert post(sign_in("staff"), alert, "close", outcome="to_identify").status_code == 302
    alert.refresh_from_db()
    assert (alert.status, alert.outcome) == ("closed", "to_identify")
    page = sign_in("specialist").get(f"/alerts/{alert.pk}/").content.decode()
    assert "看过病历和票据" in page


def test_what_is_missing_is_said_at_its_field_and_nothing_is_lost(sign_in, alert):
    post(sign_in("staff"), alert, "dispatch", to="village")
    post(sign_in("specialist"), alert, "acknowledge")
    response = post(sign_in("specialist"), alert, "verify", verdict="confirmed", note="屋顶漏水")
    assert response.status_code == 422
    assert response.context["bound"].errors["risks"]
    assert "屋顶漏水" in response.content.decode()
    assert Event.objects.filter(subject_id=alert.pk, kind="alert_verified").count() == 0


def test_whoever_comes_second_is_told_what_the_first_one_did(sign_in, alert):
    seen = alert.stamp
    assert post(sign_in("staff"), alert, "dispatch", to="village", seen=seen).status_code == 302
    response = post(sign_in("admin"), alert, "dismiss", outcome="duplicate", note="重复", seen=seen)
    assert response.status_code == 409
    alert.refresh_from_db()
    assert alert.status == "dispatched"


@pytest.mark.parametrize(("code", "status"), [("withdraw", 404), ("nothing", 404), ("review", 409)])
def test_a_move_that_is_not_in_the_table_is_not_made(sign_in, alert, code, status):
    assert post(sign_in("staff"), alert, code).status_code == status


def test_an_alert_elsewhere_is_not_found(sign_in, alert):
    assert post(sign_in("neighbour"), alert, "acknowledge").status_code == 404


def test_reading_it_again_is_no_move(sign_in, alert):
    assert sign_in("staff").get(f"/alerts/{alert.pk}/moves/dispatch/").status_code == 405
