// Before the households: can this browser keep work, whose tablet is it, and the PIN.

import { $, clone, make, present, show } from "./dom.js";
import { endSession } from "./leave.js";
import { createVault, changePin, LEAST_PIN, listVaults, openVault } from "./vault.js";
import { has, say } from "./words.js";

const ME = "/tablet/api/me";
let again = () => location.reload();
export function askAgain(begin) {
  again = begin;
}

export function showCannot(reasons, retry) {
  const view = clone("cannot");
  const known = reasons.filter((reason) => has(`cannot_${reason}`));
  $("[data-reasons]", view).append(...known.map((reason) => make("li", { text: say(`cannot_${reason}`) })));
  $("[data-again]", view).addEventListener("click", retry);
  present(view);
}

// → {vault, isNew, progress}: once somebody has shown a PIN. `userId`: whose tablet was locked just now.
export function showGate(userId = null) {
  return new Promise((opened) => choose(opened, userId));
}

// Who comes from the desk to sign out, with work unsent: they may, and the work stays sealed.
function offerEnd(view) {
  if (location.hash !== "#/leave") return;
  const offer = clone("leaving");
  $("[data-end]", offer).addEventListener("click", async () => {
    if (await endSession()) location.href = document.body.dataset.signIn;
    else show($("[data-end-problem]", offer), true);
  });
  $("h1", view).after(offer);
}

async function choose(opened, userId) {
  const people = await listVaults();
  const one = people.find((person) => person.userId === userId) ?? (people.length === 1 ? people[0] : null);
  if (one) return askPin(opened, one, people);
  if (!people.length) return firstTime(opened);
  const view = clone("who");
  for (const person of people) {
    const open = () => askPin(opened, person, people);
    const button = make("button", { class: "button button-wide", type: "button", text: person.name, onclick: open });
    $("[data-people]", view).append(make("li", {}, button));
  }
  $("[data-new]", view).addEventListener("click", () => firstTime(opened));
  offerEnd(view);
  present(view);
}

function askPin(opened, person, people) {
  const view = clone("pin", { name: person.name });
  const input = $("input", view);
  $("[data-other]", view).addEventListener("click", () =>
    people.length > 1 ? choose(opened, null) : firstTime(opened),
  );
  onForm(view, async () => {
    const vault = await openVault(person.userId, input.value);
    opened({ vault, isNew: false });
  });
  offerEnd(view);
  present(view, { focus: false });
  document.title = person.name;
  input.focus();
}

// One question to the server: nobody is signed in, somebody is, or it is not there.
export async function whoIsSignedIn() {
  try {
    const answer = await fetch(ME, { headers: { Accept: "application/json" }, cache: "no-store" });
    const said = await answer.json();
    if (answer.status === 401) return { signedOut: true };
    return answer.ok ? { user: said.user } : { sentence: said.sentence ?? say("server_error") };
  } catch {
    return { away: true };
  }
}

async function firstTime(opened) {
  const { user, signedOut, sentence } = await whoIsSignedIn();
  const people = await listVaults();
  if (user) {
    const known = people.find((person) => person.userId === user.id);
    return known ? askPin(opened, known, people) : choosePin(opened, user);
  }
  const view = clone(signedOut ? "signed-out" : sentence ? "refused" : "no-server", { sentence });
  const { signIn, desk } = document.body.dataset;
  $("[data-sign-in]", view)?.setAttribute("href", signIn);
  $("[data-desk]", view)?.setAttribute("href", desk);
  $("[data-again]", view)?.addEventListener("click", () => again());
  if (people.length) {
    const back = make("button", { class: "button button-quiet", type: "button", text: say("back") });
    back.addEventListener("click", () => choose(opened, null));
    view.append(back);
  }
  present(view);
}

function choosePin(opened, user) {
  const view = clone("first-pin", { title: say("hello", { name: user.name }) });
  const progress = $("[data-progress]", view);
  const tell = (words) => {
    progress.textContent = words;
    show(progress, true);
  };
  onForm(view, async () => {
    const pin = newPin(view);
    tell(say("setting_up"));
    opened({ vault: await createVault(user, pin), isNew: true, progress: tell });
  });
  present(view);
  $("#pin-1", view).focus();
}

export async function showPinChange(app) {
  const view = clone("change-pin");
  onForm(view, async () => {
    const pin = newPin(view);
    await changePin(app.vault, $("#pin-old", view).value, pin);
    app.toast(say("pin_changed"));
    app.go("#/");
  });
  present(view);
  return {};
}

// A PIN typed twice. Throws what is wrong with it, in words.
function newPin(view) {
  const [first, second] = [$("#pin-1", view), $("#pin-2", view)];
  const wrong = (input, key) => Object.assign(new Error(key), { input, key });
  if ([...first.value].length < LEAST_PIN) throw wrong(first, "pin_short");
  if (first.value !== second.value) throw wrong(second, "pin_differs");
  return first.value;
}

// One form, one deed: the button waits, and what went wrong is said above it.
function onForm(view, deed) {
  const form = $("form", view);
  const problem = $("[data-problem]", view);
  const button = $("button:not([type])", form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    show(problem, false);
    button.disabled = true;
    try {
      await deed();
    } catch (error) {
      problem.textContent = wordsOf(error);
      show(problem, true);
      const input = error.input ?? $("input", form);
      input.setAttribute("aria-invalid", "true");
      input.focus();
      input.select();
    } finally {
      button.disabled = false;
    }
  });
  form.addEventListener("input", ({ target }) => target.removeAttribute("aria-invalid"));
}

function wordsOf(error) {
  if (error.key) return say(error.key, { least: LEAST_PIN });
  const seconds = Math.ceil(error.wait ?? 0);
  const kind = error.constructor.name;
  if (kind === "WrongPin" && error.early) return say("pin_early", { seconds });
  if (kind === "WrongPin") return seconds ? say("pin_wrong_wait", { seconds }) : say("pin_wrong");
  if (kind === "ShortPin") return say("pin_short", { least: LEAST_PIN });
  if (kind === "StorageFull") return say("storage_full");
  return say("did_not_work");
}
