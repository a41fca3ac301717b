// Signing out at the desk, in a browser that is somebody's tablet, too: what is unsent there must not be forgotten,
// and what has been sent must not stay. Nothing of this is loaded where no tablet page was ever opened.

const known = async () => (await indexedDB.databases()).some(({ name }) => name === "tablet");

// → the address to go to first, or null: nothing keeps one here.
async function keptBack({ user, tablet }) {
  if (!indexedDB.databases || !(await known())) return null;
  const { forgetUser, unsentOf } = await import("./tablet/store.js");
  const { drafts, visits, photos } = await unsentOf(Number(user));
  if (drafts + visits + photos > 0) return `${tablet}#/leave`;
  await forgetUser(Number(user));
  return null;
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-sign-out]");
  if (!form || form.dataset.asked) return;
  event.preventDefault();
  form.dataset.asked = "yes";
  const first = await keptBack(form.dataset).catch(() => null);
  if (first) location.href = first;
  else form.requestSubmit();
});
