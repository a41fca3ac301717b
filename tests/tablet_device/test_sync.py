"""What waits goes when the server truly answers, once, in order, and one bad row stops no other."""

import pytest

from tests.tablet_device.conftest import open_vault, run, until, visit
from tests.tablet_device.fake import FakeServer

pytestmark = [pytest.mark.browser, pytest.mark.once]

REFUSED = {"outcome": "refused", "sentence": "请改正后再发", "problems": []}


@pytest.fixture
def server(page):
    return FakeServer(page.context)


@pytest.fixture
def tab(page, server):
    """A tab with ``window.store`` and ``window.sync``; the latter does nothing by itself yet."""
    open_vault(page, new=True)
    begin(page)
    return page


def begin(page):
    run(page, "window.sync = syncs.createSync(window.store, { sentences: { too_large: '太大' } });")


def queue(page, count: int):
    script = """
      await Promise.all(Array.from({ length: given.count }, (_, n) =>
        window.store.queue({ ...given.visit, household: n + 1 })));
    """
    run(page, script, count=count, visit=visit())


def send(page) -> dict:
    return run(page, "return window.sync.send();")


def states(page) -> list[str]:
    return run(page, "return (await window.store.outbox()).map(({ state }) => state);")


def state(page) -> dict:
    return page.evaluate("() => window.sync.state")


def order(server) -> list[int]:
    return [one["household"] for one in server.visits.values()]


def test_visits_go_in_order_and_in_batches(tab, server):
    queue(tab, 60)
    assert send(tab) == {"stored": 60, "held": 0, "refused": 0, "conflict": 0, "photos": 0, "left": 0}
    assert server.sent() == [25, 25, 10]
    assert order(server) == list(range(1, 61))
    assert set(states(tab)) == {"stored"}
    assert send(tab)["stored"] == 0
    assert server.sent() == [25, 25, 10], "nothing goes twice"


def test_a_connection_that_breaks_before_or_after_the_commit_sends_no_visit_twice_and_loses_none(tab, server):
    queue(tab, 30)
    batches = iter(["before", "after", None, None])

    def breaks(path, payload):
        kind = next(batches) if path == "visits/" else None
        if kind == "after":
            for one in payload["visits"]:
                server.stored(one)
        return "drop" if kind else None

    server.answer = breaks
    assert send(tab)["left"] == 30
    assert state(tab)["server"] == "away"
    assert set(states(tab)) == {"waiting"}
    assert send(tab)["left"] == 30
    assert len(server.visits) == 25
    assert send(tab)["stored"] == 30
    assert order(server) == list(range(1, 31))
    answers = run(tab, "return (await window.store.outbox()).map(({ answer }) => answer.again);")
    assert answers == [True] * 25 + [False] * 5


def test_what_the_network_says_of_itself_counts_for_nothing(tab, server):
    queue(tab, 1)
    tab.evaluate("() => Object.defineProperty(navigator, 'onLine', { get: () => false, configurable: true })")
    assert send(tab)["stored"] == 1
    tab.evaluate("() => Object.defineProperty(navigator, 'onLine', { get: () => true })")
    queue(tab, 1)
    # A hotel's page answers everything, and so does a gateway.
    for answer in (
        (200, "<html>Welcome</html>"),
        (502, "bad gateway"),
        (404, "not here"),
        (401, "sign in to wifi"),
    ):
        server.answer = lambda path, payload, answer=answer: answer
        assert send(tab)["left"] == 1
    assert "refused" not in states(tab)


def test_a_page_of_somebody_else_in_the_middle_refuses_no_visit(tab, server):
    queue(tab, 2)
    server.answer = lambda path, payload: (400, "<html>pay first</html>")
    assert send(tab)["left"] == 2
    server.answer = lambda path, payload: (400, "<html>pay first</html>") if server.sent() else None
    assert send(tab)["left"] == 2
    assert states(tab) == ["waiting", "waiting"]


def test_bad_rows_stop_no_other(tab, server):
    def answers(path, payload):
        if path != "visits/":
            return None
        outcomes = {2: REFUSED, 3: {"outcome": "conflict"}, 4: {"outcome": "held"}, 5: {"outcome": "new word"}}
        rows = [
            {"uid": one["uid"], **outcomes[one["household"]]}
            if one["household"] in outcomes
            else server.stored(one)
            for one in payload["visits"]
            if one["household"] != 6  # not a word of this one
        ]
        return 200, {"answers": rows}

    queue(tab, 7)
    server.answer = answers
    told = send(tab)
    assert (told["stored"], told["held"], told["refused"], told["conflict"], told["left"]) == (2, 1, 1, 1, 2)
    assert states(tab) == ["stored", "refused", "conflict", "held", "waiting", "waiting", "stored"]
    assert server.sent() == [7], "the rows nobody could answer wait for another round"


@pytest.mark.parametrize("status", [413, 400, 500])
def test_one_row_that_the_server_cannot_digest_is_found_and_the_rest_goes(tab, server, status):
    def digests(path, payload):
        is_bad = path == "visits/" and any(one["household"] == 12 for one in payload["visits"])
        return (status, "too large") if is_bad else None

    queue(tab, 25)
    server.answer = digests
    told = send(tab)
    assert told["stored"] == 24
    assert len(order(server)) == 24
    # A fault of the server is not one of the visit.
    assert states(tab)[11] == ("waiting" if status == 500 else "refused")
    if status != 500:
        assert run(tab, "return (await window.store.outbox())[11].answer.sentence;") == "太大"


def test_a_session_that_is_over_keeps_the_work_and_it_goes_after_the_next_sign_in(tab, server):
    queue(tab, 3)
    server.key = None
    server.answer = lambda path, payload: (401, {"code": "signed_out"})
    assert send(tab)["left"] == 3
    assert state(tab)["session"] == "over"
    server.answer = lambda path, payload: (401, {"code": "signed_out"}) if path == "visits/" else None
    assert send(tab)["left"] == 3
    assert state(tab)["session"] == "over"
    server.answer = lambda path, payload: None
    assert send(tab)["stored"] == 3
    assert state(tab)["session"] == "open"


def test_nothing_goes_and_nothing_comes_under_another_persons_sign_in(tab, server):
    queue(tab, 1)
    run(tab, "await window.sync.pull();")
    server.user = {"id": 8, "name": "覃队员"}
    server.calls.clear()
    assert send(tab)["left"] == 1
    run(tab, "await window.sync.pull();")
    assert state(tab)["session"] == "other"
    assert {path for path, _count in server.calls} == {"me"}
    assert run(tab, "return window.store.households().length;") == 2, "what was here stays"


def test_somebody_who_signs_in_between_asking_and_sending_sends_nothing_of_mine(tab, server):
    queue(tab, 1)
    tab.context.add_cookies([{"name": "csrftoken", "value": "of-me", "url": tab.url}])

    def changes(path, payload):
        if path != "visits/":
            return None
        # The server's own check: the token of another sign-in is not mine.
        server.user = {"id": 8, "name": "覃队员"}
        return 403, {"code": "csrf"}

    server.answer = changes
    assert send(tab)["left"] == 1
    tokens = [headers.get("x-csrftoken") for headers in server.headers if "x-csrftoken" in headers]
    assert tokens == ["of-me"]
    assert state(tab)["session"] == "other"
    assert server.visits == {}


def test_a_token_that_was_renewed_is_asked_for_and_the_visit_goes(tab, server):
    queue(tab, 1)
    refusals = iter([(403, {"code": "csrf"})])
    server.answer = lambda path, payload: next(refusals, None) if path == "visits/" else None
    assert send(tab)["stored"] == 1


@pytest.mark.parametrize("code", ["forbidden", "first_password"])
def test_an_account_that_may_not_is_told_so_and_keeps_its_work(tab, server, code):
    queue(tab, 1)
    server.answer = lambda path, payload: (403, {"code": code})
    assert send(tab)["left"] == 1
    assert state(tab)["trouble"] == code


def test_a_wrong_clock_is_seen(tab, server):
    send(tab)
    assert (abs(state(tab)["clockBehind"]) < 10, state(tab)["clockOff"]) == (True, 0)
    server.behind_seconds = 86_400.0
    send(tab)
    assert abs(state(tab)["clockOff"] - 86_400) < 10
    server.behind_seconds = -3_600.0
    send(tab)
    assert abs(state(tab)["clockOff"] + 3_600) < 10


def test_villages_come_once_and_what_is_gone_there_is_gone_here(tab, server):
    server.villages["420527103206"] = [3]
    pull = "return window.sync.pull();"
    ids = "return window.store.households().map(({ id }) => id).sort();"
    assert run(tab, pull) == {"pulled": 2, "same": 0, "gone": 0}
    assert run(tab, pull) == {"pulled": 0, "same": 2, "gone": 0}
    server.villages["420527103204"] = [2]
    assert run(tab, pull) == {"pulled": 1, "same": 1, "gone": 0}
    assert run(tab, ids) == [2, 3]
    del server.villages["420527103204"]
    assert run(tab, pull) == {"pulled": 0, "same": 1, "gone": 1}
    assert run(tab, ids) == [3]


def test_a_village_that_is_not_mine_any_more_goes_after_what_was_done_in_it(tab, server):
    run(tab, "await window.sync.pull();")
    queue(tab, 2)
    server.villages = {"420527103206": [3]}
    server.answer = lambda path, payload: "drop" if path == "visits/" else None
    run(tab, "await window.sync.pull();")
    assert run(tab, "return window.store.household(1) !== null;"), "first the visits, then the households"
    server.answer = lambda path, payload: None
    run(tab, "await window.sync.pull();")
    assert len(server.visits) == 2
    assert run(tab, "return window.store.households().map(({ id }) => id);") == [3]


def ended(server):
    def answers(path, payload):
        return None if path.startswith("hand-over/") else (401, {"code": "signed_out"})

    return answers


def test_after_the_posting_what_is_unsent_is_handed_over_and_the_households_go(tab, server):
    run(tab, "await window.sync.pull();")
    photo = """
      const uid = await window.store.saveDraft(given.visit);
      const sha = await window.store.savePhoto(uid, new Blob(["a photo"]));
      await window.store.queue({ ...given.visit, uid, photos: [sha] });
    """
    run(tab, photo, visit=visit(household=1))
    server.answer = ended(server)
    told = send(tab)
    assert (told["stored"], told["photos"], told["left"]) == (1, 1, 0)
    paths = [path for path, _count in server.calls[-4:]]
    assert paths[:3] == ["me", "hand-over/", "hand-over/"]
    assert server.headers[-1]["x-hand-over-key"] == "12.secret"
    assert state(tab)["session"] == "ended"
    assert run(tab, "return window.store.households();") == []


def test_after_the_posting_a_draft_keeps_its_village_until_somebody_has_ended_it(tab, server):
    run(tab, "await window.sync.pull();")
    draft = visit(household=2, words="半句")
    uid = run(tab, "return window.store.saveDraft(given.visit);", visit=draft)
    server.answer = ended(server)
    run(tab, "window.sync.start();")
    until(tab, "return window.sync.state.session === 'ended' && window.sync.state.doing === 'nothing';")
    assert run(tab, "return window.store.household(2) !== null;"), "it can still be opened"

    run(tab, "await window.store.dropDraft(given.uid);", uid=uid)
    until(tab, "return window.store.households().length === 0;")


def test_who_is_only_signed_out_hands_nothing_over(tab, server):
    run(tab, "await window.sync.pull();")
    queue(tab, 1)
    still_posted = (409, {"code": "still_posted"})
    signed_out = (401, {"code": "signed_out"})
    server.answer = lambda path, payload: still_posted if path.startswith("hand-over/") else signed_out
    assert send(tab)["left"] == 1
    assert state(tab)["session"] == "over"
    assert states(tab) == ["waiting"]
    assert run(tab, "return window.store.households().length;") == 2


def test_photos_go_after_their_visit_and_one_bad_photo_stops_no_other(tab, server):
    script = """
      const uid = await window.store.saveDraft(given.visit);
      const shas = [];
      for (const name of ["one", "two", "three"]) shas.push(await window.store.savePhoto(uid, new Blob([name])));
      await window.store.queue({ ...given.visit, uid, photos: shas });
      await window.store.queue({ ...given.visit, household: 2 });
      return shas;
    """
    shas = run(tab, script, visit=visit(household=1))

    def answers(path, payload):
        if not path.startswith("photos/"):
            return None
        if shas[0] in path:
            return 413, {"code": "too_large", "sentence": "照片太大"}
        return (
            (200, {"outcome": "refused", "code": "damaged"}) if shas[1] in path and len(server.calls) < 9 else None
        )

    server.answer = answers
    told = send(tab)
    assert (told["stored"], told["photos"], told["left"]) == (2, 1, 1)
    assert [path for path, _count in server.calls][:2] == ["me", "visits/"]
    photos = "return (await window.store.photosOf((await window.store.outbox())[0].uid));"
    assert [(one["state"], one["sentence"]) for one in run(tab, photos)] == [
        ("refused", "照片太大"),
        ("waiting", ""),
        ("stored", ""),
    ]
    server.answer = lambda path, payload: None
    assert send(tab)["photos"] == 1
    assert server.photos == [shas[2], shas[1]]


def test_a_server_that_takes_in_nothing_at_all_refuses_no_visit_and_is_not_asked_for_each(tab, server):
    queue(tab, 100)
    server.answer = lambda path, payload: (400, {"code": "unreadable"}) if path == "visits/" else None
    assert send(tab)["left"] == 100
    assert set(states(tab)) == {"waiting"}
    assert len(server.calls) < 10
    server.answer = lambda path, payload: (500, "broken") if path == "visits/" else None
    assert send(tab)["left"] == 100
    assert len(server.calls) < 20


def test_leaving_says_what_would_be_lost(tab, server):
    queue(tab, 2)
    run(tab, "await window.store.saveDraft(given.visit);", visit=visit())
    server.answer = lambda path, payload: "drop"
    leave = "return window.sync.prepareLeaving();"
    assert run(tab, leave) == {"drafts": 1, "visits": 2, "photos": 0}
    server.answer = lambda path, payload: None
    assert run(tab, leave) == {"drafts": 1, "visits": 0, "photos": 0}
