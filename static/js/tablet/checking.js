// What is wrong with a visit before it leaves the tablet: the rules and codes of households/visits/checking.py.

/**
 * @param visit  payload of one visit, as it will be sent (uid, form, household, method, on, …)
 * @param form   the page's form: declaration.as_json() with {head, sections, risks, limits}
 * @returns [{field: "income.0.amount", code: "not_amount", …}] in order of the form; empty: it may be queued.
 *   What the sentence of a code needs stands beside it ({most, longest …}); see `sentenceOf`.
 */
export function checkVisit(visit, form) {
  throw new Error("not yet");
}

/** The sentence of a problem in the page's language, with its numbers filled in. */
export function sentenceOf(problem, form) {
  throw new Error("not yet");
}
