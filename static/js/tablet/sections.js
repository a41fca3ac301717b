// What has changed, section by section: lines of the household, or of one of its members.

import { $, clone, fill, make } from "./dom.js";
import { fieldNode } from "./fields.js";
import { money, monthOf, say, today, valueOf } from "./words.js";

/** context: {visit, household, changed()}. → <details> of one section; opened by whoever needs it. */
export function sectionNode(section, context) {
  const node = clone("section", { label: section.label });
  node.dataset.path = section.name;
  draw(node, section, context);
  node.open = Boolean(linesOf(section, context).length);
  return node;
}

/** Whether there is anybody of whom the section asks, or a line in it already. */
export const isAsked = (section, context) =>
  !section.ages.length ||
  linesOf(section, context).length > 0 ||
  context.household.members.some((one) => concerns(section, one));

// As declaration.concerns: members of these ages, those of unknown age, and those of whom more is known.
function concerns({ ages, fields }, member) {
  if (!ages.length || member.age === null || (ages[0] <= member.age && member.age <= ages[1])) return true;
  return fields.some(({ register }) => register && ![null, undefined, "", "none"].includes(member[register]));
}

const linesOf = ({ name }, { visit }) => visit[name] ?? [];

function draw(node, section, context, focus = null) {
  const lines = linesOf(section, context);
  fill(node, { count: lines.length || "" });
  $(".lines", node).replaceChildren(...lines.map((line, index) => lineNode(node, section, context, line, index)));
  $(".adders", node).replaceChildren(...adders(node, section, context));
  if (focus !== null) $(`[data-path="${section.name}.${focus}"] :is(input, select)`, node)?.focus();
}

function add(node, section, context, line) {
  context.visit[section.name] = [...linesOf(section, context), line];
  context.changed();
  draw(node, section, context, context.visit[section.name].length - 1);
}

function remove(node, section, context, line) {
  const left = linesOf(section, context).filter((one) => one !== line);
  if (left.length) context.visit[section.name] = left;
  else delete context.visit[section.name];
  context.changed();
  draw(node, section, context);
  $("summary", node).focus();
}

function lineNode(node, section, context, line, index) {
  const path = `${section.name}.${index}`;
  const member = context.household.members.find(({ id }) => id === line.person);
  const legend = member ? member.name : section.most > 1 ? say("line", { number: index + 1 }) : section.label;
  const entry = clone("line", { legend });
  entry.dataset.path = path;
  for (const field of section.fields) {
    const seen = field.register && section.name !== "income" ? (seenOf(section, context, line)[field.name] ?? null) : undefined;
    const until = field.kind === "day" ? context.visit.on : field.kind === "month" ? context.visit.on : null;
    const options = { path: `${path}.${field.name}`, value: line[field.name], seen, section: section.name, until };
    $(".form-grid", entry).append(fieldNode(field, { ...options, changed: (value) => answer(section, context, line, field, value) }));
  }
  $(".entry-remove", entry).addEventListener("click", () => remove(node, section, context, line));
  return entry;
}

function answer(section, context, line, field, value) {
  if (value === undefined) delete line[field.name];
  else line[field.name] = value;
  // What the tablet showed of this very line stands beside what was said.
  if (section.fields.some((one) => one.register) && !context.household.unknown) line.seen = seenOf(section, context, line);
  context.changed();
}

// What the tablet shows of the register for this line: {field: value or null}.
function seenOf(section, { household }, line) {
  const asked = section.fields.filter((field) => field.register).map((field) => field.name);
  const source =
    section.name === "income"
      ? household.income.find(({ month, kind, item }) => month === line.month && kind === line.kind && item === line.item)
      : section.of === "person"
        ? household.members.find(({ id }) => id === line.person)
        : household.register;
  return Object.fromEntries(asked.map((name) => [name, source?.[name] ?? null]));
}

function adders(node, section, context) {
  const lines = linesOf(section, context);
  if (lines.length >= section.most) return [];
  if (section.of === "person") return memberAdders(node, section, context, lines);
  if (section.name === "income") return incomeAdders(node, section, context, lines);
  const line = () => withSeen(section, context, {});
  return [adder(say(section.most > 1 ? "add_line" : "say_it"), () => add(node, section, context, line()))];
}

const adder = (text, onclick, about = "") =>
  make("button", { class: "button adder", type: "button", onclick }, make("span", { text }), about && make("small", { text: about }));

function withSeen(section, context, line) {
  return section.fields.some((field) => field.register) ? { ...line, seen: seenOf(section, context, line) } : line;
}

function memberAdders(node, section, context, lines) {
  // Illness may come twice to one person, a school only once.
  const taken = section.name === "illness" ? [] : lines.map(({ person }) => person);
  const free = context.household.members.filter((one) => !taken.includes(one.id) && concerns(section, one));
  const about = (member) => {
    const shown = section.fields.filter((field) => field.register && member[field.name]);
    return shown.map((field) => valueOf(section.name, field.name, member[field.name])).join(" · ");
  };
  return free.map((member) =>
    adder(member.name, () => add(node, section, context, withSeen(section, context, { person: member.id })), about(member)),
  );
}

// The newest month's lines are offered with their amounts, to be adjusted; each goes into the visit's month.
function incomeAdders(node, section, context, lines) {
  // The day may be empty for a moment.
  const month = (context.visit.on ?? today()).slice(0, 7);
  const newest = context.household.income.map((line) => line.month).sort().at(-1);
  const key = ({ kind, item }) => `${kind} ${item}`;
  const taken = new Set(lines.map(key));
  const offered = context.household.income.filter((line) => line.month === newest && !taken.has(key(line)));
  const take = ({ kind, item, amount }) =>
    adder(
      item || valueOf("income", "kind", kind),
      () => add(node, section, context, withSeen(section, context, { month, kind, item, amount })),
      say("month_before", { month: monthOf(newest), amount: money(amount) }),
    );
  return [...offered.map(take), adder(say("add_line"), () => add(node, section, context, withSeen(section, context, { month })))];
}
