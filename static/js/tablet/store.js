// What the tablet keeps for one user: households as pulled, drafts, the outbox, photos.

import { asked, ofUser, onNewerPage, within } from "./database.js";
import { Photos } from "./photo_rows.js";
import { holdRoom } from "./room.js";
import { Opener, UNSENT } from "./rows.js";
import { removeUser } from "./vault.js";
import { Villages } from "./villages.js";
import { Visits } from "./visits.js";

export { NewerPage, StorageFull, Wiped } from "./database.js";
export { NotNow } from "./rows.js";

/**
 * @param vault an open vault. → Store
 *
 * Entry: {uid, seq, state, visit, side, answer, begunAt, changedAt, queuedAt, sentAt, answeredAt, tries,
 *         photos: {waiting, stored, refused}}
 *   state:  draft | waiting | sending | stored | held | refused | conflict
 *   visit:  the payload, the whole of it; times are ISO strings or null
 *   side:   what only the tablet needs: {head, hamlet, village} of the household as pulled, and what the UI adds
 *   answer: the server's answer to it ({outcome, receipt, again, sentence, problems, answers, verdicts}), or null
 *
 * Store:
 *   userId, name
 *   villages() → [{code, name, pulledAt, etag, count}]
 *   saveVillage(code, pulled, etag)      replaces all that was pulled of the village; never touches visits
 *   dropVillage(code)                    no household of it stands here any more; visits stay
 *   dropLeft()                           households that left their village, and on which nothing is open any more
 *   households() → [household…]          of all villages, as pulled, each with `village` (code)
 *   household(id) → household | null     `left`: it left its village while a draft or visit of it is open here
 *   campaigns() → [campaign…]            each once, of all villages
 *   saveDraft(visit, side = {}) → uid    makes `visit.uid` if there is none; `side` adds to what was kept
 *   draft(uid) → Entry | null
 *   drafts() → [Entry…]                  in the order they were begun
 *   dropDraft(uid)                       with its photos
 *   queue(visit, side = {}) → uid        the draft of that uid (or a new one) waits to be sent
 *   takeBack(uid)                        waiting and never tried → draft, same uid. Throws NotNow
 *   outbox() → [Entry…]                  all but drafts, in order of seq
 *   entry(uid) → Entry | null
 *   noteAnswer(uid, answer)              its outcome becomes the state; one that is not known leaves it waiting
 *   mend(uid)                            refused → draft, same uid. Throws NotNow
 *   sendAsNew(uid) → new uid             conflict → waits under a new uid, with its photos. Throws NotNow
 *   dropVisit(uid)                       refused or conflict: a person decided to let it go. Throws NotNow
 *   savePhoto(uid, blob) → sha256        of a draft; the UI adds it to visit.photos and saves. Throws StorageFull
 *                                        while there is room for visits still
 *   photo(sha) → Blob | null
 *   photosOf(uid) → [{sha, state, sentence}]
 *   dropPhoto(uid, sha)
 *   unsentCount() → {drafts, visits, photos}   visits: waiting, sending, refused and conflict; photos not yet sent
 *   wipeSent(olderThanDays = 7) → n      stored and held ones answered before then, with their photos
 *   wipe()                               everything of this user, the vault too
 *   keep(name, value), kept(name)        a small thing, sealed
 *   onChange(fn) → stop                  fn({what: "visits" | "villages" | "wiped" | "newer"}), from other tabs too
 *   close()                              locks: the store forgets what it has opened
 *   unreadable: true where the row is damaged (then visit is {}): it is shown, and never sent
 * Drafts and visits throw Wiped where another tab has wiped the vault, StorageFull where there is no room, and leave what was kept as it was.
 */
export async function openStore(vault) {
  const store = new Store(vault);
  await store.load();
  return store;
}

/** How much unsent work of a user stands here, readable without a PIN: {drafts, visits, photos}. */
export async function unsentOf(user) {
  return within(["visits", "photos"], "readonly", async ({ visits, photos }) => {
    const count = (store, state) => asked(store.index("state").count(ofUser(user, state)));
    const unsent = await Promise.all(UNSENT.map((state) => count(visits, state)));
    return {
      drafts: await count(visits, "draft"),
      visits: unsent.reduce((sum, one) => sum + one, 0),
      photos: await count(photos, "waiting"),
    };
  });
}

/** For a PIN that nobody knows any more: removes all of a user, unsent work too. Ask the person first. */
export async function forgetUser(user) {
  await removeUser(user);
  const channel = new BroadcastChannel(`tablet-${user}`);
  channel.postMessage("wiped");
  channel.close();
}

class Store {
  #vault;
  #villages;
  #visits;
  #photos;
  #listeners = new Set();
  #channel;
  #stopNewer;

  constructor(vault) {
    this.#vault = vault;
    this.userId = vault.userId;
    this.name = vault.name;
    this.#villages = new Villages(vault);
    this.#photos = new Photos(vault);
    this.#visits = new Visits(vault, new Opener(vault), this.#photos, this.#villages);
    this.#channel = new BroadcastChannel(`tablet-${vault.userId}`);
    this.#channel.onmessage = ({ data }) => this.#heard(data);
    this.#stopNewer = onNewerPage(() => this.#call("newer"));
    for (const name of PASSED_ON) this[name] = (...given) => this.#visits[name](...given);
    for (const name of CHANGING) this[name] = (...given) => this.#changed("visits", this.#visits[name](...given));
  }

  async load() {
    await holdRoom();
    await this.#villages.load();
  }

  villages() {
    return this.#villages.list();
  }

  saveVillage(code, pulled, etag = "") {
    const saving = this.#visits.householdsOpen().then((open) => this.#villages.save(code, pulled, etag, open));
    return this.#changed("villages", saving);
  }

  dropVillage(code) {
    return this.#changed("villages", this.#villages.drop(code));
  }

  async dropLeft() {
    await this.#villages.dropLeft(await this.#visits.householdsOpen());
  }

  households() {
    return this.#villages.households();
  }

  household(id) {
    return this.#villages.household(id);
  }

  campaigns() {
    return this.#villages.campaigns();
  }

  photo(sha) {
    return this.#photos.blob(sha);
  }

  photosOf(uid) {
    return this.#photos.of(uid);
  }

  savePhoto(uid, blob) {
    return this.#changed("visits", this.#photos.save(uid, blob));
  }

  dropPhoto(uid, sha) {
    return this.#changed("visits", this.#photos.drop(uid, sha));
  }

  /** For the sender: {uid, sha} of the next photo whose visit the server has, or null; `skip`: Set of "uid/sha". */
  nextPhoto(skip) {
    return this.#photos.next(skip);
  }

  photoBlob(uid, sha) {
    return this.#photos.blobOf(uid, sha);
  }

  /** outcome: "stored" | "refused", with the server's sentence. */
  notePhoto(uid, sha, outcome, sentence = "") {
    return this.#changed("visits", this.#photos.note(uid, sha, outcome, sentence));
  }

  unsentCount() {
    return unsentOf(this.userId);
  }

  async wipe() {
    await removeUser(this.userId);
    this.#villages.forget();
    this.#call("wiped");
    this.#channel?.postMessage("wiped");
    this.close();
  }

  async keep(name, value) {
    const sealed = await this.#vault.seal(value, `kept/${name}`);
    await within(["kept"], "readwrite", ({ kept }) => asked(kept.put({ user: this.userId, name, sealed })));
  }

  async kept(name) {
    const row = await within(["kept"], "readonly", ({ kept }) => asked(kept.get([this.userId, name])));
    return row ? this.#vault.open(row.sealed, `kept/${name}`) : null;
  }

  onChange(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  close() {
    this.#channel?.close();
    this.#channel = null;
    this.#stopNewer();
    this.#listeners.clear();
    this.#villages.forget();
  }

  async #changed(what, doing) {
    const result = await doing;
    this.#call(what);
    this.#channel?.postMessage(what);
    return result;
  }

  async #heard(what) {
    if (what === "villages") await this.#villages.load();
    if (what === "wiped") this.#villages.forget();
    this.#call(what);
  }

  #call(what) {
    for (const fn of [...this.#listeners]) fn({ what });
  }
}

const PASSED_ON = ["draft", "drafts", "outbox", "entry", "waitingCount", "villagesWaiting"];
const CHANGING = [
  "saveDraft", "dropDraft", "queue", "takeBack", "noteAnswer", "mend", "sendAsNew", "dropVisit", "wipeSent",
  // For the sender.
  "takeForSending", "giveBack", "recover",
];
