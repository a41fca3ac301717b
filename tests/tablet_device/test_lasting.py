"""The browser dies, the tablet is full, the page becomes another one: nothing already written is lost."""

import os
import shutil
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from tests.browser.conftest import ARGUMENTS
from tests.tablet_device.conftest import BLANK, PIN, USER, open_vault, run, visit
from tests.tablet_device.fake import FakeServer

pytestmark = [pytest.mark.browser, pytest.mark.once]


def kill(profile: Path):
    """The browser of that profile, with all that it started: as if the battery were empty."""
    while processes := _of(profile):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.02)


def _of(profile: Path) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if f"--user-data-dir={profile}".encode() in entry.read_bytes():
                found.append(int(entry.parent.name))
    return found


def restarted(chromium, files, profile: Path):
    """A browser with its own memory on the disk; a window of it, already somewhere."""
    executable = shutil.which("chromium") or shutil.which("google-chrome")
    context = chromium.browser_type.launch_persistent_context(
        str(profile), executable_path=executable, args=ARGUMENTS, base_url=files
    )
    page = context.new_page()
    page.goto(BLANK)
    return context, page


def test_what_was_saved_a_moment_before_the_battery_died_is_there(chromium, files, tmp_path):
    _context, page = restarted(chromium, files, tmp_path)
    open_vault(page, new=True)
    uid = run(page, "return window.store.saveDraft(given.visit);", visit=visit(words="写到一半"))
    sent = run(page, "return window.store.queue(given.visit);", visit=visit())
    run(page, "await window.store.takeForSending(1);")
    kill(tmp_path)

    for lock in tmp_path.glob("Singleton*"):
        lock.unlink()
    context, page = restarted(chromium, files, tmp_path)
    open_vault(page)
    draft = run(page, "return window.store.draft(given.uid);", uid=uid)
    assert draft["visit"]["words"] == "写到一半"
    assert run(page, "return window.store.recover();") == 1
    assert [(one["uid"], one["state"]) for one in run(page, "return window.store.outbox();")] == [
        (sent, "waiting")
    ]
    context.close()


MEGABYTE = 1024 * 1024


@pytest.fixture
def limit(page):
    """``limit(bytes)``: no more than that for our address. To be set before the database is used: the browser asks
    how much is left only now and then."""
    session = page.context.new_cdp_session(page)
    origin = page.evaluate("() => location.origin")
    return lambda size: session.send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": size})


def test_a_full_tablet_refuses_photos_first_and_can_be_opened_written_on_and_emptied(page, limit):
    limit(16 * MEGABYTE)
    assert "nearly_full" not in run(page, "return (await vault.canKeep()).reasons;")
    open_vault(page, new=True)
    fill = """
      const uid = await window.store.saveDraft(given.visit);
      let taken = 0;
      const take = () => named(window.store.savePhoto(uid, new Blob([new Uint8Array(500_000), String(taken)])));
      while (taken < 40 && (window.last = await take()).value) taken += 1;
      const large = { households: [{ id: 1, head: "x".repeat(500_000) }] };
      return [taken, window.last.error, (await named(window.store.saveVillage("A", large))).error];
    """
    photos, *errors = run(page, fill, visit=visit(words="原来的"))
    assert 5 <= photos <= 14
    assert errors == ["StorageFull", "StorageFull"]

    more = """
      const large = { ...given.visit, needs: "x".repeat(7_000_000) };
      for (let n = 0; n < 100; n++) await window.store.queue({ ...given.visit, needs: "x".repeat(10_000) });
      return (await named(window.store.queue(large))).error;
    """
    assert run(page, more, visit=visit()) == "StorageFull"
    page.reload()
    open_vault(page)
    assert run(page, "return (await window.store.drafts())[0].visit.words;") == "原来的"
    FakeServer(page.context)
    send = """
      const { stored } = await syncs.createSync(window.store).send();
      return [stored, await window.store.wipeSent(0), (await window.store.outbox()).length];
    """
    assert run(page, send) == [100, 100, 0], "a full tablet can be emptied"


def test_a_full_tablet_is_told_before_the_first_visit(page, limit):
    limit(1 * MEGABYTE)
    keeping = run(page, "return vault.canKeep();")
    assert (keeping["ok"], keeping["reasons"]) == (False, ["nearly_full"])


def test_a_browser_that_can_keep_work_says_so_and_is_asked_to_keep_it_once(page):
    asked = (
        "window.asked = 0; StorageManager.prototype.persist = async () => { window.asked += 1; return false; };"
    )
    page.evaluate(f"() => {{ {asked} }}")
    for _ in range(2):
        keeping = run(page, "return vault.canKeep();")
        assert (keeping["ok"], keeping["reasons"]) == (True, [])
    assert page.evaluate("() => window.asked") == 1


SAYS_IT_IS = "Object.defineProperty(Navigator.prototype, 'userAgent', {{ get: () => 'x {} y' }})"


@pytest.mark.parametrize(
    ("prepared", "reason"),
    [
        ("Object.defineProperty(IDBFactory.prototype, 'open', { value() { throw new Error() } })", "no_database"),
        ("Object.defineProperty(window, 'isSecureContext', { get: () => false })", "insecure"),
        ("Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined })", "no_crypto"),
        ("Object.defineProperty(Navigator.prototype, 'serviceWorker', { get: () => undefined })", "no_worker"),
        (SAYS_IT_IS.format("MicroMessenger/8.0"), "chat_browser"),
        (SAYS_IT_IS.format("QQ/9.1"), "chat_browser"),
        (SAYS_IT_IS.format("DingTalk/7"), "chat_browser"),
        (SAYS_IT_IS.format("Lark/7"), "chat_browser"),
    ],
)
def test_a_browser_that_cannot_keep_work_says_why(page, prepared, reason):
    page.context.add_init_script(prepared)
    page.reload()
    keeping = run(page, "return vault.canKeep();")
    assert (keeping["ok"], keeping["reasons"]) == (False, [reason])


def test_a_newer_database_keeps_every_row_and_the_older_page_steps_aside(tabs):
    old, new = tabs(), tabs()
    open_vault(old, new=True)
    run(old, "await window.store.queue(given.visit);", visit=visit(words="旧版写的"))
    old.evaluate("() => { window.heard = []; window.store.onChange(({ what }) => window.heard.push(what)); }")
    upgrade = """
      const step = (db, transaction) => {
        db.createObjectStore("more");
        transaction.objectStore("visits").createIndex("more", ["user", "queuedAt"]);
      };
      const opened = await database.openDatabase([...database.STEPS, step]);
      window.vault = await vault.openVault(given.user.id, given.pin);
      window.store = await stores.openStore(window.vault);
      return [opened.version, (await window.store.outbox())[0].visit.words];
    """
    assert run(new, upgrade, user=USER, pin=PIN) == [2, "旧版写的"]
    assert old.evaluate("() => window.heard") == ["newer"]
    save = "return (await named(window.store.saveDraft(given.visit))).error;"
    assert run(old, save, visit=visit()) == "NewerPage"
    old.reload()
    assert run(old, "return (await named(vault.listVaults())).error;") == "NewerPage", "an old page in a cache"


PICTURE = """
  const canvas = new OffscreenCanvas(given.width, given.height);
  const pen = canvas.getContext("2d");
  const noise = new ImageData(given.width, 50);
  for (let i = 0; i < noise.data.length; i++) noise.data[i] = i % 4 === 3 ? 255 : Math.random() * 256;
  for (let y = 0; y < given.height; y += 50) pen.putImageData(noise, 0, y);
  const plain = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.97 });
  // Where and with what it was taken, as a camera writes it: a segment of its own behind the first two bytes.
  const note = new TextEncoder().encode("Exif\\0\\0GPS 30.9 110.8 HUAWEI");
  const segment = new Uint8Array([0xff, 0xe1, 0, note.length + 2, ...note]);
  const photo = new Blob([plain.slice(0, 2), segment, plain.slice(2)], { type: "image/jpeg" });
"""


def test_a_photo_of_12_megabytes_becomes_small_and_forgets_where_it_was_taken(page):
    script = (
        PICTURE
        + """
      const small = await photos.shrink(photo, { longest: 1600, most: 900_000 });
      const { width, height } = await createImageBitmap(small);
      const text = new TextDecoder("latin1").decode(await small.arrayBuffer());
      return [photo.size, small.size, small.type, width, height, text.includes("Exif"), text.includes("GPS")];
    """
    )
    before, after, kind, width, height, *notes = run(page, script, width=4000, height=3000)
    assert before > 12_000_000
    assert after <= 900_000
    assert (kind, max(width, height) <= 1600, abs(width / height - 4 / 3) < 0.01) == ("image/jpeg", True, True)
    assert notes == [False, False]


def test_a_small_photo_is_not_blown_up_and_what_is_none_is_said(page):
    script = (
        PICTURE
        + """
      const small = await photos.shrink(photo);
      const { width, height } = await createImageBitmap(small);
      return [width, height, (await named(photos.shrink(new Blob(["no photo"], { type: "image/jpeg" })))).error];
    """
    )
    assert run(page, script, width=200, height=100) == [200, 100, "NotAPhoto"]
