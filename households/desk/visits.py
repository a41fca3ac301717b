"""A visit written down at the desk: for days without a tablet, by the verb that takes in those of tablets."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from households.desk.changes import Cause, NotPossible, close_change
from households.desk.days import day_problem
from households.evidence.models import BatchKind
from households.evidence.services import open_batch
from households.registry.models import Household
from households.registry.reaching import reachable
from households.staff.models import User
from households.visits.checking import Checked
from households.visits.models import Visit
from households.visits.recording import Incoming, person_problems, record_visits


class VisitedThatDay(NotPossible):
    """``visit`` stands already: the same visitor was at the same household that day."""

    def __init__(self, visit: Visit):
        super().__init__(_("A visit of that day stands already. Save this one as a second visit?"), "again")
        self.visit = visit


@transaction.atomic
def enter_checked_visit(*, checked: Checked, visitor: User | None, by: User, again: bool = False) -> Visit:
    """A whole visit, all sections of the form; ``visitor`` None: somebody who has no account.

    ``checked.uid`` is the form's own: the same form twice is one visit. Only forms about the same household follow
    each other: a visit waits for no import. Raises ``NotPossible`` for a household out of sight, a day that has
    not come, and somebody who is no member any more (field: the path of the problem). Raises ``VisitedThatDay``
    unless ``again`` says that it is a second one on purpose. Verdicts on alerts are for the caller.
    """
    if not by.has_perm("visits.add"):
        raise PermissionDenied
    household = reachable(by, checked.household).select_for_update().first()
    if household is None:
        raise NotPossible(_("This household is not in your area any more."))
    if (there := Visit.objects.filter(uid=checked.uid).first()) is not None:
        return _same(there, household)
    if problem := day_problem(checked.on):
        raise NotPossible(problem, "on")
    # A form opened anew has another token: only the visit itself tells that it was written down before.
    if not again and (before := _of_that_day(checked, visitor)) is not None:
        raise VisitedThatDay(before)
    incoming = [Incoming(checked, household, visitor, clock_behind=None, on=checked.on)]
    for problems in person_problems(incoming).values():
        raise NotPossible(problems[0].sentence, problems[0].field)
    batch = open_batch(kind=BatchKind.DESK, source=Cause.VISIT, by=by)
    (recorded,) = record_visits(incoming=incoming, batch=batch)
    # The event stands already: a visit tells itself.
    close_change(batch=batch, households=[household], on=checked.on, token=checked.uid.hex, event="")
    return recorded.visit


def _of_that_day(checked: Checked, visitor: User | None) -> Visit | None:
    """Whoever writes down a visit waits for its household's lock: of two at once the second finds the first."""
    rows = Visit.objects.current().filter(household=checked.household, visited_on=checked.on, visitor=visitor)
    return rows.order_by("-pk").first()


def _same(visit: Visit, household: Household) -> Visit:
    if visit.household_id != household.pk:
        raise NotPossible(_("This form was used for another household: open it anew."))
    visit.household = household
    return visit
