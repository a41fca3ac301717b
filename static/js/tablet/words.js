// The words of the page and the form, as the shell carries them in the user's language.

import { sentenceOf as sentenceOfCode } from "./checking.js";

const read = (id) => JSON.parse(document.getElementById(id).textContent);

const WORDS = read("words");
export const FORM = read("form");
export const LANGUAGE = document.documentElement.lang;

// say("due_in", {days: 3}): a key without words is shown as it is, so that nothing is silently empty.
export function say(key, values = {}) {
  const words = WORDS[key] ?? key;
  return words.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

export const has = (key) => key in WORDS;

// The sentence of a problem: the server's own, else what the form says of its code, with its numbers in it.
export const sentenceOf = (problem) => problem.sentence || sentenceOfCode(problem, FORM);

export const sectionOf = (name) => FORM.sections.find((section) => section.name === name);
const fieldOf = (section, name) => (sectionOf(section)?.fields ?? FORM.head).find((field) => field.name === name);
export const labelOf = (section, name) => fieldOf(section, name)?.label ?? name;
export const riskOf = (value) => FORM.risks.find(([one]) => one === value)?.[1] ?? value;

// A value of a field in words: choices by their label, yes and no, amounts with their unit, "unknown" for nothing.
export function valueOf(section, name, value) {
  if (value === null || value === undefined || value === "") return say("unknown");
  const field = fieldOf(section, name);
  if (!field) return String(value);
  if (field.kind === "yes_no") return say(value ? "yes" : "no");
  if (name === "work_months") return say("months", { count: value });
  if (field.kind === "amount") return say("yuan", { amount: money(value) });
  if (field.kind === "choice") return field.choices.find(([one]) => one === value)?.[1] ?? String(value);
  return field.kind === "day" ? dayOf(value) : String(value);
}

export function money(text) {
  const amount = Number(text);
  return Number.isFinite(amount) ? amount.toLocaleString("en-US", { maximumFractionDigits: 2 }) : String(text ?? "");
}

// Days are compared as text; "today" is the day on this tablet in the county, wherever its time zone points.
const DAY = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" });
export const today = () => DAY.format(new Date());
export const dayAt = (iso) => DAY.format(new Date(iso));

export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00Z`) - Date.parse(`${from}T00:00Z`)) / 86_400_000);
}

export function dayOf(day) {
  if (!day) return "";
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  return year === Number(today().slice(0, 4)) ? say("day", { month, date }) : say("day_of_year", { year, month, date });
}

export function monthOf(month) {
  const [year, number] = month.split("-").map(Number);
  return say("month_of_year", { year, month: number });
}

const CLOCK = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
export function momentOf(iso) {
  if (!iso) return "";
  const moment = new Date(iso);
  const day = DAY.format(moment);
  return day === today() ? CLOCK.format(moment) : `${dayOf(day)} ${CLOCK.format(moment)}`;
}

// "2 visits, 1 photo"; empty where nothing is unsent.
export function unsentWords({ drafts, visits, photos }) {
  const parts = [
    visits && say("unsent_visits", { count: visits }),
    photos && say("unsent_photos", { count: photos }),
    drafts && say("unsent_drafts", { count: drafts }),
  ];
  return parts.filter(Boolean).join(say("comma"));
}

// Why keeping something failed. Told by the error's kind, whichever module it comes from.
const TROUBLES = { StorageFull: "storage_full", NewerPage: "newer_page", NotNow: "too_late" };
export const troubleOf = (error) => say(TROUBLES[error?.constructor?.name] ?? "did_not_work");
