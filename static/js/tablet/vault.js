// What stands on the tablet is sealed: a random key seals every row, and a key made of the PIN seals that key.

import { OF_A_USER, asked, ofUser, within } from "./database.js";

export { canKeep } from "./keeping.js";

/** The PIN is wrong, or it is too early to try again (`early`: it was not tried). `wait`: seconds to the next try. */
export class WrongPin extends Error {
  constructor(wait, early) {
    super("wrong PIN");
    this.wait = wait;
    this.early = early;
  }
}
/** Fewer than LEAST_PIN characters. */
export class ShortPin extends Error {}
/** There is a vault of this user already (`createVault`). */
export class VaultExists extends Error {}
/** There is none (`openVault`). */
export class NoVault extends Error {}

export const LEAST_PIN = 6;
export const ITERATIONS = 600_000;
// Tries without a wait, the first wait in seconds (doubled each time), and the longest.
const FREE_TRIES = 3;
const FIRST_WAIT = 5;
const LONGEST_WAIT = 900;
const LAYOUT = 1;
const IV_BYTES = 12;

const bytesOf = (text) => new TextEncoder().encode(text);
const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Whose work stands on this tablet: [{userId, name}], by name. The only names that are readable without a PIN. */
export async function listVaults() {
  const rows = await within(["vaults"], "readonly", ({ vaults }) => asked(vaults.getAll()));
  return rows
    .map(({ userId, name }) => ({ userId, name }))
    .sort((one, other) => one.name.localeCompare(other.name, "zh"));
}

/** user: {id, name} of /tablet/api/me. → Vault. Throws ShortPin, VaultExists, StorageFull. */
export async function createVault(user, pin) {
  longEnough(pin);
  const key = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt", "decrypt"]);
  const row = { userId: user.id, name: user.name, made: crypto.randomUUID(), tries: 0, until: 0 };
  Object.assign(row, await wrapped(key, pin, user.id));
  await within(["vaults"], "readwrite", async ({ vaults }) => {
    if (await asked(vaults.get(user.id))) throw new VaultExists("there is a vault already");
    await asked(vaults.add(row));
  });
  return new Vault(row, key);
}

/** → Vault. Throws WrongPin, NoVault. Wrong PINs slow down, across reloads; nothing is ever wiped for them. */
export async function openVault(userId, pin) {
  const row = await tried(userId);
  return new Vault(row, await keyBehind(row, pin, false));
}

/** Seals the same key under another PIN; rows stay as they are. Throws WrongPin, ShortPin. */
export async function changePin(vault, oldPin, newPin) {
  longEnough(newPin);
  const row = await tried(vault.userId);
  const key = await keyBehind(row, oldPin, true);
  const fresh = await wrapped(key, newPin, vault.userId);
  await change(vault.userId, (now) => Object.assign(now, fresh));
}

/** What of a user stands here without a PIN: removes the vault and every row. Unsent work goes, too. */
export async function removeUser(userId) {
  await within(["vaults", ...OF_A_USER], "readwrite", ({ vaults, ...stores }) => {
    vaults.delete(userId);
    for (const store of Object.values(stores)) store.delete(ofUser(userId));
  });
}

function longEnough(pin) {
  if ([...pin].length < LEAST_PIN) throw new ShortPin(`fewer than ${LEAST_PIN} characters`);
}

/** Counts a try before it is made, so that neither a reload nor a second tab gets one for nothing. */
async function tried(userId) {
  let refused = null;
  const row = await change(userId, (now) => {
    const wait = now.until - Date.now();
    if (wait > 0 && wait <= LONGEST_WAIT * 1000) {
      refused = new WrongPin(Math.ceil(wait / 1000), true);
      return;
    }
    // A wait longer than any of ours: the clock was set back.
    now.tries += wait > 0 ? 0 : 1;
    now.until = Date.now() + waitAfter(now.tries) * 1000;
    if (wait > 0) refused = new WrongPin(waitAfter(now.tries), true);
  });
  if (refused) throw refused;
  return row;
}

const waitAfter = (tries) => (tries < FREE_TRIES ? 0 : Math.min(FIRST_WAIT * 2 ** (tries - FREE_TRIES), LONGEST_WAIT));

async function keyBehind(row, pin, extractable) {
  let key;
  try {
    key = await unwrapped(row, pin, extractable);
  } catch (error) {
    if (error.name !== "OperationError") throw error;
    throw new WrongPin(waitAfter(row.tries), false);
  }
  await change(row.userId, (now) => Object.assign(now, { tries: 0, until: 0 }));
  return key;
}

function change(userId, fn) {
  return within(["vaults"], "readwrite", async ({ vaults }) => {
    const row = await asked(vaults.get(userId));
    if (!row) throw new NoVault("no vault of this user");
    fn(row);
    await asked(vaults.put(row));
    return row;
  });
}

async function keyOfPin(pin, salt, iterations, use) {
  const material = await crypto.subtle.importKey("raw", bytesOf(pin.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  const rule = { name: "PBKDF2", hash: "SHA-256", salt, iterations };
  return crypto.subtle.deriveKey(rule, material, { name: "AES-GCM", length: 256 }, false, [use]);
}

const aroundKey = (userId, iv) => ({ name: "AES-GCM", iv, additionalData: bytesOf(`vault/${userId}`) });

async function wrapped(key, pin, userId) {
  const [salt, iv] = [random(32), random(IV_BYTES)];
  const outer = await keyOfPin(pin, salt, ITERATIONS, "wrapKey");
  const sealed = await crypto.subtle.wrapKey("raw", key, outer, aroundKey(userId, iv));
  return { salt, iterations: ITERATIONS, iv, wrapped: new Uint8Array(sealed) };
}

async function unwrapped(row, pin, extractable) {
  const outer = await keyOfPin(pin, row.salt, row.iterations, "unwrapKey");
  const rule = aroundKey(row.userId, row.iv);
  return crypto.subtle.unwrapKey("raw", row.wrapped, outer, rule, "AES-GCM", extractable, ["encrypt", "decrypt"]);
}

/** An open vault. `place` names the row and what of it is sealed: a row put elsewhere does not open. */
class Vault {
  #key;

  constructor({ userId, name, made }, key) {
    this.userId = userId;
    this.name = name;
    this.made = made;
    this.#key = key;
  }

  /** value: anything that JSON knows. → Uint8Array */
  async seal(value, place) {
    return this.sealBytes(bytesOf(JSON.stringify(value)), place);
  }

  async open(sealed, place) {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(sealed, place)));
  }

  async sealBytes(bytes, place) {
    const iv = random(IV_BYTES);
    const inner = new Uint8Array(await crypto.subtle.encrypt(this.#rule(iv, place), this.#key, bytes));
    const sealed = new Uint8Array(1 + IV_BYTES + inner.length);
    sealed[0] = LAYOUT;
    sealed.set(iv, 1);
    sealed.set(inner, 1 + IV_BYTES);
    return sealed;
  }

  async openBytes(sealed, place) {
    if (sealed[0] !== LAYOUT) throw new Error("sealed by a newer page");
    const rule = this.#rule(sealed.subarray(1, 1 + IV_BYTES), place);
    return new Uint8Array(await crypto.subtle.decrypt(rule, this.#key, sealed.subarray(1 + IV_BYTES)));
  }

  #rule(iv, place) {
    return { name: "AES-GCM", iv, additionalData: bytesOf(`${this.userId}/${place}`) };
  }
}
