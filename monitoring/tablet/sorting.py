"""What becomes of each visit of a request, before anything is written."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from households.areas.scope import Scope
from households.models import Household, Posting, Visit
from households.staff.models import User
from households.visits.checking import Checked, Problem, check_visit
from households.visits.models import VisitAnswer
from monitoring.tablet.clocks import Clock
from monitoring.tablet.envelopes import canonical, digest_of
from monitoring.tablet.models import HeldFor, Upload


@dataclass
class Row:
    """One visit as it came, and what is known of it so far.

    Without ``checked`` it is refused, for ``problems``. ``known``: the same visit came before, and its answer
    stands. ``held_for``: it waits for a person. ``nothing_told``: the uid is somebody else's.
    """

    uid: str
    payload: Any = None
    content: bytes = b""
    digest: bytes = b""
    checked: Checked | None = None
    problems: list[Problem] = field(default_factory=list)
    household: Household | None = None
    on: date | None = None
    known: Upload | None = None
    held_for: str = ""
    nothing_told: bool = False
    # What was written of it in this request.
    visit: Visit | None = None
    answers: list[VisitAnswer] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    upload: Upload | None = None

    @property
    def is_new(self) -> bool:
        return self.checked is not None and self.known is None and not self.nothing_told

    @property
    def is_to_store(self) -> bool:
        return self.is_new and not self.held_for

    @property
    def is_to_hold(self) -> bool:
        return self.is_new and bool(self.held_for)


def read_rows(visits: Iterable[Any]) -> list[Row]:
    """Each visit of a request, checked by the form."""
    return [_read(payload) for payload in visits]


def _read(payload: Any) -> Row:
    uid = payload.get("uid") if isinstance(payload, dict) else None
    row = Row(uid[:36] if isinstance(uid, str) else "", payload)
    try:
        row.content = canonical(payload)
    except ValueError:
        row.uid = row.uid.encode(errors="replace").decode()
        row.problems = [Problem("", "unreadable", "")]
        return row
    row.digest = digest_of(row.content)
    row.checked, row.problems = check_visit(payload)
    return row


def find_known(rows: list[Row], by: User) -> None:
    """The same visit again is the same visit; the same uid with other content is a conflict that a person sees.

    Of a visit that somebody else sent, or wrote at the desk, nothing is told.
    """
    uids = [row.checked.uid for row in rows if row.checked]
    uploads = {
        (upload.uid, bytes(upload.digest)): upload
        for upload in Upload.objects.filter(uid__in=uids).select_related("visit").order_by("pk")
    }
    taken = {uid for uid, _digest in uploads} | set(
        Visit.objects.filter(uid__in=uids).values_list("uid", flat=True)
    )
    for row in rows:
        if row.checked is None:
            continue
        upload = uploads.get((row.checked.uid, row.digest))
        if upload is not None and upload.sender_id == by.pk:
            row.known = upload
        elif upload is not None:
            row.nothing_told = True
        elif row.checked.uid in taken:
            row.held_for = HeldFor.CONFLICT


def find_repeated(rows: list[Row]) -> dict[int, Row]:
    """Place in the request → the first row with the same uid and content; with other content it is a conflict."""
    first: dict[UUID, Row] = {}
    repeated = {}
    for place, row in enumerate(rows):
        if not row.is_new or row.checked is None:
            continue
        before = first.setdefault(row.checked.uid, row)
        if before is row:
            continue
        same = next((other for other in rows[:place] if other.digest == row.digest and other.is_new), None)
        if same is not None:
            repeated[place] = same
        else:
            row.held_for = HeldFor.CONFLICT
    return repeated


def lock_households(rows: Iterable[Row]) -> dict[int, Household]:
    """The households that the rows speak of, wherever they lie, locked in the order of ids."""
    ids = {row.checked.household for row in rows if row.checked and row.is_new}
    return {row.pk: row for row in Household.objects.filter(pk__in=ids).order_by("pk").select_for_update()}


def place_rows(rows: list[Row], households: dict[int, Household], by: User, clock: Clock, now: datetime) -> None:
    """Finds each new row's household and day, and why it has to wait for a person.

    Who may not write visits today has no place where they could.
    """
    today, scope = now.date(), by.scope if by.has_perm("visits.add") else None
    for row in rows:
        if not row.is_new or row.checked is None:
            continue
        row.household = households.get(row.checked.household)
        row.on = clock.true_day(row.checked.on, row.checked.began_at, now)
        if row.household is None:
            row.checked, row.problems = None, [Problem("household", "unknown_household", "")]
    new = [row for row in rows if row.is_new and not row.held_for]
    left = _left_behind(by, scope, [row.household for row in new if row.household])
    for row in new:
        row.held_for = _why_held(row, scope, left, today)


def _why_held(row: Row, scope: Scope | None, left: set[int], today: date) -> str:
    household = row.household
    if household is None or row.on is None:
        return ""
    if household.gone_on is not None:
        return HeldFor.GONE
    if scope is None or not scope.covers(household.county, household.township, household.village):
        return HeldFor.POSTING if scope is None or household.pk in left else HeldFor.MOVED
    return HeldFor.FUTURE if row.on > today else ""


def _left_behind(by: User, scope: Scope | None, households: Collection[Household]) -> set[int]:
    """Households outside the scope of a user who was posted there before."""
    outside = [
        one for one in households if scope is None or not scope.covers(one.county, one.township, one.village)
    ]
    if not outside:
        return set()
    codes = {code for one in outside for code in (one.county, one.township, one.village)}
    current = [posting.pk for posting in by.current_postings]
    past = Posting.objects.filter(user=by, area_id__in=codes).exclude(pk__in=current)
    before = set(past.values_list("area_id", flat=True))
    return {one.pk for one in outside if before & {one.county, one.township, one.village}}
