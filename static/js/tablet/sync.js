// Sends what waits and fetches households, whenever the server truly answers.

import { StorageFull, tabletName } from "./database.js";
import { Sender } from "./sending.js";
import { Server } from "./server.js";
import { inTurn } from "./turn.js";

// Waits between tries that fail, in seconds: doubled from the first to the longest.
const FIRST_WAIT = 5;
const LONGEST_WAIT = 300;
// A clock that is wrong by more than this makes wrong days.
const CLOCK_MAY_ERR = 600;
const PULL_AGAIN_AFTER = 10 * 60_000;
// What of it is kept: the key by which one hands over what is unsent after one's posting has ended.
const KEY = "hand-over";
// Several hints at once are one.
const HINT_WAITS = 150;

/**
 * @param store an open store
 * @param options {batch = 25, base = "/tablet/api/", sentences = {too_large: "…"}, handOver}; `too_large`: what is said
 *   of a visit or photo that the server cannot take in and says nothing of; `handOver()`: queues the drafts that can go
 *   as they stand, when the posting has ended
 * → Sync:
 *   state {
 *     doing:     "nothing" | "asking" | "sending" | "pulling"
 *     server:    "unknown" | "there" | "away"
 *     session:   "unknown" | "open" | "over" | "other" | "ended"   (ended: the posting is over)
 *     trouble:   null | "forbidden" | "first_password" | "server_error" | "storage_full"
 *     clockOff:  seconds our clock is behind the server's (negative: ahead); 0 unless more than 10 minutes
 *     clockBehind: the same as measured, null before the first answer
 *     unsent:    {drafts, visits, photos} of store.unsentCount()
 *     tryAt:     ms since epoch of the next try by itself, null: none planned
 *     lastAnswer, lastPull: ISO times or null
 *   }
 *   onChange(fn) → stop       fn(state)
 *   start()                   tries now, and then by itself (timer, network hints, return to the page, other tabs)
 *   stop()
 *   send() → {stored, held, refused, conflict, photos, left}    the button: tries at once; never throws for the network.
 *                             photos: stored ones; left: visits and photos that still wait
 *   pull() → {pulled, same, gone}   villages by what became of them; the same promise while one is under way
 *   prepareLeaving() → {drafts, visits, photos}   sends; what remains. Only at zero may one wipe unasked
 */
export function createSync(store, options = {}) {
  return new Sync(store, options);
}

class Sync {
  #store;
  #options;
  #server = null;
  #listeners = new Set();
  #sending = null;
  #pulling = null;
  #timer = null;
  #failures = 0;
  #started = false;
  #stops = [];

  constructor(store, { batch = 25, base = "/tablet/api/", sentences = {}, handOver = async () => {} } = {}) {
    this.#store = store;
    this.#options = { batch, base, sentences, handOver };
    this.state = {
      doing: "nothing",
      server: "unknown",
      session: "unknown",
      trouble: null,
      clockOff: 0,
      clockBehind: null,
      unsent: { drafts: 0, visits: 0, photos: 0 },
      tryAt: null,
      lastAnswer: null,
      lastPull: null,
    };
  }

  onChange(fn) {
    this.#listeners.add(fn);
    return () => this.#listeners.delete(fn);
  }

  start() {
    if (this.#started) return;
    this.#started = true;
    const listen = (target, kind, fn) => {
      target.addEventListener(kind, fn);
      this.#stops.push(() => target.removeEventListener(kind, fn));
    };
    // The network says it is back, or somebody looks at the page again: reasons to ask, no more.
    listen(window, "online", () => this.#hint());
    listen(document, "visibilitychange", () => document.visibilityState === "visible" && this.#hint());
    this.#stops.push(this.#store.onChange(({ what }) => what === "visits" && this.#visitsChanged()));
    this.#hint(0);
  }

  stop() {
    this.#started = false;
    for (const stop of this.#stops.splice(0)) stop();
    this.#plan(null);
  }

  send() {
    this.#sending ??= this.#sent().finally(() => (this.#sending = null));
    return this.#sending;
  }

  pull() {
    this.#pulling ??= this.#pulled().finally(() => (this.#pulling = null));
    return this.#pulling;
  }

  async prepareLeaving() {
    await this.send();
    return this.#store.unsentCount();
  }

  // By itself --------------------------------------------------------------------------------------

  #hint(after = HINT_WAITS) {
    this.#failures = 0;
    this.#plan(after);
  }

  async #visitsChanged() {
    await this.#count();
    if (!this.#started || this.#sending || this.#failures > 0) return;
    if ((await this.#store.waitingCount()) > 0 || (await this.#wipeIsDue())) this.#plan(HINT_WAITS);
  }

  /** The posting is over, and the last draft of a village is gone: its households go too. */
  async #wipeIsDue() {
    if (this.state.session !== "ended") return false;
    const waits = new Set(await this.#store.villagesWaiting());
    return this.#store.villages().some(({ code }) => !waits.has(code));
  }

  #plan(after) {
    clearTimeout(this.#timer);
    this.#timer = after === null || !this.#started ? null : setTimeout(() => this.#tick(), after);
    this.#set({ tryAt: this.#timer === null ? null : Date.now() + after });
  }

  async #tick() {
    this.#set({ tryAt: null });
    const { left } = await this.send();
    const isOld = Date.now() - Date.parse(this.state.lastPull ?? 0) > PULL_AGAIN_AFTER;
    if (isOld && this.state.session === "open" && this.state.server === "there") await this.pull();
    const fails = this.state.server !== "there" || this.state.trouble !== null;
    // Nobody is asked while nothing waits: a session that is not used is to end by itself.
    if (left === 0 && !fails) return;
    const wait = Math.min(FIRST_WAIT * 2 ** this.#failures, LONGEST_WAIT);
    this.#failures += 1;
    this.#plan(wait * 1000);
  }

  // Asking -----------------------------------------------------------------------------------------

  /** → true when the server answers and this vault's user is signed in there. */
  async #ask() {
    this.#set({ doing: "asking" });
    this.#server ??= new Server(this.#options.base, await tabletName());
    const needsKey = (await this.#store.kept(KEY)) === null;
    return this.#heard(await this.#server.ask({ needsKey }));
  }

  async #heard(answer) {
    if (answer.is === "away") return this.#set({ server: "away" }) ?? false;
    this.#set({ server: "there", trouble: null, lastAnswer: new Date().toISOString() });
    if (answer.is === "over") this.#set({ session: answer.ended ? "ended" : "over" });
    else if (answer.is === "forbidden") this.#set({ trouble: answer.code === "first_password" ? answer.code : "forbidden" });
    else if (answer.is !== "open") this.#set({ trouble: "server_error" });
    if (answer.is !== "open") return false;
    const { me, behind } = answer;
    const isOff = Math.abs(behind) > CLOCK_MAY_ERR;
    this.#set({ clockBehind: Math.round(behind), clockOff: isOff ? Math.round(behind) : 0 });
    if (me.user.id !== this.#store.userId) return this.#set({ session: "other" }) ?? false;
    if (me.hand_over_key) await this.#store.keep(KEY, me.hand_over_key);
    this.#me = me;
    return this.#set({ session: "open" }) ?? true;
  }

  #me = null;
  // Whether the key to hand over was good when it was last asked about.
  #isTaken = false;

  // Sending ----------------------------------------------------------------------------------------

  async #sent() {
    const told = { stored: 0, held: 0, refused: 0, conflict: 0, photos: 0 };
    try {
      await inTurn(this.#store.userId, () => this.#sendAll(told));
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.#set({ trouble: "storage_full" });
    }
    this.#set({ doing: "nothing" });
    await this.#count();
    return { ...told, left: await this.#store.waitingCount() };
  }

  async #sendAll(told) {
    // Only the one whose turn it is may say so: nobody else is in the middle of it.
    await this.#store.recover();
    const sender = (key) =>
      new Sender(this.#store, this.#server, {
        ...this.#options,
        told,
        key,
        ask: () => this.#ask(),
        heard: (answer) => this.#heard(answer),
      });
    if (await this.#ask()) {
      this.#set({ doing: "sending" });
      await sender("").sendAll();
    } else if (await this.#hasEnded()) {
      this.#set({ doing: "sending" });
      // A draft is in a person's hands as long as nobody takes it.
      if (this.#isTaken) await this.#options.handOver();
      await sender(await this.#store.kept(KEY)).sendAll();
      if (this.state.session === "ended") await this.#dropVillages(() => false);
    }
  }

  /** Signed out, or out of a posting? Who holds the key may ask: it is good for nothing else while one is posted. */
  async #hasEnded() {
    this.#isTaken = false;
    const { session, server, trouble } = this.state;
    if (server !== "there" || (session !== "over" && session !== "ended" && trouble !== "forbidden")) return false;
    const key = await this.#store.kept(KEY);
    if (!key) return session === "ended";
    const answer = await this.#server.visits([], key);
    this.#isTaken = answer.is === "answered" && Array.isArray(answer.body.answers);
    if (this.#isTaken) this.#set({ session: "ended", trouble: null });
    return this.state.session === "ended";
  }

  // Pulling ----------------------------------------------------------------------------------------

  async #pulled() {
    const became = { pulled: 0, same: 0, gone: 0 };
    try {
      if (await this.#ask()) await this.#pullAll(became);
    } catch (error) {
      if (!(error instanceof StorageFull)) throw error;
      this.#set({ trouble: "storage_full" });
    } finally {
      this.#set({ doing: "nothing" });
    }
    return became;
  }

  async #pullAll(became) {
    this.#set({ doing: "pulling" });
    const { villages } = this.#me;
    const known = new Map(this.#store.villages().map(({ code, etag }) => [code, etag]));
    for (const { code } of villages) {
      const answer = await this.#server.pull(code, known.get(code));
      if (answer.is === "answered") {
        await this.#store.saveVillage(code, answer.body, answer.etag);
        became.pulled += 1;
      } else if (answer.is === "same") became.same += 1;
      else return this.#heard(answer);
    }
    const codes = new Set(villages.map(({ code }) => code));
    became.gone = await this.#dropVillages((code) => codes.has(code));
    await this.#store.dropLeft();
    return this.#set({ lastPull: new Date().toISOString() });
  }

  /** Households of a village that is not ours any more go, once no visit of it waits here. → how many villages */
  async #dropVillages(stays) {
    const gone = this.#store.villages().filter(({ code }) => !stays(code));
    if (gone.length === 0) return 0;
    if (this.state.session === "open") await this.send();
    const waits = new Set(await this.#store.villagesWaiting());
    const empty = gone.filter(({ code }) => !waits.has(code));
    for (const { code } of empty) await this.#store.dropVillage(code);
    return empty.length;
  }

  // ------------------------------------------------------------------------------------------------

  async #count() {
    this.#set({ unsent: await this.#store.unsentCount() });
  }

  #set(change) {
    const isNew = Object.entries(change).some(([key, value]) => JSON.stringify(this.state[key]) !== JSON.stringify(value));
    if (!isNew) return;
    this.state = { ...this.state, ...change };
    for (const fn of [...this.#listeners]) fn(this.state);
  }
}
