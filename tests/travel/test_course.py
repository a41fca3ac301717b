"""What happened to an alert stands once on its page, in words that are true."""

import pytest

from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import make_move
from households.models import Event, Role, User
from households.staff.services import deactivate
from tests import factories
from tests.conftest import VILLAGES

pytestmark = pytest.mark.django_db

OTHER = "420527103207"


@pytest.fixture
def transferred(cast):
    """An alert that another village looks into, and who does there."""
    helper = User.objects.create_user("helper", "帮手")
    factories.posting(user=helper, area=OTHER, role=Role.VILLAGE_SPECIALIST)
    alert = factories.alert(
        household=factories.household(village=VILLAGES[0]), status="dispatched", holder="village"
    )
    by = Mover.of_user(cast.specialist)
    make_move(alert_id=alert.pk, move="transfer", given=Given(village=OTHER, note="亲属照管"), by=by)
    return alert, helper


def titles(client, alert) -> list[str]:
    return [str(entry.title) for entry in client.get(f"/alerts/{alert.pk}/").context["entries"]]


@pytest.mark.parametrize("who", ["staff", "township", "specialist"])
def test_a_transfer_is_one_line(sign_in, transferred, who):
    alert, _helper = transferred

    assert titles(sign_in(who), alert) == ["转办他村"]
    # The village that handed it over is told of it all the same.
    assert Event.objects.filter(subject_id=alert.pk, kind="alert_left", village=VILLAGES[0]).count() == 1


def test_handed_back_from_there_it_is_one_line_more(sign_in, transferred):
    alert, helper = transferred
    make_move(alert_id=alert.pk, move="refuse", given=Given(note="不认识"), by=Mover.of_user(helper))

    assert titles(sign_in("township"), alert) == ["退回上级", "转办他村"]


def test_when_the_helper_leaves_nobody_is_said_to_have_transferred_it(sign_in, transferred, cast):
    alert, helper = transferred
    deactivate(user=helper, by=cast.admin)

    assert titles(sign_in("township"), alert) == ["人员离岗，已移交", "转办他村"]
