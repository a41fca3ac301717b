// Drafts and the outbox: one row a visit from the first tap until it is wiped; only its state changes places.

import { asked, nextSeq, ofUser, stillOpen, within } from "./database.js";
import { FOR_VISITS } from "./room.js";
import { DONE, NotNow, newRow, now, place } from "./rows.js";

const A_DAY = 86_400_000;
// Visits that somebody goes on with at the household's own page or form, or that are on their way.
const OPEN = ["draft", "waiting", "sending", "refused"];
const OUTBOX = ["waiting", "sending", "stored", "held", "refused", "conflict"];

export class Visits {
  #vault;
  #opener;
  #photos;
  #villages;
  // Saves follow each other as they were asked for: a later one never loses to an earlier one.
  #turn = Promise.resolve();

  constructor(vault, opener, photos, villages) {
    this.#vault = vault;
    this.#opener = opener;
    this.#photos = photos;
    this.#villages = villages;
  }

  // Reading ----------------------------------------------------------------------------------------

  async entry(uid) {
    const row = await this.#row(uid);
    return row ? this.#opener.entry(row, (await this.#photos.counts()).get(uid)) : null;
  }

  async draft(uid) {
    const entry = await this.entry(uid);
    return entry?.state === "draft" ? entry : null;
  }

  drafts() {
    return this.#entries((row) => row.state === "draft");
  }

  outbox() {
    return this.#entries((row) => OUTBOX.includes(row.state));
  }

  /** How much goes to the server by itself: visits that wait, and photos of visits it has. */
  async waitingCount() {
    const { userId: user } = this.#vault;
    const visits = await within(["visits"], "readonly", async ({ visits: store }) => {
      const count = (state) => asked(store.index("state").count(ofUser(user, state)));
      return (await count("waiting")) + (await count("sending"));
    });
    return visits + (await this.#photos.readyCount());
  }

  /** Codes of villages of which a visit is not with the server yet: drafts, and those that came back, count too. */
  async villagesWaiting() {
    return [...new Set((await this.#open()).map(({ side }) => side.village))];
  }

  /** Set of ids of the households that such visits are of. */
  async householdsOpen() {
    return new Set((await this.#open()).map(({ visit }) => visit.household));
  }

  #open() {
    return this.#entries(({ state }) => OPEN.includes(state));
  }

  // Writing ----------------------------------------------------------------------------------------

  saveDraft(visit, side = {}) {
    return this.#inTurn(() => this.#save({ ...visit }, side, "draft"));
  }

  queue(visit, side = {}) {
    return this.#inTurn(async () => {
      const kept = (await this.#photos.of(visit.uid ?? "")).map(({ sha }) => sha);
      const listed = visit.photos?.filter((sha) => kept.includes(sha));
      const uid = await this.#save(listed ? { ...visit, photos: listed } : { ...visit }, side, "waiting");
      for (const sha of kept) if (!listed?.includes(sha)) await this.#photos.drop(uid, sha);
      return uid;
    });
  }

  dropDraft(uid) {
    return this.#inTurn(() => this.#remove(uid, ["draft"]));
  }

  dropVisit(uid) {
    return this.#inTurn(() => this.#remove(uid, ["refused", "conflict"]));
  }

  takeBack(uid) {
    return this.#change(uid, (row) => {
      if (row.state !== "waiting" || row.tries > 0) throw new NotNow("it was tried already");
      row.state = "draft";
    });
  }

  mend(uid) {
    return this.#change(uid, (row) => {
      if (row.state !== "refused") throw new NotNow("only a refused visit is mended");
      row.state = "draft";
    });
  }

  async noteAnswer(uid, answer) {
    const sealed = await this.#vault.seal(answer, place(uid, "answer"));
    await this.#change(uid, (row) => {
      // Dropped or mended meanwhile: a person was quicker than the answer.
      if (!["waiting", "sending"].includes(row.state)) return;
      const known = OUTBOX.slice(2).includes(answer.outcome);
      Object.assign(row, { state: known ? answer.outcome : "waiting", answer: sealed, answeredAt: now() });
      row.stamp += 1;
    });
  }

  /** A conflict goes once more, as a visit of its own; the one the server has stays what it is. */
  sendAsNew(uid) {
    return this.#inTurn(async () => {
      const entry = await this.entry(uid);
      if (entry?.state !== "conflict") throw new NotNow("only a conflict is sent as a new visit");
      const fresh = crypto.randomUUID();
      const work = { visit: { ...entry.visit, uid: fresh }, side: entry.side };
      const sealed = await this.#vault.seal(work, place(fresh, "work"));
      const moved = await this.#photos.movedTo(uid, fresh);
      const { userId: user } = this.#vault;
      await within(["visits", "photos", "kept"], "readwrite", async ({ visits, photos, kept }) => {
        const row = await asked(visits.get([user, uid]));
        if (row?.state !== "conflict") throw new NotNow("another tab was quicker");
        const next = newRow(user, fresh, await nextSeq(kept, user));
        const times = { begunAt: row.begunAt, changedAt: now(), queuedAt: now() };
        await asked(visits.put({ ...next, ...times, state: "waiting", work: sealed }));
        for (const photo of moved) await asked(photos.put({ ...photo, seq: await nextSeq(kept, user) }));
        await asked(visits.delete([user, uid]));
        await asked(photos.delete(ofUser(user, uid)));
      });
      this.#opener.forget(uid);
      return fresh;
    });
  }

  async wipeSent(olderThanDays = 7) {
    const { userId: user } = this.#vault;
    const before = new Date(Date.now() - olderThanDays * A_DAY).toISOString();
    const photosWait = await this.#photos.counts();
    const old = (row) => DONE.includes(row.state) && row.answeredAt <= before && !photosWait.get(row.uid)?.waiting;
    return within(["visits", "photos"], "readwrite", async ({ visits, photos }) => {
      const rows = (await asked(visits.getAll(ofUser(user)))).filter(old);
      for (const { uid } of rows) {
        await asked(visits.delete([user, uid]));
        await asked(photos.delete(ofUser(user, uid)));
        this.#opener.forget(uid);
      }
      return rows.length;
    });
  }

  // For the sender, which is one at a time ---------------------------------------------------------

  /** The next waiting visits in order, marked as being sent. `skip`: Set of uids left for another round. */
  async takeForSending(most, skip = new Set()) {
    const { userId: user } = this.#vault;
    const rows = await within(["visits"], "readwrite", async ({ visits }) => {
      const waiting = await asked(visits.index("state").getAll(ofUser(user, "waiting"), most + skip.size));
      const taken = waiting.filter(({ uid }) => !skip.has(uid)).slice(0, most);
      for (const row of taken) {
        Object.assign(row, { state: "sending", sentAt: now(), tries: row.tries + 1 });
        await asked(visits.put(row));
      }
      return taken;
    });
    return this.#opener.entries(rows);
  }

  /** Nothing was heard of these: they wait again. */
  giveBack(uids) {
    const { userId: user } = this.#vault;
    return within(["visits"], "readwrite", async ({ visits }) => {
      for (const uid of uids) {
        const row = await asked(visits.get([user, uid]));
        if (row?.state === "sending") await asked(visits.put({ ...row, state: "waiting" }));
      }
    });
  }

  /** What another run left in the middle of sending waits again. → how many */
  async recover() {
    const range = ofUser(this.#vault.userId, "sending");
    const keys = await within(["visits"], "readonly", ({ visits }) => asked(visits.index("state").getAllKeys(range)));
    await this.giveBack(keys.map(([, uid]) => uid));
    return keys.length;
  }

  // ------------------------------------------------------------------------------------------------

  #row(uid) {
    return within(["visits"], "readonly", ({ visits }) => asked(visits.get([this.#vault.userId, uid])));
  }

  async #entries(wanted) {
    const range = ofUser(this.#vault.userId);
    const rows = await within(["visits"], "readonly", ({ visits }) => asked(visits.index("order").getAll(range)));
    return this.#opener.entries(rows.filter(wanted), await this.#photos.counts());
  }

  #inTurn(work) {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    return mine;
  }

  async #save(visit, side, state) {
    visit.uid ??= crypto.randomUUID();
    const { uid } = visit;
    const { userId: user } = this.#vault;
    const before = await this.#row(uid);
    const known = before ? (await this.#opener.entry(before)).side : this.#sideOf(visit.household);
    const work = await this.#vault.seal({ visit, side: { ...known, ...side } }, place(uid, "work"));
    const put = async ({ visits, kept, vaults }) => {
      await stillOpen(vaults, this.#vault);
      const row = (await asked(visits.get([user, uid]))) ?? newRow(user, uid, await nextSeq(kept, user));
      if (row.state !== "draft") throw new NotNow("it is in the outbox already");
      Object.assign(row, { work, changedAt: now(), stamp: row.stamp + 1 });
      if (state === "waiting") {
        Object.assign(row, { state, queuedAt: now(), tries: 0, answer: null, seq: await nextSeq(kept, user) });
      }
      await asked(visits.put(row));
    };
    await within(["visits", "kept", "vaults"], "readwrite", put, { rooms: FOR_VISITS });
    return uid;
  }

  #sideOf(household) {
    const { head = "", hamlet = "", village = "" } = this.#villages.household(household) ?? {};
    return { head, hamlet, village };
  }

  async #remove(uid, states) {
    const { userId: user } = this.#vault;
    await within(["visits", "photos"], "readwrite", async ({ visits, photos }) => {
      const row = await asked(visits.get([user, uid]));
      if (!row) return;
      if (!states.includes(row.state)) throw new NotNow("it is in another state by now");
      await asked(visits.delete([user, uid]));
      await asked(photos.delete(ofUser(user, uid)));
    });
    this.#opener.forget(uid);
  }

  #change(uid, fn) {
    return within(["visits"], "readwrite", async ({ visits }) => {
      const row = await asked(visits.get([this.#vault.userId, uid]));
      if (!row) throw new NotNow("there is no such visit");
      fn(row);
      await asked(visits.put(row));
    });
  }
}
