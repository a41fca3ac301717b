"""Verbs of accounts and postings: one transaction each, noted in the audit trail, never with a password.

``by`` is who did it; None stands for the command line of the server. Sessions need no cancelling: every request
asks for a posting of today and an open account, and a session made with another password is not accepted.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from axes.utils import reset as unlock
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from households.areas.models import Area
from households.ledger.services import write_audit
from households.refusal import Refused
from households.staff.account_list import Line
from households.staff.account_plan import USERNAME, AccountPlan, PlannedAccount, new_username, plan_accounts
from households.staff.leaving import somebody_left
from households.staff.models import Posting, Role, User
from households.staff.passwords import first_password, hash_first_password
from households.staff.postings import problem_of


@dataclass(frozen=True)
class FirstPassword:
    """What is handed to a person on paper. The password exists here and nowhere else."""

    user: User
    password: str


@dataclass(frozen=True)
class CreatedAccounts:
    plan: AccountPlan
    passwords: list[FirstPassword]


def _one_at_a_time() -> None:
    """Accounts and postings are changed one transaction after the other, so that what was checked still holds."""
    Area.objects.select_for_update(no_key=True).get(pk=settings.COUNTY_CODE)


def _note_account(action: str, user: User, by: User | None, **detail: object) -> None:
    write_audit(action=action, actor=by, subject="user", subject_id=user.pk, **detail)


def _describe(posting: Posting) -> dict[str, object]:
    return {
        "role": posting.role,
        "area": posting.area_id,
        "department": posting.department,
        "from": str(posting.valid_from),
        "until": str(posting.valid_until) if posting.valid_until else None,
    }


def _make_users(accounts: list[PlannedAccount]) -> list[FirstPassword]:
    passwords = [first_password() for _account in accounts]
    users = User.objects.bulk_create(
        User(
            username=account.username,
            name=account.name,
            password=hash_first_password(password),
            must_change_password=True,
        )
        for account, password in zip(accounts, passwords, strict=True)
    )
    return [FirstPassword(user, password) for user, password in zip(users, passwords, strict=True)]


@transaction.atomic
def create_accounts(*, lines: Iterable[Line], by: User | None) -> CreatedAccounts:
    """Makes the accounts and postings that a list asks for; bad lines come back in the plan, the rest goes in.

    The same list again makes nothing. First passwords are returned once and are stored as hashes only.
    """
    _one_at_a_time()
    plan = plan_accounts(lines)
    passwords = _make_users(plan.new_accounts)
    for made in passwords:
        _note_account("account_created", made.user, by)
    users = {made.user.username: made.user for made in passwords}
    postings = []
    for account in plan.accounts:
        user = account.user or users[account.username]
        for posting in account.postings:
            posting.user = user
            postings.append(posting)
            _note_account("posting_started", user, by, **_describe(posting))
    Posting.objects.bulk_create(postings)
    write_audit(
        action="account_list_taken_in",
        actor=by,
        subject="user",
        new=len(passwords),
        same=len(plan.same),
        refused=len(plan.refused),
    )
    return CreatedAccounts(plan, passwords)


@transaction.atomic
def create_account(
    *,
    name: str,
    username: str = "",
    role: Role,
    area: Area,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    department: str = "",
    by: User | None,
) -> FirstPassword:
    """One account with its first posting. Without a user name it gets one made from the name."""
    _one_at_a_time()
    taken = set(User.objects.values_list("username", flat=True))
    username = username or new_username(name, set(taken))
    if not USERNAME.fullmatch(username):
        raise Refused(_("A user name has 3 to 40 small letters, digits, dots, hyphens or underscores."))
    if username in taken:
        raise Refused(_("There is already an account %(username)s.") % {"username": username})
    [made] = _make_users([PlannedAccount(name=name, username=username, user=None)])
    _note_account("account_created", made.user, by)
    start_posting(
        user=made.user,
        role=role,
        area=area,
        department=department,
        valid_from=valid_from,
        valid_until=valid_until,
        by=by,
    )
    return made


def create_admin(*, username: str, name: str) -> FirstPassword:
    """The first county administrator of a new installation, posted from today on."""
    return create_account(
        name=name,
        username=username,
        role=Role.COUNTY_ADMIN,
        area=Area.objects.get(pk=settings.COUNTY_CODE),
        valid_from=timezone.localdate(),
        by=None,
    )


@transaction.atomic
def start_posting(
    *,
    user: User,
    role: Role,
    area: Area,
    valid_from: dt.date,
    valid_until: dt.date | None = None,
    department: str = "",
    by: User | None,
) -> Posting:
    """Posts a person to an area. Raises ``Refused`` with the sentence of ``problem_of``."""
    _one_at_a_time()
    if not user.is_active:
        raise Refused(_("The account %(username)s is closed. Open it first.") % {"username": user.username})
    posting = Posting(
        user=user, role=role, area=area, department=department, valid_from=valid_from, valid_until=valid_until
    )
    problem = problem_of(posting, area=area, others=user.postings.all())
    if problem is not None:
        raise Refused(problem.sentence)
    posting.save()
    _note_account("posting_started", user, by, **_describe(posting))
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, last_day: dt.date, by: User | None) -> Posting:
    """The posting ends when ``last_day`` is over; with yesterday, at once: sessions and rights end with it."""
    _one_at_a_time()
    posting.refresh_from_db()
    if by is not None and posting.user_id == by.pk:
        raise Refused(_("Nobody ends a posting of their own. Ask another administrator."))
    if last_day < posting.valid_from:
        raise Refused(_("The end lies before the start."))
    if posting.valid_until is not None and posting.valid_until < last_day:
        raise Refused(_("The posting already ends on %(day)s.") % {"day": posting.valid_until})
    posting.valid_until = last_day
    posting.save(update_fields=["valid_until"])
    _note_account("posting_ended", posting.user, by, **_describe(posting))
    if last_day <= timezone.localdate():
        somebody_left.send(Posting, user_id=posting.user_id)
    return posting


@transaction.atomic
def reset_first_password(*, user: User, by: User | None) -> FirstPassword:
    """A new first password for somebody who has lost theirs; opens a lock-out and ends all sessions."""
    if by is not None and user.pk == by.pk:
        raise Refused(_("Change your own password on its own page."))
    if not user.is_active:
        raise Refused(_("The account %(username)s is closed. Open it first.") % {"username": user.username})
    password = first_password()
    user.password = hash_first_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    unlock(username=user.username)
    _note_account("first_password_reset", user, by)
    return FirstPassword(user, password)


@transaction.atomic
def deactivate(*, user: User, by: User | None) -> None:
    """Closes an account at once. Postings stay as they are, for the record."""
    if by is not None and user.pk == by.pk:
        raise Refused(_("Nobody closes their own account. Ask another administrator."))
    if not user.is_active:
        raise Refused(_("The account is closed already."))
    user.is_active = False
    user.save(update_fields=["is_active"])
    _note_account("account_closed", user, by)
    somebody_left.send(User, user_id=user.pk)


@transaction.atomic
def activate(*, user: User, by: User | None) -> None:
    """Opens a closed account again; what it may do follows from its postings."""
    if user.is_active:
        raise Refused(_("The account is open already."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    _note_account("account_opened", user, by)
