// Behaviour that every page shares. All of it is delegated from the document, so fragments that htmx
// brings in work without being prepared. Nothing here is needed to get work done: links and forms are.

const $ = (selector, root = document) => root.querySelector(selector);

// Filter forms: submit when a choice changes, leave empty fields out of the address.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-autosubmit]");
  if (form) form.requestSubmit();
});

document.addEventListener("formdata", (event) => {
  if (!event.target.matches("form[data-autosubmit]")) return;
  for (const [name, value] of [...event.formData]) if (value === "") event.formData.delete(name);
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return;
  for (const [name, value] of Object.entries(detail.parameters)) if (value === "") delete detail.parameters[name];
});

function markFilters() {
  for (const field of document.querySelectorAll(".filters .field")) {
    field.classList.toggle("is-set", Boolean($("select, input", field)?.value));
  }
  for (const clear of document.querySelectorAll("[data-filters-clear]")) {
    clear.hidden = !$(".is-set, input:checked", clear.closest("form"));
  }
}
document.addEventListener("change", markFilters);
markFilters();

// Rows: a click anywhere in the row follows its first link, unless it was on a control or marked text.
function openRow(event) {
  const row = event.target.closest("tr[data-row-link]");
  if (!row || event.target.closest("a, button, input, label, select, summary")) return;
  if (String(getSelection())) return;
  const link = $("a[href]", row);
  if (!link) return;
  if (event.button === 1 || event.ctrlKey || event.metaKey) window.open(link.href);
  else if (event.button === 0) link.click();
}
document.addEventListener("click", openRow);
document.addEventListener("auxclick", openRow);

// Menus close when something else is clicked, and with Escape.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details[data-menu][open]")) {
    if (event.type === "keydown" ? event.key === "Escape" : !menu.contains(event.target)) menu.open = false;
  }
}
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);

// Dialogs and copying.
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
  if (event.target.closest("[data-close]") || event.target.matches("dialog")) event.target.closest("dialog")?.close();

  const copy = event.target.closest("[data-copy]");
  if (copy) {
    await navigator.clipboard.writeText(copy.dataset.copy);
    const word = $("span", copy) ?? copy;
    const before = word.textContent;
    word.textContent = copy.dataset.copied;
    setTimeout(() => (word.textContent = before), 2000);
  }
});

// Files: the input covers the area, so a drop lands in it; here it only says what it holds.
function tellFiles(input) {
  const size = (bytes) => (bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} KB` : `${(bytes / 1e6).toFixed(1)} MB`);
  $("output", input.closest("[data-drop]")).textContent = [...input.files]
    .map((file) => `${file.name} · ${size(file.size)}`)
    .join("\n");
}
document.addEventListener("change", ({ target }) => {
  if (target.matches("[data-drop] input[type=file]")) tellFiles(target);
});
for (const [kind, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(kind, ({ target }) => target.closest?.("[data-drop]")?.classList.toggle("is-over", over));
}

for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
document.addEventListener("click", ({ target }) => {
  if (target.closest("[data-print]")) print();
});

// htmx: show that work is under way, say when it failed, and never paste a sign-in page into a list.
const loading = (on) => document.documentElement.classList.toggle("is-loading", on);
document.addEventListener("htmx:beforeRequest", () => loading(true));
document.addEventListener("htmx:afterRequest", () => loading(false));
document.addEventListener("htmx:afterSettle", markFilters);
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { responseURL } = detail.xhr;
  if (responseURL && new URL(responseURL).pathname !== new URL(detail.pathInfo.finalRequestPath, location).pathname) {
    detail.shouldSwap = false;
    location.reload();
  }
});
function say(key) {
  const notice = document.getElementById("live-notice");
  if (!notice) return;
  notice.textContent = notice.dataset[key];
  notice.hidden = false;
}
document.addEventListener("htmx:responseError", () => say("failed"));
document.addEventListener("htmx:sendError", () => say("offline"));
document.addEventListener("htmx:afterOnLoad", () => document.getElementById("live-notice")?.setAttribute("hidden", ""));
