"""Each working day: what visits ask against the register, and what tablets sent that waits for a person."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from alerts.notices.services import Told, notify_each
from alerts.travel.people import people_at
from alerts.travel.telling import common_place
from households.models import AnswerState, VisitAnswer
from households.policy.calendar import WorkCalendar
from monitoring.tablet.models import Upload, UploadState

KIND = "visits_waiting"


@transaction.atomic
def remind_of_visits(*, today: date | None = None) -> int:
    """Tells each township what waits there, or the county where nobody is posted. Returns how much waits.

    One notice a person and day, however often it is called: its key is the day. On a day off nobody is told.
    """
    today = today or timezone.localdate()
    if not WorkCalendar().is_workday(today):
        return 0
    asked, held = _by_township(VisitAnswer, AnswerState.ASKED), _by_township(Upload, UploadState.HELD)
    people = people_at([settings.COUNTY_CODE, *asked, *held])
    waiting: dict[int, Counter[str]] = defaultdict(Counter)
    for township, count in (asked + held).items():
        for person in people.posted(township) or people.posted(settings.COUNTY_CODE):
            waiting[person][township] += count
    requested = {person for person, own in waiting.items() if any(township in asked for township in own)}
    _tell(waiting, requested, today, "visits:requests")
    _tell(waiting, waiting.keys() - requested, today, "uploads:list")
    return sum((asked + held).values())


def _by_township(model: type[VisitAnswer] | type[Upload], state: str) -> Counter[str]:
    rows = model._default_manager.filter(county=settings.COUNTY_CODE, township__isnull=False, state=state)
    return Counter(dict(rows.order_by().values_list("township").annotate(Count("pk"))))


def _tell(waiting: dict[int, Counter[str]], people: Iterable[int], today: date, page: str) -> None:
    told = [
        Told(person, {"count": sum(waiting[person].values()), "place": common_place(waiting[person])})
        for person in people
    ]
    notify_each(kind=KIND, key=f"{KIND}:{today.isoformat()}", told=told, path=reverse(page))
