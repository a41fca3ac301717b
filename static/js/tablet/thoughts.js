// A visit of one tap is kept at once as a draft that is ready, and queued after a moment for second thoughts: when
// the view is left, the tablet is locked or put away, or the page is opened again.

const MOMENT = 10_000;

/** Keeps the visit. → {seconds, takeBack()}; `released()` is called when it can no longer be taken back. */
export async function keepReady(app, visit, released) {
  await app.store.saveDraft(visit, { ready: true });
  const timer = setTimeout(() => releaseReady(app).then(released), MOMENT);
  return {
    seconds: MOMENT / 1000,
    async takeBack() {
      clearTimeout(timer);
      const draft = await app.store.draft(visit.uid);
      if (!draft) return false;
      await app.store.dropDraft(visit.uid);
      return true;
    },
    release() {
      clearTimeout(timer);
      return releaseReady(app);
    },
  };
}

export const isReady = (entry) => entry.state === "draft" && entry.side?.ready === true;

let releasing = Promise.resolve();

/** Every visit that is ready waits to be sent from now on. One after the other: twice at once is still one visit. */
export function releaseReady(app) {
  const { store } = app;
  releasing = releasing.then(async () => {
    if (!store) return;
    for (const entry of (await store.drafts()).filter(isReady)) {
      if (await store.draft(entry.uid)) await store.queue(entry.visit, { ready: false });
    }
  });
  const done = releasing;
  releasing = releasing.catch(() => {});
  return done;
}
