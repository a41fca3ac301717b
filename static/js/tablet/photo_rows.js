// Photos wait beside their visit, each sealed by itself; its sha256 is its name, here and on the server.

import { StorageFull, asked, nextSeq, ofUser, stillOpen, within } from "./database.js";
import { sha256 } from "./photos.js";
import { holdRoom } from "./room.js";
import { DONE, NotNow } from "./rows.js";

const place = (uid, sha, part) => `photos/${uid}/${sha}/${part}`;

export class Photos {
  #vault;

  constructor(vault) {
    this.#vault = vault;
  }

  async save(uid, blob) {
    // While there is still room for thousands of visits.
    if ((await holdRoom()) === false) throw new StorageFull("no room for photos");
    const sha = await sha256(blob);
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const sealed = await this.#vault.sealBytes(bytes, place(uid, sha, "bytes"));
    const { userId: user } = this.#vault;
    const put = async ({ photos, visits, kept, vaults }) => {
      await stillOpen(vaults, this.#vault);
      const visit = await asked(visits.get([user, uid]));
      if (visit?.state !== "draft") throw new NotNow("a photo is added to a draft");
      const seq = await nextSeq(kept, user);
      await asked(photos.put({ user, uid, sha, seq, state: "waiting", sealed, sentence: null }));
    };
    await within(["photos", "visits", "kept", "vaults"], "readwrite", put, { rooms: [] });
    return sha;
  }

  async blob(sha) {
    const { userId: user } = this.#vault;
    const keys = await within(["photos"], "readonly", ({ photos }) => asked(photos.getAllKeys(ofUser(user))));
    const key = keys.find((one) => one[2] === sha);
    return key ? this.blobOf(key[1], sha) : null;
  }

  async blobOf(uid, sha) {
    const { userId: user } = this.#vault;
    const row = await within(["photos"], "readonly", ({ photos }) => asked(photos.get([user, uid, sha])));
    if (!row) return null;
    return new Blob([await this.#vault.openBytes(row.sealed, place(uid, sha, "bytes"))], { type: "image/jpeg" });
  }

  async of(uid) {
    const range = ofUser(this.#vault.userId, uid);
    const rows = await within(["photos"], "readonly", ({ photos }) => asked(photos.getAll(range)));
    rows.sort((one, other) => one.seq - other.seq);
    return Promise.all(
      rows.map(async ({ sha, state, sentence }) => ({
        sha,
        state,
        sentence: sentence ? await this.#vault.open(sentence, place(uid, sha, "sentence")) : "",
      })),
    );
  }

  async drop(uid, sha) {
    await within(["photos"], "readwrite", ({ photos }) => asked(photos.delete([this.#vault.userId, uid, sha])));
  }

  /** Map uid → {waiting, stored, refused}, read from keys alone. */
  async counts() {
    const { userId: user } = this.#vault;
    const counts = new Map();
    await within(["photos"], "readonly", async ({ photos }) => {
      for (const state of ["waiting", "stored", "refused"]) {
        for (const [, uid] of await asked(photos.index("state").getAllKeys(ofUser(user, state)))) {
          if (!counts.has(uid)) counts.set(uid, { waiting: 0, stored: 0, refused: 0 });
          counts.get(uid)[state] += 1;
        }
      }
    });
    return counts;
  }

  async next(skip = new Set()) {
    return (await this.#ready()).find(({ uid, sha }) => !skip.has(`${uid}/${sha}`)) ?? null;
  }

  async readyCount() {
    return (await this.#ready()).length;
  }

  /** [{uid, sha}] that wait and whose visit the server has, in order. */
  #ready() {
    const { userId: user } = this.#vault;
    return within(["photos", "visits"], "readonly", async ({ photos, visits }) => {
      const ready = [];
      for (const [, uid, sha] of await asked(photos.index("state").getAllKeys(ofUser(user, "waiting")))) {
        const visit = await asked(visits.get([user, uid]));
        if (DONE.includes(visit?.state)) ready.push({ uid, sha });
      }
      return ready;
    });
  }

  async note(uid, sha, outcome, words) {
    const { userId: user } = this.#vault;
    const sentence = words ? await this.#vault.seal(words, place(uid, sha, "sentence")) : null;
    await within(["photos"], "readwrite", async ({ photos }) => {
      const row = await asked(photos.get([user, uid, sha]));
      if (row) await asked(photos.put({ ...row, state: outcome, sentence }));
    });
  }

  /** The same photos under another visit: [{row…}] to put in a transaction of the caller. */
  async movedTo(from, to) {
    const range = ofUser(this.#vault.userId, from);
    const rows = await within(["photos"], "readonly", ({ photos }) => asked(photos.getAll(range)));
    return Promise.all(
      rows.map(async (row) => {
        const bytes = await this.#vault.openBytes(row.sealed, place(from, row.sha, "bytes"));
        const sealed = await this.#vault.sealBytes(bytes, place(to, row.sha, "bytes"));
        return { ...row, uid: to, state: "waiting", sealed, sentence: null };
      }),
    );
  }
}
