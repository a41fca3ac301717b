// Drafts that say nothing: a form was opened, and nothing was entered.

import { isReady } from "./thoughts.js";

// What a visit has from its first tap on; beyond them it says something.
const BARE = new Set(["uid", "form", "household", "method", "on", "began_at", "ended_at", "unchanged"]);

export const saysNothing = (visit) => Object.entries(visit).every(([key, value]) => BARE.has(key) || !value?.length);

/** Forms that were opened, and closed by a reload or a dead battery before anything was said. `open`: the one in use. */
export async function dropBlank(store, open) {
  const isBlank = (entry) =>
    !isReady(entry) && !entry.answer && !entry.unreadable && !entry.photos.waiting && saysNothing(entry.visit);
  for (const { uid } of (await store.drafts()).filter(isBlank)) if (uid !== open) await store.dropDraft(uid);
}
