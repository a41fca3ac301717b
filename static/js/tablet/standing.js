// One line at the top: the one thing that somebody should know now, and what to do about it.

import { make } from "./dom.js";
import { momentOf, say, unsentWords } from "./words.js";

const link = (key, href) => make("a", { class: "button", href, text: say(key) });
const button = (key, deed) => make("button", { class: "button", type: "button", "data-do": deed, text: say(key) });

// → {tone: "bad" | "warn" | "calm", words, action, node()}; the first that applies.
export function standingOf(app, state, unsent) {
  const [tone, words, action = "", made = null] = found(app, state, unsent);
  return {
    tone,
    words,
    action,
    node() {
      const parts = [make("span", { text: words })];
      if (made) parts.push(made());
      return make("div", { class: "line-body" }, ...parts);
    },
  };
}

function found(app, state, unsent) {
  const { signIn } = document.body.dataset;
  const count = unsent.visits;
  if (state.trouble === "storage_full" || app.keeping?.reasons?.includes("nearly_full")) {
    return ["bad", say("storage_full"), "outbox", () => link("outbox", "#/outbox")];
  }
  if (state.session === "ended") {
    const what = unsentWords(unsent);
    if (!what) return ["bad", say("posting_ended")];
    return ["bad", say("posting_ended_unsent", { what }), "outbox", () => link("outbox", "#/outbox")];
  }
  if (state.session === "other") {
    // The page to sign in at is closed to whoever is signed in: first the other one signs out.
    return ["bad", say("other_person", { name: app.vault.name }), "desk", () => link("to_the_desk", document.body.dataset.desk)];
  }
  if (state.session === "over") {
    return ["warn", say(count ? "session_over_unsent" : "session_over", { count }), "sign_in", () => link("sign_in", signIn)];
  }
  if (state.trouble === "first_password") {
    return ["warn", say("first_password"), "desk", () => link("to_the_desk", document.body.dataset.desk)];
  }
  if (state.trouble === "forbidden") return ["bad", say("forbidden")];
  if (app.newer) return ["warn", say("newer_page"), "reload", () => button("load_again", "reload")];
  if (state.clockOff) {
    const minutes = Math.round(Math.abs(state.clockOff) / 60);
    return ["warn", say(state.clockOff > 0 ? "clock_behind" : "clock_ahead", clock(minutes))];
  }
  if (app.takeOver) return ["calm", say("new_version"), "take-over", () => button("use_it", "take-over")];
  if (state.trouble === "server_error") return ["warn", say("server_error")];
  if (state.server === "away") return ["warn", say(count ? "offline_unsent" : "offline", { count })];
  if (state.doing === "sending") return ["calm", say("sending_now")];
  if (state.doing === "pulling") return ["calm", say("pulling")];
  const when = momentOf(state.lastPull ?? app.pulledAt);
  if (count) return ["calm", say("waits", { count })];
  return ["calm", when ? say("up_to_date", { when }) : say("ready")];
}

function clock(minutes) {
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor(minutes / 60);
  if (days) return { by: say("days", { count: days }) };
  return { by: hours ? say("hours", { count: hours }) : say("minutes", { count: minutes }) };
}
