"""Some alerts of the demo on their way: taken, verified, reviewed, closed, handed back, overdue.

By the moves themselves and the people posted there, in three townships; the others stand where the dispatch left
them. Which alert goes how far depends on its place in the list only.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.utils import timezone

from alerts.models import Alert, AlertStatus, Holder
from alerts.travel.given import Given
from alerts.travel.mover import Mover
from alerts.travel.moves import move_many
from households.models import Posting, Role, User
from monitoring.demo.accounts import SHOWN_TOWNSHIP

TOWNSHIPS = (SHOWN_TOWNSHIP, "420527100", "420527101")
# Of twelve that lie with a village, so many are taken; the verdicts follow each other.
OF = 12
TAKEN = frozenset(range(9))
CONFIRMED_ILLNESS = Given(verdict="confirmed", risks=("illness",), note="入户看过票据，自付确实较多")
CONFIRMED_INCOME = Given(verdict="confirmed", risks=("income", "employment"), note="务工停了两个月，收入明显下降")
VERDICTS: dict[int, Given] = {
    0: CONFIRMED_ILLNESS,
    1: Given(verdict="no_risk", reason="able", note="子女在外务工，负担得起"),
    2: CONFIRMED_INCOME,
    3: Given(verdict="no_risk", reason="solved", note="报销已到账"),
    4: Given(verdict="no_risk", reason="data_wrong", note="台账少记了一笔务工收入"),
    5: Given(verdict="unclear", note="户主外出，已电话约定月底再访"),
}
REVIEWED = (0, 1, 2, 3)
OUTCOMES: dict[int, Given] = {
    0: Given(outcome="to_identify", note="按程序启动识别"),
    1: Given(outcome="no_risk"),
    3: Given(outcome="no_risk"),
}
HANDED_BACK = 9
LATE = 10


def walk_alerts() -> int:
    """Returns how many alerts moved. Nothing moves twice: whoever has been walked is not where the walk begins."""
    return sum(_walk_township(township) for township in TOWNSHIPS)


def _walk_township(township: str) -> int:
    staff = User.objects.filter(postings__area_id=township, postings__role=Role.TOWNSHIP_STAFF).first()
    county = User.objects.filter(postings__role=Role.COUNTY_STAFF).order_by("pk").first()
    waiting = Alert.objects.filter(
        township=township, status=AlertStatus.DISPATCHED, holder=Holder.VILLAGE, dispatched_at__isnull=False
    )
    by_person: dict[User, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    places: dict[int, list[int]] = defaultdict(list)
    people = _specialists(township)
    for place, (pk, village) in enumerate(waiting.order_by("pk").values_list("pk", "village")):
        if person := people.get(village):
            by_person[person][place % OF].append(pk)
            places[place % OF].append(pk)
    if staff is None or county is None or not places:
        return 0
    for person, own in by_person.items():
        _walk_village(Mover.of_user(person), own)
    reviewed = [pk for place in REVIEWED for pk in places[place]]
    _move(reviewed, "review", Mover.of_user(staff))
    for place, outcome in OUTCOMES.items():
        _move(places[place], "close", Mover.of_user(county), outcome)
    _be_late(places[LATE], timezone.localdate())
    return sum(len(ids) for ids in places.values())


def _specialists(township: str) -> dict[str, User]:
    postings = Posting.objects.current().filter(role=Role.VILLAGE_SPECIALIST, area__township=township)
    return {posting.area_id: posting.user for posting in postings.select_related("user")}


def _walk_village(by: Mover, own: dict[int, list[int]]) -> None:
    _move([pk for place in TAKEN for pk in own[place]], "acknowledge", by)
    for place, verdict in VERDICTS.items():
        _move(own[place], "verify", by, verdict)
    _move(own[HANDED_BACK], "refuse", by, Given(note="该户已搬到邻村居住"))


def _move(ids: list[int], move: str, by: Mover, given: Given | None = None) -> None:
    if ids:
        move_many(ids=ids, move=move, by=by, given=given)


def _be_late(ids: list[int], today: date) -> None:
    """What nobody took in time: the only thing here that no move would do."""
    Alert.objects.filter(pk__in=ids).update(due_on=today - timedelta(days=2), verify_by=today + timedelta(days=3))
