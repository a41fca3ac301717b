// What is wrong with a visit before it leaves the tablet: the rules and codes of households/visits/checking.py.

const LARGEST_ID = Number.MAX_SAFE_INTEGER;
const LONGEST_WORD = 60;
const LONGEST_REASON = 20;
const OF_VISIT = [
  "uid", "form", "household", "method", "on", "began_at", "ended_at", "unchanged", "words", "needs", "risks",
  "verdicts", "photos",
];
const OF_VERDICT = ["alert", "stamp", "verdict", "risks", "reason", "note"];
const VERDICTS = [["confirmed", ""], ["no_risk", ""], ["unclear", ""]];

const UID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const AMOUNT = /^[0-9]+(\.[0-9]{1,2})?$/;
const DAY = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const MONTH = /^[0-9]{4}-[0-9]{2}$/;
const MOMENT =
  /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.[0-9]{1,6})?)?(?:Z|([+-])([0-9]{2}):([0-9]{2}))$/;
const SHA256 = /^[0-9a-f]{64}$/;
// Control characters and halves of surrogate pairs, which the server drops.
const UNPRINTABLE = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/gu;
// Words of people go to tablets and pages: a number this long is somebody's identity or bank account.
const LONG_NUMBER = /[0-9０-９]{15}/;
// White space as the server's language has it: U+FEFF is none there.
const BLANK_ENDS = /^[^\S\ufeff]+|[^\S\ufeff]+$/g;

/**
 * @param visit  payload of one visit, as it will be sent (uid, form, household, method, on, …)
 * @param form   the page's form: declaration.as_json() with {head, sections, risks, limits}
 * @returns [{field: "income.0.amount", code: "not_amount", …}] in order of the form; empty: it may be queued.
 *   What the sentence of a code needs stands beside it ({most, longest …}); see `sentenceOf`.
 */
export function checkVisit(visit, form) {
  // As it will arrive: what is undefined here is not there.
  const payload = JSON.parse(JSON.stringify(visit ?? null));
  if (!isObject(payload)) return [{ field: "", code: "required" }];
  const check = new Check(form);
  const version = check.take("form", readIdentifier, payload.form);
  if (version !== null && version > form.limits.form) return [{ field: "form", code: "form_too_new" }];
  check.visit(payload);
  return check.problems;
}

/** The sentence of a problem in the page's language, with its numbers filled in. */
export function sentenceOf(problem, form) {
  return (form.problems[problem.code] ?? problem.code).replace(/\{(\w+)\}/g, (whole, name) => problem[name] ?? whole);
}

class Wrong extends Error {
  constructor(code, numbers = {}) {
    super(code);
    this.code = code;
    this.numbers = numbers;
  }
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
const isEmpty = (value) => value == null || (Array.isArray(value) && value.length === 0);
const plain = (text) => text.replace(UNPRINTABLE, "");
const trimmed = (text) => plain(text).replace(BLANK_ENDS, "");
const isBlank = (value) => value == null || (typeof value === "string" && trimmed(value) === "");

// One answer: its value, null where it was not given, or Wrong ---------------------------------------

const text = (name, longest) => ({ name, kind: "text", longest, required: false });
const read = (field, value, limits) => {
  if (!isBlank(value)) return READERS[field.kind](field, value, limits);
  if (field.required) throw new Wrong("required");
  return null;
};
const readIdentifier = (value) => read({ kind: "whole", required: true, least: 1, most: LARGEST_ID }, value);

function readUid(value) {
  if (isBlank(value)) throw new Wrong("required");
  if (typeof value !== "string" || !UID.test(value)) throw new Wrong("bad_uid");
  return value;
}

function readMoment(value) {
  if (isBlank(value)) return null;
  const parts = typeof value === "string" ? MOMENT.exec(value) : null;
  if (!parts) throw new Wrong("bad_time");
  const [, day, hour, minute, second = "0", sign = "+", offsetHour = "0", offsetMinute = "0"] = parts;
  const offset = offsetHour * 60 + Number(offsetMinute);
  const fits = isDay(day) && hour < 24 && minute < 60 && second < 60 && offset < 24 * 60;
  if (!fits) throw new Wrong("bad_time");
  const moment = dateOf(day);
  moment.setUTCHours(hour, minute - (sign === "-" ? -offset : offset), second);
  const year = moment.getUTCFullYear();
  if (year < 1 || year > 9999) throw new Wrong("bad_time");
  return value;
}

function dateOf(day) {
  const [year, month, date] = day.split("-").map(Number);
  const moment = new Date(0);
  moment.setUTCFullYear(year, month - 1, date);
  return moment;
}

/** YYYY-MM-DD that stands in the calendar. */
function isDay(day) {
  const [year, month, date] = day.split("-").map(Number);
  const there = dateOf(day);
  return year >= 1 && there.getUTCMonth() === month - 1 && there.getUTCDate() === date;
}

function calendar(value, pattern, rest, code, earliest) {
  if (typeof value !== "string" || !pattern.test(value) || !isDay(value + rest)) throw new Wrong(code);
  if (value + rest < earliest) throw new Wrong("day_too_early", { earliest });
  return value;
}

const READERS = {
  choice({ choices }, value) {
    if (typeof value === "string" && choices.some(([one]) => one === value)) return value;
    throw new Wrong("unknown_choice");
  },
  text({ longest }, value) {
    if (typeof value !== "string") throw new Wrong("unknown_choice");
    const said = trimmed(value);
    if ([...said].length > longest) throw new Wrong("too_long", { longest });
    return said;
  },
  amount(field, value, { most_amount: most }) {
    if (typeof value !== "string" || !AMOUNT.test(value)) throw new Wrong("not_amount");
    if (Number(value) > Number(most)) throw new Wrong("amount_too_large", { most });
    return value;
  },
  whole({ least, most }, value) {
    if (!Number.isInteger(value)) throw new Wrong("not_whole");
    if (value < least || value > most) throw new Wrong("out_of_range", { least, most });
    return value;
  },
  day: (field, value, { earliest_day: earliest }) => calendar(value, DAY, "", "not_day", earliest),
  month: (field, value, { earliest_day: earliest }) => calendar(value, MONTH, "-01", "not_month", earliest),
  yes_no(field, value) {
    if (typeof value === "boolean") return value;
    throw new Wrong("unknown_choice");
  },
};

// The whole of it -----------------------------------------------------------------------------------

class Check {
  problems = [];

  constructor(form) {
    this.form = form;
    this.limits = form.limits;
    this.risks = form.risks.map(([risk]) => risk);
  }

  add(field, code, numbers = {}) {
    this.problems.push({ field, code, ...numbers });
  }

  take(path, reader, ...given) {
    try {
      return reader(...given);
    } catch (wrong) {
      if (!(wrong instanceof Wrong)) throw wrong;
      this.add(path, wrong.code, wrong.numbers);
      return null;
    }
  }

  field(path, field, value) {
    return this.take(path, read, field, value, this.limits);
  }

  visit(payload) {
    this.take("uid", readUid, payload.uid);
    this.take("household", readIdentifier, payload.household);
    const head = {};
    for (const field of this.form.head) head[field.name] = this.field(field.name, field, payload[field.name]);
    for (const name of ["began_at", "ended_at"]) this.take(name, readMoment, payload[name]);
    const unchanged = this.field("unchanged", { kind: "yes_no", required: false }, payload.unchanged);
    this.checkRisks("risks", payload.risks);
    for (const section of this.form.sections) this.section(section, payload[section.name], head.on ?? "");
    this.items("verdicts", payload.verdicts, this.limits.most_verdicts, (row, path) => this.verdict(row, path));
    this.photos(payload.photos);
    this.whole(payload, head, unchanged);
  }

  section(section, lines, day) {
    this.items(section.name, lines, section.most, (line, path) => this.line(section, line, path, day));
  }

  /** `day`: that of the visit, "" when it cannot be read. */
  line(section, line, path, day) {
    const ofPerson = section.of === "person";
    this.names(line, path, [...section.fields.map(({ name }) => name), "seen", ...(ofPerson ? ["person"] : [])]);
    if (ofPerson) this.take(`${path}.person`, readIdentifier, line.person);
    for (const field of section.fields) {
      const value = this.field(`${path}.${field.name}`, field, line[field.name]);
      if (!value || !day) continue;
      if (field.kind === "month" && value > day.slice(0, 7)) this.add(`${path}.${field.name}`, "month_in_future");
      if (field.kind === "day" && value > day) this.add(`${path}.${field.name}`, "day_after_visit");
    }
    if (section.fields.every(({ name, required }) => isBlank(line[name]) && !required)) this.add(path, "nothing_said");
    if (line.seen != null && !isObject(line.seen)) this.add(`${path}.seen`, "unknown_choice");
  }

  verdict(row, path) {
    this.names(row, path, OF_VERDICT);
    this.take(`${path}.alert`, readIdentifier, row.alert);
    this.field(`${path}.stamp`, text("stamp", LONGEST_WORD), row.stamp);
    const choice = { kind: "choice", choices: VERDICTS, required: true };
    const verdict = this.field(`${path}.verdict`, choice, row.verdict);
    const reason = this.field(`${path}.reason`, text("reason", LONGEST_REASON), row.reason);
    const note = this.field(`${path}.note`, text("note", this.limits.longest_note), row.note);
    this.checkRisks(`${path}.risks`, row.risks);
    if (verdict === "confirmed" && isEmpty(row.risks)) this.add(`${path}.risks`, "risks_missing");
    if (verdict === "no_risk" && isBlank(row.reason)) this.add(`${path}.reason`, "reason_missing");
    const needsNote = verdict === "unclear" || (verdict === "no_risk" && reason === "other");
    if (needsNote && isBlank(row.note)) this.add(`${path}.note`, "note_missing");
    this.noLongNumber(`${path}.note`, note);
  }

  noLongNumber(path, said) {
    if (said && LONG_NUMBER.test(said)) this.add(path, "long_number");
  }

  checkRisks(path, given) {
    if (isEmpty(given)) return;
    if (!Array.isArray(given) || given.some((risk) => !this.risks.includes(risk))) this.add(path, "unknown_choice");
  }

  photos(given) {
    if (given == null) return;
    const most = this.limits.most_photos;
    if (!Array.isArray(given)) this.add("photos", "unknown_choice");
    else if (given.length > most) this.add("photos", "too_many", { most });
    else {
      given.forEach((photo, index) => {
        if (typeof photo !== "string" || !SHA256.test(photo)) this.add(`photos.${index}`, "bad_photo");
      });
    }
  }

  /** `each(row, path)` for every one that can be looked at; of more than `most` none is. */
  items(path, given, most, each) {
    if (given == null) return;
    if (!Array.isArray(given)) this.add(path, "unknown_choice");
    else if (given.length > most) this.add(path, "too_many", { most });
    else {
      given.forEach((row, index) => {
        if (isObject(row)) each(row, `${path}.${index}`);
        else this.add(`${path}.${index}`, "unknown_choice");
      });
    }
  }

  names(given, path, known) {
    for (const name of Object.keys(given)) {
      if (known.includes(name)) continue;
      const shown = [...plain(name)].slice(0, LONGEST_WORD).join("");
      this.add(path ? `${path}.${shown}` : shown, "unknown_field");
    }
  }

  /** What shows only across fields. */
  whole(payload, head, unchanged) {
    const sections = this.form.sections.map(({ name }) => name);
    this.names(payload, "", [...OF_VISIT, ...sections]);
    if (!isEmpty(payload.risks) && isBlank(payload.words)) this.add("words", "words_missing");
    const isChanged = ["risks", ...sections].some((name) => !isEmpty(payload[name]));
    if (unchanged && isChanged) this.add("unchanged", "contradicts_unchanged");
    for (const name of ["words", "needs"]) this.noLongNumber(name, head[name]);
    const isTold = isChanged || ["verdicts", "photos"].some((name) => !isEmpty(payload[name]));
    if (!unchanged && !isTold && isBlank(payload.words) && isBlank(payload.needs)) this.add("words", "nothing_at_all");
  }
}
