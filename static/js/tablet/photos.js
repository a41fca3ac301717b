// A photo becomes small on the tablet, and what the camera wrote into it stays there: a canvas knows no EXIF.

/** The file is no picture that this browser can read. */
export class NotAPhoto extends Error {}

/** file → Blob (image/jpeg): longest side `longest` px, at most `most` bytes (limits.most_photo_bytes). */
export async function shrink(file, { longest = 1600, most = 900_000 } = {}) {
  throw new Error("not yet");
}

/** sha256 of a Blob, in hex: the name under which a visit lists it. */
export async function sha256(blob) {
  throw new Error("not yet");
}
