"""What is wrong with a visit, before anybody looks into the register: on the tablet ``checking.js`` says the same.

A payload is JSON with the fields of ``declaration.py``. A key that is missing, null or empty was not answered.
Text is held without blanks at its ends, its length counted in characters. A day that has not come is no problem
here: such a visit is kept for review.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from households.imports.cells import plain
from households.risks import Risk
from households.visits.declaration import FORM, HEAD, SECTIONS, Field, Section
from households.visits.values import LIMITS, Wrong, is_blank, read, read_identifier, read_moment, read_uid

# In braces: what stands beside the problem, the limit that was passed.
SENTENCES: Mapping[str, str | Promise] = {
    "required": _("This is missing."),
    "unknown_choice": _("This is none of the choices."),
    "too_long": _("At most {longest} characters."),
    "not_amount": _("An amount in yuan, not negative, with at most two decimals."),
    "amount_too_large": _("At most {most} yuan."),
    "not_whole": _("A whole number."),
    "out_of_range": _("From {least} to {most}."),
    "not_day": _("This is no day of the calendar."),
    "day_too_early": _("This lies before {earliest}."),
    "not_month": _("A month, like 2026-10."),
    "month_in_future": _("This month lies after the visit."),
    "too_many": _("At most {most}."),
    "bad_uid": _("The number of this visit cannot be read."),
    "bad_time": _("This time of day cannot be read."),
    "unknown_field": _("The form does not ask this."),
    "day_after_visit": _("This day lies after the visit."),
    "long_number": _("Leave identity and bank numbers out."),
    "contradicts_unchanged": _("The visit says that nothing has changed, and says what has changed."),
    "words_missing": _("Say what was found: whoever reads the alert was not there."),
    "nothing_said": _("Nothing is answered here: fill it in or take it out."),
    "nothing_at_all": _("Say what has changed, or that nothing has."),
    "risks_missing": _("Say which risk it is, one or more."),
    "reason_missing": _("Say why there is no risk."),
    "note_missing": _("Say why, in a few words."),
    "bad_photo": _("This photo cannot be told from its name."),
    "form_too_new": _("The tablet is newer than the server. Please try again later."),
    # Only the server can know this one.
    "not_member": _("This person does not belong to the household any more. Take the line out."),
}

OF_VISIT = {
    *("uid", "form", "household", "method", "on", "began_at", "ended_at", "unchanged", "words", "needs", "risks"),
    *("verdicts", "photos", *(section.name for section in SECTIONS)),
}
OF_VERDICT = ("alert", "stamp", "verdict", "risks", "reason", "note")
CONFIRMED, NO_RISK, UNCLEAR = "confirmed", "no_risk", "unclear"
OTHER_REASON = "other"
LONGEST_WORD = 60
VERDICT_FIELDS = (
    Field("stamp", "", "text", longest=LONGEST_WORD),
    Field("verdict", "", "choice", required=True, choices=((CONFIRMED, ""), (NO_RISK, ""), (UNCLEAR, ""))),
    Field("reason", "", "text", longest=20),
    Field("note", "", "text", longest=LIMITS.longest_note),
)
UNCHANGED = Field("unchanged", "", "yes_no")
_SHA256 = re.compile(r"[0-9a-f]{64}")
# Words of people go to tablets and pages: a number this long is somebody's identity or bank account.
_LONG_NUMBER = re.compile(r"[0-9０-９]{15}")  # noqa: RUF001


@dataclass(frozen=True)
class Problem:
    """``field`` is a path into the payload, "income.0.amount"; ``sentence`` in the language of now."""

    field: str
    code: str
    sentence: str


@dataclass(frozen=True)
class Line:
    """One line of a section. ``values`` (what was answered) and ``seen`` by field, in the form's writing."""

    section: str
    index: int
    person: int | None
    values: Mapping[str, Any]
    seen: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """One visit that keeps to the form. ``household`` and ``person`` are ids that nobody has looked up yet."""

    uid: UUID
    household: int
    form: int
    method: str
    on: dt.date
    unchanged: bool = False
    words: str = ""
    needs: str = ""
    risks: tuple[str, ...] = ()
    began_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    lines: list[Line] = field(default_factory=list)
    # Each with alert, stamp, verdict, risks, reason and note; what was not said is "" or [].
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)


def problem(path: str, code: str, **numbers: object) -> Problem:
    """``numbers`` fill the braces of the sentence."""
    return Problem(path, code, str(SENTENCES[code]).format(**numbers))


def check_visit(payload: object) -> tuple[Checked | None, list[Problem]]:
    """The visit of a payload; or None and everything that is wrong with it, in the order of the form.

    A visit of a newer form than ours is told only that: what it says cannot be judged here.
    """
    check = _Check()
    if not isinstance(payload, dict):
        return None, [problem("", "required")]
    form = check.take("form", read_identifier, payload.get("form"))
    if form is not None and form > FORM:
        return None, [problem("form", "form_too_new")]
    visit = check.head(payload) | {"form": form}
    visit["risks"] = check.risks(payload.get("risks"), "risks")
    day = visit["on"].isoformat() if visit["on"] else ""
    visit["lines"] = [line for section in SECTIONS for line in check.section(payload, section, day)]
    visit["verdicts"] = check.verdicts(payload.get("verdicts"))
    visit["photos"] = check.photos(payload.get("photos"))
    check.whole(payload, visit)
    return (None, check.problems) if check.problems else (Checked(**visit), [])


def _is_empty(value: object) -> bool:
    return value is None or value == []


class _Check:
    """Reads one payload and collects what is wrong with it."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, path: str, code: str, **numbers: object) -> None:
        self.problems.append(problem(path, code, **numbers))

    def take(self, path: str, reader: Callable, *value: object) -> Any:
        """What a reader made of a value; None and a problem more when it could not."""
        try:
            return reader(*value)
        except Wrong as wrong:
            self.add(path, wrong.code, **wrong.numbers)
            return None

    def head(self, payload: dict) -> dict[str, Any]:
        visit: dict[str, Any] = {"uid": self.take("uid", read_uid, payload.get("uid"))}
        visit["household"] = self.take("household", read_identifier, payload.get("household"))
        visit |= {one.name: self.take(one.name, read, one, payload.get(one.name)) for one in HEAD}
        visit |= {name: visit[name] or "" for name in ("words", "needs")}
        visit["on"] = dt.date.fromisoformat(visit["on"]) if visit["on"] else None
        visit |= {name: self.take(name, read_moment, payload.get(name)) for name in ("began_at", "ended_at")}
        visit["unchanged"] = bool(self.take("unchanged", read, UNCHANGED, payload.get("unchanged")))
        return visit

    def section(self, payload: dict, section: Section, day: str) -> list[Line]:
        lines = self.items(payload.get(section.name), section.name, section.most)
        return [self.line(line, section, index, day) for index, line in lines]

    def line(self, line: dict, section: Section, index: int, day: str) -> Line:
        """``day``: that of the visit, "" when it cannot be read."""
        path = f"{section.name}.{index}"
        of_person = section.of == "person"
        self.names(line, path, {*(one.name for one in section.fields), "seen", *(["person"] if of_person else [])})
        person = self.take(f"{path}.person", read_identifier, line.get("person")) if of_person else None
        values = {}
        for one in section.fields:
            value = self.take(f"{path}.{one.name}", read, one, line.get(one.name))
            if one.kind == "month" and value and day and value > day[:7]:
                self.add(f"{path}.{one.name}", "month_in_future")
            if one.kind == "day" and value and day and value > day:
                self.add(f"{path}.{one.name}", "day_after_visit")
            if value is not None:
                values[one.name] = value
        if all(is_blank(line.get(one.name)) and not one.required for one in section.fields):
            self.add(path, "nothing_said")
        return Line(section.name, index, person, values, self.seen(line.get("seen"), section, path))

    def seen(self, seen: object, section: Section, path: str) -> dict[str, Any]:
        """What the tablet showed. It decides nothing, so what cannot be a value of the form is left out."""
        if seen is not None and not isinstance(seen, dict):
            self.add(f"{path}.seen", "unknown_choice")
        shown = seen if isinstance(seen, dict) else {}
        values = {one.name: shown[one.name] for one in section.fields if one.name in shown}
        texts = {name: plain(value)[:LONGEST_WORD] for name, value in values.items() if isinstance(value, str)}
        return texts | {name: value for name, value in values.items() if value is None or isinstance(value, int)}

    def verdicts(self, given: object) -> list[dict[str, Any]]:
        return [self.verdict(row, index) for index, row in self.items(given, "verdicts", LIMITS.most_verdicts)]

    def verdict(self, given: dict, index: int) -> dict[str, Any]:
        path = f"verdicts.{index}"
        self.names(given, path, {*OF_VERDICT})
        row: dict[str, Any] = {"alert": self.take(f"{path}.alert", read_identifier, given.get("alert"))}
        for one in VERDICT_FIELDS:
            row[one.name] = self.take(f"{path}.{one.name}", read, one, given.get(one.name)) or ""
        row["risks"] = list(self.risks(given.get("risks"), f"{path}.risks"))
        verdict = row["verdict"]
        if verdict == CONFIRMED and _is_empty(given.get("risks")):
            self.add(f"{path}.risks", "risks_missing")
        if verdict == NO_RISK and is_blank(given.get("reason")):
            self.add(f"{path}.reason", "reason_missing")
        needs_note = verdict == UNCLEAR or verdict == NO_RISK and row["reason"] == OTHER_REASON
        if needs_note and is_blank(given.get("note")):
            self.add(f"{path}.note", "note_missing")
        self.no_long_number(f"{path}.note", row["note"])
        return row

    def no_long_number(self, path: str, text: str) -> None:
        if _LONG_NUMBER.search(text):
            self.add(path, "long_number")

    def risks(self, given: object, path: str) -> tuple[str, ...]:
        if _is_empty(given):
            return ()
        if not isinstance(given, list) or any(risk not in Risk.values for risk in given):
            self.add(path, "unknown_choice")
            return ()
        return tuple(sorted(set(given)))

    def photos(self, given: object) -> list[str]:
        if given is not None and not isinstance(given, list):
            self.add("photos", "unknown_choice")
            return []
        photos = given or []
        if len(photos) > LIMITS.most_photos:
            self.add("photos", "too_many", most=LIMITS.most_photos)
            return []
        for index, photo in enumerate(photos):
            if not isinstance(photo, str) or not _SHA256.fullmatch(photo):
                self.add(f"photos.{index}", "bad_photo")
        return list(dict.fromkeys(map(str, photos)))

    def items(self, given: object, path: str, most: int) -> list[tuple[int, dict]]:
        """Place and content of each. Of more than ``most`` none is looked at."""
        if given is None:
            return []
        if not isinstance(given, list):
            self.add(path, "unknown_choice")
            return []
        if len(given) > most:
            self.add(path, "too_many", most=most)
            return []
        for index, row in enumerate(given):
            if not isinstance(row, dict):
                self.add(f"{path}.{index}", "unknown_choice")
        return [(index, row) for index, row in enumerate(given) if isinstance(row, dict)]

    def names(self, given: dict, path: str, known: set[str]) -> None:
        for name in given:
            if name not in known:
                self.add(f"{path}.{plain(str(name))[:LONGEST_WORD]}".removeprefix("."), "unknown_field")

    def whole(self, payload: dict, visit: dict[str, Any]) -> None:
        """What shows only across fields."""
        self.names(payload, "", OF_VISIT)
        if not _is_empty(payload.get("risks")) and is_blank(payload.get("words")):
            self.add("words", "words_missing")
        changed = any(not _is_empty(payload.get(name)) for name in ("risks", *(one.name for one in SECTIONS)))
        if visit["unchanged"] and changed:
            self.add("unchanged", "contradicts_unchanged")
        for name in ("words", "needs"):
            self.no_long_number(name, visit[name])
        told = changed or any(not _is_empty(payload.get(name)) for name in ("verdicts", "photos"))
        if (
            not visit["unchanged"]
            and not told
            and is_blank(payload.get("words"))
            and is_blank(payload.get("needs"))
        ):
            self.add("words", "nothing_at_all")
