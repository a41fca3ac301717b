// What the tablet keeps for one user: households as pulled, drafts, the outbox, photos.

export { NewerPage, StorageFull } from "./database.js";

/** An entry is not in a state in which that can be done (it was sent meanwhile, by another tab). */
export class NotNow extends Error {}

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
 *   userId
 *   villages() → [{village: {code, name}, pulled_at, etag, count}]
 *   saveVillage(code, pulled, etag)      replaces all that was pulled of the village; never touches visits
 *   households() → [household…]          of all villages, as pulled, each with `village` (code)
 *   household(id) → household | null
 *   campaigns() → [campaign…]
 *   saveDraft(visit, side = {}) → uid    makes `visit.uid` if there is none; `side` adds to what was kept
 *   draft(uid) → Entry | null
 *   drafts() → [Entry…]                  in the order they were begun
 *   dropDraft(uid)                       with its photos
 *   queue(visit, side = {}) → uid        the draft of that uid (or a new one) waits to be sent
 *   takeBack(uid)                        waiting and never tried → draft, same uid. Throws NotNow
 *   outbox() → [Entry…]                  all but drafts, in order of seq
 *   entry(uid) → Entry | null
 *   noteAnswer(uid, answer)
 *   mend(uid)                            refused → draft, same uid. Throws NotNow
 *   sendAsNew(uid) → new uid             conflict → waits under a new uid, with its photos. Throws NotNow
 *   dropVisit(uid)                       refused or conflict: a person decided to let it go. Throws NotNow
 *   savePhoto(uid, blob) → sha256        throws StorageFull before visits do; also writes no row of the visit
 *   photo(sha) → Blob | null
 *   photosOf(uid) → [{sha, state, size}]
 *   dropPhoto(uid, sha)
 *   unsentCount() → {drafts, visits, photos}   visits: waiting, sending, refused and conflict
 *   wipeSent(olderThanDays = 7)          stored and held ones answered before then, with their photos
 *   wipe()                               everything of this user, the vault too
 *   onChange(fn) → stop                  fn({what: "visits" | "villages" | "wiped" | "newer"}), from other tabs too
 *   close()                              locks: the store forgets what it has opened
 */
export async function openStore(vault) {
  throw new Error("not yet");
}

/** How much unsent work of a user stands here, readable without a PIN: {drafts, visits, photos}. */
export async function unsentOf(userId) {
  throw new Error("not yet");
}

/** For a PIN that nobody knows any more: removes all of a user, unsent work too. Ask the person first. */
export async function forgetUser(userId) {
  throw new Error("not yet");
}
