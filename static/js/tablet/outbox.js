// What waits, what the server has, and what it said of each visit, answer by answer.

import { $, askTwice, clone, fill, make, present, show } from "./dom.js";
import { releaseReady } from "./thoughts.js";
import { dayOf, FORM, labelOf, riskOf, say, sectionOf, sentenceOf, troubleOf, valueOf } from "./words.js";

// Letters of what was written that are shown of a visit.
const MOST_WORDS = 40;
// In the order in which somebody has to do something about them.
const GROUPS = [
  ["to_mend", ["refused", "conflict"]],
  ["to_send", ["sending", "waiting"]],
  ["drafts", ["draft"]],
  ["kept_for_review", ["held"]],
  ["stored", ["stored"]],
];

export async function showOutbox(app) {
  const view = clone("outbox");
  const send = $("[data-send]", view);
  let last = "";

  async function draw() {
    const entries = [...(await app.store.drafts()), ...(await app.store.outbox())];
    // Drawn only when something has changed: a button must not move away under a finger.
    const now = JSON.stringify(entries.map(({ uid, state, answer, photos, visit }) => [uid, state, answer?.receipt, about(visit, photos)]));
    if (now === last) return;
    last = now;
    const groups = GROUPS.map(([title, states]) => groupNode(app, title, entries.filter(({ state }) => states.includes(state))));
    const place = $("[data-parcels]", view);
    place.replaceChildren(...groups.filter(Boolean));
    if (!entries.length) place.append(clone("nobody", { title: say("outbox_empty"), words: say("outbox_empty_why") }));
  }
  function standing({ doing, server, tryAt }, unsent) {
    const wait = tryAt && tryAt > Date.now() ? Math.ceil((tryAt - Date.now()) / 1000) : 0;
    const next = server === "away" && wait ? say("next_try", { seconds: wait }) : "";
    const words = unsent.visits || unsent.photos ? say("still_here", { visits: unsent.visits, photos: unsent.photos }) : say("all_sent");
    fill(view, { standing: [words, next].filter(Boolean).join(" ") });
    send.disabled = doing === "sending";
  }
  send.addEventListener("click", async () => {
    const { stored, left } = await app.sync.send();
    app.toast(left ? say("sent_some", { stored, left }) : say("sent_all"));
  });
  // Whoever looks here has no second thoughts.
  await releaseReady(app).catch(() => {});
  await draw();
  present(view);
  return { refresh: draw, standing };
}

function groupNode(app, title, entries) {
  if (!entries.length) return null;
  const group = clone("parcels", { title: say(title), count: entries.length });
  // Newest first where nothing is to be done any more.
  const ordered = title === "stored" || title === "kept_for_review" ? entries.toReversed() : entries;
  $(".parcels", group).append(...ordered.map((entry) => parcelNode(app, entry)));
  return group;
}

function parcelNode(app, entry) {
  const { visit, side, answer, state, photos } = entry;
  const node = clone("parcel", {
    head: entry.unreadable ? say("unreadable") : side?.head ?? say("household_number", { number: visit.household }),
    state: say(`state_${state}`),
    receipt: answer?.receipt ? say("receipt", { number: answer.receipt }) : "",
    about: about(visit, photos),
    sentence: answer?.sentence ?? "",
  });
  node.classList.add(`is-${state}`);
  $("a", node).href = state === "draft" ? `#/visit/${entry.uid}` : `#/household/${visit.household}`;
  const answers = $(".answers", node);
  const items = [
    ...(answer?.problems ?? []).map((problem) => make("li", { class: "problem", text: problemWords(problem) })),
    ...(answer?.answers ?? []).map((one) => answerNode(one, visit)).filter(Boolean),
    ...(answer?.verdicts ?? []).map((one) => make("li", { class: one.moved ? "" : "said-warn", text: one.sentence })),
  ];
  answers.append(...items);
  show(answers, items.length > 0);
  const actions = actionsOf(app, entry);
  const place = $(".parcel-actions", node);
  place.append(...actions);
  show(place, actions.length > 0);
  return node;
}

function about(visit, photos) {
  const sections = ["income", "work", "illness", "schooling", "house", "water", "disaster"].filter((name) => visit[name]?.length);
  const what = visit.unchanged ? say("unchanged") : sections.map((name) => sectionOf(name)?.label ?? name).join(say("comma"));
  const risks = (visit.risks ?? []).map(riskOf).join(say("comma"));
  const verdicts = (visit.verdicts ?? []).map(({ verdict }) => say(`verdict_${verdict}`)).join(say("comma"));
  const waiting = photos?.waiting ? say("photos_wait", { count: photos.waiting }) : "";
  return [dayOf(visit.on), what, risks, verdicts, firstWords(visit), waiting].filter(Boolean).join(" · ");
}

// What somebody wrote first: enough to know which visit it is.
function firstWords(visit) {
  const texts = FORM.head.filter(({ kind }) => kind === "text").map(({ name }) => visit[name]);
  const words = (texts.find(Boolean) ?? "").replace(/\s+/g, " ");
  const letters = [...words];
  return letters.length > MOST_WORDS ? `${letters.slice(0, MOST_WORDS).join("")}…` : words;
}

function problemWords(problem) {
  const [section, , field] = problem.field.split(".");
  const where = field ? labelOf(section, field) : (sectionOf(section)?.label ?? labelOf(null, section));
  return where && where !== problem.field ? say("at_field", { field: where, sentence: sentenceOf(problem) }) : sentenceOf(problem);
}

// What the register knew, what was said, and what became of it. What was only noted needs no line.
function answerNode({ section, field, state, said, stood }, visit) {
  if (state === "noted") return null;
  const values = {
    field: labelOf(section, field),
    said: valueOf(section, field, said),
    stood: valueOf(section, field, stood),
    section: sectionOf(section)?.label ?? section,
  };
  return make("li", { class: state === "asked" ? "said-warn" : "", text: say(`answer_${state}`, values) });
}

function actionsOf(app, { uid, state, unreadable }) {
  const button = (key, deed, kind = "") =>
    make("button", { class: `button ${kind}`, type: "button", text: say(key), onclick: () => deed().catch((error) => app.toast(troubleOf(error))) });
  const mend = async () => {
    await app.store.mend(uid);
    app.go(`#/visit/${uid}`);
  };
  const drop = (deed = () => app.store.dropVisit(uid)) => {
    const node = make("button", { class: "button", type: "button", text: say("let_go") });
    askTwice(node, say("really"), () => deed().catch((error) => app.toast(troubleOf(error))));
    return node;
  };
  if (state === "refused") return [button("mend", mend, "button-primary"), drop()];
  if (state === "conflict") {
    const again = () => app.store.sendAsNew(uid);
    return [
      make("span", { class: "help", text: say("conflict_words") }),
      button("send_as_new", again, "button-primary"),
      drop(),
    ];
  }
  if (state !== "draft") return [];
  const dropDraft = drop(() => app.store.dropDraft(uid));
  if (unreadable) return [dropDraft];
  return [make("a", { class: "button button-primary", href: `#/visit/${uid}`, text: say("continue_draft") }), dropDraft];
}
