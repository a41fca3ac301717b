"""What a tablet sent, in the words of the form: for the page on which somebody decides what becomes of it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerts.travel.models import Reason, Verdict
from households.models import IncomeKind, Membership
from households.privacy.seal import unseal_bytes
from households.visits.declaration import HEAD, RISKS, SECTIONS, Field, Section
from monitoring.tablet.models import HeldFor, Upload
from monitoring.visiting.telling import in_words

Words = str | Promise

# Why it waits, and what accepting it would do.
WHY: Mapping[str, Words] = {
    HeldFor.POSTING: gettext_lazy(
        "Whoever made this visit was not posted to the household's village any more when it came in. Accepted, it"
        " becomes a visit of that person."
    ),
    HeldFor.MOVED: gettext_lazy(
        "When it came in, the household lived outside the sender's area. Accepted, it becomes a visit to the"
        " household where it lives now."
    ),
    HeldFor.GONE: gettext_lazy(
        "The household was gone from the register when it came in. Accepted, it becomes a visit all the same."
    ),
    HeldFor.FUTURE: gettext_lazy(
        "The day of the visit had not come when it came in: the tablet's clock or the day that was given is wrong."
        " Accepted, it counts on the day that you give, else on its own, or on the day on which it came in if that"
        " is earlier."
    ),
    HeldFor.CONFLICT: gettext_lazy(
        "The same visit came before with other content. Both versions stand here; accepted, this one becomes a"
        " second visit beside the first."
    ),
}


@dataclass(frozen=True)
class Said:
    """One thing that a payload says. ``key`` is the same in two versions of one visit."""

    key: tuple[Any, ...]
    section: Words
    title: str
    label: Words
    text: str


@dataclass(frozen=True)
class Row:
    """One line of the page: what this version says and, for a conflict, what the other one says."""

    said: Said
    mine: str
    other: str | None
    differs: bool


def payload_of(upload: Upload) -> dict[str, Any]:
    return json.loads(unseal_bytes(upload.payload_sealed))


def names_of(household_id: int) -> dict[int, str]:
    """Everybody who ever belonged to the household: id → name. A stranger's name is told by no payload."""
    rows = Membership.objects.filter(household=household_id).select_related("person")
    return {row.person_id: row.person.name for row in rows}


def tell_payload(payload: Mapping[str, Any], names: Mapping[int, str]) -> list[Said]:
    """In the order of the form. What was not answered is not there."""
    return [*_head(payload), *_lines(payload, names), *_verdicts(payload)]


def _head(payload: Mapping[str, Any]) -> Iterator[Said]:
    visit = _("The visit")
    for one in HEAD:
        if payload.get(one.name) not in (None, ""):
            yield Said((one.name,), visit, "", one.label, _text(one, payload[one.name]))
    if payload.get("unchanged"):
        yield Said(("unchanged",), visit, "", _("Nothing has changed"), _("Yes"))
    for name, label in (("began_at", _("Begun, by the tablet")), ("ended_at", _("Ended, by the tablet"))):
        if payload.get(name):
            yield Said((name,), visit, "", label, _moment(payload[name]))
    if payload.get("risks"):
        risks = _(", ").join(str(dict(RISKS).get(risk, risk)) for risk in payload["risks"])
        yield Said(("risks",), visit, "", _("Risks"), risks)
    if payload.get("photos"):
        yield Said(("photos",), visit, "", _("Photos"), str(len(payload["photos"])))


def _lines(payload: Mapping[str, Any], names: Mapping[int, str]) -> Iterator[Said]:
    for section in SECTIONS:
        for index, line in enumerate(payload.get(section.name) or ()):
            person = line.get("person")
            title = names.get(person, _("Somebody of another household")) if person is not None else ""
            key = _key(section, line, index)
            for one in section.fields:
                if line.get(one.name) not in (None, ""):
                    yield Said((*key, one.name), section.label, title, one.label, _text(one, line[one.name]))


def _key(section: Section, line: Mapping[str, Any], index: int) -> tuple[Any, ...]:
    """Lines of two versions that speak of the same thing stand beside each other, in whatever order they came."""
    if section.evidence == "income":
        return section.name, line.get("month"), line.get("kind"), line.get("item")
    if section.of == "person" and section.evidence:
        return section.name, line.get("person")
    return section.name, index, line.get("person")


def _verdicts(payload: Mapping[str, Any]) -> Iterator[Said]:
    for given in payload.get("verdicts") or ():
        number = given.get("alert")
        title = _("Alert %(number)s") % {"number": number}
        section, label = _("Verdicts given at the door"), _("Verdict")
        yield Said(("verdicts", number), section, title, label, tell_verdict(given))


def tell_verdict(given: Mapping[str, Any]) -> str:
    """``确认有风险 · 因病 · 医药费自付两万``: the verdict, its risks or reason, and the note."""
    parts = [dict(Verdict.choices).get(given.get("verdict"), given.get("verdict", ""))]
    parts += [dict(RISKS).get(risk, risk) for risk in given.get("risks") or ()]
    if given.get("reason"):
        parts.append(dict(Reason.choices).get(given["reason"], given["reason"]))
    parts.append(given.get("note"))
    return " · ".join(str(part) for part in parts if part)


def _text(one: Field, value: Any) -> str:
    if one.name == "kind" and value in IncomeKind.values:
        return str(IncomeKind(value).label)
    return in_words(one, value) or ""


def _moment(value: object) -> str:
    moment = parse_datetime(value) if isinstance(value, str) else None
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}" if moment and moment.tzinfo else str(value)


def beside(mine: Iterable[Said], other: Iterable[Said] | None) -> list[Row]:
    """Every line of either version once, by section; what only the other says comes after in its section."""
    own = {said.key: said for said in mine}
    if other is None:
        return [Row(said, said.text, None, False) for said in own.values()]
    theirs = {said.key: said for said in other}
    rows = []
    for key in dict.fromkeys([*own, *theirs]):
        here, there = own.get(key), theirs.get(key)
        mine_text, other_text = here.text if here else "", there.text if there else ""
        said = here or theirs[key]
        rows.append(Row(said, mine_text, other_text, mine_text != other_text))
    sections = list(dict.fromkeys(str(row.said.section) for row in rows))
    return sorted(rows, key=lambda row: sections.index(str(row.said.section)))
