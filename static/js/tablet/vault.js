// What stands on the tablet is sealed: a random key seals every row, and a key made of the PIN seals that key.

export { canKeep } from "./keeping.js";

/** The PIN is wrong, or it is too early to try again. `wait`: seconds until the next try. `early`: not tried. */
export class WrongPin extends Error {}
/** Fewer than LEAST_PIN characters. */
export class ShortPin extends Error {}
/** There is a vault of this user already (`createVault`), or none (`openVault`). */
export class VaultExists extends Error {}
export class NoVault extends Error {}

export const LEAST_PIN = 6;

/** Whose work stands on this tablet: [{userId, name}], by name. The only names that are readable without a PIN. */
export async function listVaults() {
  throw new Error("not yet");
}

/** user: {id, name} of /tablet/api/me. → Vault. Throws ShortPin, VaultExists, StorageFull. */
export async function createVault(user, pin) {
  throw new Error("not yet");
}

/** → Vault. Throws WrongPin, NoVault. Wrong PINs slow down, across reloads; nothing is ever wiped for them. */
export async function openVault(userId, pin) {
  throw new Error("not yet");
}

/** Seals the same key under another PIN; rows stay as they are. Throws WrongPin, ShortPin. */
export async function changePin(vault, oldPin, newPin) {
  throw new Error("not yet");
}

/**
 * Vault: {userId, name, seal(value, place) → Uint8Array, open(bytes, place) → value,
 *         sealBytes(bytes, place), openBytes(bytes, place)}; `place` is the row's store and key.
 */
