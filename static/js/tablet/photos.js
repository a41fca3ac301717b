// A photo becomes small on the tablet, and what the camera wrote into it stays there: a canvas knows no EXIF.

/** The file is no picture that this browser can read. */
export class NotAPhoto extends Error {}

const QUALITIES = [0.85, 0.7, 0.55, 0.4];
const SMALLER = 0.75;

/** file → Blob (image/jpeg): longest side `longest` px, at most `most` bytes (limits.most_photo_bytes). */
export async function shrink(file, { longest = 1600, most = 900_000 } = {}) {
  const picture = await decoded(file);
  try {
    let side = Math.min(longest, Math.max(picture.width, picture.height));
    for (;;) {
      const canvas = drawn(picture, side);
      for (const quality of QUALITIES) {
        const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
        if (blob.size <= most) return blob;
      }
      side = Math.round(side * SMALLER);
    }
  } finally {
    picture.close();
  }
}

async function decoded(file) {
  try {
    // Turned as it was taken: the note that says so is left behind with the rest.
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new NotAPhoto("no picture that this browser can read", { cause: error });
  }
}

function drawn(picture, side) {
  const scale = side / Math.max(picture.width, picture.height);
  const size = [picture.width, picture.height].map((length) => Math.max(1, Math.round(length * scale)));
  const canvas = new OffscreenCanvas(...size);
  const pen = canvas.getContext("2d");
  // What is see-through in a PNG would become black.
  pen.fillStyle = "white";
  pen.fillRect(0, 0, ...size);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, ...size);
  return canvas;
}

/** sha256 of a Blob, in hex: the name under which a visit lists it. */
export async function sha256(blob) {
  const digest = await crypto.subtle.digest("SHA-256", await blob.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
