"""A campaign: who opens it where, which households it is about, and which visits count."""

import pytest
from django.core.exceptions import PermissionDenied

from households.models import AuditEntry, Campaign, Event
from households.visits.campaigns import CampaignRefused, campaigns_around, end_campaign, open_campaigns
from tests import factories
from tests.campaigns.conftest import DAY, done_by
from tests.conftest import ELSEWHERE, TOWNSHIP, VILLAGES

pytestmark = pytest.mark.django_db


def test_a_visit_of_its_days_makes_a_household_done_and_the_first_one_says_when(begin, today):
    before, first_day, twice, last_day, after, never = (factories.household() for _number in range(6))
    campaign = begin(starts_on=today - 5 * DAY, ends_on=today)
    factories.visit(household=before, on=today - 6 * DAY)
    on_first = factories.visit(household=first_day, on=today - 5 * DAY)
    factories.visit(household=twice, on=today - DAY)
    earlier = factories.visit(household=twice, on=today - 2 * DAY)
    on_last = factories.visit(household=last_day, on=today)
    factories.visit(household=after, on=today + DAY)

    assert done_by(campaign) == {
        before.pk: None,
        first_day.pk: on_first.pk,
        twice.pk: earlier.pk,
        last_day.pk: on_last.pk,
        after.pk: None,
        never.pk: None,
    }


def test_a_visit_that_was_taken_back_does_not_count(begin, today):
    household = factories.household()
    factories.visit(household=household, on=today, replaced_in=factories.batch())
    assert done_by(begin()) == {household.pk: None}


def test_it_is_about_the_households_that_live_in_its_area_today(begin, today):
    here, gone, elsewhere = factories.household(), factories.household(), factories.household(village=ELSEWHERE)
    type(gone).objects.filter(pk=gone.pk).update(gone_on=today)

    assert set(done_by(begin(area=VILLAGES[0]))) == {here.pk}
    assert set(done_by(begin(area=TOWNSHIP))) == {here.pk}
    assert set(done_by(begin(area="420527"))) == {here.pk, elsewhere.pk}


def test_a_household_that_moves_away_takes_its_visit_along(begin, today):
    mover = factories.household()
    made = factories.visit(household=mover, on=today)
    here, there = begin(area=VILLAGES[0]), begin(area=VILLAGES[1])
    type(mover).objects.filter(pk=mover.pk).update(village=VILLAGES[1])

    assert done_by(here) == {}
    assert done_by(there) == {mover.pk: made.pk}


def test_not_for_everybody_it_is_about_monitored_households_and_those_lifted_out_of_poverty(begin):
    lifted, monitored = factories.household(lifted=True), factories.household(lifted=False, category="marginal")
    eliminated = factories.household(category="sudden", eliminated=True)
    for nobody in ({"lifted": False}, {}, {"lifted": False, "category": ""}):
        factories.household(**nobody)
    formerly = factories.household(category="marginal")
    formerly.facts.create(as_of=factories.LONG_AGO + DAY, category="", kind="ordinary", batch=factories.batch())

    assert set(done_by(begin(everybody=False))) == {lifted.pk, monitored.pk, eliminated.pk}
    assert len(done_by(begin(name="全部", everybody=True))) == 7


def test_a_village_has_its_own_the_townships_and_the_countys_while_they_run(begin, cast, today):
    county, township, village = begin(area="420527"), begin(area=TOWNSHIP), begin(area=VILLAGES[0])
    begin(area=VILLAGES[1])
    begin(area=ELSEWHERE[:9])
    begin(name="以后", starts_on=today + DAY)
    begin(name="明天结束", ends_on=today + DAY)
    end_campaign(campaign_id=begin(name="提前结束").pk, reason="大雪封山", by=cast.staff)

    soon = Campaign.objects.get(name="明天结束")
    assert open_campaigns(VILLAGES[0], today) == [soon, county, township, village]
    assert open_campaigns(VILLAGES[0], today + 10 * DAY) == []


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("staff", ["420527", TOWNSHIP, VILLAGES[0], ELSEWHERE]),
        ("township", ["420527", TOWNSHIP, VILLAGES[0]]),
        ("specialist", ["420527", TOWNSHIP, VILLAGES[0]]),
        ("neighbour", ["420527", ELSEWHERE]),
        ("stranger", []),
    ],
)
def test_everybody_sees_those_of_the_own_area_and_around_it(begin, cast, who, seen):
    for area in ("420527", TOWNSHIP, VILLAGES[0], ELSEWHERE):
        begin(area=area)
    areas = {c.village or c.township or c.county for c in campaigns_around(cast.members[who])}
    assert areas == set(seen)


def test_the_township_opens_one_in_its_own_area_only(begin, cast):
    assert begin(by=cast.township).township == TOWNSHIP
    assert begin(by=cast.township, area=VILLAGES[0]).village == VILLAGES[0]
    for area in ("420527", ELSEWHERE, ELSEWHERE[:9], "4205", "no area"):
        with pytest.raises(CampaignRefused) as refused:
            begin(by=cast.township, area=area)
        assert refused.value.field == "area"


def test_days_that_are_no_span_are_refused(begin, today):
    for starts_on, ends_on in (
        (today, today - DAY),
        (today - 9 * DAY, today - DAY),
        (today - DAY, today + 365 * DAY),
    ):
        with pytest.raises(CampaignRefused) as refused:
            begin(starts_on=starts_on, ends_on=ends_on)
        assert refused.value.field == "ends_on"
    assert begin(starts_on=today, ends_on=today + 365 * DAY)


def test_the_same_form_twice_is_one_campaign(begin):
    begin()
    with pytest.raises(CampaignRefused):
        begin()
    begin(area=VILLAGES[0])
    assert Campaign.objects.count() == 2


def test_ended_early_it_counts_the_visits_up_to_that_day_and_says_why(begin, cast, today):
    campaign = begin()
    in_time, too_late = factories.household(), factories.household()
    made = factories.visit(household=in_time, on=today)
    factories.visit(household=too_late, on=today + DAY)

    campaign = end_campaign(campaign_id=campaign.pk, reason="大雪封山", by=cast.township)

    assert done_by(campaign) == {in_time.pk: made.pk, too_late.pk: None}
    event = Event.objects.get(kind="campaign_ended")
    assert (event.subject_id, event.note, event.actor) == (campaign.pk, "大雪封山", cast.township)
    entry = AuditEntry.objects.get(action="campaign_ended")
    assert "大雪" not in str(entry.detail)


def test_it_is_ended_once_with_a_reason_and_by_whoever_it_lies_with(begin, cast):
    campaign = begin(area="420527")
    with pytest.raises(Campaign.DoesNotExist):
        end_campaign(campaign_id=campaign.pk, reason="不归我管", by=cast.township)
    with pytest.raises(CampaignRefused):
        end_campaign(campaign_id=campaign.pk, reason="  ", by=cast.staff)
    end_campaign(campaign_id=campaign.pk, reason="提前完成", by=cast.staff)
    with pytest.raises(CampaignRefused):
        end_campaign(campaign_id=campaign.pk, reason="再结束一次", by=cast.staff)


def test_who_may_not_manage_campaigns_opens_and_ends_none(begin, cast):
    campaign = begin(area=VILLAGES[0])
    with pytest.raises(PermissionDenied):
        begin(by=cast.specialist, area=VILLAGES[1])
    with pytest.raises(PermissionDenied):
        end_campaign(campaign_id=campaign.pk, reason="走完了", by=cast.specialist)
