// The visit with something to say. Every change is kept as a draft; finishing checks it and queues it.

import { checkVisit } from "./checking.js";
import { $, $$, askTwice, clone, present, show } from "./dom.js";
import { saysNothing } from "./drafts.js";
import { clearProblems, fieldNode, tellProblems } from "./fields.js";
import { drawPhotos, foundNodes, verdictNode } from "./findings.js";
import { isAsked, sectionNode } from "./sections.js";
import { NotNow } from "./store.js";
import { dayAt, FORM, momentOf, say, troubleOf } from "./words.js";

// What is typed is kept after so long, and at once when the page is left.
const SOON = 150;
const HEAD = ["method", "on"];

export async function showForm(app, uid) {
  const entry = await app.store.draft(uid);
  if (!entry || entry.unreadable) {
    app.go(entry ? "#/outbox" : "#/");
    return {};
  }
  const household = (await app.store.household(entry.visit.household)) ?? unknownHousehold(entry);
  const visit = structuredClone(entry.visit);
  const keeper = keeperOf(app, visit);
  const texts = { head: entry.side?.head || household.head, left: household.left ? say("household_left") : "" };
  const view = clone("visit", texts);
  const begunOn = entry.side?.on ?? dayAt(visit.began_at);
  const context = { visit, household, begunOn, changed: keeper.changed, save: keeper.save, keeper, ending: null };
  // Of a household that is not here any more there is no page.
  const back = household.left ? "#/outbox" : `#/household/${household.id}`;
  keeper.told = (words, isElsewhere = false) => {
    $("[data-saved]", view).textContent = words;
    show($("[data-elsewhere]", view), isElsewhere);
  };
  $("[data-back]", view).href = back;
  drawHead(view, context);
  drawVerdicts(view, context);
  drawSections(view, context);
  $("[data-found-fields]", view).append(...foundNodes(context));
  context.photos = drawPhotos(view, app, context);

  $("form", view).addEventListener("submit", (event) => {
    event.preventDefault();
    context.ending ??= finish(app, view, context).finally(() => (context.ending = null));
  });
  $("[data-another]", view).addEventListener("click", () => writeAnother(app, context));
  askTwice($("[data-drop]", view), say("really"), async () => {
    keeper.forget();
    await app.store.dropDraft(uid);
    app.toast(say("thrown_away"));
    app.go(back);
  });
  present(view);
  // What was refused is mended where the server found it.
  if (entry.answer?.problems?.length) tellProblems($("form", view), $("[data-summary]", view), entry.answer.problems);
  // Opened and left again: no draft that nobody wrote stays behind.
  const isBlank = () => !entry.answer && saysNothing(visit);
  const drop = () => {
    keeper.forget();
    return app.store.dropDraft(uid);
  };
  const leave = async () => {
    const problem = await photosDone(app, context);
    if (problem) app.toast(problem);
    await context.ending;
    if (!keeper.isGone()) await (isBlank() ? drop() : keeper.save());
  };
  return { leave };
}

// It left before what one reads at its door was kept here: the visit stands on what was written of it.
function unknownHousehold({ visit, side }) {
  const nothing = { members: [], alerts: [], income: [], campaigns: [], register: {} };
  const head = side?.head || say("household_number", { number: visit.household });
  return { id: visit.household, head, ...nothing, left: true, unknown: true };
}

// A photo that is still being made small is waited for. → what went wrong with it, or ""
function photosDone(app, { photos }) {
  if (photos.busy()) app.toast(say("shrinking"));
  return photos.done();
}

// Another tab finished this visit: what was typed here becomes one of its own. Photos stay with the first.
async function writeAnother(app, { visit, keeper, begunOn }) {
  const { photos, ...said } = structuredClone(visit);
  try {
    const uid = await app.store.saveDraft({ ...said, uid: crypto.randomUUID() }, { on: begunOn });
    keeper.forget();
    app.go(`#/visit/${uid}`);
  } catch (error) {
    app.toast(troubleOf(error));
  }
}

// Another tab may have the same draft open: what it changed since comes in, what was changed here stays.
async function takeOver(app, visit, base) {
  const kept = (await app.store.draft(visit.uid))?.visit ?? base;
  const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);
  for (const key of new Set([...Object.keys(kept), ...Object.keys(base)])) {
    if (isSame(kept[key], base[key]) || !isSame(visit[key], base[key])) continue;
    if (kept[key] === undefined) delete visit[key];
    else visit[key] = structuredClone(kept[key]);
  }
}

// Keeps the draft: soon after a change, and at once when the page goes.
function keeperOf(app, visit) {
  let timer = null;
  let dirty = false;
  let gone = false;
  let base = structuredClone(visit);
  let saving = Promise.resolve();
  const keeper = { told() {} };
  const write = async () => {
    if (!dirty || gone) return;
    dirty = false;
    try {
      await takeOver(app, visit, base);
      base = structuredClone(visit);
      await app.store.saveDraft(base);
      keeper.told(say("draft_kept", { when: momentOf(new Date().toISOString()) }));
    } catch (error) {
      dirty = true;
      const isElsewhere = error instanceof NotNow;
      keeper.told(isElsewhere ? say("finished_elsewhere") : troubleOf(error), isElsewhere);
    }
  };
  // One after the other: a second one that read before the first had written would take back what was typed.
  keeper.save = () => {
    clearTimeout(timer);
    timer = null;
    saving = saving.then(write);
    return saving;
  };
  keeper.changed = () => {
    dirty = true;
    timer ??= setTimeout(keeper.save, SOON);
  };
  keeper.forget = () => {
    gone = true;
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", keeper.save);
  };
  keeper.isGone = () => gone;
  document.addEventListener("visibilitychange", keeper.save);
  return keeper;
}

function drawHead(view, context) {
  const { visit, changed } = context;
  const place = $("[data-head-fields]", view);
  for (const name of HEAD) {
    const field = FORM.head.find((one) => one.name === name);
    const set = (value) => {
      if (value === undefined) delete visit[name];
      else visit[name] = value;
      changed();
      // Months to choose from end with the month of the visit.
      if (name === "on" && value) drawSections(view, context);
    };
    place.append(fieldNode(field, { path: name, value: visit[name], changed: set }));
  }
}

function drawVerdicts(view, context) {
  const mine = context.household.alerts.filter((alert) => alert.may_verify);
  const place = $("[data-verdicts]", view);
  place.append(...mine.map((alert) => verdictNode(alert, context)));
  place.addEventListener("verdicts", () => {
    for (const node of place.children) node.place();
  });
  show(place, mine.length > 0);
}

function drawSections(view, context) {
  const place = $("[data-sections]", view);
  const open = $$("details[open]", place).map((node) => node.dataset.path);
  const asked = FORM.sections.filter((section) => isAsked(section, context));
  place.replaceChildren(...asked.map((section) => sectionNode(section, context)));
  for (const node of place.children) if (open.includes(node.dataset.path)) node.open = true;
}

async function finish(app, view, context) {
  const { visit, keeper } = context;
  const here = app.view;
  const form = $("form", view);
  const summary = $("[data-summary]", view);
  const button = $("[data-finish]", view);
  button.disabled = true;
  const photoProblem = await photosDone(app, context);
  button.disabled = false;
  if (photoProblem) return app.toast(photoProblem);
  visit.ended_at = new Date().toISOString();
  // A call, or another day, was chosen here and nothing else: nothing has changed.
  visit.unchanged = saysNothing(visit) && (visit.method !== "home" || visit.on !== context.begunOn);
  const problems = checkVisit(visit, FORM);
  if (problems.length) {
    context.changed();
    return tellProblems(form, summary, problems);
  }
  clearProblems(form);
  button.disabled = true;
  context.changed();
  try {
    await context.save();
    await app.store.queue(structuredClone(visit));
  } catch (error) {
    button.disabled = false;
    if (!(error instanceof NotNow)) return app.toast(troubleOf(error));
    keeper.told(say("finished_elsewhere"), true);
    app.toast(say("finished_elsewhere"));
    return $("[data-another]", view).focus();
  }
  keeper.forget();
  const title = say("done", { head: context.household.head });
  // Whoever went on meanwhile is told there.
  if (app.view !== here) return app.toast(title);
  app.view = null;
  present(clone("done", { title, words: say("done_words") }));
}
