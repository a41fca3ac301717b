"""A lost or shared tablet: what stands on it opens with the PIN of its user, and with nothing else."""

import pytest
from django.utils import timezone

from tests.tablet_device.conftest import PIN, USER, open_vault, raw_database, run, visit

pytestmark = [pytest.mark.browser, pytest.mark.once]

OTHER = {"id": 8, "name": "覃队员"}
SECRETS = ("户主某某", "15400000101", "屋漏严重", "楠木湾", "东门村", "hand-over-secret", "2026-11-05T09")
VILLAGE = {
    "village": {"code": "420527103204", "name": "东门村"},
    "households": [{"id": 11, "head": "户主某某", "hamlet": "楠木湾", "phone": "15400000101"}],
    "campaigns": [],
}


def try_pin(page, pin: str, user=USER) -> dict:
    return run(page, "return named(vault.openVault(given.id, given.pin).then(() => 1));", id=user["id"], pin=pin)


def later(page, seconds: float):
    page.evaluate("(ms) => { const now = Date.now; Date.now = () => now() + ms; }", seconds * 1000)


def fill(page):
    """A village, a draft, a visit that waits, and a small secret."""
    script = """
      await window.store.saveVillage("420527103204", given.village, '"1"');
      await window.store.saveDraft(given.visit);
      await window.store.queue(given.visit);
      await window.store.keep("hand-over", "hand-over-secret");
    """
    run(page, script, village=VILLAGE, visit=visit(words="屋漏严重"))


def test_nothing_that_was_written_can_be_read_without_the_pin(store):
    fill(store)
    raw = raw_database(store)

    assert [secret for secret in SECRETS if secret in raw] == []
    assert '"state":"waiting"' in raw, "the reader of this test sees the rows"
    assert USER["name"] in raw, "whose tablet it is must be seen"
    assert PIN not in raw


def test_the_pin_opens_what_it_sealed(store):
    fill(store)
    store.reload()
    open_vault(store)
    read = """
      return [window.store.household(11).head, (await window.store.drafts())[0].side.hamlet,
              (await window.store.outbox())[0].visit.words, await window.store.kept("hand-over")];
    """
    assert run(store, read) == ["户主某某", "楠木湾", "屋漏严重", "hand-over-secret"]


def test_a_short_pin_is_refused_and_a_second_vault_too(page):
    create = "return named(vault.createVault(given.user, given.pin).then(() => 1));"
    assert run(page, create, user=USER, pin="12345")["error"] == "ShortPin"
    assert run(page, create, user=USER, pin="１２３４５６")["value"] == 1
    assert run(page, create, user=USER, pin=PIN)["error"] == "VaultExists"
    assert try_pin(page, "123456") == {"value": 1}, "a keyboard writes wide digits or not"
    assert try_pin(page, PIN, OTHER)["error"] == "NoVault"


def test_wrong_pins_slow_down_across_a_reload_and_wipe_nothing(store):
    fill(store)
    # The clock stands: a wait of seconds is over before a slow machine has looked.
    store.clock.set_fixed_time(timezone.now())
    waits = [try_pin(store, "000000")["wait"] for _ in range(3)]
    assert waits == [0, 0, 5]
    store.reload()
    early = try_pin(store, PIN)
    assert early["early"]
    assert 0 < early["wait"] <= 5

    later(store, 6)
    longer = try_pin(store, "000000")
    assert (longer["wait"], longer["early"]) == (10, False)
    # Setting the clock is no way out.
    later(store, -86_400)
    assert try_pin(store, PIN)["early"]
    later(store, 86_420)
    open_vault(store)
    assert run(store, "return (await window.store.outbox()).length;") == 1
    assert try_pin(store, "000000")["wait"] == 0, "the right PIN forgives"


def test_a_new_pin_seals_the_key_again_and_no_row(store):
    fill(store)
    before = raw_database(store)
    change = "return named(vault.changePin(window.vault, given.old, given.fresh));"
    assert run(store, change, old="000000", fresh="135791")["error"] == "WrongPin"
    assert run(store, change, old=PIN, fresh="13579")["error"] == "ShortPin"
    assert "error" not in run(store, change, old=PIN, fresh="135791")

    assert before.partition('"vaults"')[0] == raw_database(store).partition('"vaults"')[0]
    assert try_pin(store, PIN)["error"] == "WrongPin"
    open_vault(store, pin="135791")
    assert run(store, "return (await window.store.drafts())[0].visit.words;") == "屋漏严重"


def test_one_user_never_sees_what_another_wrote(store):
    fill(store)
    open_vault(store, new=True, user=OTHER, pin="999999")
    look = """
      return [window.store.households().length, (await window.store.drafts()).length,
              (await window.store.outbox()).length, await window.store.kept("hand-over")];
    """
    assert run(store, look) == [0, 0, 0, None]
    assert run(store, "return (await vault.listVaults()).map(({ name }) => name).sort();") == ["向导员", "覃队员"]

    run(store, "await window.store.wipe();")
    assert run(store, "return vault.listVaults();") == [{"userId": 7, "name": "向导员"}]
    open_vault(store)
    assert run(store, look) == [1, 1, 1, "hand-over-secret"]


def test_a_row_put_elsewhere_does_not_open_and_hides_no_other(store):
    swap = """
      const uids = [];
      for (const words of ["一", "二", "三"]) uids.push(await window.store.queue({ ...given.visit, words }));
      await database.within(["visits"], "readwrite", async ({ visits }) => {
        const row = await database.asked(visits.get([7, uids[0]]));
        const other = await database.asked(visits.get([7, uids[1]]));
        visits.put({ ...row, work: other.work, stamp: 1 });
      });
      return (await window.store.outbox()).map(({ visit, unreadable }) => visit.words ?? unreadable);
    """
    assert run(store, swap, visit=visit()) == [True, "二", "三"]


def test_the_key_of_the_pin_takes_its_time_and_the_same_words_never_look_the_same(store):
    look = """
      const rows = await database.within(["vaults"], "readonly", ({ vaults }) => database.asked(vaults.getAll()));
      const sealed = [await window.vault.seal("same", "a"), await window.vault.seal("same", "a")];
      return [rows[0].iterations, rows[0].salt.length, String(sealed[0]) === String(sealed[1])];
    """
    iterations, salt, is_same = run(store, look)
    assert iterations >= 600_000
    assert salt >= 16
    assert not is_same
