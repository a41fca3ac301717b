// Talking with the server: did it truly answer, and whom does it know? Nothing is decided here.

// A mountain road's network is slow before it is gone.
const ASK_WITHIN = 15_000;
const SEND_WITHIN = 90_000;
// What no other body would make better: the server, or what stands before it, is not ready.
const NOT_READY = new Set([404, 405, 408, 425, 429, 502, 503, 504, 511]);

const cookie = (name) => document.cookie.split("; ").find((one) => one.startsWith(`${name}=`))?.split("=")[1] ?? "";

export class Server {
  #base;
  // As it stood when the server last said who is signed in: after another sign-in it is refused.
  #token = "";

  constructor(base, tablet) {
    this.#base = base;
    this.tablet = tablet;
  }

  /**
   * Is it there, and who is signed in? needsKey: this tablet holds no key to hand over with. →
   *   {is: "away"} no answer that could be its own
   *   {is: "open", me, behind} behind: seconds our clock is behind its
   *   {is: "over", ended} nobody is signed in; ended: because the posting is over
   *   {is: "forbidden", code} · {is: "trouble"} it is there and cannot serve
   */
  async ask({ needsKey = false } = {}) {
    const asked = Date.now();
    const answer = await this.#fetch(`me?tablet=${this.tablet}${needsKey ? "&key=none" : ""}`, {}, ASK_WITHIN);
    if (answer.is !== "answered") return answer;
    const { user, server_time: time } = answer.body ?? {};
    if (!user || !time) return { is: "away" };
    this.#token = cookie("csrftoken");
    return { is: "open", me: answer.body, behind: (Date.parse(time) - (asked + Date.now()) / 2) / 1000 };
  }

  /** → {is: "answered", body} | {is: "undigested", status, body} (4xx) | {is: "broken"} (500) | as `ask`. */
  send(path, body, headers = {}) {
    const init = {
      method: "POST",
      body,
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.#token, ...headers },
    };
    return this.#fetch(path, init, SEND_WITHIN);
  }

  /** visits: payloads; key: that of the hand-over, "" for who is signed in. → as `send`. */
  visits(visits, key = "") {
    const body = JSON.stringify({ tablet: this.tablet, sent_at: new Date().toISOString(), visits });
    return key ? this.send("hand-over/", body, { "X-Hand-Over-Key": key }) : this.send("visits/", body);
  }

  photo(uid, sha, blob, key = "") {
    const headers = { "Content-Type": "image/jpeg" };
    if (!key) return this.send(`photos/${uid}/${sha}/`, blob, headers);
    return this.send(`hand-over/${uid}/${sha}/`, blob, { ...headers, "X-Hand-Over-Key": key });
  }

  /** → {is: "answered", body, etag} | {is: "same"} | as `ask`. */
  pull(code, etag) {
    const path = `villages/${encodeURIComponent(code)}/?tablet=${this.tablet}`;
    return this.#fetch(path, { headers: etag ? { "If-None-Match": etag } : {} }, SEND_WITHIN);
  }

  async #fetch(path, init, within) {
    const always = { credentials: "same-origin", cache: "no-store", redirect: "error" };
    try {
      const response = await fetch(this.#base + path, { ...always, ...init, signal: AbortSignal.timeout(within) });
      return await understood(response);
    } catch {
      // No network, a redirect to some hotel's page, or too slow.
      return { is: "away" };
    }
  }
}

async function understood(response) {
  const { status } = response;
  if (status === 304) return { is: "same" };
  const body = await bodyOf(response);
  if (response.ok) return body ? { is: "answered", body, etag: response.headers.get("ETag") ?? "" } : { is: "away" };
  if (status === 401 && body) return { is: "over", ended: body.ended === "posting" };
  if (status === 403 && body) return { is: "forbidden", code: body.code ?? "" };
  if (status === 401 || status === 403 || NOT_READY.has(status)) return { is: "trouble", status };
  return status < 500 ? { is: "undigested", status, body } : { is: "broken", status };
}

async function bodyOf(response) {
  if (!response.headers.get("Content-Type")?.includes("application/json")) return null;
  return response.json();
}
