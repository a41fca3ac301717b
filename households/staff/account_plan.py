"""What a list of accounts would do: new accounts, further postings, lines that say nothing new, refused lines.

Nothing is written here. The preview shows the plan; creating makes it anew from the same lines, under a lock.
Who a line means is never guessed: where a name could be two people, the line is refused and asks for a user name.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from pypinyin import lazy_pinyin

from households.staff.account_list import Line, LineRefused, heading_of
from households.staff.list_areas import AreaNames
from households.staff.list_words import department_of, read_period, role_of
from households.staff.models import Posting, Role, User
from households.staff.postings import overlaps, problem_of

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{2,39}")
NAME_LENGTH = 40
# Where a problem of a posting is shown in the list.
COLUMN_OF_FIELD = {"area": "village"}


@dataclass(frozen=True)
class RefusedLine:
    number: int
    column: str
    reason: str
    name: str


@dataclass
class PlannedAccount:
    """One person: an account that exists (``user``) or is to be made, and the postings to be added."""

    name: str
    username: str
    user: User | None
    lines: list[int] = field(default_factory=list)
    postings: list[Posting] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        return self.user is None


@dataclass
class AccountPlan:
    accounts: list[PlannedAccount] = field(default_factory=list)
    refused: list[RefusedLine] = field(default_factory=list)
    # Numbers of lines that ask for what is already so, or repeat another line.
    same: list[int] = field(default_factory=list)

    @property
    def new_accounts(self) -> list[PlannedAccount]:
        return [account for account in self.accounts if account.is_new]

    @property
    def further_postings(self) -> list[PlannedAccount]:
        return [account for account in self.accounts if not account.is_new]

    def refuse(self, number: int, name: str, refusal: LineRefused) -> None:
        self.refused.append(RefusedLine(number, heading_of(refusal.column), str(refusal), name))


@dataclass(frozen=True)
class Wish:
    """One line, understood."""

    number: int
    name: str
    username: str
    role: Role
    department: str
    areas: tuple[str, ...]
    valid_from: dt.date
    valid_until: dt.date | None
    # Whether the line itself says from when; otherwise it is today and contradicts no earlier start.
    says_from: bool

    @property
    def person(self) -> tuple[str, ...]:
        """Lines with one key are one person: the user name, or without one name, role and department."""
        return (self.username,) if self.username else ("", self.name, self.role, self.department)

    def postings(self) -> Iterator[Posting]:
        for area in self.areas:
            yield Posting(
                role=self.role,
                area_id=area,
                department=self.department,
                valid_from=self.valid_from,
                valid_until=self.valid_until,
            )

    def is_met_by(self, posting: Posting, there: Posting) -> bool:
        """Whether ``there``, an existing posting, is what the line asks for with ``posting``."""
        return (
            (there.role, there.area_id, there.department) == (posting.role, posting.area_id, posting.department)
            and overlaps(posting, there)
            and (not self.says_from or there.valid_from == self.valid_from)
            and (self.valid_until is None or there.valid_until == self.valid_until)
        )


def _understand(line: Line, areas: AreaNames) -> Wish:
    if not line.name:
        raise LineRefused("name", _("The name is missing."))
    if len(line.name) > NAME_LENGTH:
        raise LineRefused("name", _("The name is longer than %(length)s characters.") % {"length": NAME_LENGTH})
    username = line.username.lower()
    if username and not USERNAME.fullmatch(username):
        raise LineRefused(
            "username", _("A user name has 3 to 40 small letters, digits, dots, hyphens or underscores.")
        )
    role = role_of(line.role)
    valid_from, valid_until = read_period(line)
    return Wish(
        number=line.number,
        name=line.name,
        username=username,
        role=role,
        department=department_of(line.department),
        areas=areas.of_line(line, role),
        valid_from=valid_from or timezone.localdate(),
        valid_until=valid_until,
        says_from=valid_from is not None,
    )


def new_username(name: str, taken: set[str]) -> str:
    """Pinyin without tones; from the second person of that name on with a number: ``zhangwei2``. Now taken."""
    base = re.sub(r"[^a-z0-9]", "", "".join(lazy_pinyin(name)).lower())[:34] or "user"
    base = base if len(base) > 2 else f"{base}user"
    username, number = base, 1
    while username in taken:
        number += 1
        username = f"{base}{number}"
    taken.add(username)
    return username


class Planner:
    """One pass over the lines; people and areas are read in a fixed number of queries."""

    def __init__(self, lines: Iterable[Line]):
        self.lines = list(lines)
        self.plan = AccountPlan()
        self.areas = AreaNames()
        self.taken = set(User.objects.values_list("username", flat=True))
        self.by_username: dict[str, User] = {}
        self.by_name: dict[str, list[User]] = defaultdict(list)
        names = {line.name for line in self.lines}
        usernames = {line.username.lower() for line in self.lines}
        known = User.objects.filter(Q(name__in=names) | Q(username__in=usernames)).prefetch_related("postings")
        for user in known:
            self.by_username[user.username] = user
            self.by_name[user.name].append(user)

    def make(self) -> AccountPlan:
        people: dict[tuple[str, ...], list[Wish]] = defaultdict(list)
        for line in self.lines:
            try:
                wish = _understand(line, self.areas)
            except LineRefused as refusal:
                self.plan.refuse(line.number, line.name, refusal)
            else:
                people[wish.person].append(wish)
        self.taken |= {key[0] for key in people}
        named = {wish.name for wishes in people.values() for wish in wishes if wish.username}
        for wishes in people.values():
            try:
                account = self._account_of(wishes, named)
            except LineRefused as refusal:
                for wish in wishes:
                    self.plan.refuse(wish.number, wish.name, refusal)
            else:
                self._add_postings(account, wishes)
        self.plan.refused.sort(key=lambda refused: refused.number)
        self.plan.same.sort()
        return self.plan

    def _account_of(self, wishes: list[Wish], named: set[str]) -> PlannedAccount:
        first = wishes[0]
        user = self._user_of_username(wishes) if first.username else self._user_of_name(wishes, named)
        if user is not None and not user.is_active:
            raise LineRefused(
                "name", _("The account %(username)s is closed. Open it first.") % {"username": user.username}
            )
        username = user.username if user else first.username or new_username(first.name, self.taken)
        return PlannedAccount(name=first.name, username=username, user=user)

    def _user_of_username(self, wishes: list[Wish]) -> User | None:
        user = self.by_username.get(wishes[0].username)
        names = {wish.name for wish in wishes} | ({user.name} if user else set())
        if len(names) > 1:
            raise LineRefused("username", _("This user name belongs to another name as well."))
        return user

    def _user_of_name(self, wishes: list[Wish], named: set[str]) -> User | None:
        first = wishes[0]
        ask = _("Give the user name to say who is meant.")
        if first.name in named:
            raise LineRefused("username", _("Another line gives this name with a user name.") + " " + ask)
        areas = {area for wish in wishes for area in wish.areas}
        townships = {area[:9] for area in areas}
        if len(townships) > 1:
            raise LineRefused("username", _("This name stands in several townships.") + " " + ask)
        there = [
            (user, {posting.area_id for posting in user.postings.all() if posting.role == first.role})
            for user in self.by_name[first.name]
        ]
        same_place = [user for user, places in there if places & areas]
        near = [user for user, places in there if townships & {place[:9] for place in places}]
        if len(same_place) == 1:
            return same_place[0]
        if near:
            usernames = "、".join(user.username for user in near)
            raise LineRefused(
                "username",
                _("There is an account of this name in this township (%(usernames)s).") % {"usernames": usernames}
                + " "
                + ask,
            )
        return None

    def _add_postings(self, account: PlannedAccount, wishes: list[Wish]) -> None:
        standing = list(account.user.postings.all()) if account.user else []
        for wish in wishes:
            others = [*standing, *account.postings]
            fresh = [
                posting
                for posting in wish.postings()
                if not any(wish.is_met_by(posting, other) for other in others)
            ]
            try:
                self._check(fresh, others)
            except LineRefused as refusal:
                self.plan.refuse(wish.number, wish.name, refusal)
                continue
            if fresh:
                account.lines.append(wish.number)
                account.postings += fresh
            else:
                self.plan.same.append(wish.number)
        if account.postings:
            self.plan.accounts.append(account)

    def _check(self, fresh: list[Posting], others: list[Posting]) -> None:
        for posting in fresh:
            posting.area = self.areas.by_code[posting.area_id]
            problem = problem_of(posting, area=posting.area, others=others)
            if problem is not None:
                raise LineRefused(COLUMN_OF_FIELD.get(problem.field, problem.field), problem.sentence)


def plan_accounts(lines: Iterable[Line]) -> AccountPlan:
    """What the lines would do now. Each line ends in exactly one place: an account's, ``same`` or ``refused``."""
    return Planner(lines).make()
