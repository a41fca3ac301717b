// One household: what one needs at the door, and the visit of one tap.

import { $, askTwice, clone, make, present, show } from "./dom.js";
import { dueNow, dueWords, isRunning, levels } from "./list.js";
import { isReady, keepReady } from "./thoughts.js";
import { dayOf, FORM, money, momentOf, monthOf, say, today, troubleOf, valueOf } from "./words.js";

export async function showHousehold(app, id) {
  const began = new Date().toISOString();
  const household = await app.store.household(Number(id));
  if (!household) return showNobody();
  const [drafts, outbox, villages, campaigns] = await Promise.all([
    app.store.drafts(),
    app.store.outbox(),
    app.store.villages(),
    app.store.campaigns(),
  ]);
  const mine = ({ visit }) => visit.household === household.id;
  const draft = drafts.find((entry) => mine(entry) && !isReady(entry));
  const visited = [...outbox, ...drafts.filter(isReady)].filter(mine).at(-1);
  const village = villages.find(({ code }) => code === household.village)?.name;

  const due = dueNow(household.due, visited?.visit.on);
  const view = clone("household", {
    head: household.head,
    place: [village, household.hamlet].filter(Boolean).join(" · "),
    status: household.status,
    due: dueWords(due),
    last: due.state !== "visited" && due.last ? say("last_on", { day: dayOf(due.last) }) : "",
    phone: household.phone,
    draft: draft ? say("draft_of", { when: momentOf(draft.changedAt ?? draft.begunAt) }) : "",
    waiting: visited && visited.state !== "stored" && visited.state !== "held" ? say("visit_waits") : "",
  });
  $("[data-due]", view).classList.add(`is-${due.state}`);
  const phone = $("[data-phone]", view);
  show(phone, Boolean(household.phone));
  if (household.phone) phone.href = `tel:${household.phone}`;
  show($("[data-waiting]", view), !$("[data-text=waiting]", view).hidden);
  offerDraft(app, view, draft);
  drawDoor(view, household, campaigns);

  $("[data-unchanged]", view).addEventListener("click", (event) => {
    // The same thumb twice is one visit.
    const button = event.currentTarget;
    button.disabled = true;
    const visit = { ...blank(household.id, began), ended_at: new Date().toISOString(), unchanged: true };
    done(app, visit, household).catch((error) => {
      button.disabled = false;
      app.toast(troubleOf(error));
    });
  });
  $("[data-changed]", view).addEventListener("click", async (event) => {
    event.currentTarget.disabled = true;
    const uid = draft?.uid ?? (await app.store.saveDraft(blank(household.id, began)));
    app.go(`#/visit/${uid}`);
  });
  present(view);
  return {};
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
async function done(app, visit, household) {
  const view = clone("done", { title: say("done", { head: household.head }), words: say("done_words") });
  const undo = $("[data-undo]", view);
  const seconds = $("[data-seconds]", undo);
  const kept = await keepReady(app, visit, () => show(undo, false));
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
