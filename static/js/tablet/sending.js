// One round of sending: visits in order and in batches, then photos one by one. A bad row stops no other.

/** Left the round: the server is away, or nobody may send now. What was being sent waits again. */
class Stopped extends Error {}

export class Sender {
  #store;
  #server;
  #options;
  // Left for another round: rows that the server could not deal with now.
  #skip = new Set();

  /** options: {batch, sentences, told (counts, added to), ask() → may we send, heard(answer)}. */
  constructor(store, server, options) {
    this.#store = store;
    this.#server = server;
    this.#options = options;
  }

  async sendAll() {
    await this.#round(async () => {
      await this.#visits("visits/", {});
      await this.#photos();
    });
  }

  /** After the end of a posting: visits only, with the key that was given for it. */
  async handOver(key) {
    if (key) await this.#round(() => this.#visits("hand-over/", { "X-Hand-Over-Key": key }));
  }

  async #round(work) {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
    }
  }

  // Visits -----------------------------------------------------------------------------------------

  async #visits(path, headers) {
    for (;;) {
      const taken = await this.#store.takeForSending(this.#options.batch, this.#skip);
      if (taken.length === 0) return;
      const damaged = taken.filter((entry) => entry.unreadable);
      for (const { uid } of damaged) this.#skip.add(uid);
      try {
        const whole = taken.filter((entry) => !entry.unreadable);
        if (whole.length > 0) await this.#batch(path, headers, whole);
      } finally {
        await this.#store.giveBack(taken.map(({ uid }) => uid));
      }
    }
  }

  async #batch(path, headers, entries) {
    const body = JSON.stringify({
      tablet: this.#server.tablet,
      sent_at: new Date().toISOString(),
      visits: entries.map(({ visit }) => visit),
    });
    const answer = await this.#sent(path, body, headers);
    if (answer.is === "answered") return this.#noted(entries, answer.body.answers);
    // The body as a whole was too much, or one row of it: halves find out which.
    if (entries.length > 1) {
      const middle = Math.ceil(entries.length / 2);
      await this.#batch(path, headers, entries.slice(0, middle));
      return this.#batch(path, headers, entries.slice(middle));
    }
    const [{ uid }] = entries;
    if (answer.is === "undigested") return this.#note(uid, this.#refusal(answer));
    return this.#skip.add(uid);
  }

  /** Answered, undigested or broken; anything else ends the round. */
  async #sent(path, body, headers) {
    let answer = await this.#server.send(path, body, headers);
    // The sign-in was renewed meanwhile, in another tab: ask who it is, and send again.
    if (answer.is === "forbidden" && answer.code === "csrf" && (await this.#options.ask())) {
      answer = await this.#server.send(path, body, headers);
    }
    if (answer.is === "answered" && (Array.isArray(answer.body.answers) || answer.body.outcome)) return answer;
    if (answer.is === "broken") return answer;
    // Before a row is called bad: it was the server that said so, and it knows us.
    if (answer.is === "undigested" && (headers["X-Hand-Over-Key"] || (await this.#options.ask()))) return answer;
    if (answer.is === "answered") await this.#options.heard({ is: "away" });
    else if (answer.is !== "undigested") await this.#options.heard(answer);
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
    const answer = await this.#sent(`photos/${uid}/${sha}/`, blob, { "Content-Type": "image/jpeg" });
    const { outcome, sentence } = answer.is === "undigested" ? this.#refusal(answer) : (answer.body ?? {});
    if (outcome !== "stored" && outcome !== "refused") return this.#skip.add(`${uid}/${sha}`);
    if (outcome === "stored") this.#options.told.photos += 1;
    return this.#store.notePhoto(uid, sha, outcome, outcome === "refused" ? sentence : "");
  }
}
