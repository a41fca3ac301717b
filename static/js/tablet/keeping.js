// Can this browser keep work at all? Asked before the first visit, not after it.

/**
 * → {ok, reasons, persisted, free}. `reasons`: codes, none when ok:
 *   insecure (no HTTPS), no_crypto, no_database (private window, or a write fails), no_worker, chat_browser,
 *   nearly_full. `persisted`: the browser promised to keep it (asked once). `free`: bytes, null where unknown.
 */
export async function canKeep() {
  throw new Error("not yet");
}
