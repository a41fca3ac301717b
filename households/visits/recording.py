"""Visits become evidence: what each says of the register is added, the same, or a change request."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from households.evidence.models import EvidenceBatch
from households.imports.locking import share_register
from households.ledger.models import AuditEntry, Event
from households.registry.models import Household, Membership
from households.staff.models import User
from households.visits.checking import Checked, Problem, problem
from households.visits.comparing import Comparing, Said
from households.visits.declaration import BY_NAME
from households.visits.models import AnswerState, Visit, VisitAnswer
from households.visits.register import Register, register_values
from households.visits.writing import Additions

EVENT = "household_visited"
ACTION = "visit_recorded"


@dataclass(frozen=True)
class Incoming:
    """One checked visit and what only the server knows of it.

    ``on``: the day that counts. ``tablet_day``: the day as a wrong clock had it, else None. ``clock_behind``:
    seconds that the tablet's clock was behind ours, None where there was no tablet.
    """

    checked: Checked
    household: Household
    visitor: User | None
    clock_behind: int | None
    on: date
    tablet_day: date | None = None


@dataclass(frozen=True)
class Recorded:
    visit: Visit
    answers: list[VisitAnswer]


def person_problems(incoming: Sequence[Incoming]) -> dict[UUID, list[Problem]]:
    """Visit's ``uid`` → lines about somebody who is no member of its household today. One statement."""
    spoken_of = {line.person for one in incoming for line in one.checked.lines if line.person is not None}
    rows = Membership.objects.current().filter(person__in=spoken_of, until__isnull=True)
    members = set(rows.values_list("household_id", "person_id")) if spoken_of else set()
    problems: dict[UUID, list[Problem]] = defaultdict(list)
    for one in incoming:
        for line in one.checked.lines:
            if line.person is not None and (one.household.pk, line.person) not in members:
                path = f"{line.section}.{line.index}.person"
                problems[one.checked.uid].append(problem(path, "not_member"))
    return dict(problems)


def record_visits(*, incoming: Sequence[Incoming], batch: EvidenceBatch) -> list[Recorded]:
    """Writes the visits with all they say, in the order given, all in ``batch``: a constant number of statements.

    In the caller's transaction, which has locked the households and asked ``person_problems``; the caller
    announces the batch. What is true of a day is evidence of that day. While somebody else writes into the
    register nobody knows what it will say: then nothing is added, and the township is asked.
    """
    if not incoming:
        return []
    visits = Visit.objects.bulk_create([_visit(one, batch) for one in incoming])
    may_add = any(_speaks_of_register(one.checked) for one in incoming) and share_register()
    registers = register_values(sorted({one.household.pk for one in incoming}), _months(incoming))
    additions = Additions(batch)
    recorded = []
    for one, visit in zip(incoming, visits, strict=True):
        register = registers[one.household.pk]
        said = list(Comparing(register, may_add).answers(one.checked))
        _add(additions, register, visit, said)
        recorded.append(Recorded(visit, [_answer(visit, answer) for answer in said]))
    additions.write()
    VisitAnswer.objects.bulk_create([answer for one in recorded for answer in one.answers])
    _tell(recorded, batch)
    return recorded


def _visit(one: Incoming, batch: EvidenceBatch) -> Visit:
    checked, household = one.checked, one.household
    return Visit(
        uid=checked.uid,
        household=household,
        county=household.county,
        township=household.township,
        village=household.village,
        visited_on=one.on,
        method=checked.method,
        visitor=one.visitor,
        unchanged=checked.unchanged,
        words=checked.words,
        needs=checked.needs,
        risks=list(checked.risks),
        form=checked.form,
        began_at=checked.began_at,
        ended_at=checked.ended_at,
        clock_behind=one.clock_behind,
        tablet_day=one.tablet_day,
        batch=batch,
    )


def _speaks_of_register(checked: Checked) -> bool:
    return any(BY_NAME[line.section].evidence for line in checked.lines)


def _months(incoming: Sequence[Incoming]) -> set[date]:
    lines = [line for one in incoming for line in one.checked.lines if BY_NAME[line.section].evidence == "income"]
    return {date.fromisoformat(f"{line.values['month']}-01") for line in lines}


def _add(additions: Additions, register: Register, visit: Visit, answers: Sequence[Said]) -> None:
    """What the register left open. All that is said of one person is one fact."""
    of_household: dict[str, Any] = {}
    of_persons: dict[int, dict[str, Any]] = defaultdict(dict)
    for said in answers:
        if said.state != AnswerState.ADDED:
            continue
        if said.month is not None:
            additions.add_line(register, visit.household_id, said.month, said.kind, said.item, said.said)
        elif said.line.person is not None:
            of_persons[said.line.person][said.field] = said.said
        else:
            of_household[said.field] = said.said
    if of_household:
        additions.add_household_fact(register, visit.household_id, visit.visited_on, of_household)
    for person, values in of_persons.items():
        additions.add_person_fact(register, person, visit.visited_on, values)


def _answer(visit: Visit, said: Said) -> VisitAnswer:
    return VisitAnswer(
        visit=visit,
        county=visit.county,
        township=visit.township,
        village=visit.village,
        section=said.line.section,
        line=said.line.index,
        field=said.field,
        person_id=said.line.person,
        month=said.month,
        kind=said.kind,
        item=said.item,
        said=said.said,
        seen=said.line.seen.get(said.field),
        stood=said.stood,
        state=said.state,
    )


def _tell(recorded: Sequence[Recorded], batch: EvidenceBatch) -> None:
    """An event and a row of the trail for each visit: ids, days and counts."""
    Event.objects.bulk_create(
        Event(
            kind=EVENT,
            subject="household",
            subject_id=one.visit.household_id,
            county=one.visit.county,
            township=one.visit.township,
            village=one.visit.village,
            actor=batch.actor,
            detail={"visit": one.visit.pk},
        )
        for one in recorded
    )
    now = timezone.now()
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=now,
            actor=batch.actor,
            action=ACTION,
            subject="household",
            subject_id=str(one.visit.household_id),
            detail={
                "visit": one.visit.pk,
                "batch": batch.pk,
                "day": f"{one.visit.visited_on:%Y-%m-%d}",
                **Counter(str(answer.state) for answer in one.answers),
            },
        )
        for one in recorded
    )
