// One household: what one needs at the door, and the visit of one tap.

import { $, askTwice, clone, fill, make, present, show } from "./dom.js";
import { dueNow, dueWords, isRunning, levels } from "./list.js";
import { isReady, keepReady } from "./thoughts.js";
import { dayOf, FORM, money, momentOf, monthOf, say, today, troubleOf, valueOf } from "./words.js";

export async function showHousehold(app, id) {
  const began = new Date().toISOString();
  const household = await app.store.household(Number(id));
  if (!household || household.left) return showNobody();
  const [{ draft, visited }, villages, campaigns] = await Promise.all([
    workOn(app, household),
    app.store.villages(),
    app.store.campaigns(),
  ]);
  const village = villages.find(({ code }) => code === household.village)?.name;
  const view = clone("household", {
    head: household.head,
    place: [village, household.hamlet].filter(Boolean).join(" · "),
    status: household.status,
    phone: household.phone,
    draft: draft ? say("draft_of", { when: momentOf(draft.changedAt ?? draft.begunAt) }) : "",
  });
  tellVisited(view, household, visited);
  const phone = $("[data-phone]", view);
  show(phone, Boolean(household.phone));
  if (household.phone) phone.href = `tel:${household.phone}`;
  offerDraft(app, view, draft);
  drawDoor(view, household, campaigns);

  offerUnchanged(app, view, household, began);
  $("[data-changed]", view).addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    const visit = blank(household.id, began);
    const uid = draft?.uid ?? (await app.store.saveDraft(visit, { on: visit.on }));
    app.go(`#/visit/${uid}`);
  });
  present(view);
  return { refresh: async () => tellVisited(view, household, (await workOn(app, household)).visited) };
}

// What was begun or done here and is on this tablet: {draft, visited}, the newest of each.
async function workOn(app, household) {
  const [drafts, outbox] = await Promise.all([app.store.drafts(), app.store.outbox()]);
  const mine = ({ visit }) => visit.household === household.id;
  return {
    draft: drafts.find((entry) => mine(entry) && !isReady(entry)),
    visited: [...outbox, ...drafts.filter(isReady)].filter(mine).at(-1),
  };
}

function tellVisited(view, household, visited) {
  const due = dueNow(household.due, visited?.visit.on);
  fill(view, {
    due: dueWords(due),
    last: due.state !== "visited" && due.last ? say("last_on", { day: dayOf(due.last) }) : "",
    waiting: visited && visited.state !== "stored" && visited.state !== "held" ? say("visit_waits") : "",
  });
  $("[data-due]", view).className = `head-due is-${due.state}`;
  show($("[data-waiting]", view), !$("[data-text=waiting]", view).hidden);
}

// One tap is a visit; a second one on the same day, here or in another tab, is asked about first.
function offerUnchanged(app, view, household, began) {
  const button = $("[data-unchanged]", view);
  let isSure = false;
  async function visit() {
    const [here, hash] = [app.view, location.hash];
    const isHere = () => app.view === here && location.hash === hash;
    const { visited } = await workOn(app, household);
    if (!isSure && [visited?.visit.on, household.last_visit?.on].includes(today())) {
      isSure = true;
      button.lastChild.textContent = say("visited_just_now");
      button.classList.add("is-asked");
      button.disabled = false;
      return button.focus();
    }
    const times = { ...blank(household.id, began), ended_at: new Date().toISOString() };
    return done(app, { ...times, unchanged: true }, household, isHere);
  }
  button.addEventListener("click", () => {
    // The same thumb twice is one visit.
    button.disabled = true;
    visit().catch((error) => {
      button.disabled = false;
      app.toast(troubleOf(error));
    });
  });
}

export function blank(household, began) {
  return {
    uid: crypto.randomUUID(),
    form: FORM.limits.form,
    household,
    method: "home",
    on: today(),
    began_at: began,
    unchanged: false,
  };
}

// Kept at once; sent after a moment in which one may still take it back.
async function done(app, visit, household, isHere) {
  const title = say("done", { head: household.head });
  const view = clone("done", { title, words: say("done_words") });
  const undo = $("[data-undo]", view);
  const seconds = $("[data-seconds]", undo);
  const kept = await keepReady(app, visit, () => show(undo, false));
  // Whoever went on in the same instant is told there, and has had no second thoughts.
  if (!isHere()) {
    app.toast(title);
    return kept.release();
  }
  let left = kept.seconds;
  seconds.textContent = left;
  show(undo, true);
  const tick = setInterval(() => (seconds.textContent = Math.max(--left, 0)), 1000);
  undo.addEventListener("click", async () => {
    clearInterval(tick);
    if (await kept.takeBack()) return app.go(`#/household/${household.id}`);
    show(undo, false);
    return app.toast(say("too_late"));
  });
  present(view);
  app.view = {
    leave() {
      clearInterval(tick);
      return kept.release();
    },
  };
}

function offerDraft(app, view, draft) {
  const offer = $("[data-draft]", view);
  show(offer, Boolean(draft));
  if (!draft) return;
  $("[data-continue]", offer).href = `#/visit/${draft.uid}`;
  askTwice($("[data-drop]", offer), say("really"), async () => {
    await app.store.dropDraft(draft.uid);
    app.go(location.hash);
  });
}

function showNobody() {
  const view = clone("nobody", { title: say("not_here"), words: say("not_here_why") });
  view.append(make("a", { class: "button button-primary", href: "#/", text: say("back_to_list") }));
  present(view);
  return {};
}

function panel(key, ...children) {
  const section = clone("panel", { title: say(key) });
  $(".panel-body", section).append(...children.filter(Boolean));
  return section;
}

function drawDoor(view, household, campaigns) {
  const first = $("[data-main]", view);
  const second = $("[data-side]", view);
  const asked = campaigns.filter((campaign) => isRunning(campaign) && household.campaigns.includes(campaign.id));
  if (asked.length) first.append(panel("campaigns", list(asked, campaignNode)));
  first.append(panel("open_alerts", ...(household.alerts.length ? household.alerts.map(alertNode) : [none("no_alerts")])));
  const last = household.last_visit;
  first.append(panel("last_visit", ...(last ? lastVisit(last) : [none("never_visited")])));
  first.append(panel("figures", figuresNode(household)));
  if (household.measures?.length) first.append(panel("measures", list(household.measures, measureNode)));
  second.append(panel("members", list(household.members, memberNode, "members")));
  second.append(panel("register", registerNode(household)));
  if (household.income.length) second.append(panel("last_income", incomeNode(household.income)));
}

const none = (key) => make("p", { class: "muted", text: say(key) });
const list = (items, node, name = "plain") => make("ul", { class: name }, ...items.map(node));

function alertNode(alert) {
  const node = clone("alert", {
    name: alert.name,
    sentence: alert.sentence,
    check: alert.check,
    // Somebody else's day is no deadline at the door.
    due: alert.due_on && alert.may_verify ? say("verify_by", { day: dayOf(alert.due_on) }) : "",
  });
  show($("[data-check]", node), Boolean(alert.check));
  $(".alert-head", node).prepend(...levels([alert]));
  return node;
}

function lastVisit(last) {
  const how = last.method ? valueOf(null, "method", last.method) : "";
  return [
    make("p", {}, make("strong", { text: dayOf(last.on) }), how ? ` · ${how}` : ""),
    make("p", { text: last.words || say(last.unchanged ? "unchanged" : "no_words") }),
  ];
}

function memberNode(member) {
  const age = member.age === null || member.age === undefined ? "" : say("age", { age: member.age });
  const work = [member.work_place, member.work_months ? say("months", { count: member.work_months }) : ""];
  const insured = member.insured === false ? say("not_insured") : "";
  const facts = [member.labour, work.filter(Boolean).join(" "), member.schooling, member.dropout_reason, insured];
  return clone("member", {
    name: member.name,
    person: [member.relation, member.sex, age].filter(Boolean).join(" · "),
    facts: facts.map((fact) => (fact === "none" ? "" : fact)).filter(Boolean).join(" · "),
  });
}

function facts(rows) {
  const cells = rows.flatMap(([name, value]) => [make("dt", { text: name }), make("dd", { text: value })]);
  return make("dl", { class: "facts" }, ...cells);
}

function registerNode({ register, open_requests: requests }) {
  const rows = [
    [say("house_grade"), valueOf("house", "house_grade", register.house_grade)],
    [say("safe_water"), valueOf("water", "safe_water", register.safe_water)],
  ];
  if (requests) rows.push([say("open_requests"), String(requests)]);
  return facts(rows);
}

function figuresNode({ figures }) {
  if (!figures?.month) return none("no_figures");
  const perHead = figures.net_per_head;
  return facts([
    [say("judged_month"), monthOf(figures.month)],
    [say("net_per_head"), perHead === null || perHead === undefined ? say("unknown") : say("yuan", { amount: money(perHead) })],
  ]);
}

function incomeNode(income) {
  return facts(
    income.map(({ month, kind, item, amount }) => [
      `${monthOf(month)} · ${item || valueOf("income", "kind", kind)}`,
      valueOf("income", "amount", amount),
    ]),
  );
}

function campaignNode(campaign) {
  const words = [say("until", { day: dayOf(campaign.ends_on) }), campaign.words].filter(Boolean).join(" · ");
  return make("li", {}, make("strong", { text: campaign.name }), words ? ` ${words}` : "");
}

// A measure is a sentence, or a row with a name.
function measureNode(measure) {
  return make("li", { text: typeof measure === "string" ? measure : (measure.name ?? measure.sentence ?? "") });
}
