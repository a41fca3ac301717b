"""One township from its plan: households, members, facts, ledgers and bills as rows ready for COPY."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from random import Random

from monitoring.demo import illness, incomes, lists, names, register, rows, schooling, visits
from monitoring.demo.people import Member, People
from monitoring.demo.plan import Slot, TownshipPlan


@dataclass(frozen=True)
class Setting:
    """What all townships have in common. ``first_ids``: ids of the first household and person of the county."""

    seed: int
    months: tuple[date, ...]
    income_line: float
    first_ids: tuple[int, int] = (1, 1)
    # Village → user id of its specialist.
    specialists: Mapping[str, int] = field(default_factory=dict)


def make_township(plan: TownshipPlan, setting: Setting) -> rows.Rows:
    """The same plan and seed give the same township, whatever is made before or beside it."""
    maker = TownshipMaker(plan, setting)
    for village, slots in plan.villages.items():
        for number, slot in enumerate(slots):
            maker.household(village, f"{village}{number:06}", slot)
    return maker.rows


class TownshipMaker:
    def __init__(self, plan: TownshipPlan, setting: Setting):
        self.months = setting.months
        self.specialists = setting.specialists
        self.rng = Random(f"{plan.code}:{setting.seed}")
        self.people = People(self.rng, names.IdentityNumbers(plan.pairs), self.months)
        self.ledger = incomes.Ledger(self.rng, self.months, setting.income_line, plan.code)
        self.rows = rows.Rows(len(self.months))
        self.next_household = setting.first_ids[0] + plan.first_household
        self.next_person = setting.first_ids[1] + plan.first_person
        # School years begin in September; who was at school in some month may have moved up.
        self.septembers = [index for index, month in enumerate(self.months) if index and month.month == 9]
        self.month_texts = [month.isoformat() for month in self.months]

    def household(self, village: str, code: str, slot: Slot) -> None:
        rng = self.rng
        row_id = self.next_household
        self.next_household += 1
        members = self.people.household(slot)
        mu = round(rng.uniform(0.8, 2.4) * (1 + len(members) * 0.5), 1) if rng.random() < 0.93 else 0.0
        head = members[0]
        self.rows.add("household", 0, rows.household_row(row_id, code, village, head, names.phone(rng)))
        states = register.states(slot, mu, self.months, rng)
        for index, day, state in states:
            columns = register.fact_columns(day, state)
            self.rows.add("householdfact", index, rows.text_row(row_id, *columns))
        if since := states[-1][2].monitored_since:
            self._visits(row_id, village, since)
        bills = [
            bill
            for position, member in enumerate(members)
            for bill in self._member(row_id, f"{code}{position + 1:02}", member, slot)
        ]
        if slot.group.has_ledger:
            self._ledger(row_id, slot, members, mu, bills)

    def _member(self, household: int, code: str, member: Member, slot: Slot) -> list[illness.Bill]:
        person = self.next_person
        self.next_person += 1
        self.rows.add("person", member.joined, rows.person_row(person, code, member))
        self.rows.add("membership", member.joined, rows.membership_row(person, household, member))
        self._person_facts(person, member)
        bills = illness.bills_of(member, self.months, slot.group.has_ledger, self.rng)
        for bill in bills:
            self.rows.add("medicalbill", bill.month, rows.bill_row(person, bill))
        for listed in lists.listed_of(member, self.months, self.rng):
            row = rows.list_row(person, self.months[listed.month], listed)
            self.rows.add(listed.list, listed.month, row)
        return bills

    def _visits(self, household: int, village: str, since: date) -> None:
        visitor, place = self.specialists.get(village), rows.place_columns(village)
        for index, uid, day, method, words, risks in visits.visits_to(since, self.months, self.rng):
            row = rows.text_row(household, *place, uid, day, method, visitor, words, risks)
            self.rows.add("visit", index, row)

    def _person_facts(self, person: int, member: Member) -> None:
        """One row when the person is first known, one more whenever school or insurance changed."""
        moments = {member.joined, *member.cover}
        if member.born.year > self.months[0].year - 7 - schooling.LONGEST:
            moments.update(index for index in self.septembers if index > member.joined)
        before, cover = None, next(iter(member.cover.values()))
        for index in sorted(moments):
            month = self.months[index]
            cover = member.cover.get(index, cover)
            school = schooling.in_school(member.born, month, member.way) if member.born.year >= 1990 else ""
            if (school, cover) != before:
                # Known from the day of joining on; a fact of before would speak of somebody not yet born.
                as_of = member.since if index == member.joined and member.since else month
                self.rows.add("personfact", index, rows.person_fact_row(person, as_of, member, school, cover))
                before = (school, cover)

    def _ledger(
        self, household: int, slot: Slot, members: list[Member], mu: float, bills: list[illness.Bill]
    ) -> None:
        add, months = self.rows.add, self.month_texts
        lines = self.ledger.lines(slot.group, members, mu)
        if lines and bills:
            lines += incomes.claims_of(bills, len(months), self.rng)
        for line in lines:
            row = f"{household}\t{months[line.month]}\t{line.kind}\t{line.item}\t{line.amount:.2f}"
            add("incomeline", line.month, row)
