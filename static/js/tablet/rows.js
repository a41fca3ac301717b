// Rows of visits as they lie in the database, and as the page sees them.
// In clear: user, uid, seq, state, tries, times and `stamp`, which counts changes. Sealed: `work` ({visit, side}) and `answer`.

/** An entry is not in a state in which that can be done (it was sent meanwhile, by another tab). */
export class NotNow extends Error {}

/** Work that the server does not have. */
export const UNSENT = ["waiting", "sending", "refused", "conflict"];
/** Work that it has. */
export const DONE = ["stored", "held"];

export const now = () => new Date().toISOString();
export const place = (uid, part) => `visits/${uid}/${part}`;

/** A row that was never there before. */
export function newRow(user, uid, seq) {
  const times = { begunAt: now(), changedAt: null, queuedAt: null, sentAt: null, answeredAt: null };
  return { user, uid, seq, state: "draft", tries: 0, stamp: Date.now(), ...times, work: null, answer: null };
}

/** Opens rows, and remembers what it opened: a thousand of them are shown again and again. */
export class Opener {
  #vault;
  #known = new Map();

  constructor(vault) {
    this.#vault = vault;
  }

  /** rows → [Entry…] in the same order; `photos`: Map uid → {waiting, stored, refused}. */
  entries(rows, photos = new Map()) {
    return Promise.all(rows.map((row) => this.entry(row, photos.get(row.uid))));
  }

  async entry(row, photos = { waiting: 0, stored: 0, refused: 0 }) {
    let known = this.#known.get(row.uid);
    if (known?.stamp !== row.stamp) {
      known = { stamp: row.stamp, text: JSON.stringify(await this.#opened(row)) };
      this.#known.set(row.uid, known);
    }
    const { uid, seq, state, tries, begunAt, changedAt, queuedAt, sentAt, answeredAt } = row;
    // A copy each time: whoever changes it changes nothing that is kept.
    const content = JSON.parse(known.text);
    return { uid, seq, state, tries, begunAt, changedAt, queuedAt, sentAt, answeredAt, photos, ...content };
  }

  forget(uid) {
    this.#known.delete(uid);
  }

  async #opened(row) {
    try {
      const { visit, side } = await this.#vault.open(row.work, place(row.uid, "work"));
      const answer = row.answer && (await this.#vault.open(row.answer, place(row.uid, "answer")));
      return { visit, side, answer };
    } catch {
      // One damaged row hides no other.
      return { visit: {}, side: {}, answer: null, unreadable: true };
    }
  }
}
