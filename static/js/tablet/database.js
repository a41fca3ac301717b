// One IndexedDB "tablet"; rows of every user side by side, each sealed under its user's key.

import { FOR_MOVING, giveRoom } from "./room.js";

/** The tablet is full; what was kept before is still kept. The UI says so and frees room (photos, sent visits). */
export class StorageFull extends Error {}
/** A newer page has changed the database: this one must be loaded again. Nothing is lost. */
export class NewerPage extends Error {}

/** The vault was wiped meanwhile, by another tab: nothing more is written for this user. */
export class Wiped extends Error {}

const NAME = "tablet";

/**
 * The way from each version of the database to the next; rows are kept on every step. Add steps, never change one.
 * vaults: whose work stands here. device: the tablet's own random name. The others belong to a user (`user`):
 * villages by a random slot; visits by uid; photos by uid and sha256; kept: small things by name.
 */
export const STEPS = [
  (database) => {
    database.createObjectStore("vaults", { keyPath: "userId" });
    database.createObjectStore("device", { keyPath: "name" });
    database.createObjectStore("kept", { keyPath: ["user", "name"] });
    database.createObjectStore("villages", { keyPath: ["user", "slot"] });
    const visits = database.createObjectStore("visits", { keyPath: ["user", "uid"] });
    visits.createIndex("order", ["user", "seq"], { unique: true });
    visits.createIndex("state", ["user", "state", "seq"]);
    const photos = database.createObjectStore("photos", { keyPath: ["user", "uid", "sha"] });
    photos.createIndex("state", ["user", "state", "seq"]);
  },
];
export const OF_A_USER = ["kept", "villages", "visits", "photos"];

const whenNewer = new Set();
let connection = null;
let overtaken = false;

/** fn() is called when a newer page takes the database over. → stop */
export function onNewerPage(fn) {
  whenNewer.add(fn);
  return () => whenNewer.delete(fn);
}

/** One connection for the page, opened again where the browser has closed it. Throws NewerPage. */
export function openDatabase(steps = STEPS) {
  if (overtaken) return Promise.reject(new NewerPage("a newer page holds the database"));
  connection ??= connect(steps).catch((error) => {
    connection = null;
    throw error;
  });
  return connection;
}

function connect(steps) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, steps.length);
    request.onupgradeneeded = ({ oldVersion }) => {
      for (const step of steps.slice(oldVersion)) step(request.result, request.transaction);
    };
    request.onerror = () => reject(named(request.error));
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = () => (connection = null);
      database.onversionchange = () => {
        // Stepping aside at once: the other page would wait for us otherwise, with somebody in front of it.
        database.close();
        connection = null;
        overtaken = true;
        for (const fn of whenNewer) fn();
      };
      resolve(database);
    };
  });
}

/** Errors of the browser by the names that the UI knows. */
export function named(error) {
  if (error?.name === "QuotaExceededError") return new StorageFull("the tablet is full", { cause: error });
  if (error?.name === "VersionError") return new NewerPage("a newer page has been here", { cause: error });
  return error ?? new Error("the database gave up");
}

/** The result of one request of IndexedDB. */
export function asked(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(named(request.error));
  });
}

/**
 * `work({visits, photos …})` in one transaction, written to the disk before this resolves: what was saved survives
 * a dead battery. `work` may wait for requests of the transaction (`asked`) and for nothing else. When the tablet is
 * full it is done again in the rooms it may take (room.js), and throws StorageFull after the last.
 */
export async function within(names, mode, work, { rooms = FOR_MOVING } = {}) {
  try {
    return await once(names, mode, work);
  } catch (error) {
    const [room, ...others] = rooms;
    if (!(error instanceof StorageFull) || !room) throw error;
    await giveRoom(room);
    return within(names, mode, work, { rooms: others });
  }
}

async function once(names, mode, work) {
  const transaction = await begin(names, mode);
  const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(named(transaction.error));
  });
  let result;
  try {
    result = await work(stores);
  } catch (error) {
    done.catch(() => {});
    try {
      transaction.abort();
    } catch {
      // It has ended by itself: the error below says why.
    }
    throw named(error);
  }
  await done;
  return result;
}

async function begin(names, mode) {
  const options = mode === "readwrite" ? { durability: "strict" } : {};
  const database = await openDatabase();
  try {
    return database.transaction(names, mode, options);
  } catch (error) {
    if (error.name !== "InvalidStateError") throw error;
    // Closed under us, by a newer page or by the browser.
    connection = null;
    return (await openDatabase()).transaction(names, mode, options);
  }
}

/** All keys of one user: [user, …]. */
export const ofUser = (user, ...more) => IDBKeyRange.bound([user, ...more], [user, ...more, []]);

/** This tablet's own random name, the same for everybody who uses it. */
export function tabletName() {
  return within(["device"], "readwrite", async ({ device }) => {
    const known = await asked(device.get("tablet"));
    if (known) return known.value;
    const value = crypto.randomUUID();
    device.put({ name: "tablet", value });
    return value;
  });
}

/** The next number of a user's own count; inside the caller's transaction, so that two tabs get two. */
export async function nextSeq(kept, user) {
  const row = (await asked(kept.get([user, "seq"]))) ?? { user, name: "seq", count: 0 };
  row.count += 1;
  await asked(kept.put(row));
  return row.count;
}

/** Inside the caller's transaction: the vault that seals is the one that stands here. Throws Wiped. */
export async function stillOpen(vaults, { userId, made }) {
  const row = await asked(vaults.get(userId));
  if (row?.made !== made) throw new Wiped("the vault was wiped meanwhile");
}
