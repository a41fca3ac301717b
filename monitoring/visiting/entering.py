"""A visit written down at the desk, with the verdicts that were given at the door.

They are the moves that a tablet's verdicts are (``monitoring.tablet.verifying``). What was said of each, and what
became of it, stands among the visit's answers: no upload keeps it.
"""

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from alerts.travel.mover import Mover
from households.desk.visits import enter_checked_visit
from households.models import Visit
from households.staff.models import User
from households.visits.checking import Checked
from households.visits.models import VisitAnswer
from monitoring.tablet.verifying import Said, Told, give_verdicts

# ``VisitAnswer.section`` of verdicts; no section of the form is called so.
SECTION, FIELD = "verdicts", "verdict"


@transaction.atomic
def enter_visit(*, checked: Checked, visitor: User | None, again: bool, by: User) -> tuple[Visit, list[Told]]:
    """The visit, and what became of each verdict: refused, it stands in its visit all the same.

    The same form twice is one visit, and its verdicts are given once. Raises what ``enter_checked_visit`` raises.
    """
    visit = enter_checked_visit(checked=checked, visitor=visitor, again=again, by=by)
    if not checked.verdicts or visit.answers.filter(section=SECTION).exists():
        return visit, []
    said = [Said(visit.household_id, verdict) for verdict in checked.verdicts]
    told = give_verdicts(said, Mover.of_user(by))
    VisitAnswer.objects.bulk_create(_answers(visit, said, told))
    return visit, told


def _answers(visit: Visit, said: Sequence[Said], told: Sequence[Told]) -> list[VisitAnswer]:
    return [
        VisitAnswer(
            visit=visit,
            county=visit.county,
            township=visit.township,
            village=visit.village,
            section=SECTION,
            line=line,
            field=FIELD,
            said=_kept(one.verdict) | answer.as_json(),
        )
        for line, (one, answer) in enumerate(zip(said, told, strict=True))
    ]


def _kept(verdict: Any) -> dict[str, Any]:
    return {name: value for name, value in verdict.items() if name != "stamp"}
