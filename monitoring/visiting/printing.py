"""The printed visit form (走访登记表): what is known of a household, and empty boxes for all that a visit may say.

Identity numbers and phones stand on no paper.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max

from alerts.models import Alert
from households.ages import age_on
from households.models import Household, HouseholdFact, IncomeKind, IncomeLine, Membership, User
from households.visits.declaration import BY_NAME, SECTIONS, Field, Section
from households.visits.register import Register, register_values
from households.visits.wording import in_words
from monitoring.visiting.due import Due, due_of

# Forms that one printing makes: a stack that one person carries.
MOST_FORMS = 40
# Lines of a section on paper, where a visit may say it more than once.
LINES = {"income": 4, "work": 2, "illness": 2, "schooling": 2, "disaster": 1}
# More choices than these are written, not ticked.
MOST_BOXES = 8
# Where a section has more lines than these, its choices stand once above them.
MOST_TICKED = 2


@dataclass(frozen=True)
class PaperField:
    """A question on paper: ``choices`` to tick on each line; ``hint``: choices to write, where lines are many."""

    label: Any
    choices: list[str]
    hint: str = ""


@dataclass(frozen=True)
class PaperSection:
    """``of_person``: each of the ``lines`` begins with a name."""

    label: Any
    of_person: bool
    fields: list[PaperField]
    lines: range

    @property
    def rows(self) -> int:
        """Of the table, its head among them."""
        return len(self.lines) + 1


@dataclass(frozen=True)
class PaperMember:
    membership: Membership
    age: int | None
    labour: str
    # Field → value in words; None is unknown.
    known: dict[str, str | None]


@dataclass(frozen=True)
class PaperForm:
    """One household on one form. ``income``: (month, kind, item, amount) of the last two months of its ledger."""

    household: Household
    place: str
    fact: HouseholdFact | None
    due: Due | None
    members: list[PaperMember]
    house: list[tuple[Any, str | None]]
    income: list[tuple[str, str, str, str]]
    alerts: list[Alert] = field(default_factory=list)


def paper_sections() -> list[PaperSection]:
    """The declaration as paper has it."""
    return [_section(section) for section in SECTIONS]


def _section(section: Section) -> PaperSection:
    lines = LINES.get(section.name, 1)
    fields = [_field(one, ticked=lines <= MOST_TICKED) for one in section.fields]
    return PaperSection(section.label, section.of == "person", fields, range(lines))


def _field(one: Field, *, ticked: bool) -> PaperField:
    boxes = _boxes(one)
    return PaperField(one.label, boxes) if ticked else PaperField(one.label, [], " / ".join(boxes))


def _boxes(one: Field) -> list[str]:
    if one.kind == "yes_no":
        return [str(in_words(one, True)), str(in_words(one, False))]
    return [str(label) for _value, label in one.choices] if len(one.choices) <= MOST_BOXES else []


def paper_forms(
    households: Sequence[Household], *, places: dict[str, str], by: User, today: date
) -> list[PaperForm]:
    """A form each, in the order given; a constant number of statements."""
    ids = [row.pk for row in households]
    months = _ledger_months(ids)
    registers, dues = register_values(ids, months), due_of(ids, today)
    members, alerts = _members(ids, registers, today), _alerts(ids, by)
    return [
        PaperForm(
            household=row,
            place=places.get(row.village, ""),
            fact=registers[row.pk].household_fact,
            due=dues.get(row.pk),
            members=members[row.pk],
            house=_house(registers[row.pk]),
            income=_income(registers[row.pk]),
            alerts=alerts[row.pk],
        )
        for row in households
    ]


def _ledger_months(ids: Sequence[int]) -> list[date]:
    """The last two months that a ledger of theirs has lines of."""
    newest = IncomeLine.objects.current().filter(household_id__in=ids).aggregate(newest=Max("month"))["newest"]
    if newest is None:
        return []
    return [newest, date(newest.year - (newest.month == 1), (newest.month - 2) % 12 + 1, 1)]


def _members(ids: Sequence[int], registers: dict[int, Register], today: date) -> dict[int, list[PaperMember]]:
    rows = (
        Membership.objects.current()
        .filter(household_id__in=ids, until__isnull=True)
        .select_related("person")
        .order_by("household_id", "-is_head", "id")
    )
    fields = [one for section in SECTIONS if section.evidence == "person" for one in section.fields]
    found: dict[int, list[PaperMember]] = defaultdict(list)
    for row in rows:
        register = registers[row.household_id]
        fact, values = register.person_facts.get(row.person_id), register.persons.get(row.person_id, {})
        known = {one.name: in_words(one, values.get(one.register)) for one in fields}
        age = age_on(row.person.born_on, today)
        found[row.household_id].append(PaperMember(row, age, fact.labour if fact else "", known))
    return found


def _house(register: Register) -> list[tuple[Any, str | None]]:
    return [
        (one.label, in_words(one, register.household.get(one.register)))
        for name in ("house", "water")
        for one in BY_NAME[name].fields
    ]


def _income(register: Register) -> list[tuple[str, str, str, str]]:
    return [
        (f"{month:%Y-%m}", str(IncomeKind(kind).label), item, amount)
        for (month, kind), items in sorted(register.income.items(), key=lambda line: (line[0][0], line[0][1]))
        for item, amount in items.items()
    ]


def _alerts(ids: Sequence[int], by: User) -> dict[int, list[Alert]]:
    rows = Alert.objects.visible_to(by).filter(household_id__in=ids, closed_at__isnull=True).select_related("kind")
    found: dict[int, list[Alert]] = defaultdict(list)
    for row in rows.order_by("due_on", "id"):
        found[row.household_id or 0].append(row)
    return found
