// The page and its service worker: registered once, a newer version waits until a person lets it in.

/**
 * Registers /tablet/sw.js. `onNew(takeOver)` is called when a newer version waits; `takeOver()` lets it in and
 * loads the page again. Nothing of the outbox depends on it. → true when the page can open without a network.
 */
export async function keepShell(onNew = () => {}) {
  throw new Error("not yet");
}
