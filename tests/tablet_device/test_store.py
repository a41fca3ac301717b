"""Drafts and the outbox survive what happens to a tablet, and nothing in them changes places twice."""

import pytest

from tests.tablet_device.conftest import open_vault, run, visit

pytestmark = [pytest.mark.browser, pytest.mark.once]

STORED = {"outcome": "stored", "receipt": 4711, "again": False, "sentence": "已收到"}
# Smaller than any real photo; the store looks into none.
PHOTO = "const photo = new Blob([new Uint8Array(given.size ?? 2000).fill(7)], { type: 'image/jpeg' });"


def states(page) -> list[list]:
    return run(page, "return (await window.store.outbox()).map(({ visit, state }) => [visit.household, state]);")


def queue(page, *households: int) -> list[str]:
    script = """
      const uids = [];
      for (const household of given.households) uids.push(await window.store.queue({ ...given.visit, household }));
      return uids;
    """
    return run(page, script, households=list(households), visit=visit())


def note(page, uid: str, outcome: str, **more):
    script = "await window.store.noteAnswer(given.uid, given.answer);"
    run(page, script, uid=uid, answer={"outcome": outcome} | more)


def test_a_draft_has_its_uuid_from_the_first_tap_and_survives_a_reload(store):
    uid = run(store, "return window.store.saveDraft(given.visit);", visit=visit(words="屋漏"))
    store.reload()
    open_vault(store)
    drafts = run(store, "return window.store.drafts();")
    assert [(one["uid"], one["visit"]["uid"], one["visit"]["words"]) for one in drafts] == [(uid, uid, "屋漏")]


def test_the_last_of_many_quick_saves_is_what_stays(store):
    script = """
      const uid = await window.store.saveDraft(given.visit);
      await Promise.all(Array.from({ length: 30 }, (_, n) =>
        window.store.saveDraft({ ...given.visit, uid, words: String(n).repeat(n % 2 ? 400 : 1) })));
      await window.store.queue({ ...given.visit, uid, words: "last" });
      return [(await window.store.entry(uid)).visit.words, (await window.store.drafts()).length];
    """
    assert run(store, script, visit=visit()) == ["last", 0]


def test_the_outbox_keeps_the_order_in_which_work_was_done(store):
    script = """
      const first = await window.store.saveDraft({ ...given.visit, household: 1 });
      await window.store.queue({ ...given.visit, household: 2 });
      await window.store.queue({ ...given.visit, household: 3 });
      await window.store.queue({ ...given.visit, uid: first, household: 1 });
    """
    run(store, script, visit=visit())
    store.reload()
    open_vault(store)
    assert states(store) == [[2, "waiting"], [3, "waiting"], [1, "waiting"]]


def test_what_was_being_sent_when_the_tablet_died_waits_again(store):
    queue(store, 1, 2, 3)
    run(store, "await window.store.takeForSending(2);")
    assert states(store) == [[1, "sending"], [2, "sending"], [3, "waiting"]]
    store.reload()
    open_vault(store)
    assert run(store, "return window.store.recover();") == 2
    assert states(store) == [[1, "waiting"], [2, "waiting"], [3, "waiting"]]


def test_an_answer_stands_beside_what_was_sent(store):
    [uid] = queue(store, 1)
    run(store, "await window.store.takeForSending(1);")
    note(store, uid, "stored", receipt=4711, sentence="已收到")
    store.reload()
    open_vault(store)
    entry = run(store, "return window.store.entry(given.uid);", uid=uid)
    assert (entry["state"], entry["answer"]["receipt"], entry["tries"]) == ("stored", 4711, 1)
    assert entry["answeredAt"] >= entry["sentAt"] >= entry["queuedAt"]


def test_an_outcome_that_this_page_does_not_know_leaves_the_visit_waiting(store):
    [uid] = queue(store, 1)
    note(store, uid, "postponed")
    assert states(store) == [[1, "waiting"]]


def test_a_refused_visit_is_mended_under_the_same_uuid(store):
    [uid] = queue(store, 1)
    note(store, uid, "refused", problems=[{"field": "on", "code": "not_day", "sentence": "日期无效"}])
    run(store, "await window.store.mend(given.uid);", uid=uid)
    draft = run(store, "return window.store.draft(given.uid);", uid=uid)
    assert draft["answer"]["problems"][0]["field"] == "on", "why it was refused is still seen"

    run(store, "await window.store.queue(given.visit);", visit=visit(uid=uid, household=1, words="改"))
    entry = run(store, "return window.store.entry(given.uid);", uid=uid)
    assert (entry["state"], entry["visit"]["words"], entry["answer"]) == ("waiting", "改", None)


def test_a_conflict_goes_as_a_visit_of_its_own_or_is_dropped_by_a_person(store):
    first, second = queue(store, 1, 2)
    for uid in (first, second):
        note(store, uid, "conflict")
    fresh = run(store, "return window.store.sendAsNew(given.uid);", uid=first)
    run(store, "await window.store.dropVisit(given.uid);", uid=second)
    assert fresh != first
    entry = run(store, "return window.store.entry(given.uid);", uid=fresh)
    assert (entry["state"], entry["visit"]["uid"], entry["visit"]["household"]) == ("waiting", fresh, 1)
    assert states(store) == [[1, "waiting"]]


def test_nothing_is_changed_that_is_on_its_way_or_has_arrived(store):
    sent, arrived, waits = queue(store, 1, 2, 3)
    run(store, "await window.store.takeForSending(2);")
    note(store, arrived, "stored")
    script = """
      const [{ sent, arrived, visit }, store] = [given, window.store];
      const doings = [
        store.mend(sent), store.takeBack(sent), store.dropVisit(sent), store.sendAsNew(sent),
        store.dropDraft(arrived), store.mend(arrived),
        store.saveDraft({ ...visit, uid: arrived }), store.queue({ ...visit, uid: sent }),
      ];
      return (await Promise.all(doings.map(named))).map(({ error }) => error);
    """
    assert set(run(store, script, sent=sent, arrived=arrived, visit=visit())) == {"NotNow"}
    run(store, "await window.store.takeBack(given.uid);", uid=waits)
    assert run(store, "return (await window.store.draft(given.uid)).visit.household;", uid=waits) == 3
    assert states(store) == [[1, "sending"], [2, "stored"]]


def test_a_pull_replaces_a_village_and_touches_no_work(store):
    script = """
      const household = (id) => ({ id, head: `H${id}` });
      const pulled = (...ids) => ({ households: ids.map(household), campaigns: [{ id: 1 }] });
      await window.store.saveVillage("A", pulled(1, 2), '"a1"');
      await window.store.saveVillage("B", pulled(3), '"b1"');
      await window.store.saveDraft({ ...given.visit, household: 2 });
      await window.store.queue({ ...given.visit, household: 3 });
      await window.store.saveVillage("A", pulled(1, 4), '"a2"');
      await window.store.dropVillage("B");
      return {
        ids: window.store.households().map(({ id, village }) => [id, village]),
        left: [window.store.household(2), window.store.household(1)].map(({ left }) => left ?? false),
        etags: window.store.villages().map(({ code, etag, count }) => [code, etag, count]),
        campaigns: window.store.campaigns().length,
        work: [(await window.store.drafts())[0].side.head, (await window.store.outbox())[0].side],
      };
    """
    expected = {
        "ids": [[1, "A"], [4, "A"]],
        "left": [True, False],
        "etags": [["A", '"a2"', 2]],
        "campaigns": 1,
        "work": ["H2", {"head": "H3", "hamlet": "", "village": "B"}],
    }
    assert run(store, script, visit=visit()) == expected
    store.reload()
    open_vault(store)
    assert run(store, "return window.store.households().map(({ id }) => id);") == [1, 4]


def test_a_household_that_left_stays_to_be_written_of_until_nothing_of_it_is_open(store):
    script = """
      const pulled = (...ids) => ({ households: ids.map((id) => ({ id, head: `H${id}` })), campaigns: [] });
      await window.store.saveVillage("A", pulled(1, 2), '"a1"');
      const uid = await window.store.saveDraft({ ...given.visit, household: 2 });
      await window.store.saveVillage("A", pulled(1), '"a2"');
      await window.store.dropLeft();
      const during = window.store.household(2).head;
      const waits = await window.store.villagesWaiting();
      await window.store.dropDraft(uid);
      await window.store.dropLeft();
      return [during, waits, window.store.household(2), window.store.households().length];
    """
    assert run(store, script, visit=visit()) == ["H2", ["A"], None, 1]


def test_photos_stay_with_their_visit_until_it_is_wiped(store):
    script = f"""
      {PHOTO}
      const uid = await window.store.saveDraft(given.visit);
      const sha = await window.store.savePhoto(uid, photo);
      const lost = await window.store.savePhoto(uid, new Blob(["taken out again"]));
      await window.store.queue({{ ...given.visit, uid, photos: [sha, "f".repeat(64)] }});
      const early = await window.store.nextPhoto();
      await window.store.noteAnswer(uid, given.answer);
      const [bytes, next] = [await (await window.store.photo(sha)).arrayBuffer(), await window.store.nextPhoto()];
      const kept = await window.store.wipeSent(0);
      await window.store.notePhoto(uid, sha, "stored");
      return {{
        early, size: bytes.byteLength, isNext: next.sha === sha, kept,
        listed: (await window.store.entry(uid)).visit.photos.length, lost: await window.store.photo(lost),
        counts: (await window.store.entry(uid)).photos, wiped: await window.store.wipeSent(0),
        left: await window.store.photo(sha), unsent: await window.store.unsentCount(),
      }};
    """
    assert run(store, script, visit=visit(), answer=STORED) == {
        "early": None,
        "size": 2000,
        "isNext": True,
        "kept": 0,
        "listed": 1,
        "lost": None,
        "counts": {"waiting": 0, "stored": 1, "refused": 0},
        "wiped": 1,
        "left": None,
        "unsent": {"drafts": 0, "visits": 0, "photos": 0},
    }


def test_what_was_sent_goes_after_seven_days_and_what_was_not_stays(store):
    sent, refused, _waits = queue(store, 1, 2, 3)
    note(store, sent, "stored")
    note(store, refused, "refused")
    assert run(store, "return window.store.wipeSent();") == 0
    store.evaluate("() => { const now = Date.now; Date.now = () => now() + 8 * 86400000; }")
    assert run(store, "return window.store.wipeSent();") == 1
    assert states(store) == [[2, "refused"], [3, "waiting"]]
    assert run(store, "return stores.unsentOf(7);") == {"drafts": 0, "visits": 2, "photos": 0}


def test_two_tabs_see_each_other_and_never_take_the_same_number(tabs):
    one, other = tabs(), tabs()
    open_vault(one, new=True)
    open_vault(other)
    other.evaluate("() => { window.heard = []; window.store.onChange(({ what }) => window.heard.push(what)); }")
    script = "window.doing = Promise.all(Array.from({ length: 20 }, () => window.store.queue(given.visit)));"
    for page in (one, other):
        run(page, script, visit=visit())
    for page in (one, other):
        page.evaluate("() => window.doing")
    numbers = run(one, "return (await window.store.outbox()).map(({ seq }) => seq);")
    assert (len(numbers), len(set(numbers))) == (40, 40)
    run(one, 'await window.store.saveVillage("A", { households: [{ id: 5 }] });')
    other.wait_for_function("() => window.store.household(5) !== null")
    assert {"visits", "villages"} <= set(other.evaluate("() => window.heard"))


def test_a_tab_that_did_not_hear_of_the_wipe_writes_nothing_more(tabs):
    one, other = tabs(), tabs()
    open_vault(one, new=True)
    open_vault(other)
    run(one, "await window.store.wipe();")
    script = """
      return [(await named(window.store.saveDraft(given.visit))).error,
              (await named(window.store.saveVillage("A", { households: [] }))).error];
    """
    assert run(other, script, visit=visit()) == ["Wiped", "Wiped"]
    open_vault(one, new=True)
    assert run(one, "return [await window.store.unsentCount(), window.store.households()];") == [
        {"drafts": 0, "visits": 0, "photos": 0},
        [],
    ]
    assert run(other, script, visit=visit()) == ["Wiped", "Wiped"], "a new vault has another key"


def test_a_thousand_visits_are_kept_and_shown(store):
    script = """
      const t0 = performance.now();
      for (let n = 0; n < 1000; n++) await window.store.queue({ ...given.visit, household: n });
      const t1 = performance.now();
      const outbox = await window.store.outbox();
      const t2 = performance.now();
      return [outbox.every(({ visit }, n) => visit.household === n) && outbox.length, (t1 - t0) / 1000, t2 - t1];
    """
    length, each, first = run(store, script, visit=visit())
    assert length == 1000
    # Generous, for a busy machine; alone it takes 7 ms for one, and 150 ms for all.
    assert each < 100
    assert first < 5000
