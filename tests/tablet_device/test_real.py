"""With the server as it is: whatever happens on the way, each visit is there once, and the tablet knows it."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from households.models import Posting, Visit
from households.visits.models import VisitPhoto
from monitoring.tablet.models import Upload, UploadState
from tests import factories
from tests.tablet_device.conftest import open_vault, run, until, visit
from tests.tablet_device.test_lasting import PICTURE

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]

VISITS = "**/tablet/api/visits/"


@pytest.fixture
def tablet(chromium, live_server, sign_in, cast):
    """``tablet("specialist")``: a tablet of its own, signed in, with a vault, a store and a sender."""
    contexts = []

    def _tablet(name: str):
        context = chromium.new_context(base_url=live_server.url, locale="zh-CN", timezone_id="Asia/Shanghai")
        contexts.append(context)
        page = context.new_page()
        # Under the content policy of the server, and with all its addresses loaded.
        page.goto("/tablet/api/me")
        enter(page, sign_in, name)
        user = cast.members[name]
        open_vault(page, new=True, user={"id": user.pk, "name": user.name})
        run(page, "window.sync = syncs.createSync(window.store, { sentences: { too_large: '太大' } });")
        return page

    yield _tablet
    for context in contexts:
        context.close()


def enter(page, sign_in, name: str):
    session = sign_in(name).cookies["sessionid"]
    origin = page.evaluate("() => location.origin")
    page.context.add_cookies([{"name": "sessionid", "value": session.value, "url": origin}])


def today(**fields) -> dict:
    return visit(on=timezone.localdate().isoformat(), **fields)


def queue(page, *households, **fields) -> list[str]:
    script = """
      const uids = [];
      for (const household of given.households) uids.push(await window.store.queue({ ...given.visit, household }));
      return uids;
    """
    return run(page, script, households=[one.pk for one in households], visit=today(**fields))


def send(page) -> dict:
    return run(page, "return window.sync.send();")


def entries(page) -> list[dict]:
    return run(page, "return window.store.outbox();")


def test_visits_are_pulled_for_written_and_stored_with_a_receipt(tablet):
    household = factories.household(members=2, head_name="户主甲")
    page = tablet("specialist")
    run(page, "return window.sync.pull();")
    assert run(page, "return window.store.household(given.id).head;", id=household.pk) == "户主甲"
    assert run(page, "return window.sync.pull();")["pulled"] == 0, "unchanged villages are not sent again"

    [uid] = queue(page, household)
    assert send(page)["stored"] == 1
    [entry] = entries(page)
    assert str(Visit.objects.get().uid) == uid
    assert entry["answer"]["receipt"] == Upload.objects.get().pk
    assert entry["side"]["head"] == "户主甲"


def test_a_connection_dropped_before_and_after_the_commit_leaves_each_visit_once(tablet):
    households = [factories.household(members=1) for _ in range(3)]
    page = tablet("specialist")
    uids = queue(page, *(households * 10))
    times = iter(["before", "after", "after"])

    def dropped(route):
        kind = next(times, None)
        if kind is None:
            return route.continue_()
        if kind == "after":
            route.fetch()
        return route.abort("connectionreset")

    page.context.route(VISITS, dropped)
    assert send(page)["left"] == 30
    assert Visit.objects.count() == 0
    assert send(page)["left"] == 30
    assert Visit.objects.count() == 25, "the server has them, and the tablet does not know"
    assert send(page)["left"] == 30
    assert send(page)["stored"] == 30
    assert sorted(str(uid) for uid in Visit.objects.values_list("uid", flat=True)) == sorted(uids)
    assert [one["state"] for one in entries(page)] == ["stored"] * 30


def test_begun_offline_reloaded_and_sent_by_itself_when_the_server_is_back(tablet):
    household = factories.household(members=1)
    page = tablet("specialist")

    def unreachable(route):
        # This test's page itself lies below this address.
        if route.request.is_navigation_request():
            return route.continue_()
        return route.abort("connectionrefused")

    page.context.route("**/tablet/api/**", unreachable)
    [uid] = queue(page, household)
    run(page, "window.sync.start();")
    until(page, "return window.sync.state.server === 'away';")
    page.reload()
    open_vault(page, user={"id": page_user(household)})
    run(page, "window.sync = syncs.createSync(window.store); window.sync.start();")
    until(page, "return window.sync.state.server === 'away';")
    page.context.unroute("**/tablet/api/**")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    until(page, "return (await window.store.outbox())[0].state === 'stored';")
    assert str(Visit.objects.get().uid) == uid


def page_user(household) -> int:
    return Posting.objects.get(area_id=household.village, user__username="specialist").user_id


def test_two_tablets_at_one_door_are_two_visits(tablet):
    household = factories.household(members=1)
    one, other = tablet("specialist"), tablet("township")
    for page in (one, other):
        queue(page, household)
    answers = [send(page)["stored"] for page in (one, other)]
    assert answers == [1, 1]
    assert Visit.objects.filter(household=household).count() == 2


def test_the_same_uuid_with_other_content_is_a_conflict_that_goes_as_a_new_visit(tablet):
    household = factories.household(members=1)
    page = tablet("specialist")
    [uid] = queue(page, household, words="第一次")
    send(page)
    other = tablet("specialist")
    run(
        other,
        "await window.store.queue(given.visit);",
        visit=today(uid=uid, household=household.pk, words="另一次"),
    )
    assert send(other)["conflict"] == 1
    assert Visit.objects.get().words == "第一次"
    run(other, "await window.store.sendAsNew(given.uid);", uid=uid)
    assert send(other)["stored"] == 1
    assert set(Visit.objects.values_list("words", flat=True)) == {"第一次", "另一次"}


def test_a_refused_visit_stops_no_other_and_is_mended(tablet):
    mine, theirs = factories.household(members=1), factories.household(members=1)
    stranger = theirs.memberships.get().person_id
    page = tablet("specialist")
    work = [{"person": stranger, "work_place": "省外"}]
    [uid] = queue(page, mine, unchanged=False, work=work)
    queue(page, theirs)
    told = send(page)
    assert (told["refused"], told["stored"]) == (1, 1)
    problems = run(page, "return (await window.store.entry(given.uid)).answer.problems;", uid=uid)
    assert problems[0]["field"].startswith("work.0")
    assert problems[0]["sentence"]
    run(page, "await window.store.mend(given.uid);", uid=uid)
    run(page, "await window.store.queue(given.visit);", visit=today(uid=uid, household=mine.pk))
    assert send(page)["stored"] == 1
    assert Visit.objects.filter(household=mine).count() == 1


def test_a_session_that_ended_while_offline_keeps_the_work_until_the_next_sign_in(tablet, sign_in):
    household = factories.household(members=1)
    page = tablet("specialist")
    run(page, "return window.sync.pull();")
    queue(page, household)
    Session.objects.all().delete()
    assert send(page)["left"] == 1
    assert run(page, "return [window.sync.state.session, window.store.households().length];") == ["over", 1]
    enter(page, sign_in, "specialist")
    assert send(page)["stored"] == 1


def test_another_person_at_the_same_tablet_sends_nothing_of_mine(tablet, sign_in):
    page = tablet("specialist")
    queue(page, factories.household(members=1))
    page.context.clear_cookies()
    enter(page, sign_in, "township")
    assert send(page)["left"] == 1
    assert run(page, "return window.sync.state.session;") == "other"
    assert Visit.objects.count() == 0


def test_after_the_end_of_a_posting_the_work_is_handed_over_and_the_households_are_gone(tablet, cast):
    household = factories.household(members=1)
    page = tablet("specialist")
    run(page, "return window.sync.pull();")
    queue(page, household, household)
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Posting.objects.filter(user=cast.specialist).update(valid_until=yesterday)
    told = send(page)
    assert (told["held"], told["left"]) == (2, 0)
    assert set(Upload.objects.values_list("state", "held_for")) == {(UploadState.HELD, "posting")}
    assert run(page, "return [window.sync.state.session, window.store.households()];") == ["ended", []]
    assert {one["state"] for one in entries(page)} == {"held"}


def test_a_photo_shrunk_on_the_tablet_is_taken_by_the_server(tablet):
    household = factories.household(members=1)
    page = tablet("specialist")
    script = (
        PICTURE
        + """
      const uid = await window.store.saveDraft(given.visit);
      const sha = await window.store.savePhoto(uid, await photos.shrink(photo));
      await window.store.queue({ ...given.visit, uid, photos: [sha] });
      return sha;
    """
    )
    taken = today(household=household.pk, unchanged=False, risks=["housing"], words="屋漏")
    sha = run(page, script, visit=taken, width=1200, height=900)
    told = send(page)
    assert (told["stored"], told["photos"], told["left"]) == (1, 1, 0)
    assert VisitPhoto.objects.get().sha256 == sha


def test_two_hundred_queued_visits_are_sent_in_one_go(tablet):
    households = [factories.household(members=1) for _ in range(10)]
    page = tablet("specialist")
    queue(page, *(households * 20))
    # How long it takes is measured by make bench.
    assert send(page)["stored"] == 200
    assert Visit.objects.count() == 200
