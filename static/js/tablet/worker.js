// The page and its service worker: registered once, a newer version waits until a person lets it in.

const OPTIONS = { scope: "/tablet/", updateViaCache: "none" };
const addressOf = (language) => `/tablet/sw.js?language=${language}`;

/**
 * Registers /tablet/sw.js. `onNew(takeOver)` is called when a newer version waits; `takeOver()` lets it in and
 * loads the page again. Nothing of the outbox depends on it. → true when the page can open without a network.
 */
export async function keepShell(onNew = () => {}) {
  const workers = navigator.serviceWorker;
  if (!workers) return false;
  try {
    const registration = await workers.register(addressOf(document.documentElement.lang), OPTIONS);
    tellWaiting(registration, onNew);
    registration.addEventListener("updatefound", () => tellWaiting(registration, onNew));
    return await stands(registration);
  } catch {
    // Without a network it is not fetched again; the one that is there goes on.
    return Boolean(workers.controller);
  }
}

/** Lets the worker of another language take over at once; the page is to be loaded again. Throws without a network. */
export async function changeWorker(language) {
  const registration = await navigator.serviceWorker.register(addressOf(language), OPTIONS);
  const next = registration.installing ?? registration.waiting;
  if (!next) return;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (next.state === "installed") next.postMessage("take over");
      if (next.state === "activated") resolve();
      if (next.state === "redundant") reject(new Error("not installed"));
    };
    next.addEventListener("statechange", look);
    look();
  });
}

function stands(registration) {
  const first = registration.installing ?? registration.waiting;
  if (registration.active || !first) return Boolean(registration.active);
  return new Promise((resolve) => {
    first.addEventListener("statechange", () => {
      if (first.state === "activated") resolve(true);
      if (first.state === "redundant") resolve(false);
    });
  });
}

function tellWaiting(registration, onNew) {
  const takeOver = () => {
    navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
    registration.waiting?.postMessage("take over");
  };
  // The first version of all waits for nobody.
  const isNew = () => registration.waiting && registration.active;
  if (isNew()) onNew(takeOver);
  registration.installing?.addEventListener("statechange", ({ target }) => {
    if (target.state === "installed" && isNew()) onNew(takeOver);
  });
}
