// Small means of making pages: the <template> elements of the shell are cloned, data goes in as text, never as markup.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

// A copy of <template id="t-NAME">. `texts` fills its [data-text] elements by name; what is empty disappears.
export function clone(name, texts = {}) {
  const node = document.getElementById(`t-${name}`).content.firstElementChild.cloneNode(true);
  return fill(node, texts);
}

export function fill(node, texts) {
  for (const [name, text] of Object.entries(texts)) {
    for (const place of $$(`[data-text="${name}"]`, node)) {
      place.textContent = text ?? "";
      place.hidden = text === null || text === undefined || text === "";
    }
  }
  return node;
}

// make("p", {class: "muted", text: "…"}, child, …): `text` is text, `on…` listens, false and null are left out.
export function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function show(node, shown) {
  if (node) node.hidden = !shown;
}

// What stands in <main>: one view at a time. Its heading takes the focus, so that a reader begins there.
export function present(view, { focus = true } = {}) {
  const main = document.getElementById("main");
  main.replaceChildren(view);
  const heading = $("h1", view);
  if (heading) document.title = `${heading.textContent} · ${document.body.dataset.name}`;
  scrollTo(0, 0);
  if (!focus || !heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

// A thumb in a hurry deletes nothing: the first tap asks, the second one, soon after, does it.
const SURE = 4000;
export function askTwice(button, question, deed) {
  let asked = null;
  const words = button.textContent;
  const calm = () => {
    clearTimeout(asked);
    asked = null;
    button.textContent = words;
    button.classList.remove("is-asked");
  };
  button.addEventListener("click", () => {
    if (asked) {
      calm();
      return deed();
    }
    button.textContent = question;
    button.classList.add("is-asked");
    asked = setTimeout(calm, SURE);
    return null;
  });
}

let counter = 0;
export const newId = (prefix) => `${prefix}-${++counter}`;
