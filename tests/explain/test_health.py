"""What somebody suffers from stays with county and township: a village sees that there is something to do."""

import datetime as dt

import pytest

from alerts.models import Alert
from households.models import ListEntry
from tests import factories
from tests.conftest import VILLAGES
from tests.explain.conftest import JUNE

pytestmark = pytest.mark.django_db


@pytest.fixture
def alert(judge) -> Alert:
    household = factories.household(village=VILLAGES[0], members=1)
    person = household.memberships.get().person
    source = factories.batch(kind="import", source="disability", month=JUNE, label="残联_202206.xlsx")
    ListEntry.objects.create(
        person=person,
        list="disability",
        month=JUNE,
        happened_on=dt.date(2022, 6, 15),
        kind="mental",
        grade="2",
        detail="精神分裂",
        batch=source,
        row_number=4,
    )
    judge()
    return Alert.objects.get(household=household, kind_id="DSB01")


def rows(client, alert) -> str:
    page = client.get(f"/alerts/{alert.pk}/").content.decode()
    return page.split('id="rows-list-disability"')[1].split("</section>")[0]


@pytest.mark.parametrize("name", ["township", "staff"])
def test_county_and_township_see_kind_and_level(sign_in, alert, name):
    shown = rows(sign_in(name), alert)

    assert all(words in shown for words in ("精神", "二级", "残联_202206.xlsx"))


def test_a_village_sees_who_and_when_and_not_what(sign_in, alert):
    shown = rows(sign_in("specialist"), alert)

    assert "2022-06-15" in shown and "残联_202206.xlsx" in shown
    assert not any(words in shown for words in ("精神", "二级", "分裂", "一级"))
