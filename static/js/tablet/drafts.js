// Drafts that say nothing: a form was opened, and nothing was entered. And those that go as they stand.

import { checkVisit } from "./checking.js";
import { isReady } from "./thoughts.js";
import { FORM } from "./words.js";

// What a visit has from its first tap on; beyond them it says something.
const BARE = new Set(["uid", "form", "household", "method", "on", "began_at", "ended_at", "unchanged"]);

export const saysNothing = (visit) => Object.entries(visit).every(([key, value]) => BARE.has(key) || !value?.length);

/** Forms that were opened, and closed by a reload or a dead battery before anything was said. `open`: the one in use. */
export async function dropBlank(store, open) {
  const isBlank = (entry) =>
    !isReady(entry) && !entry.answer && !entry.unreadable && !entry.photos.waiting && saysNothing(entry.visit);
  for (const { uid } of (await store.drafts()).filter(isBlank)) if (uid !== open) await store.dropDraft(uid);
}

/** The posting is over: drafts that are whole as they stand go like visits; the others wait for a person. */
export async function handOverDrafts(store, open) {
  for (const { uid, visit, changedAt, unreadable } of await store.drafts()) {
    if (uid === open || unreadable || saysNothing(visit)) continue;
    const whole = { ...visit, ended_at: visit.ended_at ?? changedAt, unchanged: false };
    // Finished in another tab meanwhile, or no room: then it stays what it is.
    if (!checkVisit(whole, FORM).length) await store.queue(whole).catch(() => {});
  }
}
