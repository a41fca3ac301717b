// The tablet's page starts here: what this browser can keep, whose tablet it is, and which view the address asks for.

import { $, $$, clone, make, present, show } from "./dom.js";
import { dropBlank, handOverDrafts } from "./drafts.js";
import { showForm } from "./form.js";
import { showHousehold } from "./household.js";
import { askAgain, showCannot, showGate, showPinChange, whoIsSignedIn } from "./lock.js";
import { showLeave } from "./leave.js";
import { showList } from "./list.js";
import { showOutbox } from "./outbox.js";
import { standingOf } from "./standing.js";
import { openStore } from "./store.js";
import { createSync } from "./sync.js";
import { releaseReady } from "./thoughts.js";
import { canKeep, listVaults } from "./vault.js";
import { changeWorker, keepShell } from "./worker.js";
import { say, troubleOf } from "./words.js";

const IDLE = 15 * 60_000;

const ROUTES = [
  [/^#\/household\/(\d+)$/, showHousehold],
  [/^#\/visit\/([0-9a-f-]{36})$/, showForm],
  [/^#\/outbox$/, showOutbox],
  [/^#\/leave$/, showLeave],
  [/^#\/pin$/, showPinChange],
];

const app = {
  vault: null,
  store: null,
  sync: null,
  keeping: null,
  takeOver: null,
  newer: false,
  view: null,
  lock,
  toast,
  go: (hash) => (location.hash === hash ? route() : (location.hash = hash)),
  ended,
};

let touched = Date.now();
let routing = 0;
let routed = Promise.resolve();

async function begin() {
  app.keeping = await canKeep();
  keepShell((takeOver) => {
    app.takeOver = takeOver;
    tell();
  }).catch(() => {});
  const known = await listVaults().catch(() => []);
  if (!app.keeping.ok && !known.length) return showCannot(app.keeping.reasons, begin);
  await openGate();
}

async function openGate(userId = null) {
  document.body.classList.remove("is-open");
  for (const node of $$("[data-open-only]")) show(node, false);
  show($("#bar-nav"), false);
  show($("#bar-name"), true);
  show($("#line"), false);
  $("#who").textContent = say("menu");
  const { vault, isNew, progress } = await showGate(userId);
  await enter(vault, isNew, progress);
}

async function enter(vault, isNew, progress) {
  app.vault = vault;
  app.store = await openStore(vault);
  const { store } = app;
  const handOver = () => handOverDrafts(store, openDraft());
  app.sync = createSync(store, { sentences: { too_large: say("too_large") }, handOver });
  app.store.onChange(changed);
  app.sync.onChange(tell);
  // The first time, the page is ready when there is something to visit.
  if (isNew) {
    progress?.(say("pulling"));
    await app.sync.pull().catch(() => {});
  }
  touched = Date.now();
  document.body.classList.add("is-open");
  for (const node of $$("[data-open-only]")) show(node, true);
  show($("#bar-nav"), true);
  show($("#bar-name"), false);
  $("#who").textContent = vault.name;
  // What was kept a moment before the battery died.
  await releaseReady(app).catch(() => {});
  await dropBlank(app.store, openDraft()).catch(() => {});
  await route();
  app.sync.start();
  if (!isNew) app.sync.pull().catch(() => {});
  app.store.wipeSent().catch(() => {});
}

const openDraft = () => location.hash.split("/").at(-1);

// One view after the other: of two asked for at once, the later one stands.
function route() {
  const turn = ++routing;
  routed = routed.catch(() => {}).then(() => (turn === routing ? showView() : null));
  return routed;
}

async function showView() {
  const { store } = app;
  await leaveView();
  if (!app.store) return;
  // What was written on until now goes, where drafts are handed over.
  if (app.sync.state.session === "ended") app.sync.send().catch(() => {});
  const hash = location.hash || "#/";
  const [, shown, argument] = ROUTES.map(([pattern, view]) => [pattern, view, hash.match(pattern)?.[1]]).find(
    ([pattern]) => pattern.test(hash),
  ) ?? [null, showList];
  for (const tab of $$("[data-tab]")) {
    const here = tab.dataset.tab === (hash === "#/outbox" ? "outbox" : "list");
    tab.toggleAttribute("aria-current", here);
    if (here) tab.setAttribute("aria-current", "page");
  }
  $("#menu").open = false;
  const view = await shown(app, argument).catch((error) => app.store && showBroken(error));
  if (app.store === store) app.view = view;
  tell();
}

async function leaveView() {
  const { view } = app;
  try {
    await view?.leave?.();
  } catch (error) {
    toast(troubleOf(error));
  }
  app.view = null;
}

// One bad page stops neither the others nor the sender.
function showBroken(error) {
  console.error(error);
  const view = clone("nobody", { title: say("broken_view"), words: say("broken_view_words") });
  view.append(make("a", { class: "button button-primary", href: "#/", text: say("back_to_list") }));
  present(view);
  return {};
}

// Something was written, here or in another tab.
function changed({ what }) {
  if (what === "wiped") return ended();
  if (what === "newer") app.newer = true;
  app.view?.refresh?.(what);
  tell();
}

// The line at the top, and what waits beside the outbox.
async function tell() {
  if (!app.store || !app.sync) return;
  const state = app.sync.state;
  const store = app.store;
  const unsent = await store.unsentCount();
  if (app.store !== store) return;
  const count = $("#unsent");
  show(count, unsent.visits > 0);
  count.textContent = unsent.visits;
  count.title = say("unsent_visits", { count: unsent.visits });
  app.view?.standing?.(state, unsent);
  const standing = standingOf(app, state, unsent);
  const line = $("#line");
  const key = JSON.stringify([standing.words, standing.action]);
  show(line, true);
  line.className = `line line-${standing.tone}`;
  if (line.dataset.key === key) return;
  line.dataset.key = key;
  line.replaceChildren(standing.node());
}

let locking = false;
async function lock() {
  if (!app.store || locking) return;
  locking = true;
  const { userId } = app.vault;
  await leaveView();
  await releaseReady(app).catch(() => {});
  locking = false;
  if (!app.store) return;
  close();
  await openGate(userId);
}

function close() {
  app.sync?.stop();
  app.store?.close();
  Object.assign(app, { vault: null, store: null, sync: null, view: null });
  show($("#toast"), false);
}

// Everything of this user is gone from the tablet: signed out, or the posting is over.
function ended() {
  if (!app.store) return;
  close();
  history.replaceState(null, "", location.pathname);
  openGate();
}

let toasting = null;
function toast(words) {
  const node = $("#toast");
  node.textContent = words;
  show(node, true);
  clearTimeout(toasting);
  toasting = setTimeout(() => show(node, false), 5000);
}

// The page is kept in one language: the worker of the other one is fetched, and takes over.
async function changeLanguage(language) {
  // The other page is given to nobody who is signed out; until then, nothing is changed.
  if ((await whoIsSignedIn()).signedOut) return toast(say("language_needs_sign_in"));
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const body = new URLSearchParams({ language, next: location.pathname });
  const request = { method: "POST", headers: { "X-CSRFToken": token }, body, redirect: "manual" };
  try {
    const answer = await fetch(document.body.dataset.language, request);
    if (!answer.ok && answer.type !== "opaqueredirect") throw new Error("not changed");
    await changeWorker(language);
    await releaseReady(app);
    location.reload();
  } catch {
    toast(say("language_needs_network"));
  }
}

const DEEDS = {
  lock,
  language: (button) => changeLanguage(button.value),
  refresh: async () => {
    $("#menu").open = false;
    const { pulled, same } = (await app.sync.pull().catch(() => null)) ?? {};
    toast(say(pulled === undefined ? "not_fetched" : "fetched", { pulled, same }));
  },
  "take-over": () => app.takeOver?.(),
  reload: () => location.reload(),
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-do]");
  if (button) DEEDS[button.dataset.do]?.(button);
  const menu = $("#menu");
  if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") $("#menu").open = false;
});
$("#skip").addEventListener("click", () => $("#main").focus());

for (const kind of ["pointerdown", "keydown", "scroll"]) {
  document.addEventListener(kind, () => (touched = Date.now()), { passive: true, capture: true });
}
const lockIfIdle = () => app.store && Date.now() - touched >= IDLE && lock();
setInterval(lockIfIdle, 10_000);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") lockIfIdle();
  else if (app.store) releaseReady(app).catch(() => {});
});
addEventListener("hashchange", route);
askAgain(begin);
begin();
