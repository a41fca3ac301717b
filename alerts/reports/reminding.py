"""Each working day: which answers are due, or overdue, told to the township and to the county."""

from collections import defaultdict
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from alerts.notices.services import Told, notify_each
from alerts.reports.models import Report
from alerts.travel.people import people_at
from households.policy.calendar import DAY, WorkCalendar


@transaction.atomic
def remind_of_answers(*, today: date | None = None) -> int:
    """Tells of reports to be answered until the next working day, or before today. Returns of how many.

    One notice a person and day, however often it is called: its key is the day. On a day off nobody is told, so
    that no three of them wait on Monday morning.
    """
    today = today or timezone.localdate()
    calendar = WorkCalendar()
    if not calendar.is_workday(today):
        return 0
    until = calendar.next_workday(today + DAY)
    due = Report.objects.filter(county=settings.COUNTY_CODE, answered_at__isnull=True, answer_by__lte=until)
    places = list(due.order_by().values_list("township").annotate(Count("pk"), Min("answer_by")))
    people = people_at([settings.COUNTY_CODE, *(township for township, _count, _day in places)])
    to: dict[int, list[tuple[int, date]]] = defaultdict(list)
    for township, count, day in places:
        for person in people.posted(township) + people.posted(settings.COUNTY_CODE):
            to[person].append((count, day))
    told = [
        Told(
            person,
            {"count": sum(count for count, _day in own), "day": min(day for _count, day in own).isoformat()},
        )
        for person, own in to.items()
    ]
    path = f"{reverse('reports:list')}?answer=due"
    notify_each(kind="answer_due", key=f"answer_due:{today.isoformat()}", told=told, path=path)
    return sum(count for _township, count, _day in places)
