// The keyboard, for those who want it on this computer: through a list, into a row, deciding, on to the next.
// Nothing here is needed to get work done: each key does what a link, a button or a tick on the page does.

const $ = (selector, root = document) => root.querySelector(selector);
const wanted = $("[data-keys-wanted]");
if (wanted) {
  wanted.checked = localStorage.getItem("keys") !== "off";
  wanted.addEventListener("change", () => localStorage.setItem("keys", wanted.checked ? "on" : "off"));
}

// Rows: the focus is on the row's first link, so Enter opens it by itself.
const rows = () => [...document.querySelectorAll("tr[data-row-link]")];
const current = () => document.activeElement?.closest("tr[data-row-link]");
const focus = (row) => row && $("a[href]", row)?.focus();

function moveRow(step) {
  const all = rows();
  const at = all.indexOf(current());
  focus(all[at < 0 ? 0 : Math.min(Math.max(at + step, 0), all.length - 1)]);
}

function tick() {
  const box = $("input[name=picked]", current() ?? document.createElement("tr"));
  if (box) box.click();
}

// A move: on an alert's page the form of the move, in a list the button for the ticked rows, or for the row in focus.
const MOVES = { a: "acknowledge", d: "dispatch", v: "verify", r: "review", c: "close", b: "send_back return", t: "transfer", f: "refuse", e: "dismiss", o: "reopen" };

function decide(codes) {
  for (const code of codes.split(" ")) {
    const decision = $(`details[data-move=${code}]`);
    if (decision) return openDecision(decision);
    const button = $(`[data-pick] button[data-move=${code}]`);
    if (button) return pressFor(button);
  }
}

function openDecision(decision) {
  decision.open = true;
  // What must be said first; where nothing must, Enter decides.
  ($(":required", decision) ?? $("button", decision)).focus();
  decision.scrollIntoView({ block: "nearest" });
}

function pressFor(button) {
  const form = button.form;
  const row = current();
  if (!$("input[name=picked]:checked, input[name=all]:checked", form) && row) $("input[name=picked]", row)?.click();
  if (!button.disabled) form.requestSubmit(button);
}

const KEYS = {
  "?": () => document.getElementById("keys-dialog")?.showModal(),
  "/": () => $(".filters input:not([type=hidden], [type=checkbox]), .filters select")?.focus(),
  j: () => moveRow(1),
  k: () => moveRow(-1),
  ArrowDown: () => moveRow(1),
  ArrowUp: () => moveRow(-1),
  x: tick,
  "[": () => $(".pager a[rel=prev][href]")?.click(),
  "]": () => $(".pager a[rel=next][href]")?.click(),
  n: () => $("[data-key=n]")?.click(),
  u: () => $("[data-key=u]")?.click(),
};
for (const [key, codes] of Object.entries(MOVES)) KEYS[key] = () => decide(codes);

// Arrows scroll the page until somebody is in a list.
const scrolls = (key) => key.startsWith("Arrow") && !current();

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest("input:not([type=checkbox], [type=radio]), select, textarea, dialog[open], [contenteditable]")) return;
  if (event.target.matches("[type=radio]") && event.key.startsWith("Arrow")) return;
  if ((wanted && !wanted.checked && event.key !== "?") || !(event.key in KEYS) || scrolls(event.key)) return;
  event.preventDefault();
  KEYS[event.key]();
});

// Whoever comes back to a list, or came by the keyboard, goes on at the row that was left.
function resume() {
  if (document.activeElement === document.body) focus($("tr[data-here]"));
}
resume();

// Ticks: what is ticked is counted, and a button offers itself only for what all ticked rows allow.
function countTicks(form) {
  const boxes = [...form.querySelectorAll("input[name=picked]")];
  const ticked = boxes.filter((box) => box.checked);
  const all = $("[data-pick-all]", form);
  const page = $("[data-pick-page]", form);
  const many = all?.checked ?? false;
  for (const box of boxes) box.disabled = many;
  if (page) {
    page.disabled = many;
    page.checked = ticked.length > 0 && ticked.length === boxes.length;
    page.indeterminate = ticked.length > 0 && ticked.length < boxes.length;
  }
  const words = $("[data-picked]", form);
  if (words) words.textContent = ticked.length && !many ? `${words.dataset.words}${ticked.length}` : "";
  for (const button of form.querySelectorAll("button[data-move]")) {
    const allowed = ticked.every((box) => box.closest("tr").dataset.moves.split(" ").includes(button.dataset.move));
    button.disabled = !(many || (ticked.length && allowed));
  }
}

document.addEventListener("change", ({ target }) => {
  const form = target.closest?.("form[data-pick]");
  if (!form) return;
  if (target.matches("[data-pick-page]")) {
    for (const box of form.querySelectorAll("input[name=picked]")) box.checked = target.checked;
  }
  countTicks(form);
});
const prepare = () => document.querySelectorAll("form[data-pick]").forEach(countTicks);
document.addEventListener("htmx:afterSettle", prepare);
prepare();
