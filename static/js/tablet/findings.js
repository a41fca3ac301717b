// What was found at the door: alerts verified, risks with words, needs, photos.

import { $, clone, make, show } from "./dom.js";
import { checks, fieldNode, group, segments } from "./fields.js";
import { levels } from "./list.js";
import { NotAPhoto, shrink } from "./photos.js";
import { NotNow } from "./rows.js";
import { FORM, has, say, troubleOf } from "./words.js";

const VERDICTS = ["confirmed", "no_risk", "unclear"];
const REASONS = ["data_wrong", "solved", "able", "helped", "not_here", "other"];

/** One open alert that may be verified here: nothing is said of it until a verdict is chosen. */
export function verdictNode(alert, { visit, changed }) {
  const node = clone("verdict", { name: alert.name, sentence: alert.sentence, check: alert.check });
  show($("[data-check]", node), Boolean(alert.check));
  $(".verdict-level", node).append(...levels([alert]));
  const given = () => visit.verdicts?.find((verdict) => verdict.alert === alert.id);
  const rest = $("[data-rest]", node);

  function place() {
    const index = (visit.verdicts ?? []).findIndex((verdict) => verdict.alert === alert.id);
    node.dataset.path = index < 0 ? "" : `verdicts.${index}`;
    rest.replaceChildren(...(index < 0 ? [] : more(given(), `verdicts.${index}`, changed)));
  }
  const choices = [["", say("not_now")], ...VERDICTS.map((verdict) => [verdict, say(`verdict_${verdict}`)])];
  const options = {
    id: `verdict-${alert.id}`,
    value: given()?.verdict ?? "",
    changed(verdict) {
      const others = (visit.verdicts ?? []).filter((one) => one.alert !== alert.id);
      const kept = given();
      if (verdict) {
        others.push({ alert: alert.id, stamp: alert.stamp, verdict, risks: [], reason: "", note: kept?.note ?? "" });
      }
      if (others.length) visit.verdicts = others;
      else delete visit.verdicts;
      changed();
      // The places of the others' verdicts in the list have moved.
      node.dispatchEvent(new CustomEvent("verdicts", { bubbles: true }));
    },
  };
  const choice = segments(choices, options);
  choice.setAttribute("role", "radiogroup");
  choice.setAttribute("aria-label", say("verdict_of", { name: alert.name }));
  $("[data-choice]", node).replaceWith(choice);
  node.place = place;
  place();
  return node;
}

function more(verdict, path, changed) {
  const set = (name, empty) => (value) => {
    verdict[name] = value ?? empty;
    changed();
  };
  const noteNode = () => {
    const required = verdict.verdict === "unclear" || verdict.reason === "other";
    const field = { name: "note", label: say("note"), kind: "text", longest: FORM.limits.longest_note, required };
    return fieldNode(field, { path: `${path}.note`, value: verdict.note, changed: set("note", "") });
  };
  const asked = [];
  let note = noteNode();
  if (verdict.verdict === "confirmed") {
    const boxes = checks(FORM.risks, verdict.risks, set("risks", []));
    asked.push(group(`${path}.risks`, say("which_risks"), boxes, { optional: false }));
  }
  if (verdict.verdict === "no_risk") {
    const field = { name: "reason", label: say("why_no_risk"), kind: "choice", required: true, choices: reasons() };
    // Another reason than those listed is one in words.
    const chosen = (reason) => {
      set("reason", "")(reason);
      const again = noteNode();
      note.replaceWith(again);
      note = again;
    };
    asked.push(fieldNode(field, { path: `${path}.reason`, value: verdict.reason, changed: chosen }));
  }
  return [...asked, note];
}

const reasons = () => REASONS.filter((reason) => has(`reason_${reason}`)).map((reason) => [reason, say(`reason_${reason}`)]);

/** Risks found, in whose words, and what the household asks for. */
export function foundNodes({ visit, changed }) {
  const boxes = checks(FORM.risks, visit.risks ?? [], (risks) => {
    if (risks.length) visit.risks = risks;
    else delete visit.risks;
    changed();
  });
  const texts = FORM.head.filter((field) => field.kind === "text");
  const set = (name) => (value) => {
    if (value === undefined) delete visit[name];
    else visit[name] = value;
    changed();
  };
  return [
    group("risks", say("risks_found"), boxes, { hint: say("risks_raise_alerts") }),
    ...texts.map((field) => fieldNode(field, { path: field.name, value: visit[field.name], changed: set(field.name) })),
  ];
}

/**
 * Photos of the visit: made small here, kept here until the server has them.
 * → {busy() → is one being made small, done() → resolves when none is: the words of what went wrong, or ""}
 */
export function drawPhotos(view, app, { visit, changed, save }) {
  const shrinking = $("[data-shrinking]", view);
  let busy = null;
  const input = $("#photo", view);
  const problem = $("[data-photo-problem]", view);
  const most = FORM.limits.most_photos;
  const list = $("[data-photos]", view);

  async function draw() {
    const photos = visit.photos ?? [];
    show(list, photos.length > 0);
    input.disabled = photos.length >= most || busy !== null;
    list.replaceChildren(...photos.map((sha, index) => photoNode(sha, index)));
  }

  function photoNode(sha, index) {
    const node = clone("photo");
    const canvas = make("canvas", { role: "img", "aria-label": say("photo", { number: index + 1 }) });
    $("img", node).replaceWith(canvas);
    app.store.photo(sha).then((blob) => blob && thumbnail(blob, canvas));
    $("button", node).addEventListener("click", async () => {
      visit.photos = visit.photos.filter((one) => one !== sha);
      if (!visit.photos.length) delete visit.photos;
      changed();
      await save();
      await app.store.dropPhoto(visit.uid, sha);
      draw();
    });
    return node;
  }

  // → what went wrong, in words.
  async function take(file) {
    try {
      const blob = await shrink(file, { most: FORM.limits.most_photo_bytes });
      await save();
      const sha = await app.store.savePhoto(visit.uid, blob);
      visit.photos = [...new Set([...(visit.photos ?? []), sha])];
      changed();
      await save();
      return "";
    } catch (error) {
      return error instanceof NotAPhoto ? say("not_a_photo") : error instanceof NotNow ? say("finished_elsewhere") : troubleOf(error);
    }
  }

  input.addEventListener("change", async () => {
    const [file] = input.files;
    if (!file) return;
    show(problem, false);
    show(shrinking, true);
    input.disabled = true;
    busy = take(file);
    problem.textContent = await busy;
    busy = null;
    show(problem, problem.textContent !== "");
    show(shrinking, false);
    input.value = "";
    draw();
  });
  draw();
  return { busy: () => busy !== null, done: async () => (await busy) ?? "" };
}

// A canvas needs no address of its own, which the page's policy would have to allow.
async function thumbnail(blob, canvas) {
  const picture = await createImageBitmap(blob);
  const scale = 240 / Math.max(picture.width, picture.height);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
}

