// One round of sending: visits in order and in batches, then photos one by one. A bad row stops no other.

/** Left the round: the server is away, or nobody may send now. What was being sent waits again. */
class Stopped extends Error {}

// Why a photo was not taken that may be taken in another round.
const ANOTHER_TIME = ["damaged", "unknown_visit"];

export class Sender {
  #store;
  #server;
  #options;
  // Left for another round: rows that the server could not deal with now.
  #skip = new Set();

  /** options: {batch, sentences, key ("": signed in), told (counts, added to), ask() → may we, heard(answer)}. */
  constructor(store, server, options) {
    this.#store = store;
    this.#server = server;
    this.#options = options;
  }

  async sendAll() {
    try {
      await this.#visits();
      await this.#photos();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  // Visits -----------------------------------------------------------------------------------------

  async #visits() {
    for (;;) {
      const taken = await this.#store.takeForSending(this.#options.batch, this.#skip);
      if (taken.length === 0) return;
      for (const { uid, unreadable } of taken) if (unreadable) this.#skip.add(uid);
      const whole = taken.filter(({ unreadable }) => !unreadable);
      try {
        if (whole.length > 0) await this.#batch(whole);
      } finally {
        await this.#store.giveBack(taken.map(({ uid }) => uid));
      }
    }
  }

  async #batch(entries) {
    const payloads = entries.map(({ visit }) => visit);
    const answer = await this.#sent(() => this.#server.visits(payloads, this.#options.key));
    if (answer.is === "answered") return this.#noted(entries, answer.body.answers);
    // The body as a whole was too much, or one row of it: halves find out which.
    if (entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      await this.#batch(entries.slice(0, middle));
      return this.#batch(entries.slice(middle));
    }
    const [{ uid }] = entries;
    await this.#needOthersTaken();
    if (answer.is === "undigested") return this.#note(uid, this.#refusal(answer));
    return this.#skip.add(uid);
  }

  /** Answered, undigested or broken; anything else ends the round. `send` is called again after a new sign-in. */
  async #sent(send) {
    const { ask, heard } = this.#options;
    let answer = await send();
    // Signed in anew meanwhile, in another tab: ask who it is, and only then send again.
    if (answer.is === "forbidden" && answer.code === "csrf" && (await ask())) answer = await send();
    if (answer.is === "answered" && (Array.isArray(answer.body.answers) || answer.body.outcome)) return answer;
    if (answer.is === "undigested" || answer.is === "broken") return answer;
    await heard(answer.is === "answered" ? { is: "away" } : answer);
    throw new Stopped(answer.is);
  }

  /** Before one row is called bad: whatever answers is our server, and it would take in others of us. */
  async #needOthersTaken() {
    const answer = await this.#server.visits([], this.#options.key);
    if (answer.is === "answered" && Array.isArray(answer.body.answers)) return;
    await this.#options.heard(answer.is === "answered" ? { is: "away" } : answer);
    throw new Stopped(answer.is);
  }

  async #noted(entries, answers) {
    const byUid = new Map(answers.map((answer) => [answer.uid, answer]));
    for (const { uid } of entries) {
      const answer = byUid.get(uid);
      if (answer && answer.outcome in this.#options.told) await this.#note(uid, answer);
      // Not a word, or one we do not know: it waits for another round, and for a newer page.
      else this.#skip.add(uid);
    }
  }

  async #note(uid, answer) {
    await this.#store.noteAnswer(uid, answer);
    this.#options.told[answer.outcome] += 1;
  }

  #refusal({ status, body }) {
    const sentence = body?.sentence || this.#options.sentences.too_large || `HTTP ${status}`;
    return { outcome: "refused", receipt: null, again: false, sentence, problems: [], answers: [], verdicts: [] };
  }

  // Photos -----------------------------------------------------------------------------------------

  async #photos() {
    for (;;) {
      const photo = await this.#store.nextPhoto(this.#skip);
      if (!photo) return;
      await this.#photo(photo);
    }
  }

  async #photo({ uid, sha }) {
    const blob = await this.#store.photoBlob(uid, sha);
    const answer = await this.#sent(() => this.#server.photo(uid, sha, blob, this.#options.key));
    if (answer.is === "undigested") await this.#needOthersTaken();
    const { outcome, sentence, code } = answer.is === "undigested" ? this.#refusal(answer) : (answer.body ?? {});
    if ((outcome !== "stored" && outcome !== "refused") || ANOTHER_TIME.includes(code)) return this.#skip.add(`${uid}/${sha}`);
    if (outcome === "stored") this.#options.told.photos += 1;
    return this.#store.notePhoto(uid, sha, outcome, outcome === "refused" ? sentence : "");
  }
}
