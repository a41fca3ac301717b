// Sends what waits and fetches households, whenever the server truly answers.

/**
 * @param store an open store
 * @param options {batch = 25, base = "/tablet/api/", sentences = {too_large: "…"}}
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
 *   send() → {stored, held, refused, conflict, left, photos}    the button: tries at once. Never throws for the network
 *   pull() → {pulled, same, gone}                               villages by what became of them
 *   prepareLeaving() → {drafts, visits, photos}                 sends; what remains. Only at zero may one wipe unasked
 */
export function createSync(store, options = {}) {
  throw new Error("not yet");
}
