"""Forms of the desk as a browser sends them, and what the judgment makes of the household then."""

import datetime as dt
import threading
import uuid
from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.urls import reverse

from households.models import EvidenceBatch, Household, Membership
from monitoring.judgment.models import HouseholdMonth
from monitoring.judgment.running import open_run, work_run

JUNE = dt.date(2022, 6, 1)
REASON = "村委会证明"
# Of a county that does not matter here; check digits are right.
BOY_OF_2_JUNE = "420527202206021239"


def send(client: Client, form: str, /, *pks: int, **data):
    """One form with a token of its own, unless ``token`` is given."""
    values = {"token": str(uuid.uuid4()), "reason": REASON} | data
    room = "pages" if form == "visit" else "desk"
    return client.post(reverse(f"{room}:{form}", args=pks), values)


def problems(response) -> dict[str, list[str]]:
    """Field → sentences; "__all__" is the form as a whole."""
    assert response.status_code == 422
    return {field: list(sentences) for field, sentences in response.context["form"].errors.items()}


def judged(household: Household, month: dt.date = JUNE) -> HouseholdMonth | None:
    """The indicators of a month by a new run."""
    run = open_run(month=month)
    work_run(run.pk)
    return HouseholdMonth.objects.filter(run=run, household=household).first()


def members_of(household: Household) -> dict[str, tuple[str, bool, dt.date | None, dt.date | None]]:
    """Name → relation, head or not, since, until; of rows that stand."""
    rows = Membership.objects.current().filter(household=household).select_related("person").order_by("id")
    return {row.person.name: (row.relation, row.is_head, row.since, row.until) for row in rows}


def desk_batches(source: str) -> int:
    return EvidenceBatch.objects.filter(kind="desk", source=source).count()


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """What each returned, or the exception it raised; each in a thread with its own connection."""
    results: list[object] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(place: int, work: Callable[[], object]) -> None:
        try:
            start.wait(10)
            results[place] = work()
        except Exception as error:  # noqa: BLE001  what it raised is the result
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
