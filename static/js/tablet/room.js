// Room that is set aside while there is some. When the tablet is full, photos and pulls are refused, visits still fit
// into theirs, and what opens, sends and wipes into the last: a full tablet can be emptied.
// Browsers do not say how much is left (their estimate is ten gigabytes for everybody), so it has to be held.

// Bytes, each for some thousand visits.
const SIZES = { visits: 5 * 1024 * 1024, moving: 4 * 1024 * 1024 };
export const FOR_VISITS = ["visits"];
export const FOR_MOVING = ["visits", "moving"];

/** Sets all rooms aside. → whether they are there; null where this browser has no place for them. */
export async function holdRoom() {
  const folder = await place();
  if (!folder) return null;
  try {
    for (const [name, size] of Object.entries(SIZES)) await held(folder, name, size);
    return true;
  } catch {
    return false;
  }
}

async function held(folder, name, size) {
  const file = await folder.getFileHandle(`room-for-${name}`, { create: true });
  if ((await file.getFile()).size === size) return;
  const pen = await file.createWritable();
  await pen.write(new Uint8Array(size));
  await pen.close();
}

/** Gives a room up, if it is there. */
export async function giveRoom(name) {
  try {
    await (await place()).removeEntry(`room-for-${name}`);
  } catch {
    // It was given already.
  }
}

async function place() {
  try {
    return await navigator.storage.getDirectory();
  } catch {
    return null;
  }
}
