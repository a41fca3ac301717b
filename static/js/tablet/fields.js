// One field of the form: its label, its control, what the register says, and what is wrong with it.

import { $, $$, make, newId } from "./dom.js";
import { monthOf, say, sentenceOf, today, valueOf } from "./words.js";

// More choices than these are a list to open.
const MOST_BUTTONS = 7;
const MONTHS = 13;

/**
 * definition: a field of the declaration. options: {path, value, seen, section, until, changed(value | undefined)}.
 * `seen` is shown beside the label when it was given, null as "unknown"; `until`: the last day or month to choose.
 */
export function fieldNode(definition, options) {
  const id = newId("f");
  const { path, seen, section } = options;
  const control = (CONTROLS[definition.kind] ?? textControl)(definition, { ...options, id });
  const grouped = control.matches(".segments");
  const label = make(grouped ? "span" : "label", { class: "label", for: grouped ? null : id, id: `${id}-label`, text: definition.label });
  if (!definition.required) label.append(" ", make("small", { class: "optional", text: say("optional") }));
  if (grouped) {
    control.setAttribute("role", "radiogroup");
    control.setAttribute("aria-labelledby", `${id}-label`);
  }
  const node = make("div", { class: `field field-${definition.kind}`, "data-path": path }, label);
  if (seen !== undefined) {
    node.append(make("p", { class: "help", text: say("register_says", { value: valueOf(section, definition.name, seen) }) }));
  }
  node.append(control);
  if (definition.hint) node.append(make("p", { class: "help", text: definition.hint }));
  return node;
}

const CONTROLS = {
  choice: (definition, options) =>
    definition.choices.length <= MOST_BUTTONS ? segments(definition.choices, options) : select(definition.choices, options),
  yes_no: (_, options) => segments([[true, say("yes")], [false, say("no")]], options),
  amount: (_, options) => input(options, { inputmode: "decimal" }, amountOf),
  whole: (_, options) => input(options, { inputmode: "numeric" }, (text) => (/^\d+$/.test(text) ? Number(text) : text)),
  day: (_, options) => input(options, { type: "date", max: options.until ?? today() }),
  month: (_, options) => select(months(options.until ?? today(), options.value), options),
};

// What a person types for an amount: 1,200 or １２００ is 1200.
function amountOf(text) {
  const plain = text.normalize("NFKC").replace(/[,\s¥元]/g, "");
  return /^\d+\.\d$/.test(plain) ? `${plain}0` : /^\d+$/.test(plain) ? `${plain}.00` : plain;
}

function months(until, also) {
  const [year, month] = until.split("-").map(Number);
  const values = Array.from({ length: MONTHS }, (_, back) => {
    const number = year * 12 + month - 1 - back;
    return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, "0")}`;
  });
  if (also && !values.includes(also)) values.push(also);
  return values.map((value) => [value, monthOf(value)]);
}

function textControl(definition, options) {
  if (definition.longest > 100) {
    const area = make("textarea", { id: options.id, rows: 3, maxlength: definition.longest });
    area.value = options.value ?? "";
    area.addEventListener("input", () => options.changed(area.value.trim() || undefined));
    return area;
  }
  return input(options, { maxlength: definition.longest || null });
}

function input({ id, value, changed }, attributes, read = (text) => text) {
  const node = make("input", { id, autocomplete: "off", ...attributes });
  node.value = attributes.inputmode === "decimal" ? String(value ?? "").replace(/\.00$/, "") : (value ?? "");
  node.addEventListener("input", () => {
    const text = node.value.trim();
    changed(text === "" ? undefined : read(text));
  });
  return node;
}

function select(choices, { id, value, changed }) {
  const node = make("select", { id }, make("option", { value: "", text: say("choose") }));
  node.append(...choices.map(([one, text]) => make("option", { value: one, text, selected: one === value })));
  node.addEventListener("change", () => changed(node.value || undefined));
  return node;
}

// Radio buttons as large as a thumb.
export function segments(choices, { id, value, changed }) {
  const buttons = choices.map(([one, text], index) => {
    const radio = make("input", { type: "radio", name: id, id: index ? `${id}-${index}` : id, checked: one === value });
    radio.addEventListener("change", () => changed(one));
    return make("label", { class: "segment" }, radio, make("span", { text }));
  });
  return make("div", { class: "segments" }, ...buttons);
}

// Several of many: [[value, label]…], those in `values` are set.
export function checks(choices, values, changed) {
  const set = new Set(values);
  const boxes = choices.map(([one, text]) => {
    const box = make("input", { type: "checkbox", checked: set.has(one) });
    box.addEventListener("change", () => {
      if (box.checked) set.add(one);
      else set.delete(one);
      changed(choices.map(([value]) => value).filter((value) => set.has(value)));
    });
    return make("label", { class: "segment" }, box, make("span", { text }));
  });
  return make("div", { class: "segments segments-many" }, ...boxes);
}

export function group(path, label, control, { hint = "", optional = true } = {}) {
  const id = newId("g");
  const title = make("span", { class: "label", id, text: label });
  if (optional) title.append(" ", make("small", { class: "optional", text: say("optional") }));
  control.setAttribute("role", "group");
  control.setAttribute("aria-labelledby", id);
  return make("div", { class: "field", "data-path": path }, title, control, hint && make("p", { class: "help", text: hint }));
}

// Each problem at its field, in words; the first one is focused. What has no field is said at the top.
export function tellProblems(root, summary, problems) {
  clearProblems(root);
  summary.hidden = !problems.length;
  const loose = [];
  let first = null;
  for (const problem of problems) {
    const place = placeOf(root, problem.field);
    if (!place) loose.push(sentenceOf(problem));
    else tellProblem(place, sentenceOf(problem));
    // The first one as the page shows them.
    if (place && (!first || place.compareDocumentPosition(first) & Node.DOCUMENT_POSITION_FOLLOWING)) first = place;
  }
  summary.textContent = problems.length ? [say("mend_these", { count: problems.length }), ...loose].join(" ") : "";
  if (!problems.length) return;
  for (let box = first?.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
  const control = first && $("input, select, textarea", first);
  (control ?? summary).focus({ preventScroll: true });
  (first ?? summary).scrollIntoView({ block: "center" });
}

function tellProblem(place, sentence) {
  const id = newId("p");
  place.append(make("p", { class: "problem", id, text: sentence }));
  for (const control of $$("input, select, textarea", place).slice(0, 1)) {
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", id);
  }
}

// "income.0.amount" stands at its field, else at its line, else at its section.
function placeOf(root, path) {
  for (let rest = path; rest; rest = rest.includes(".") ? rest.slice(0, rest.lastIndexOf(".")) : "") {
    const place = $(`[data-path="${CSS.escape(rest)}"]`, root);
    if (place) return place;
  }
  return null;
}

export function clearProblems(root) {
  for (const words of $$(".problem:not([data-summary], [data-photo-problem])", root)) words.remove();
  for (const control of $$("[aria-invalid]", root)) {
    control.removeAttribute("aria-invalid");
    control.removeAttribute("aria-describedby");
  }
}
