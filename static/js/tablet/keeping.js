// Can this browser keep work at all? Asked before the first visit, not after it.

import { asked, openDatabase, within } from "./database.js";
import { holdRoom } from "./room.js";

// Browsers inside chat programs throw away what a page keeps, without a word.
const CHAT_BROWSERS = /MicroMessenger|\bQQ\/|DingTalk|Lark|Feishu|wxwork/i;
// Room for a day's visits with photos.
const LEAST_FREE = 50 * 1024 * 1024;

/**
 * → {ok, reasons, persisted, free}. `reasons`: codes, none when ok:
 *   insecure (no HTTPS), no_crypto, no_database (private window, or a write fails), no_worker, chat_browser,
 *   nearly_full. `persisted`: the browser promised to keep it (asked once). `free`: bytes, null where unknown.
 */
export async function canKeep() {
  const reasons = [];
  const hasRoom = (await holdRoom()) !== false;
  if (!globalThis.isSecureContext) reasons.push("insecure");
  if (!globalThis.crypto?.subtle) reasons.push("no_crypto");
  if (!(await writes())) reasons.push("no_database");
  if (!navigator.serviceWorker) reasons.push("no_worker");
  if (CHAT_BROWSERS.test(navigator.userAgent)) reasons.push("chat_browser");
  const free = await freeBytes();
  if ((free !== null && free < LEAST_FREE) || !hasRoom) reasons.push("nearly_full");
  return { ok: reasons.length === 0, reasons, persisted: await persisted(), free };
}

/** Bytes that may still be kept, by the browser's own estimate; null where it says nothing. */
async function freeBytes() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return Math.max(quota - usage, 0);
  } catch {
    return null;
  }
}

async function writes() {
  try {
    await openDatabase();
    return await within(["device"], "readwrite", async ({ device }) => {
      await asked(device.put({ name: "trial", value: Date.now() }));
      return true;
    });
  } catch {
    return false;
  }
}

async function persisted() {
  try {
    if (await navigator.storage.persisted()) return true;
    if (localStorage.getItem("tablet-persist-asked")) return false;
    localStorage.setItem("tablet-persist-asked", "yes");
    return await navigator.storage.persist();
  } catch {
    return false;
  }
}
