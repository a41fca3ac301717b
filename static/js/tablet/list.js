// My households: by village and hamlet, due ones first; found by name or pinyin initials.

import { $, $$, clone, make, present, show } from "./dom.js";
import { isReady } from "./thoughts.js";
import { dayOf, daysBetween, say, today } from "./words.js";

// Rows drawn at once; the rest follow frame by frame, so that a finger is never kept waiting.
const CHUNK = 60;
// As on the server (monitoring/visiting/due.py).
const SOON_DAYS = 7;
// Who was visited in these days shows it, so that nobody knocks twice.
const RECENT_DAYS = 7;
const FILTERS = {
  due: (row) => row.due.state === "overdue" || row.due.state === "due",
  alerts: (row) => row.household.alerts.length > 0,
  campaign: (row) => row.campaign,
  unsent: (row) => row.unsent || row.draft,
};
const ORDER = { overdue: 0, due: 1, later: 2, none: 3 };

// What was searched stays while one goes in and out of households.
const chosen = { words: "", filter: null, scroll: 0 };

export async function showList(app) {
  const view = clone("list");
  let rows = await rowsOf(app);
  let turn = 0;
  const find = $("#find", view);
  find.value = chosen.words;

  function draw() {
    const mine = ++turn;
    const found = rows.filter((row) => matches(row, chosen.words) && (!chosen.filter || FILTERS[chosen.filter](row)));
    for (const button of $$("[data-filter]", view)) {
      const { filter } = button.dataset;
      button.setAttribute("aria-pressed", String(filter === chosen.filter));
      $("b", button).textContent = rows.filter(FILTERS[filter]).length;
    }
    const asked = Boolean(chosen.words || chosen.filter);
    $("[data-found]", view).textContent = asked ? say("found", { count: found.length, of: rows.length }) : "";
    show($("[data-found]", view), asked && rows.length > 0);
    show($(".finder", view), rows.length > 0);
    const groups = $("[data-groups]", view);
    groups.replaceChildren();
    if (!found.length) return groups.append(nobody(rows.length));
    drawInTurns(groups, groupsOf(found), () => mine === turn);
  }

  find.addEventListener("input", () => {
    chosen.words = find.value.trim();
    draw();
  });
  for (const button of $$("[data-filter]", view)) {
    button.addEventListener("click", () => {
      chosen.filter = chosen.filter === button.dataset.filter ? null : button.dataset.filter;
      draw();
    });
  }
  draw();
  present(view, { focus: false });
  scrollTo(0, chosen.scroll);
  return {
    leave: () => (chosen.scroll = scrollY),
    async refresh() {
      const now = await rowsOf(app);
      // Drawn only when something has changed: a row must not move away under a finger.
      if (JSON.stringify(now) === JSON.stringify(rows)) return;
      rows = now;
      draw();
    },
  };
}

// One row: the household, its place in words, how due it is, and what of it is unsent.
async function rowsOf(app) {
  const [households, villages, campaigns, drafts, outbox] = await Promise.all([
    app.store.households(),
    app.store.villages(),
    app.store.campaigns(),
    app.store.drafts(),
    app.store.outbox(),
  ]);
  const running = new Set(campaigns.filter(isRunning).map(({ id }) => id));
  app.pulledAt = villages.map(({ pulledAt }) => pulledAt).sort()[0];
  const names = new Map(villages.map(({ code, name }) => [code, name]));
  const of = (entries) => new Set(entries.map(({ visit }) => visit.household));
  const begun = of(drafts.filter((entry) => !isReady(entry)));
  const ready = drafts.filter(isReady);
  const unsent = of([...outbox.filter(({ state }) => state !== "stored" && state !== "held"), ...ready]);
  const visited = new Map([...outbox, ...ready].map(({ visit }) => [visit.household, visit.on]));
  return households.map((household) => ({
    household,
    place: [names.get(household.village), household.hamlet].filter(Boolean).join(" · "),
    village: household.village,
    order: hamletOrder(household.hamlet),
    due: dueNow(household.due, visited.get(household.id)),
    campaign: household.campaigns.some((id) => running.has(id)),
    draft: begun.has(household.id),
    unsent: unsent.has(household.id),
  }));
}

// Taken along days before it begins, and shown on its days alone: a visit made on another does not count.
export const isRunning = ({ starts_on: from, ends_on: until }) => from <= today() && today() <= until;

// A visit in the outbox counts: nobody is sent twice to one door because the mountain has no signal.
export function dueNow(due, visitedOn) {
  const pulled = due ?? { state: "none" };
  if (visitedOn && !(pulled.last && visitedOn <= pulled.last)) return visited(pulled, visitedOn);
  const state = stateOn(pulled);
  const isRecent = pulled.last && daysBetween(pulled.last, today()) < RECENT_DAYS;
  return isRecent && state !== "overdue" && state !== "due" ? visited(pulled, pulled.last) : { ...pulled, state };
}

const visited = (due, last) => ({ ...due, last, due_on: null, state: "visited" });

// The state as pulled may be days old; the day does not change.
function stateOn(due) {
  if (!due.due_on) return due.state;
  const days = daysBetween(today(), due.due_on);
  if (days < 0) return "overdue";
  return days <= SOON_DAYS ? "due" : due.state;
}

export function dueWords(due) {
  if (due.state === "visited") return say("visited_on", { day: dayOf(due.last) });
  if (!due.due_on || due.state === "none") return "";
  const days = daysBetween(today(), due.due_on);
  if (days < 0) return say("overdue_by", { days: -days });
  if (days === 0) return say("due_today");
  return say(due.state === "due" ? "due_in" : "due_later", { days, day: dayOf(due.due_on) });
}

const DIGITS = "零一二三四五六七八九";
// 二组 before 十一组, wherever the code points of their numerals lie.
export function hamletOrder(hamlet) {
  const number = (hamlet ?? "").match(/\d+/)?.[0];
  if (number) return Number(number);
  const [, words] = (hamlet ?? "").match(/([一二三四五六七八九十]+)组/) ?? [];
  if (!words) return 999;
  const [tens, ones] = words.includes("十") ? words.split("十") : ["零", words];
  return (tens === "" ? 1 : DIGITS.indexOf(tens)) * 10 + (ones ? DIGITS.indexOf(ones) : 0);
}

function matches({ household }, words) {
  if (!words) return true;
  const asked = words.toLowerCase().replaceAll(" ", "");
  if (household.head.toLowerCase().includes(asked)) return true;
  const [whole = "", initials = ""] = (household.pinyin ?? "").split(" ");
  return whole.startsWith(asked) || initials.includes(asked) || (asked.length > 2 && whole.includes(asked));
}

function groupsOf(rows) {
  const groups = new Map();
  for (const row of rows) groups.set(row.place, [...(groups.get(row.place) ?? []), row]);
  const sorted = [...groups.entries()].map(([place, members]) => ({ place, members: members.sort(byUrgency) }));
  return sorted.sort(({ members: [a] }, { members: [b] }) =>
    a.village === b.village ? a.order - b.order || a.place.localeCompare(b.place) : a.village < b.village ? -1 : 1,
  );
}

function byUrgency(a, b) {
  const [first, second] = [a, b].map(({ due }) => ORDER[due.state] ?? 4);
  if (first !== second) return first - second;
  if (first < 3 && a.due.due_on !== b.due.due_on) return a.due.due_on < b.due.due_on ? -1 : 1;
  return (a.household.pinyin ?? "").localeCompare(b.household.pinyin ?? "");
}

function drawInTurns(root, groups, wanted) {
  const jobs = groups.flatMap(({ place, members }) => {
    const group = clone("group", { place: place || say("no_hamlet"), count: say("households", { count: members.length }) });
    const list = $(".rows", group);
    return members.map((row, index) => () => {
      if (index === 0) root.append(group);
      list.append(rowNode(row));
    });
  });
  const work = () => {
    if (!wanted()) return;
    for (const job of jobs.splice(0, CHUNK)) job();
    if (jobs.length) requestAnimationFrame(work);
  };
  work();
}

function rowNode({ household, due, draft, unsent }) {
  const row = clone("row", {
    head: household.head,
    due: dueWords(due),
    unsent: unsent ? say("unsent") : "",
    draft: draft ? say("draft") : "",
  });
  $("a", row).href = `#/household/${household.id}`;
  row.classList.add(`is-${due.state}`);
  $(".row-levels", row).append(...levels(household.alerts));
  return row;
}

// 红 2: the level as shape, word and colour, and how many.
export function levels(alerts) {
  return ["red", "yellow", "blue"].flatMap((level) => {
    const count = alerts.filter((alert) => alert.level === level).length;
    const text = count > 1 ? say("level_count", { level: say(`level_${level}`), count }) : say(`level_${level}`);
    return count ? [make("span", { class: `level level-${level}`, text })] : [];
  });
}

function nobody(all) {
  if (!all) return clone("nobody", { title: say("no_households"), words: say("no_households_why") });
  return clone("nobody", { title: say("nobody_found"), words: say("nobody_found_why") });
}
