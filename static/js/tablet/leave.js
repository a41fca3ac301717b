// Signing out: first everything is sent, then the households go from the tablet, then the session ends.

import { $, clone, fill, present, show } from "./dom.js";
import { releaseReady } from "./thoughts.js";
import { say, unsentWords } from "./words.js";

export async function showLeave(app) {
  const view = clone("leave", { sentence: sentenceOf(await app.store.unsentCount()) });
  $("[data-leave]", view).addEventListener("click", (event) => leave(app, view, event.currentTarget));
  present(view);
  return {
    async refresh() {
      fill(view, { sentence: sentenceOf(await app.store.unsentCount()) });
    },
  };
}

// How much would be lost.
export function sentenceOf(unsent) {
  const what = unsentWords(unsent);
  return what ? say("leave_unsent", { what }) : say("leave_nothing_unsent");
}

async function leave(app, view, button) {
  const problem = $("[data-problem]", view);
  const stop = (words) => {
    problem.textContent = words;
    show(problem, true);
    button.disabled = false;
  };
  show(problem, false);
  button.disabled = true;
  await releaseReady(app).catch(() => {});
  const left = await app.sync.prepareLeaving();
  if (left.visits + left.photos + left.drafts > 0) return stop(say("leave_not_yet", { what: sentenceOf(left) }));
  const { session, server } = app.sync.state;
  if (server === "away") return stop(say("leave_needs_network"));
  // Nobody of this tablet is signed in any more, where the session or the posting is over.
  const isSignedIn = !["other", "over", "ended"].includes(session);
  if (isSignedIn && !(await endSession())) return stop(say("leave_needs_network"));
  const { signIn } = document.body.dataset;
  await app.store.wipe();
  location.href = signIn;
}

/** Ends the session here and nothing else. → whether the server took it */
export async function endSession() {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const headers = { "X-CSRFToken": token };
  try {
    const answer = await fetch(document.body.dataset.signOut, { method: "POST", headers, redirect: "manual" });
    return answer.ok || answer.type === "opaqueredirect";
  } catch {
    return false;
  }
}
