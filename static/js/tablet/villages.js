// Households as pulled, a sealed row each village under a random name: not even where one works stands in clear.

import { asked, ofUser, stillOpen, within } from "./database.js";

const place = (slot) => `villages/${slot}`;

export class Villages {
  #vault;
  // code → {slot, code, etag, pulled, left}; `left`: households that have left the village while work on them is here.
  #known = new Map();
  #byId = new Map();

  constructor(vault) {
    this.#vault = vault;
  }

  async load() {
    const range = ofUser(this.#vault.userId);
    const rows = await within(["villages"], "readonly", ({ villages }) => asked(villages.getAll(range)));
    const opened = await Promise.all(rows.map((row) => this.#opened(row)));
    this.#known = new Map(opened.filter(Boolean).map((one) => [one.code, one]));
    this.#number();
  }

  async #opened({ slot, sealed }) {
    try {
      return { slot, ...(await this.#vault.open(sealed, place(slot))) };
    } catch {
      // Damaged: the next pull brings it again.
      return null;
    }
  }

  list() {
    return [...this.#known.values()]
      .map(({ code, etag, pulled }) => ({
        code,
        name: pulled.village?.name ?? code,
        pulledAt: pulled.pulled_at ?? null,
        etag,
        count: pulled.households.length,
      }))
      .sort((one, other) => (one.code < other.code ? -1 : 1));
  }

  /** `open`: Set of ids of households with work that is not finished. Whatever was begun can be gone on with. */
  async save(code, pulled, etag, open = new Set()) {
    const known = this.#known.get(code);
    const here = new Set(pulled.households.map(({ id }) => id));
    const before = [...(known?.pulled.households ?? []), ...(known?.left ?? [])];
    const left = before.filter(({ id }) => open.has(id) && !here.has(id));
    await this.#put({ slot: known?.slot ?? crypto.randomUUID(), code, etag, pulled, left });
  }

  /** Those that left go for good, once nothing is to be done on them here. */
  async dropLeft(open) {
    for (const known of this.#known.values()) {
      const left = (known.left ?? []).filter(({ id }) => open.has(id));
      if (left.length < (known.left ?? []).length) await this.#put({ ...known, left });
    }
  }

  async #put({ slot, ...village }) {
    const sealed = await this.#vault.seal(village, place(slot));
    const put = async ({ villages, vaults }) => {
      await stillOpen(vaults, this.#vault);
      await asked(villages.put({ user: this.#vault.userId, slot, sealed }));
    };
    await within(["villages", "vaults"], "readwrite", put, { rooms: [] });
    this.#known.set(village.code, { slot, ...village });
    this.#number();
  }

  async drop(code) {
    const known = this.#known.get(code);
    if (!known) return;
    await within(["villages"], "readwrite", ({ villages }) =>
      asked(villages.delete([this.#vault.userId, known.slot])),
    );
    this.#known.delete(code);
    this.#number();
  }

  households() {
    return [...this.#byId.values()].filter(({ left }) => !left);
  }

  household(id) {
    return this.#byId.get(Number(id)) ?? null;
  }

  campaigns() {
    const all = [...this.#known.values()].flatMap(({ pulled }) => pulled.campaigns ?? []);
    return [...new Map(all.map((one) => [one.id, one])).values()];
  }

  forget() {
    this.#known = new Map();
    this.#byId = new Map();
  }

  #number() {
    this.#byId = new Map();
    for (const { code, left = [] } of this.#known.values()) {
      for (const household of left) this.#byId.set(household.id, { ...household, village: code, left: true });
    }
    for (const { code, pulled } of this.#known.values()) {
      for (const household of pulled.households) this.#byId.set(household.id, { ...household, village: code });
    }
  }
}
