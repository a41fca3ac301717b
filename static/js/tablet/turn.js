// One sender for all tabs of a user. What waits for its turn goes when the other has ended, however it ended.

import { asked, within } from "./database.js";

// Without the browser's locks: whoever dies in the middle is taken over after LEASE.
const LEASE = 30_000;
const RENEW = 8_000;
const LOOK = 1_000;

/** Runs `work()` while no other tab of that user does. */
export async function inTurn(user, work) {
  if (navigator.locks) return navigator.locks.request(`tablet-send-${user}`, work);
  const holder = crypto.randomUUID();
  while (!(await lease(user, holder))) await new Promise((resolve) => setTimeout(resolve, LOOK));
  const renewing = setInterval(() => lease(user, holder), RENEW);
  try {
    return await work();
  } finally {
    clearInterval(renewing);
    await giveUp(user, holder);
  }
}

function lease(user, holder) {
  return within(["kept"], "readwrite", async ({ kept }) => {
    const row = await asked(kept.get([user, "lease"]));
    if (row && row.holder !== holder && row.until > Date.now() && row.until < Date.now() + 2 * LEASE) return false;
    await asked(kept.put({ user, name: "lease", holder, until: Date.now() + LEASE }));
    return true;
  });
}

function giveUp(user, holder) {
  return within(["kept"], "readwrite", async ({ kept }) => {
    const row = await asked(kept.get([user, "lease"]));
    if (row?.holder === holder) await asked(kept.delete([user, "lease"]));
  });
}
